"""Many shapes measured at once: most are small and lie well within one country, and need not be followed.

For those the result is that of `measurement.measure_geometry`, without legs and directions. All others go there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from khorgos_map.geodesy import SPHERE, WGS84, Positions
from khorgos_map.measure.follow import STEP_M
from khorgos_map.measure.measurement import Measurement, measure_geometry
from khorgos_map.measure.prepared import ONE_AT_A_TIME
from khorgos_map.measure.sides import COUNTRIES, SIDES, Land, Side
from khorgos_map.measure.sketch import SketchKind

# A geodesic of 20 km bends some 8 m from its straight line here: nothing that lies so far within is cut.
_SHORT_M = 20_000.0
_MARGIN_DEG = 0.005
_FARTHEST_NORTH, _FARTHEST_EAST = 80.0, 179.0
# What a shape takes by itself, in positions followed.
_EACH = 200
_KINDS: tuple[SketchKind, ...] = ("points", "line", "area")


def measure_all(
    geometries: Sequence[BaseGeometry],
    land: Mapping[str, BaseGeometry],
    names: Sequence[str],
    sound: Sequence[bool],
    *,
    most_followed: int | None = None,
) -> Iterator[Measurement]:
    """Yield the measurement of each geometry, none of them a collection, in WGS 84 longitude/latitude.

    Those that lie within one country, with no leg over 20 km, have no ``legs`` and ``cumulative_m``, and only points
    have ``positions``. Where so many positions may be followed in all, where lines bend and every 200 m between, those
    that need more than are left have no shares by country either.
    """
    shapes = np.empty(len(geometries), dtype=object)
    shapes[:] = geometries
    quick = _Quick(shapes, land)
    left = math.inf if most_followed is None else most_followed
    for place, geometry in enumerate(geometries):
        if quick.is_within_one[place]:
            yield quick.measurement(place, names[place], sound=sound[place])
        elif (needed := quick.to_follow(place)) > left:
            yield quick.measurement(place, names[place], sound=sound[place], divided=False)
        else:
            left -= needed
            yield measure_geometry(geometry, land, names[place], sound=sound[place])[0]


class _Quick:
    """What numpy finds of all geometries at once."""

    def __init__(self, shapes: NDArray[np.object_], land: Mapping[str, BaseGeometry]) -> None:
        count = len(shapes)
        paths, owners, is_hole = _paths(shapes)
        positions, path = shapely.get_coordinates(paths, return_index=True)
        goes_on = path[:-1] == path[1:]
        start, end = positions[:-1][goes_on], positions[1:][goes_on]
        leg_of = owners[path[:-1][goes_on]]
        lengths_m, on_sphere_m = (_lengths_m(earth, start, end) for earth in (WGS84, SPHERE))
        self._length_m = np.bincount(leg_of, lengths_m, minlength=count)
        self._on_sphere_m = np.bincount(leg_of, on_sphere_m, minlength=count)
        self._parts = np.bincount(owners, minlength=count).tolist()
        longest_m = np.zeros(count)
        np.maximum.at(longest_m, leg_of, lengths_m)
        sign = np.where(is_hole, -1.0, 1.0)
        rings_m2 = np.abs(np.bincount(path[:-1][goes_on], _below_m2(start, end), minlength=len(paths)))
        self._on_sphere_m2 = np.bincount(owners, sign * rings_m2, minlength=count)
        self._kind = shapely.get_dimensions(shapes).tolist()
        self._side = _side_within(shapes, land)
        west, south, east, north = shapely.bounds(shapes).T
        plain = (longest_m <= _SHORT_M) & (west > -_FARTHEST_EAST) & (east < _FARTHEST_EAST)
        plain &= (south > -_FARTHEST_NORTH) & (north < _FARTHEST_NORTH) & (self._side >= 0)
        is_points = np.array(self._kind) == 0
        self.is_within_one = (plain | is_points).tolist()
        self._beyond = _beyond(shapes, land).tolist()
        self._sign, self._rings = (
            sign.tolist(),
            (positions, np.searchsorted(path, np.arange(len(paths) + 1)).tolist()),
        )
        self._paths_begin = np.searchsorted(owners, np.arange(count + 1)).tolist()
        self._points = shapely.get_coordinates(shapes[is_points])
        self._points_begin = np.cumsum(
            [0, *np.where(is_points, shapely.get_num_coordinates(shapes), 0)]
        ).tolist()
        self._sides = Land(land).sides(self._points) if len(self._points) else []

    def measurement(self, place: int, name: str, *, sound: bool, divided: bool = True) -> Measurement:
        """Return the measurement of a geometry that lies within one country, or is not divided, or of points."""
        kind = _KINDS[self._kind[place]]
        if kind == "points":
            begin, end = self._points_begin[place : place + 2]
            own = self._points[begin:end]
            return Measurement(
                kind, name, _tuples(own), tuple(self._sides[begin:end]), self._beyond[place], parts=len(own)
            )
        side: Side = SIDES[self._side[place]]
        length_m, is_area = float(self._length_m[place]), kind == "area"
        paths = self._of(place)
        measured_m2 = self._area_m2(place, paths) if is_area and sound else None
        return Measurement(
            kind,
            name,
            (),
            (side,) if divided else (),
            self._beyond[place],
            parts=self._parts[place],
            length_m=None if is_area else length_m,
            perimeter_m=length_m if is_area else None,
            area_m2=measured_m2,
            sphere_length_m=float(self._on_sphere_m[place]),
            sphere_area_m2=None if measured_m2 is None else float(self._on_sphere_m2[place]),
            length_by_country_m=_OneSide(side, length_m) if divided else {},
            area_by_country_m2=None if measured_m2 is None or not divided else _OneSide(side, measured_m2),
            self_crossing=is_area and not sound,
        )

    def to_follow(self, place: int) -> float:
        """Return by how many positions a geometry is followed where it is divided between countries."""
        return _EACH + sum(map(len, self._of(place))) + float(self._length_m[place]) / STEP_M

    def _of(self, place: int) -> list[Positions]:
        positions, begins = self._rings
        first, last = self._paths_begin[place : place + 2]
        return [positions[begins[path] : begins[path + 1]] for path in range(first, last)]

    def _area_m2(self, place: int, rings: list[Positions]) -> float:
        first = self._paths_begin[place]
        areas = (abs(WGS84.polygon_area_perimeter(ring[:, 0], ring[:, 1])[0]) for ring in rings)
        return math.fsum(self._sign[first + at] * area for at, area in enumerate(areas))


def _tuples(positions: Positions) -> tuple[tuple[float, float], ...]:
    return tuple((lon, lat) for lon, lat in positions.tolist())


def _lengths_m(earth: Geod, start: Positions, end: Positions) -> Positions:
    if not len(start):
        return np.empty(0)
    _, _, lengths_m = earth.inv(*start.T, *end.T)
    return np.asarray(lengths_m)


def _beyond(shapes: NDArray[np.object_], land: Mapping[str, BaseGeometry]) -> NDArray[np.bool_]:
    """Return which shapes reach beyond the bounds of the land drawn."""
    if not land:
        return np.ones(len(shapes), dtype=bool)
    west, south, east, north = shapely.total_bounds(list(land.values()))
    own_west, own_south, own_east, own_north = shapely.bounds(shapes).T
    within: NDArray[np.bool_] = (
        (own_west >= west) & (own_south >= south) & (own_east <= east) & (own_north <= north)
    )
    return ~within


class _OneSide(Mapping[Side, float]):
    """All of a length or an area on one side: as a dict it would take five times the memory."""

    __slots__ = ("_side", "_whole")

    def __init__(self, side: Side, whole: float) -> None:
        self._side, self._whole = side, whole

    def __getitem__(self, side: Side) -> float:
        if side not in SIDES:
            raise KeyError(side)
        return self._whole if side == self._side else 0.0

    def __iter__(self) -> Iterator[Side]:
        return iter(SIDES)

    def __len__(self) -> int:
        return len(SIDES)


def _paths(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.bool_]]:
    """Return all lines and rings, those of a shape one after the other, the shape of each, and which are holes."""
    parts, owners = shapely.get_parts(shapes, return_index=True)
    is_line = shapely.get_dimensions(parts) == 1
    rings, of_part = shapely.get_rings(parts, return_index=True)
    paths = np.concatenate([parts[is_line], rings])
    whose = np.concatenate([owners[is_line], owners[of_part]]).astype(np.int64)
    is_hole = np.concatenate([np.zeros(int(is_line.sum()), dtype=bool), np.diff(of_part, prepend=-1) == 0])
    order = np.argsort(whose, kind="stable")
    return paths[order], whose[order], is_hole[order]


def _below_m2(start: Positions, end: Positions) -> Positions:
    """Return the area between each great circle and the equator on the sphere, east to west negative."""
    lon1, lat1, lon2, lat2 = np.radians(np.column_stack([start, end])).T
    tan1, tan2 = np.tan(lat1 / 2), np.tan(lat2 / 2)
    excess = 2 * np.arctan2(np.tan((lon2 - lon1) / 2) * (tan1 + tan2), 1 + tan1 * tan2)
    found: Positions = excess * SPHERE.a**2
    return found


def _side_within(shapes: NDArray[np.object_], land: Mapping[str, BaseGeometry]) -> NDArray[np.int64]:
    """Return the number in `SIDES` of the side that a shape lies on with its surroundings, -1 where it is more."""
    west, south, east, north = shapely.bounds(shapes).T
    margin = _MARGIN_DEG
    boxes = shapely.box(west - margin, south - margin, east + margin, north + margin)
    found = np.full(len(shapes), SIDES.index("other"))
    for country in COUNTRIES:
        if country in land:
            with ONE_AT_A_TIME:
                shapely.prepare(land[country])
                within, touches = (
                    shapely.contains_properly(land[country], boxes),
                    shapely.intersects(land[country], boxes),
                )
            found[touches & (found == SIDES.index("other"))] = -1
            found[within] = SIDES.index(country)
    return found
