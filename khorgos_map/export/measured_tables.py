"""Measurements as GeoJSON, as a table of positions, and as a GeoPackage."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from khorgos_map.errors import UsageError
from khorgos_map.export.measured_report import Around, Measured, Report, Value
from khorgos_map.export.table import guarded

# layer of the GeoPackage by type of geometry: not every program reads a layer of several types
_LAYERS = {"MultiPoint": "points", "LineString": "lines", "Polygon": "areas", "MultiPolygon": "buffers"}


def measured_geojson(report: Report) -> bytes:
    """Return a GeoJSON FeatureCollection (RFC 7946), a feature a sketch, with outlines counterclockwise.

    What lies around a sketch comes after it, as a feature with the role ``buffer``.
    """
    features = [
        {"type": "Feature", "geometry": mapping(one.geometry), "properties": dict(one.properties)}
        for sketch in report.sketches
        for one in (sketch, sketch.around)
        if one
    ]
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, allow_nan=False, sort_keys=True) for f in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'.encode()


def measured_csv(report: Report) -> bytes:
    """Return a table (RFC 4180), a row a position, with the figures of its sketch in every row.

    ``leg_m`` and ``azimuth_deg`` are those of the leg that begins at the position, ``cumulative_m`` the way
    to it, ``side`` its side of the border. Texts that a spreadsheet would take for formulas are guarded, and
    the byte order mark tells it that they are UTF-8.
    """
    rows = [
        {**row, **(_surrounding(sketch.around) if report.asked.around_m else {})}
        for number, sketch in enumerate(report.sketches, start=1)
        for row in _rows(number, sketch)
    ]
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows({field: guarded(value) for field, value in row.items()} for row in rows)
    return written.getvalue().encode("utf-8-sig")


def measured_geopackage(report: Report) -> bytes:
    """Return a GeoPackage with the layers ``points``, ``lines``, ``areas`` and ``buffers``, as far as there are any.

    Raises `UsageError` if the folder for temporary files cannot hold it.
    """
    # slow to import, and nothing else of measuring needs it
    from geopandas import GeoDataFrame  # noqa: PLC0415

    tables: dict[str, list[dict[str, Any]]] = {}
    for sketch in report.sketches:
        row = {**sketch.properties, "geometry": sketch.geometry}
        tables.setdefault(_LAYERS[sketch.geometry.geom_type], []).append(row)
        if sketch.around:
            row = {**sketch.around.properties, "geometry": _several(sketch.around)}
            tables.setdefault(_LAYERS["MultiPolygon"], []).append(row)
    try:
        with tempfile.TemporaryDirectory(prefix="khorgos-map-") as folder:
            path = Path(folder) / "measured.gpkg"
            for name in sorted(tables):
                frame = GeoDataFrame(tables[name], crs="EPSG:4326")
                # without the type, a field in which nothing is known would hold text
                numbers = {field: float for field in frame.columns if field.endswith(("_m", "_m2", "_ha"))}
                frame.astype(numbers).to_file(path, layer=name, driver="GPKG")
            _date(path, report.time)
            return path.read_bytes()
    except (OSError, RuntimeError) as error:  # pyogrio's errors are RuntimeErrors
        raise UsageError(f"the GeoPackage cannot be made in {tempfile.gettempdir()}: {error}") from None


def _several(around: Around) -> BaseGeometry:
    """Return a surrounding in as many parts as it has, so that all are of one type."""
    outlines = around.geometry
    return MultiPolygon([outlines]) if isinstance(outlines, Polygon) else outlines


def _rows(number: int, sketch: Measured) -> Iterator[dict[str, Value]]:
    measured = sketch.measurement
    for place, (lon, lat) in enumerate(measured.positions):
        leg = measured.legs[place] if place < len(measured.legs) else None
        yield {
            "sketch": number,
            "position": place + 1,
            "latitude": lat,
            "longitude": lon,
            "side": measured.sides[place],
            "leg_m": round(leg.length_m, 3) if leg else None,
            "azimuth_deg": round(leg.azimuth_deg, 6) if leg else None,
            "cumulative_m": round(measured.cumulative_m[place], 3) if measured.cumulative_m else None,
            **sketch.properties,
        }


def _surrounding(around: Around | None) -> dict[str, Value]:
    known = around.properties if around else {}
    return {"buffer_m": known.get("distance_m"), "buffer_area_m2": known.get("area_m2")}


def _date(path: Path, time: str) -> None:
    """Set when the layers were changed, which is otherwise the time of writing and makes every file another."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE gpkg_contents SET last_change = ?", (time.replace("Z", ".000Z"),))
        database.commit()
