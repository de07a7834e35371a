"""From what stands in a file to shapes that can be drawn and measured: the same rules for every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryCollection, GeometryType, LineString, Polygon
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry

from khorgos_map.atlas.geometry import EAST, NORTH, SOUTH, WEST
from khorgos_map.errors import Note
from khorgos_map.measure.upload.crs import to_wgs84
from khorgos_map.measure.upload.records import Geometries, Layer, Read, Shape, Shapes, Taken, UploadError
from khorgos_map.measure.upload.words import clean

# GEOS compares pairs of edges that lie beside each other, about 14 ns each: at most some two seconds
_MAX_PAIRS_CHECKED = 1.5e8
# Of fewer edges all pairs are cheaper to compare than to count.
_FEW_CORNERS = 1000
_MOVED_DEG = 1e-9
_MOST_TOLD = 12
_COUNTED = {
    "split": "upload.split",
    "antimeridian": "upload.antimeridian",
    "crossing": "upload.crossing",
    "unchecked": "upload.unchecked",
    "outside": "upload.outside",
}
_Numbers = NDArray[np.int64]


@dataclass
class _Found:
    """What is told of a file: how often what was met, and the numbers of what was left out."""

    count: Counter[str] = field(default_factory=Counter)
    converted: dict[str, None] = field(default_factory=dict)
    empty: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    lacking: list[int] = field(default_factory=list)
    positions_left_out: int = 0


def shapes_of(read: Read, taken: Taken) -> Shapes:
    """Return the shapes of a file in WGS 84 longitude/latitude with notes on all that was done to them.

    What cannot be read, and positions that are not finite, are left out and listed. Raises `UploadError` for too many
    shapes, for positions that are not degrees, and for a file in which nothing is left.
    """
    found = _Found(lacking=[*read.left_out_in], positions_left_out=read.positions_left_out)
    shapes: list[Shape] = []
    before = 0
    for layer in read.layers:
        shapes += _layer(layer, found, taken, before)
        before += len(layer.geometries)
    if not shapes:
        raise UploadError("upload.error.nothing", count=len(found.empty) + len(found.broken))
    names = dict.fromkeys(clean(layer.crs.name) for layer in read.layers if layer.crs)
    notes = [*read.notes, *(Note("upload.converted", {"crs": crs}) for crs in found.converted)]
    for key, numbers in (("upload.empty", found.empty), ("upload.broken", found.broken)):
        if numbers:
            notes.append(Note(key, {"count": len(numbers), "which": told(numbers)}))
    if found.positions_left_out:
        which = told(sorted(set(found.lacking)))
        notes.append(Note("upload.positions", {"count": found.positions_left_out, "which": which}))
    notes += [Note(key, {"count": found.count[what]}) for what, key in _COUNTED.items() if found.count[what]]
    if all(_looks_swapped(shape) for shape in shapes):
        notes.append(Note("upload.swapped"))
    return Shapes(read.format, ", ".join(names) or None, tuple(shapes), tuple(notes))


def told(numbers: Sequence[int]) -> str:
    """Return numbers in a row, the first few of them."""
    return ", ".join([*map(str, numbers[:_MOST_TOLD]), *["…"] * (len(numbers) > _MOST_TOLD)])


def _layer(layer: Layer, found: _Found, taken: Taken, before: int) -> Iterator[Shape]:
    numbers = layer.numbers or range(before + 1, before + 1 + len(layer.geometries))
    geometries, owners = _single(_array(layer), found, taken, numbers)
    heights = _heights(geometries)
    raised = shapely.has_z(geometries) | shapely.has_m(geometries)
    geometries[raised] = shapely.force_2d(geometries[raised])
    if layer.crs is not None:
        moved = to_wgs84(geometries, layer.crs)
        if _differ(geometries, moved):
            found.converted[clean(layer.crs.name)] = None
        geometries = moved
    _all_degrees(geometries, layer)
    found.count["antimeridian"] += int(_crosses_antimeridian(geometries).sum())
    found.count["outside"] += int(_outside(geometries).sum())
    sound = _sound(geometries, found.count)
    for place, (geometry, owner, is_sound) in enumerate(zip(geometries, owners, sound, strict=True)):
        row = layer.rows[owner]
        yield Shape(row.name, geometry, row.properties, bool(is_sound), row.layer, row.id, heights.get(place))


def _array(layer: Layer) -> Geometries:
    array = np.empty(len(layer.geometries), dtype=object)
    array[:] = layer.geometries
    return array


def _single(
    geometries: Geometries, found: _Found, taken: Taken, numbers: Sequence[int]
) -> tuple[Geometries, _Numbers]:
    """Return the geometries that hold something, flat, collections split, each with its place in the file."""
    missing = shapely.is_missing(geometries)
    empty = shapely.is_empty(geometries) & ~missing
    geometries, lost = _finite(geometries, found, numbers)
    missing |= lost
    collection = (shapely.get_type_id(geometries) == GeometryType.GEOMETRYCOLLECTION) & ~empty & ~missing
    found.broken += [numbers[place] for place in np.flatnonzero(missing).tolist()]
    found.empty += [numbers[place] for place in np.flatnonzero(empty).tolist()]
    found.count["split"] += int(collection.sum())
    owners = np.flatnonzero(~missing & ~empty)
    left = geometries[owners]
    if collection.any():
        parts = [(part, owner) for owner in owners for part in _parts(geometries[owner])]
        taken.take_shapes(max(0, len(parts) - len(owners)))
        left = np.array([part for part, _ in parts], dtype=object)
        owners = np.array([owner for _, owner in parts], dtype=np.int64)
    return left, owners


def _finite(
    geometries: Geometries, found: _Found, numbers: Sequence[int]
) -> tuple[Geometries, NDArray[np.bool_]]:
    """Return geometries without positions that are not finite, and which of them have nothing left."""
    positions, owners = shapely.get_coordinates(geometries, return_index=True)
    wrong = ~np.isfinite(positions).all(axis=1)
    lost = np.zeros(len(geometries), dtype=bool)
    if not wrong.any():
        return geometries, lost
    geometries = geometries.copy()
    lacking = np.unique(owners[wrong], return_counts=True)
    for place, count in zip(*(one.tolist() for one in lacking), strict=True):
        try:
            geometries[place] = _without(geometries[place])
        except (ValueError, GEOSException):  # too few positions are left
            geometries[place] = None
        lost[place] = geometries[place] is None or geometries[place].is_empty
        if not lost[place]:
            found.positions_left_out += int(count)
            found.lacking.append(numbers[place])
    return geometries, lost


def _without(geometry: BaseGeometry) -> BaseGeometry | None:
    """Return a geometry of its finite positions, None if too few are left."""
    if isinstance(geometry, Polygon):
        rings = [_kept(ring) for ring in (geometry.exterior, *geometry.interiors)]
        return Polygon(rings[0], [ring for ring in rings[1:] if len(ring) > 2]) if len(rings[0]) > 2 else None
    if isinstance(geometry, LineString):
        kept = _kept(geometry)
        return LineString(kept) if len(kept) > 1 else None
    if isinstance(geometry, BaseMultipartGeometry):
        parts = [part for one in geometry.geoms if (part := _without(one)) is not None]
        together: Callable[[list[BaseGeometry]], BaseGeometry] = type(geometry)
        return together(parts) if parts else None
    return geometry if np.isfinite(shapely.get_coordinates(geometry)).all() else None


def _kept(line: BaseGeometry) -> NDArray[np.float64]:
    positions = shapely.get_coordinates(line, include_z=line.has_z)
    kept: NDArray[np.float64] = positions[np.isfinite(positions[:, :2]).all(axis=1)]
    return kept


def _heights(geometries: Geometries) -> dict[int, NDArray[np.float64]]:
    """Return the heights of the positions of those geometries that have any."""
    places = np.flatnonzero(shapely.has_z(geometries))
    positions, owners = shapely.get_coordinates(geometries[places], include_z=True, return_index=True)
    begins = np.searchsorted(owners, np.arange(1, len(places)))
    return (
        {
            int(place): heights
            for place, heights in zip(places, np.split(positions[:, 2], begins), strict=True)
            if not np.isnan(heights).all()
        }
        if len(places)
        else {}
    )


def _parts(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    if isinstance(geometry, GeometryCollection):
        for part in geometry.geoms:
            yield from _parts(part)
    elif not geometry.is_empty:
        yield geometry


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
