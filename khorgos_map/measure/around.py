"""What lies around a measurement: its course along the geodesics, and the area within a distance of it."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

from khorgos_map.geodesy import WGS84, Positions, buffer, has_buffer
from khorgos_map.measure.follow import Path, Steps
from khorgos_map.measure.measurement import Measurement, Position
from khorgos_map.measure.pairs import crossings

# On the map a geodesic bends visibly over tens of kilometres, not within five.
COURSE_STEP_M = 5_000.0
# Of what is longer than 100,000 km in all the whole world is seen, and steps are longer.
MOST_COURSE_STEPS = 20_000
# Farther from the middle the edge of a buffer would be off by more than 0.2 % of its distance.
REACH_M = 600_000.0
# How many steps it takes to widen a position, or to make a hole.
_STEPS_EACH = 15
# How many sides a quarter of a circle has around few positions, and around more.
_QUARTER_SIDES, _FEW, _ROUGH_QUARTER_SIDES = 64, 500, 16


def course(measured: Measurement) -> list[Position]:
    """Return the way along the geodesics between the positions; an outline comes back to its start."""
    return [(lon, lat) for lon, lat in _course(measured).tolist()]


def around(measured: Measurement, distance_m: float, steps: Steps | None = None) -> BaseGeometry | None:
    """Return the area within `distance_m` metres of a measurement, longitude/latitude on WGS 84, right-handed.

    ``None`` for what reaches farther than `REACH_M` from its middle, and near a pole or the antimeridian. Raises
    `LimitError` where it takes more than ``steps``, or than a request may have: for a path that often crosses itself.
    """
    way = _course(measured)
    is_path = measured.kind != "points" and len(way) > 1
    shape: BaseGeometry = LineString(way) if is_path else MultiPoint(way)
    if not has_buffer(shape, distance_m, reach_m=REACH_M):
        return None
    allowed = steps or Steps()
    allowed.take(_STEPS_EACH * (len(way) + (_holes(way, distance_m) if is_path else 0)))
    sides = _QUARTER_SIDES if len(measured.positions) <= _FEW else _ROUGH_QUARTER_SIDES
    # a circle of so many sides has the area of a round one if its corners lie a little outside: 0.005 or 0.08 %
    outside = 1 + (math.pi / (2 * sides)) ** 2 / 12
    surrounding = buffer(shape, outside * distance_m, quarter_sides=sides)
    allowed.take(int(shapely.get_num_coordinates(surrounding)))
    if measured.kind == "area" and len(way) > 3:
        surrounding = _filled(surrounding, Polygon(way))
    return shapely.orient_polygons(surrounding)


def _course(measured: Measurement) -> Positions:
    stops = np.array(measured.positions)
    if measured.kind == "points":
        return stops
    if measured.kind == "area" and len(stops) > 2:
        stops = np.concatenate([stops, stops[:1]])
    path = Path.between(stops)
    step_m = max(COURSE_STEP_M, math.fsum(path.lengths_m) / MOST_COURSE_STEPS)
    return path.in_steps(step_m).round(6)


def _holes(way: Positions, distance_m: float) -> int:
    """Return how many holes what lies around a path may have.

    No more than it crosses itself; and each hole has a circle of the distance in it that reaches into no other.
    """
    wide_m, high_m = (np.radians(way.max(axis=0) - way.min(axis=0)) * WGS84.a + distance_m).tolist()
    most = int(wide_m * high_m / (math.pi * distance_m**2))
    return min(most, crossings(way, most)) if most > len(way) else most


def _filled(surrounding: BaseGeometry, outline: Polygon) -> BaseGeometry:
    """Return what lies around an outline without its holes inside; the outline may cross itself."""
    parts: list[Polygon] = []
    shapely.prepare(outline)
    for part in shapely.get_parts(surrounding).tolist():
        within = shapely.get_coordinates(shapely.point_on_surface([Polygon(hole) for hole in part.interiors]))
        inside = shapely.intersects_xy(outline, within[:, 0], within[:, 1])
        holes = [hole for hole, is_inside in zip(part.interiors, inside, strict=True) if not is_inside]
        parts.append(Polygon(part.exterior, holes))
    return shapely.union_all(parts)
