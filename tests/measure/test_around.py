"""The area within a distance of a sketch, against what is known of circles and strips."""

from __future__ import annotations

import math

import pytest
import shapely

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.geodesy import area_m2
from khorgos_map.measure.around import around
from khorgos_map.measure.measurement import measure_sketch
from khorgos_map.measure.sketch import Sketch, SketchKind


def within(
    atlas: Atlas, kind: SketchKind, positions: tuple[tuple[float, float], ...], distance_m: float
) -> shapely.Geometry | None:
    return around(measure_sketch(Sketch(kind, positions), land_by_side(atlas)), distance_m)


@pytest.mark.parametrize("distance_m", [100.0, 2_000.0, 100_000.0])
def test_around_a_point_it_is_a_circle(atlas: Atlas, distance_m: float) -> None:
    circle = within(atlas, "points", ((80.4, 44.2),), distance_m)
    assert circle is not None
    # a circle on the ground is a little smaller than one in the plane: by d2 / 12 R2
    expected = math.pi * distance_m**2 * (1 - (distance_m / 6.371e6) ** 2 / 12)
    assert area_m2(circle) == pytest.approx(expected, rel=3e-4)


def test_around_a_line_it_is_a_strip_with_round_ends(atlas: Atlas) -> None:
    ends = ((80.0, 44.0), (83.0, 44.5))
    strip = within(atlas, "line", ends, 10_000.0)
    length_m = measure_sketch(Sketch("line", ends), land_by_side(atlas)).length_m
    assert strip is not None
    assert length_m
    assert area_m2(strip) == pytest.approx(2e4 * length_m + math.pi * 1e8, rel=2e-3)


@pytest.mark.parametrize(
    "positions", [((0.0, 51.0), (116.0, 40.0)), ((-60.0, 10.0), (100.0, 10.0)), ((10.0, 89.0), (20.0, 89.0))]
)
def test_where_it_would_be_wrong_there_is_none(
    atlas: Atlas, positions: tuple[tuple[float, float], ...]
) -> None:
    assert within(atlas, "line", positions, 200_000.0) is None
