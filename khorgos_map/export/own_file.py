"""A file of the user's with what was measured of it: GeoJSON, GeoPackage, CSV, XLSX.

Each shape keeps what it came with, its name, layer, id, columns and heights, and has its measurement beside it: lengths
in metres, areas in square metres and hectares along geodesics, by country, and in each zone of this map. Positions are
WGS 84 longitude/latitude (EPSG:4326).
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from khorgos_map.errors import UsageError
from khorgos_map.export.table import guarded
from khorgos_map.geodesy import M2_PER_HA, Positions
from khorgos_map.measure.own import Own

# GeoPackage has these for itself; a column of the file's called so gets an ending
_TAKEN = ("fid", "geom", "geometry", "latitude", "longitude")
_ITSELF = ("name", "layer", "id")
_KINDS = {"points": "points", "line": "lines", "area": "areas"}


def export_own(file_format: str, owns: Sequence[Own]) -> bytes:
    """Return shapes with their measurement as the content of a file in one of `OWN_FORMATS`.

    Raises `UsageError` for another format, and where the folder for temporary files cannot hold it.
    """
    if file_format not in _WRITERS:
        known = ", ".join(OWN_FORMATS)
        raise UsageError(f"unknown format {file_format!r} for measured shapes; known are {known}")
    return _WRITERS[file_format](owns)


def measured_fields(own: Own) -> dict[str, Any]:
    """Return what was measured of a shape, by fields that name their unit; None where there is nothing."""
    measured, heights = own.measured, own.shape.height_range_m
    is_points = measured.kind == "points"
    lengths = {} if is_points or measured.area_m2 is not None else measured.length_by_country_m
    areas = measured.area_by_country_m2 or {}
    return {
        "kind": measured.kind,
        "length_m": _rounded(measured.length_m),
        "perimeter_m": _rounded(measured.perimeter_m),
        "area_m2": _rounded(measured.area_m2),
        "area_ha": _rounded(measured.area_ha),
        "length_kz_m": _rounded(lengths.get("KZ")),
        "length_cn_m": _rounded(lengths.get("CN")),
        "area_kz_m2": _rounded(areas.get("KZ")),
        "area_cn_m2": _rounded(areas.get("CN")),
        "country": ", ".join(dict.fromkeys(measured.sides)) if is_points else None,
        "lowest_m": None if heights is None else _rounded(heights[0]),
        "highest_m": None if heights is None else _rounded(heights[1]),
        "self_crossing": measured.self_crossing,
        **{_zone_field(zone): round(part_m2 / M2_PER_HA, 6) for zone, part_m2 in own.in_zones_m2.items()},
    }


def _zone_field(zone: str) -> str:
    return f"in_{zone.replace('-', '_')}_ha"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _rows(owns: Sequence[Own]) -> list[dict[str, Any]]:
    """Return a row a shape: what it came with first, then what was measured; the same fields in all of them."""
    figures = [measured_fields(own) for own in owns]
    zones = sorted({_zone_field(zone) for own in owns for zone in own.in_zones_m2})
    fields = [*(field for field in figures[0] if field not in zones), *zones]
    names = _own_names([key for own in owns for key in own.shape.properties], fields)
    empty = dict.fromkeys([*_ITSELF, *names.values(), *fields])
    for lacking in ("layer", "id"):
        if not any(getattr(own.shape, lacking) for own in owns) and lacking not in names.values():
            del empty[lacking]
    rows = []
    for own, figure in zip(owns, figures, strict=True):
        itself = {"name": own.shape.name, "layer": own.shape.layer, "id": own.shape.id}
        row = {**empty, **{field: value for field, value in itself.items() if value and field in empty}}
        row |= {names[key]: value for key, value in own.shape.properties.items()}
        rows.append(row | figure)
    return rows


def _own_names(keys: Sequence[str], fields: Sequence[str]) -> dict[str, str]:
    """Return what the columns of the file are called beside the fields that are measured, in any case."""
    taken = {*fields, *_TAKEN}
    names: dict[str, str] = {}
    for key in dict.fromkeys(keys):
        name = key
        while name.casefold() in taken:
            name += "_own"
        taken.add(name.casefold())
        names[key] = name
    return names


def _geometry(own: Own) -> BaseGeometry:
    """Return a geometry with its heights, those that are unknown 0."""
    geometry, heights = own.shape.geometry, own.shape.heights_m
    if heights is None:
        return geometry
    positions = np.column_stack([shapely.get_coordinates(geometry), np.nan_to_num(heights)])
    raised: BaseGeometry = shapely.set_coordinates(shapely.force_3d(geometry), positions)
    return raised


def _geojson(owns: Sequence[Own]) -> bytes:
    lines = []
    for own, row in zip(owns, _rows(owns), strict=True):
        geometry = shapely.transform(_geometry(own), _to_seven, include_z=own.shape.heights_m is not None)
        feature: dict[str, Any] = {"type": "Feature", "geometry": mapping(geometry), "properties": row}
        if own.shape.id is not None:
            feature["id"] = own.shape.id
        lines.append(json.dumps(feature, ensure_ascii=False, allow_nan=False))
    features = ",\n".join(lines)
    return f'{{"type": "FeatureCollection", "features": [\n{features}\n]}}\n'.encode()


def _to_seven(positions: Positions) -> Positions:
    return positions.round(7)


def _with_place(owns: Sequence[Own]) -> list[dict[str, Any]]:
    """Return rows with a position: of a point its own, of others one within."""
    within = shapely.point_on_surface([own.shape.geometry for own in owns])
    places = shapely.get_coordinates(within).round(7).tolist()
    rows = zip(_rows(owns), places, strict=True)
    return [{**row, "latitude": lat, "longitude": lon} for row, (lon, lat) in rows]


def _csv(owns: Sequence[Own]) -> bytes:
    rows = _with_place(owns)
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([guarded(field) for field in rows[0]])
    writer.writerows([guarded(value) for value in row.values()] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _workbook(owns: Sequence[Own]) -> bytes:
    from pandas import DataFrame  # noqa: PLC0415  # slow to import

    columns = _columns(_with_place(owns), guarded)
    return _written(
        "XLSX", {"measured": DataFrame({guarded(field): values for field, values in columns.items()})}
    )


def _geopackage(owns: Sequence[Own]) -> bytes:
    """Return a layer for points, lines and areas each, as far as there are any."""
    from geopandas import GeoDataFrame  # noqa: PLC0415  # slow to import

    rows, frames = _rows(owns), {}
    for kind, layer in _KINDS.items():
        places = [n for n, own in enumerate(owns) if own.measured.kind == kind]
        if places:
            geometry = [_several(_geometry(owns[n])) for n in places]
            columns = _columns([rows[n] for n in places], str)
            frames[layer] = GeoDataFrame(columns, geometry=geometry, crs="EPSG:4326")
    return _written("GPKG", frames)


def _written(driver: str, frames: Mapping[str, Any]) -> bytes:
    """Return what GDAL writes, a layer a frame."""
    import pyogrio  # noqa: PLC0415  # slow to import

    try:
        with tempfile.TemporaryDirectory(prefix="khorgos-map-") as folder:
            path = Path(folder) / f"own.{driver.lower()}"
            for layer, frame in frames.items():
                pyogrio.write_dataframe(frame, path, layer=layer, driver=driver)
            return path.read_bytes()
    except (OSError, RuntimeError) as error:  # pyogrio's errors are RuntimeErrors
        raise UsageError(f"the file cannot be made in {tempfile.gettempdir()}: {error}") from None


def _columns(rows: Sequence[Mapping[str, Any]], as_text: Callable[[str], Any]) -> dict[str, Any]:
    """Return columns that hold one type each: whole numbers, numbers, truths, or else texts."""
    from pandas import array  # noqa: PLC0415  # slow to import

    columns: dict[str, Any] = {}
    for field in rows[0]:
        values = [row[field] for row in rows]
        kinds = {type(value) for value in values if value is not None}
        if kinds in ({int}, {bool}):
            columns[field] = array(values, dtype="Int64" if kinds == {int} else "boolean")
        elif kinds <= {int, float} and (kinds or field.endswith(("_m", "_m2", "_ha"))):
            columns[field] = np.array([np.nan if value is None else value for value in values], dtype=float)
        else:
            columns[field] = [None if value is None else as_text(str(value)) for value in values]
    return columns


def _several(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry as one of several parts: a layer of a GeoPackage has one type."""
    several: dict[str, Callable[[Any], BaseGeometry]] = {
        "Point": shapely.MultiPoint,
        "LineString": shapely.MultiLineString,
        "Polygon": shapely.MultiPolygon,
    }
    make = several.get(geometry.geom_type)
    return geometry if make is None else make([geometry])


_WRITERS: Mapping[str, Callable[[Sequence[Own]], bytes]] = {
    "geojson": _geojson,
    "gpkg": _geopackage,
    "csv": _csv,
    "xlsx": _workbook,
}
OWN_FORMATS = tuple(_WRITERS)
