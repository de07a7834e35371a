"""Lengths and areas beside GeographicLib, whose author gave the algorithm."""

from __future__ import annotations

import random
from collections.abc import Iterator
from importlib import import_module

from shapely import Polygon

from khorgos_map.bench import Figure, absent
from khorgos_map.geodesy import area_m2, inverse

LINES, POLYGONS = 500, 100
LENGTH_TO_REACH_M, AREA_TO_REACH = 0.001, 1e-9


def measure() -> Iterator[Figure]:
    """Yield how far our lengths and areas are from GeographicLib's at most, on places anywhere on earth."""
    try:
        geodesic = import_module("geographiclib.geodesic").Geodesic.WGS84
    except ImportError:
        yield absent(
            "geodesic lengths and areas", "GeographicLib is not installed: pip install geographiclib"
        )
        return
    chance = random.Random(1735)  # noqa: S311
    worst_m = 0.0
    for _ in range(LINES):
        (lon1, lat1), (lon2, lat2) = ((chance.uniform(-180, 180), chance.uniform(-90, 90)) for _ in range(2))
        theirs = geodesic.Inverse(lat1, lon1, lat2, lon2)["s12"]
        worst_m = max(worst_m, abs(inverse(lon1, lat1, lon2, lat2)[0] - theirs))
    yield Figure("geodesic lengths, largest difference", "m", worst_m, LENGTH_TO_REACH_M, "promised", 1.0)
    worst = 0.0
    for _ in range(POLYGONS):
        lon, lat, size = chance.uniform(-170, 170), chance.uniform(-70, 70), chance.uniform(0.01, 5)
        ring = [
            (lon, lat),
            (lon + size, lat + size / 3),
            (lon + size / 2, lat + size),
            (lon - size / 2, lat + size / 2),
        ]
        shape = geodesic.Polygon()
        for x, y in ring:
            shape.AddPoint(y, x)
        theirs = shape.Compute()[2]
        worst = max(worst, abs(area_m2(Polygon(ring)) / theirs - 1))
    yield Figure("geodesic areas, largest relative difference", "", worst, AREA_TO_REACH, "promised", 1.0)
