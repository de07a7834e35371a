"""What the server answers to the measuring panel: measurements, places, files to take away and files brought.

Each question is answered by a function of its query, and of what was sent with it, that may run in any process.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import math
from typing import Any, get_args

from shapely.errors import GEOSException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.asof import atlas_as_of
from khorgos_map.draw.measured import position_words, sketches_words
from khorgos_map.draw.totals import Choices, Form
from khorgos_map.draw.uploaded import uploaded_words
from khorgos_map.errors import KhorgosMapError, UsageError
from khorgos_map.export.measured import export_measured
from khorgos_map.export.own_file import export_own
from khorgos_map.export.sheet import measurement_sheet
from khorgos_map.measure.cost import FEW_STEPS, sketch_cost
from khorgos_map.measure.own import measure_own, zones_of
from khorgos_map.measure.sketch import MOST_PIXEL_M, Sketch, decode_sketches, refuse_many
from khorgos_map.measure.units import AreaUnit, LengthUnit
from khorgos_map.measure.upload.reading import read_shapes
from khorgos_map.measure.upload.records import MAX_FILE_BYTES
from khorgos_map.page import content
from khorgos_map.page.answers import (
    Answer,
    Query,
    body_of,
    bytes_of,
    heavy,
    json_answer,
    language_of,
    light,
    refuse,
)
from khorgos_map.text import Catalogue
from khorgos_map.view import FIRST_YEAR, LAST_YEAR, MOST_AROUND_KM

# A sketch that does not fit into an address may still be measured; drawn by hand, none is as long as this.
MOST_SKETCH_BYTES = 50_000
# As in the code of a sketch, nothing is set closer than to a centimetre.
LEAST_PIXEL_M = 0.01
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
    "gpx": "application/gpx+xml",
    "kml": "application/vnd.google-earth.kml+xml",
    "gpkg": "application/geopackage+sqlite3",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def choices_of(query: Query) -> Choices:
    """Return the units and forms asked for; what is not known counts as not chosen."""

    def one_of(name: str, known: object) -> Any:
        return query.get(name) if query.get(name) in get_args(known) else None

    return Choices(
        length=one_of("length", LengthUnit),
        area=one_of("area", AreaUnit),
        form=one_of("form", Form) or "decimal",
        pixel_m=_metres(query.get("pixel", "")) or 0.0,
    )


def around_m_of(query: Query, text: Catalogue) -> float:
    """Return how far around each sketch the area is wanted; raises `UsageError` for what is out of range."""
    try:
        around_km = float(query.get("around") or "0")
    except ValueError:
        around_km = math.nan
    if not 0 <= around_km <= MOST_AROUND_KM:
        raise UsageError(text("measure.around_limit", most=f"{MOST_AROUND_KM:.0f}"))
    return around_km * 1000


def _asked(query: Query, text: Catalogue) -> Choices:
    return dataclasses.replace(choices_of(query), around_m=around_m_of(query, text))


def _metres(written: str) -> float | None:
    try:
        value = float(written)
    except ValueError:
        return None
    if not math.isfinite(value) or value < 0:
        return None
    return min(max(value, LEAST_PIXEL_M), MOST_PIXEL_M) if value else 0.0


def year_of(query: Query) -> int | None:
    """Return the year asked for, or none for today."""
    year = query.get("year", "")
    known = len(year) == 4 and year.isascii() and year.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR
    return int(year) if known else None


def atlas_of(query: Query) -> Atlas:
    """Return the atlas as of the year asked for, or that of today."""
    return atlas_as_of(content.atlas(), year_of(query))


async def sketches_of(request: Request) -> tuple[Sketch, ...]:
    """Return the sketches that were sent in the form of the address."""
    code = await bytes_of(request, MOST_SKETCH_BYTES)
    return decode_sketches(code.decode("utf-8", errors="replace"), most_characters=MOST_SKETCH_BYTES)


async def measure(request: Request) -> Response:
    """Answer with each sketch's measurement in words."""
    try:
        sketches = await sketches_of(request)
        around_m = around_m_of(request.query_params, language_of(request.query_params))
        refuse_many(sketches)
    except KhorgosMapError as error:
        return refuse(error, request.query_params).response()
    ask = light if sketch_cost(sketches, around_m) < FEW_STEPS else heavy
    return await ask(request, measurements, sketches)


def measurements(query: Query, sketches: tuple[Sketch, ...]) -> Answer:
    """Return each sketch's measurement in words."""
    text = language_of(query)
    words = sketches_words(sketches, content.land(), atlas_of(query), text, _asked(query, text))
    return json_answer({"sketches": words})


async def measured_file(request: Request) -> Response:
    """Answer with the measurement as a file of the format asked for, in the units and forms asked for."""
    try:
        sketches = await sketches_of(request)
    except KhorgosMapError as error:
        return refuse(error, request.query_params).response()
    return await heavy(request, file_of, sketches)


def file_of(query: Query, sketches: tuple[Sketch, ...]) -> Answer:
    """Return the measurement as a file of the format asked for."""
    text, form = language_of(query), query.get("format", "")
    now, link = dt.datetime.now(tz=dt.UTC).replace(microsecond=0), query.get("link", "")
    asked = _asked(query, text)
    if form == "pdf":
        body = measurement_sheet(
            sketches, atlas_of(query), time=now, link=link, language=text.code, asked=asked
        )
    else:
        body = export_measured(
            form, sketches, content.land(), time=now, link=link, language=text.code, asked=asked
        )
    named = {"content-disposition": f'attachment; filename="khorgos-measured.{form}"'}
    return Answer(body, MEDIA_TYPES[form], headers=named)


async def position(request: Request) -> Response:
    """Answer with the position under the pointer in the form chosen."""
    return await light(request, position_of)


def position_of(query: Query) -> Answer:
    """Return a position in the form chosen."""
    try:
        lat, lon = (float(query.get(name, "")) for name in ("lat", "lon"))
    except ValueError:
        lat = lon = math.nan
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        return json_answer({"error": language_of(query)("position.unreadable")}, status=400)
    return json_answer({"text": position_words(lon, lat, choices_of(query))})


async def upload(request: Request) -> Response:
    """Answer with a file of the user's as lines to draw and rows to read; nothing of it is kept."""
    try:
        async with body_of(request, MAX_FILE_BYTES) as body:
            return await heavy(request, uploaded, body)
    except KhorgosMapError as error:
        return refuse(error, request.query_params).response()


def uploaded(query: Query, body: bytes) -> Answer:
    """Return what is in a file of the user's, packed; or the file with what was measured, in the format asked for."""
    try:
        return _uploaded(query, body)
    except GEOSException as error:
        if "bad_alloc" in str(error):  # how GEOS says that there is no more memory
            raise MemoryError from None
        raise


def _uploaded(query: Query, body: bytes) -> Answer:
    text = language_of(query)
    shapes = read_shapes(body, query.get("name", ""))
    zones = zones_of(content.atlas())
    if form := query.get("format"):
        file = export_own(form, measure_own(shapes.shapes, content.land(), zones))
        named = {"content-disposition": f'attachment; filename="khorgos-own.{form}"'}
        return Answer(file, MEDIA_TYPES[form], headers=named)
    words = uploaded_words(shapes, content.land(), text, choices_of(query), zones)
    # packed here, since Streamlit's own packing takes ten times as long over a large answer
    packed = gzip.compress(json_answer(words).body, 6)
    return Answer(packed, headers={"content-encoding": "gzip"})


ROUTES = [
    Route("/measure", measure, methods=["POST"]),
    Route("/measured", measured_file, methods=["POST"]),
    Route("/position", position),
    Route("/upload", upload, methods=["POST"]),
]
