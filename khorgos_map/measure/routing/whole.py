"""The whole way from place to place: the road, and what lies between the places and the road.

How one gets from a place to the road is not known, only how far the road is in a straight line. So the whole way is
a range. Lengths are metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum

import numpy as np
from numpy.typing import NDArray

from khorgos_map.geodesy import WGS84, inverse
from khorgos_map.measure.routing.records import Matrix, Route

Floats = NDArray[np.float64]

# Of the towns and villages of the network that lie 2 to 25 km apart, nine pairs in ten are joined by a road no longer
# than this many times the straight line; tests/measure/routing/test_whole.py counts them anew.
DETOUR_AT_MOST = 1.9
# A place that is farther from the road is told as one that no road of the network leads to.
OFF_THE_ROAD_M = 2_000.0
# Two places that meet the road less than this apart meet it at the same place.
ON_ROAD_AT_LEAST_M = 1.0


@dataclass(frozen=True)
class Span:
    """A length in metres of which only the limits are known."""

    low_m: float
    high_m: float


def access_span(access_m: float) -> Span:
    """Return how long the way to a road is that lies so far away in a straight line."""
    return Span(access_m, DETOUR_AT_MOST * access_m)


def whole_span(route: Route) -> Span:
    """Return how long the whole way is, from the first stop to the last.

    At least the straight lines from stop to stop, and the road less its error: whoever lives beside a road that the
    network does not have may meet ours farther on. At most the road and its error with the longest ways to it. An
    engine that states no error has none here.
    """
    sigma_m = (route.sigma_m or 0.0) if is_on_road(route) else 0.0
    low_m = max(straight_m(route), route.distance_m - sigma_m)
    return Span(low_m, max(low_m, route.distance_m + sigma_m + access_span(beside_m(route)).high_m))


def whole_spans(matrix: Matrix) -> tuple[Floats, Floats]:
    """Return the limits of the whole way of each pair as `whole_span` has them, in metres; NaN where there is no way.

    They are NaN, too, where the engine does not say how far the places are from the road.
    """
    if matrix.access_from_m is None or matrix.access_to_m is None:
        nothing = np.full(matrix.distance_m.shape, np.nan)
        return nothing, nothing
    sigma_m = 0.0 if matrix.sigma_m is None else np.where(only_beside(matrix), 0.0, matrix.sigma_m)
    lons, lats = (np.array([s.position[axis] for s in matrix.origins], dtype=float) for axis in (0, 1))
    to_lons, to_lats = (
        np.array([s.position[axis] for s in matrix.destinations], dtype=float) for axis in (0, 1)
    )
    rows, columns = np.indices(matrix.distance_m.shape)
    _, _, straight_m = WGS84.inv(lons[rows], lats[rows], to_lons[columns], to_lats[columns])
    low_m = np.maximum(straight_m, matrix.distance_m - sigma_m)
    beside = matrix.access_from_m[:, None] + matrix.access_to_m
    high_m = np.maximum(low_m, matrix.distance_m + sigma_m + DETOUR_AT_MOST * beside)
    nowhere = np.isnan(matrix.distance_m)
    for limit_m in (low_m, high_m):
        limit_m[straight_m == 0] = 0.0
        limit_m[nowhere] = np.nan
    return low_m, high_m


def only_beside(matrix: Matrix) -> NDArray[np.bool_]:
    """Return which pairs are two places that meet the road at the same place, so that no road is driven."""
    there, here = (
        np.array([stop.position for stop in stops], dtype=float).reshape(-1, 2)
        for stops in (matrix.destinations, matrix.origins)
    )
    apart: NDArray[np.bool_] = (here[:, None] != there).any(axis=2)
    return apart & (matrix.distance_m < ON_ROAD_AT_LEAST_M)


def is_on_road(route: Route) -> bool:
    """Return whether any road is driven: not where all stops meet it at the same place."""
    return route.distance_m >= ON_ROAD_AT_LEAST_M


def straight_m(route: Route) -> float:
    """Return the geodesics in metres from stop to stop of a route, added up, on the WGS 84 ellipsoid."""
    return fsum(inverse(*a.position, *b.position)[0] for a, b in pairwise(route.stops))


def beside_m(route: Route) -> float:
    """Return the metres between the stops and the road, there and back at the stops that are passed through."""
    return _there_and_back([access.length_m for access in route.access])


def _there_and_back(lengths: Sequence[float]) -> float:
    return fsum(lengths) + fsum(lengths[1:-1])
