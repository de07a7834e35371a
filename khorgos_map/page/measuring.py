"""What the server answers to the measuring panel: measurements, places, files to take away and files brought."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import json
import math
from collections.abc import Callable
from typing import Any, get_args

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.asof import atlas_as_of
from khorgos_map.draw.measured import measured_words, position_words
from khorgos_map.draw.totals import Choices, Form
from khorgos_map.draw.uploaded import uploaded_words
from khorgos_map.errors import KhorgosMapError, UsageError
from khorgos_map.export.measured import export_measured
from khorgos_map.export.sheet import measurement_sheet
from khorgos_map.measure.measurement import measure_sketch
from khorgos_map.measure.sketch import MOST_PIXEL_M, Sketch, decode_sketches
from khorgos_map.measure.units import AreaUnit, LengthUnit
from khorgos_map.measure.upload.reading import read_shapes
from khorgos_map.measure.upload.records import MAX_FILE_BYTES, UploadError
from khorgos_map.page import content
from khorgos_map.page.refusals import refusal
from khorgos_map.text import Catalogue, catalogue, languages
from khorgos_map.view import FIRST_YEAR, LAST_YEAR, MOST_AROUND_KM

# A sketch that does not fit into an address may still be measured; drawn by hand, none is as long as this.
MOST_SKETCH_BYTES = 50_000
# As in the code of a sketch, nothing is set closer than to a centimetre.
LEAST_PIXEL_M = 0.01
PDF = "application/pdf"
MEDIA_TYPES = {
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
    "gpx": "application/gpx+xml",
    "kml": "application/vnd.google-earth.kml+xml",
    "gpkg": "application/geopackage+sqlite3",
}

Answer = Callable[[Request, Catalogue], Any]


def language_of(request: Request) -> Catalogue:
    """Return the catalogue of the language asked for, or the English one."""
    code = request.query_params.get("lang", "en")
    return catalogue(code if code in languages() else "en")


def choices_of(request: Request) -> Choices:
    """Return the units and forms asked for; what is not known counts as not chosen."""
    asked = request.query_params

    def one_of(name: str, known: object) -> Any:
        return asked.get(name) if asked.get(name) in get_args(known) else None

    return Choices(
        length=one_of("length", LengthUnit),
        area=one_of("area", AreaUnit),
        form=one_of("form", Form) or "decimal",
        pixel_m=_metres(asked.get("pixel", "")) or 0.0,
    )


def around_m_of(request: Request, text: Catalogue) -> float:
    """Return how far around each sketch the area is wanted; raises `UsageError` for what is out of range."""
    asked = request.query_params.get("around") or "0"
    try:
        around_km = float(asked)
    except ValueError:
        around_km = math.nan
    if not 0 <= around_km <= MOST_AROUND_KM:
        raise UsageError(text("measure.around_limit", most=f"{MOST_AROUND_KM:.0f}"))
    return around_km * 1000


def _asked(request: Request, text: Catalogue) -> Choices:
    return dataclasses.replace(choices_of(request), around_m=around_m_of(request, text))


def _metres(written: str) -> float | None:
    try:
        value = float(written)
    except ValueError:
        return None
    if not math.isfinite(value) or value < 0:
        return None
    return min(max(value, LEAST_PIXEL_M), MOST_PIXEL_M) if value else 0.0


def year_of(request: Request) -> int | None:
    """Return the year asked for, or none for today."""
    year = request.query_params.get("year", "")
    known = len(year) == 4 and year.isascii() and year.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR
    return int(year) if known else None


def atlas_of(request: Request) -> Atlas:
    """Return the atlas as of the year asked for, or that of today."""
    return atlas_as_of(content.atlas(), year_of(request))


async def body_of(request: Request, most_bytes: int) -> bytes:
    """Return what was sent; raises `UploadError` as soon as it is more than is taken."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most_bytes:
            raise UploadError("upload.error.size", size=size // 10**6, limit=most_bytes // 10**6)
        parts.append(part)
    return b"".join(parts)


async def sketches_of(request: Request) -> tuple[Sketch, ...]:
    """Return the sketches that were sent in the form of the address."""
    code = await body_of(request, MOST_SKETCH_BYTES)
    return decode_sketches(code.decode("utf-8", errors="replace"), most_characters=MOST_SKETCH_BYTES)


async def measure(request: Request) -> Response:
    """Answer with each sketch's measurement in words."""
    text = language_of(request)
    try:
        choices = _asked(request, text)
        sketches = await sketches_of(request)
        atlas = atlas_of(request)

        def told(sketch: Sketch) -> dict[str, Any]:
            own = dataclasses.replace(choices, pixel_m=sketch.pixel_m or 0.0)
            return measured_words(measure_sketch(sketch, content.land()), atlas, text, own)

        words = [await run_in_threadpool(told, sketch) for sketch in sketches]
    except KhorgosMapError as error:
        return refusal(error, text)
    return JSONResponse({"sketches": words})


async def measured_file(request: Request) -> Response:
    """Answer with the measurement as a file of the format asked for, in the units and forms asked for."""
    text, form = language_of(request), request.query_params.get("format", "")
    try:
        sketches = await sketches_of(request)
        body, media_type = await run_in_threadpool(_file, form, sketches, request, text)
    except KhorgosMapError as error:
        return refusal(error, text)
    headers = {"content-disposition": f'attachment; filename="khorgos-measured.{form}"'}
    return Response(body, media_type=media_type, headers=headers)


def _file(form: str, sketches: tuple[Sketch, ...], request: Request, text: Catalogue) -> tuple[bytes, str]:
    now, link = dt.datetime.now(tz=dt.UTC).replace(microsecond=0), request.query_params.get("link", "")
    asked = _asked(request, text)
    if form == "pdf":
        sheet = measurement_sheet(
            sketches,
            atlas_of(request),
            time=now,
            link=link,
            language=text.code,
            asked=asked,
        )
        return sheet, PDF
    body = export_measured(
        form, sketches, content.land(), time=now, link=link, language=text.code, asked=asked
    )
    return body, MEDIA_TYPES[form]


async def position(request: Request) -> Response:
    """Answer with the position under the pointer in the form chosen."""
    text = language_of(request)
    try:
        lat, lon = (float(request.query_params.get(name, "")) for name in ("lat", "lon"))
    except ValueError:
        lat = lon = math.nan
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        return JSONResponse({"error": text("position.unreadable")}, status_code=400)
    try:
        return JSONResponse({"text": position_words(lon, lat, choices_of(request))})
    except KhorgosMapError as error:
        return refusal(error, text)


async def upload(request: Request) -> Response:
    """Answer with a file of the user's as lines to draw and rows to read; nothing of it is kept."""
    text, choices = language_of(request), choices_of(request)
    name = request.query_params.get("name", "")

    def answer(body: bytes) -> bytes:
        words = uploaded_words(read_shapes(body, name), content.land(), text, choices)
        # packed here, since Streamlit's own packing takes ten times as long over a large answer
        return gzip.compress(json.dumps(words, ensure_ascii=False).encode(), 6)

    try:
        packed = await run_in_threadpool(answer, await body_of(request, MAX_FILE_BYTES))
    except KhorgosMapError as error:
        return refusal(error, text)
    return Response(packed, media_type="application/json", headers={"content-encoding": "gzip"})


ROUTES = [
    Route("/measure", measure, methods=["POST"]),
    Route("/measured", measured_file, methods=["POST"]),
    Route("/position", position),
    Route("/upload", upload, methods=["POST"]),
]
