"""From what stands in a file to shapes that can be drawn and measured: the same rules for every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryCollection, GeometryType
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas.geometry import EAST, NORTH, SOUTH, WEST
from khorgos_map.errors import Note
from khorgos_map.measure.upload.crs import to_wgs84
from khorgos_map.measure.upload.records import (
    MAX_POSITIONS,
    MAX_SHAPES,
    Geometries,
    Layer,
    Read,
    Shape,
    Shapes,
    UploadError,
    UploadLimitError,
)
from khorgos_map.measure.upload.words import clean

# GEOS compares pairs of edges that lie beside each other, about 14 ns each: at most some seven seconds
_MAX_PAIRS_CHECKED = 5e8
# Of fewer edges all pairs are cheaper to compare than to count.
_FEW_CORNERS = 1000
_MOVED_DEG = 1e-9
_COUNTED = {
    "empty": "upload.empty",
    "broken": "upload.broken",
    "heights": "upload.heights",
    "split": "upload.split",
    "antimeridian": "upload.antimeridian",
    "crossing": "upload.crossing",
    "unchecked": "upload.unchecked",
    "outside": "upload.outside",
}
_Numbers = NDArray[np.int64]


def shapes_of(read: Read) -> Shapes:
    """Return the shapes of a file in WGS 84 longitude/latitude with notes on all that was done to them.

    Raises `UploadError` for too many shapes or positions, for positions that are not finite or not degrees,
    and for a file in which nothing is left.
    """
    _limit(read)
    count: Counter[str] = Counter()
    converted: dict[str, None] = {}
    shapes = tuple(shape for layer in read.layers for shape in _layer(layer, count, converted))
    if not shapes:
        raise UploadError("upload.error.nothing", count=count["empty"] + count["broken"])
    names = dict.fromkeys(clean(layer.crs.name) for layer in read.layers if layer.crs)
    notes = [*read.notes, *(Note("upload.converted", {"crs": crs}) for crs in converted)]
    notes += [Note(key, {"count": count[what]}) for what, key in _COUNTED.items() if count[what]]
    if all(_looks_swapped(shape) for shape in shapes):
        notes.append(Note("upload.swapped"))
    return Shapes(read.format, ", ".join(names) or None, shapes, tuple(notes))


def _limit(read: Read) -> None:
    if sum(len(layer.geometries) for layer in read.layers) > MAX_SHAPES:
        raise UploadLimitError("upload.error.shapes", limit=f"{MAX_SHAPES:,}")
    positions = sum(int(shapely.get_num_coordinates(_array(layer)).sum()) for layer in read.layers)
    if positions > MAX_POSITIONS:
        raise UploadLimitError("upload.error.positions", limit=f"{MAX_POSITIONS:,}")


def _layer(layer: Layer, count: Counter[str], converted: dict[str, None]) -> Iterator[Shape]:
    geometries, owners = _single(_array(layer), count)
    count["heights"] += layer.heights_dropped
    _all_finite(geometries, owners)
    if layer.crs is not None:
        moved = to_wgs84(geometries, layer.crs)
        if _differ(geometries, moved):
            converted[clean(layer.crs.name)] = None
        geometries = moved
    _all_degrees(geometries, layer)
    count["antimeridian"] += int(_crosses_antimeridian(geometries).sum())
    count["outside"] += int(_outside(geometries).sum())
    sound = _sound(geometries, count)
    for geometry, owner, is_sound in zip(geometries, owners, sound, strict=True):
        yield Shape(layer.names[owner], geometry, layer.properties[owner], bool(is_sound))


def _array(layer: Layer) -> Geometries:
    array = np.empty(len(layer.geometries), dtype=object)
    array[:] = layer.geometries
    return array


def _single(geometries: Geometries, count: Counter[str]) -> tuple[Geometries, _Numbers]:
    """Return the geometries that hold something, flat, collections split, each with its number in the file."""
    missing = shapely.is_missing(geometries)
    empty = shapely.is_empty(geometries) & ~missing
    collection = shapely.get_type_id(geometries) == GeometryType.GEOMETRYCOLLECTION
    count["broken"] += int(missing.sum())
    count["empty"] += int(empty.sum())
    count["split"] += int((collection & ~empty).sum())
    owners = np.flatnonzero(~missing & ~empty)
    left = geometries[owners]
    if collection.any():
        parts = [(part, owner) for owner in owners for part in _parts(geometries[owner])]
        left = np.array([part for part, _ in parts], dtype=object)
        owners = np.array([owner for _, owner in parts], dtype=np.int64)
    count["heights"] += int((shapely.has_z(left) | shapely.has_m(left)).sum())
    return shapely.force_2d(left), owners


def _parts(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    if isinstance(geometry, GeometryCollection):
        for part in geometry.geoms:
            yield from _parts(part)
    elif not geometry.is_empty:
        yield geometry


def _all_finite(geometries: Geometries, owners: _Numbers) -> None:
    positions, at = shapely.get_coordinates(geometries, return_index=True)
    wrong = ~np.isfinite(positions).all(axis=1)
    if wrong.any():
        raise UploadError("upload.error.finite", shape=int(owners[at[wrong.argmax()]]) + 1)


def _all_degrees(geometries: Geometries, layer: Layer) -> None:
    positions = shapely.get_coordinates(geometries)
    wrong = (np.abs(positions) > (180.0, 90.0)).any(axis=1)
    if wrong.any():
        x, y = (f"{value:.10g}" for value in positions[wrong.argmax()])
        if layer.crs is None:
            raise UploadError("upload.error.undeclared", x=x, y=y)
        raise UploadError("upload.error.degrees", x=x, y=y, crs=clean(layer.crs.name))


def _differ(before: Geometries, after: Geometries) -> bool:
    moved = np.abs(shapely.get_coordinates(before) - shapely.get_coordinates(after))
    return bool((moved > _MOVED_DEG).any())


def _crosses_antimeridian(geometries: Geometries) -> NDArray[np.bool_]:
    parts, owners = shapely.get_parts(geometries, return_index=True)
    rings, polygons = shapely.get_rings(parts, return_index=True)
    lines = shapely.get_dimensions(parts) == 1
    paths = np.concatenate([parts[lines], rings])
    whose = np.concatenate([owners[lines], owners[polygons]])
    positions, path = shapely.get_coordinates(paths, return_index=True)
    far = (np.abs(np.diff(positions[:, 0])) > 180.0) & (np.diff(path) == 0)
    crosses = np.zeros(len(geometries), dtype=bool)
    crosses[whose[path[1:][far]]] = True
    return crosses


def _outside(geometries: Geometries) -> NDArray[np.bool_]:
    west, south, east, north = shapely.bounds(geometries).T
    outside: NDArray[np.bool_] = (west < WEST) | (south < SOUTH) | (east > EAST) | (north > NORTH)
    return outside


def _sound(geometries: Geometries, count: Counter[str]) -> NDArray[np.bool_]:
    """Tell which geometries can be measured: outlines are checked, the easy ones first, as far as time allows."""
    sound = np.ones(len(geometries), dtype=bool)
    outlines = np.flatnonzero(shapely.get_dimensions(geometries) == 2)
    pairs = shapely.get_num_coordinates(geometries[outlines]).astype(float) ** 2
    for row in np.flatnonzero(pairs > _FEW_CORNERS**2):
        pairs[row] = _pairs_beside(geometries[outlines[row]])
    by_pairs = np.argsort(pairs, kind="stable")
    affordable = np.cumsum(pairs[by_pairs]) <= _MAX_PAIRS_CHECKED
    checked, unchecked = outlines[by_pairs[affordable]], outlines[by_pairs[~affordable]]
    sound[checked] = shapely.is_valid(geometries[checked])
    sound[unchecked] = False
    count["crossing"] += int((~sound[checked]).sum())
    count["unchecked"] += len(unchecked)
    return sound


def _pairs_beside(outline: BaseGeometry) -> float:
    """Return how many pairs of edges overlap in longitude, or in latitude, whichever are fewer."""
    corners = shapely.get_coordinates(outline)
    low, high = np.minimum(corners[:-1], corners[1:]), np.maximum(corners[:-1], corners[1:])
    begun = [np.searchsorted(np.sort(low[:, axis]), high[:, axis], "right").sum() for axis in (0, 1)]
    ended = [np.searchsorted(np.sort(high[:, axis]), low[:, axis], "left").sum() for axis in (0, 1)]
    return min(float(b - e) / 2 for b, e in zip(begun, ended, strict=True))


def _looks_swapped(shape: Shape) -> bool:
    west, south, east, north = shape.geometry.bounds
    return SOUTH <= west <= east <= NORTH and WEST <= south <= north <= EAST
