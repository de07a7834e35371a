"""Shapefiles: records of points, lines and polygons, with their table and coordinate system.

After "ESRI Shapefile Technical Description" (Esri, July 1998). An index (.shx) is not needed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely import LinearRing, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from khorgos_map.measure.upload.crs import crs_from_wkt
from khorgos_map.measure.upload.dbf import rows_of
from khorgos_map.measure.upload.records import MAX_SHAPES, Layer, UploadError, UploadLimitError
from khorgos_map.measure.upload.words import name_in, words_of

_MAGIC = 9994
_HEADER_BYTES = 100
_POINT, _LINE, _POLYGON, _MULTIPOINT = 1, 3, 5, 8
# kinds with heights are ten more, kinds with measures twenty more
_KINDS = {base + more: base for base in (_POINT, _LINE, _POLYGON, _MULTIPOINT) for more in (0, 10, 20)}
# as many as a lake district has; more take hours
_MAX_PAIRS_OF_RINGS = 10_000_000
_Positions = NDArray[np.float64]


@dataclass(frozen=True)
class Parts:
    """The files of one shapefile; all but the first may be empty."""

    shp: bytes
    dbf: bytes = b""
    prj: bytes = b""
    cpg: bytes = b""


def read_shapefile(parts: Parts) -> Layer:
    """Return the shapes of a shapefile with their rows; raises `UploadError` where it is damaged."""
    geometries: list[BaseGeometry | None] = []
    heights = 0
    for content in _records(parts.shp):
        geometry, has_heights = _geometry(content)
        geometries.append(geometry)
        heights += has_heights
        if len(geometries) > MAX_SHAPES:
            raise UploadLimitError("upload.error.shapes", limit=f"{MAX_SHAPES:,}")
    rows = [words_of(row.items()) for row in rows_of(parts.dbf, parts.cpg, len(geometries))]
    rows += [{}] * (len(geometries) - len(rows))
    return Layer(geometries, [name_in(row) for row in rows], rows, _crs(parts.prj), heights)


def _crs(prj: bytes) -> CRS | None:
    text = prj.decode("utf-8-sig", errors="replace").strip()
    return crs_from_wkt(text) if text else None


def _records(shp: bytes) -> Iterator[memoryview]:
    if len(shp) < _HEADER_BYTES or struct.unpack_from(">i", shp)[0] != _MAGIC:
        raise UploadError("upload.error.shapefile")
    content = memoryview(shp)
    at = _HEADER_BYTES
    while at + 8 <= len(shp):
        (words,) = struct.unpack_from(">i", shp, at + 4)
        end = at + 8 + 2 * words
        if words < 2 or end > len(shp):
            raise UploadError("upload.error.shapefile")
        yield content[at + 8 : end]
        at = end


def _geometry(content: memoryview) -> tuple[BaseGeometry | None, bool]:
    """Return the geometry of a record, None where it is broken, and whether it had heights or measures."""
    (code,) = struct.unpack_from("<i", content)
    if code == 0:
        return Point(), False
    base = _KINDS.get(code)
    try:
        return _of_kind(base, content), base != code
    except (struct.error, ValueError, GEOSException):  # counts and positions that do not fit the record
        return None, False


def _of_kind(base: int | None, content: memoryview) -> BaseGeometry | None:
    if base == _POINT:
        return Point(struct.unpack_from("<2d", content, 4))
    if base == _MULTIPOINT:
        (number,) = struct.unpack_from("<i", content, 36)
        return MultiPoint(_positions(content, 40, number))
    if base is None:
        return None
    number_of_parts, number = struct.unpack_from("<2i", content, 36)
    starts = np.frombuffer(content, "<i4", _counted(number_of_parts), 44)
    positions = _positions(content, 44 + 4 * number_of_parts, number)
    if starts.size and (starts[0] != 0 or (np.diff(starts) < 0).any() or starts[-1] > number):
        raise ValueError(starts)
    paths = [path for path in np.split(positions, starts[1:]) if len(path)]
    if base == _POLYGON:
        return _polygons(paths)
    return LineString(paths[0]) if len(paths) == 1 else MultiLineString(paths)


def _positions(content: memoryview, at: int, number: int) -> _Positions:
    return np.frombuffer(content, "<f8", 2 * _counted(number), at).reshape(-1, 2)


def _counted(number: int) -> int:
    if number < 0:
        raise ValueError(number)
    return number


def _polygons(rings: list[_Positions]) -> BaseGeometry:
    """Return outlines with their holes: outer rings run clockwise, and a hole is in the smallest one round it."""
    if len(rings) == 1:
        return Polygon(rings[0])
    areas = [Polygon(ring) for ring in rings]
    are_holes = shapely.is_ccw(shapely.get_exterior_ring(areas))
    outer = sorted(
        (area for area, is_hole in zip(areas, are_holes, strict=True) if not is_hole), key=lambda a: a.area
    )
    holes = [area for area, is_hole in zip(areas, are_holes, strict=True) if is_hole]
    if len(holes) * len(outer) > _MAX_PAIRS_OF_RINGS:
        raise ValueError(len(rings))
    inside: list[list[LinearRing]] = [[] for _ in outer]
    tree = shapely.STRtree(outer)
    for hole in holes:
        around = sorted(tree.query(hole.point_on_surface(), predicate="within"))
        smallest = next((number for number in around if outer[number].area > hole.area), None)
        if smallest is None:  # written the wrong way round: it is an outline of its own
            outer.append(hole)
            inside.append([])
        else:
            inside[smallest].append(hole.exterior)
    found = [Polygon(area.exterior, own) for area, own in zip(outer, inside, strict=True)]
    return found[0] if len(found) == 1 else MultiPolygon(found)
