"""What lies around a measurement: its course along the geodesics, and the area within a distance of it."""

from __future__ import annotations

import math

import shapely
from shapely.geometry import LineString, MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

from khorgos_map.geodesy import WGS84, buffer, has_buffer
from khorgos_map.measure.measurement import Measurement, Position

# On the map a geodesic bends visibly over tens of kilometres, not within five.
COURSE_STEP_M = 5_000.0
# Farther from the middle the edge of a buffer would be off by more than 0.2 % of its distance.
REACH_M = 600_000.0
_QUARTER_SIDES = 64
# A circle of so many sides has the area of a round one if its corners lie a little outside: 0.005 %.
_OUTSIDE = 1 + (math.pi / (2 * _QUARTER_SIDES)) ** 2 / 12


def course(measured: Measurement) -> list[Position]:
    """Return the way along the geodesics between the positions; an outline comes back to its start."""
    if measured.kind == "points":
        return list(measured.positions)
    stops = list(measured.positions)
    if measured.kind == "area" and len(stops) > 2:
        stops.append(stops[0])
    way = stops[:1]
    for (lon1, lat1), (lon2, lat2), leg in zip(stops, stops[1:], measured.legs, strict=False):
        count = int(leg.length_m // COURSE_STEP_M)
        between = WGS84.npts(lon1, lat1, lon2, lat2, count) if count else []
        way += [(round(lon, 6), round(lat, 6)) for lon, lat in between]
        way.append((lon2, lat2))
    return way


def around(measured: Measurement, distance_m: float) -> BaseGeometry | None:
    """Return the area within `distance_m` metres of a measurement, longitude/latitude on WGS 84, right-handed.

    ``None`` for what reaches farther than `REACH_M` from its middle, and near a pole or the antimeridian.
    """
    way = course(measured)
    if measured.kind == "points" or len(way) < 2:
        shape: BaseGeometry = MultiPoint(way)
    elif measured.kind == "area" and len(way) > 3:
        # an outline that crosses itself has a surrounding too
        shape = shapely.make_valid(Polygon(way))
    else:
        shape = LineString(way)
    if not has_buffer(shape, distance_m, reach_m=REACH_M):
        return None
    return shapely.orient_polygons(buffer(shape, _OUTSIDE * distance_m, quarter_sides=_QUARTER_SIDES))
