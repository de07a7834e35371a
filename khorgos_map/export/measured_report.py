"""What goes into every file of measurements: the sketches measured, and how, when and from where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyproj
import shapely
from shapely.geometry import LineString, MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from khorgos_map.draw.totals import Choices
from khorgos_map.errors import LimitError
from khorgos_map.export.cite import TITLE, map_version
from khorgos_map.export.measured_words import UNASKED, around_title, titles
from khorgos_map.geodesy import M2_PER_HA, area_m2
from khorgos_map.measure.around import around
from khorgos_map.measure.follow import Steps
from khorgos_map.measure.measurement import Measurement, measure_sketch
from khorgos_map.measure.sides import SIDES, Side
from khorgos_map.measure.sketch import Sketch, refuse_many
from khorgos_map.text import Catalogue, catalogue
from khorgos_map.web_address import link_to

Value = str | float | int | bool | None
SOFTWARE = f"pyproj {pyproj.__version__}, PROJ {pyproj.proj_version_str}"
METHOD = f"geodesic on the WGS 84 ellipsoid (Karney 2013), {SOFTWARE}"
ELLIPSOID = "WGS 84"
BORDER_CREDIT = "© OpenStreetMap contributors (ODbL 1.0), border as of November 2017"
# A table has the link in every row. One that has its sketches in it is never so long beside so many positions.
_MOST_LINK_CHARACTERS = 40_000_000
# Decimals of a degree, about a centimetre: an outline round a sketch is made, not drawn.
_MADE_DIGITS = 7


@dataclass(frozen=True)
class Around:
    """What lies within ``distance_m`` metres of a sketch: its title, its size, its properties.

    The geometry is a polygon or several in WGS 84 longitude/latitude, outlines counterclockwise.
    """

    title: str
    distance_m: float
    area_m2: float
    geometry: BaseGeometry
    properties: Mapping[str, Value]


@dataclass(frozen=True)
class Measured:
    """One sketch: its title, what was measured, and its properties, the same fields for every sketch.

    ``around`` is what lies around it, where that was asked for and can be drawn.
    """

    title: str
    measurement: Measurement
    properties: Mapping[str, Value]
    around: Around | None = None

    @property
    def geometry(self) -> BaseGeometry:
        """The sketch in WGS 84 longitude/latitude; of an unfinished line or area, what can be drawn of it."""
        return _shape(self.measurement, self.measurement.positions)


@dataclass(frozen=True)
class Report:
    """Sketches measured, and when (ISO 8601, UTC), with which program, for which link; words of a language.

    There is no link where the one given is no address of the web, or too long.
    """

    sketches: tuple[Measured, ...]
    time: str
    program: str
    link: str | None
    border_credit: str | None
    text: Catalogue
    asked: Choices


def report_of(  # noqa: PLR0913  # what is reported, and when, from where and in which words
    sketches: Sequence[Sketch],
    land: Mapping[str, BaseGeometry],
    *,
    time: dt.datetime,
    link: str,
    language: str,
    asked: Choices = UNASKED,
) -> Report:
    """Return sketches measured against the land of two countries, with all that a file says about them.

    Lengths in properties are to a millimetre, areas to a square decimetre, azimuths clockwise from north.
    ``asked`` are the units of descriptions and how far around each sketch the area is wanted. Raises `LimitError`
    for more than is measured for one request.
    """
    text = catalogue(language)
    refuse_many(sketches)
    if len(link) * sum(len(sketch.positions) for sketch in sketches) > _MOST_LINK_CHARACTERS:
        raise LimitError("limit.link")
    steps = Steps()
    measurements = [measure_sketch(sketch, land, steps=steps) for sketch in sketches]
    provenance: dict[str, Value] = {
        "method": METHOD,
        "ellipsoid": ELLIPSOID,
        "program": " ".join(filter(None, (TITLE, map_version()))),
        "exported": time.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "link": link_to(link),
        "border_credit": BORDER_CREDIT if land else None,
    }
    rows = zip(titles(measurements, text), measurements, strict=True)
    return Report(
        sketches=tuple(
            Measured(
                title,
                measured,
                {**_figures(title, measured), **provenance},
                _around(title, measured, text, asked, provenance=provenance, steps=steps)
                if asked.around_m
                else None,
            )
            for title, measured in rows
        ),
        time=str(provenance["exported"]),
        program=str(provenance["program"]),
        link=link_to(link),
        border_credit=BORDER_CREDIT if land else None,
        text=text,
        asked=asked,
    )


def _shape(measured: Measurement, way: Sequence[tuple[float, float]]) -> BaseGeometry:
    if measured.kind == "points" or len(way) == 1:
        return MultiPoint(way)
    return orient(Polygon(way)) if measured.kind == "area" and len(way) > 2 else LineString(way)


def _around(  # noqa: PLR0913  # of what, in which words, how far, with what it says of itself, at what cost
    name: str,
    measured: Measurement,
    text: Catalogue,
    asked: Choices,
    *,
    provenance: Mapping[str, Value],
    steps: Steps,
) -> Around | None:
    made = around(measured, asked.around_m, steps)
    if made is None:
        return None
    size_m2 = area_m2(made)
    title = around_title(name, text, asked)
    properties: dict[str, Value] = {
        "name": title,
        "role": "buffer",
        "around": name,
        "distance_m": _rounded(asked.around_m, 3),
        "area_m2": _rounded(size_m2, 2),
        "area_ha": _rounded(size_m2 / M2_PER_HA, 6),
        **provenance,
    }
    rounded = shapely.transform(made, lambda positions: positions.round(_MADE_DIGITS))
    return Around(title, asked.around_m, size_m2, rounded, properties)


def _figures(title: str, measured: Measurement) -> dict[str, Value]:
    return {
        "name": title,
        "kind": measured.kind,
        "positions": len(measured.positions),
        "length_m": _rounded(measured.length_m, 3),
        "perimeter_m": _rounded(measured.perimeter_m, 3),
        "area_m2": _rounded(measured.area_m2, 2),
        "area_ha": _rounded(measured.area_ha, 6),
        "sphere_difference_m": _rounded(measured.sphere_difference_m, 3),
        "sphere_difference_m2": _rounded(measured.sphere_difference_m2, 2),
        **_by_side("length_{}_m", measured.length_by_country_m, 3),
        **_by_side("area_{}_m2", measured.area_by_country_m2 or {}, 2),
        "border_crossings": len(measured.border_crossings),
        "self_crossing": measured.self_crossing,
        "beyond_land": measured.beyond_land,
    }


def _by_side(field: str, shares: Mapping[Side, float], digits: int) -> dict[str, Value]:
    return {field.format(side.lower()): _rounded(shares.get(side), digits) for side in SIDES}


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
