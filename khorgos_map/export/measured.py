"""Sketches and what was measured of them, as files: GeoJSON, CSV, GPX, KML, GeoPackage.

Positions are WGS 84 longitude/latitude (EPSG:4326) as drawn, to 0.1 m. Lengths are in metres, areas in square
metres and hectares, along geodesics, which other programs may draw as straight lines on the map. Every file
says how, with what and when it was measured, and has the link to the map that shows it. What lies around a
sketch is a feature of its own where the format has areas, else a figure of its sketch.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from shapely.geometry.base import BaseGeometry

from khorgos_map.draw.totals import Choices
from khorgos_map.errors import UsageError
from khorgos_map.export.measured_report import Report, report_of
from khorgos_map.export.measured_tables import measured_csv, measured_geojson, measured_geopackage
from khorgos_map.export.measured_words import UNASKED
from khorgos_map.export.measured_xml import measured_gpx, measured_kml
from khorgos_map.measure.sketch import Sketch

_WRITERS: dict[str, Callable[[Report], bytes]] = {
    "geojson": measured_geojson,
    "csv": measured_csv,
    "gpx": measured_gpx,
    "kml": measured_kml,
    "gpkg": measured_geopackage,
}
MEASURED_FORMATS = tuple(_WRITERS)


def export_measured(  # noqa: PLR0913  # what is saved, and when, from where and in which words
    file_format: str,
    sketches: Sequence[Sketch],
    land: Mapping[str, BaseGeometry],
    *,
    time: dt.datetime,
    link: str,
    language: str,
    asked: Choices = UNASKED,
) -> bytes:
    """Return sketches with their measurement as the content of a file in one of `MEASURED_FORMATS`.

    ``time`` is when, with its time zone; ``link`` the address that shows the sketches; ``language`` that of
    titles and descriptions, the names of fields are English. ``asked`` are the units of descriptions and how
    far around each sketch the area is wanted. Equal input makes equal bytes. Raises `UsageError` for another
    format and where nothing has been drawn.
    """
    if file_format not in _WRITERS:
        known = ", ".join(MEASURED_FORMATS)
        raise UsageError(f"unknown format {file_format!r} for measurements; known are {known}")
    if not sketches:
        raise UsageError("nothing has been drawn: there is no sketch to export")
    report = report_of(sketches, land, time=time, link=link, language=language, asked=asked)
    return _WRITERS[file_format](report)
