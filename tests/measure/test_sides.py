"""On which side of the border: nothing is lost, the geodesic is cut, and the border is no crossing."""

from __future__ import annotations

import math
from functools import cache

import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.places import geometry_of, land_by_side
from khorgos_map.geodesy import area_m2, inverse
from khorgos_map.measure.measurement import measure_geometry, measure_sketch
from khorgos_map.measure.sketch import Sketch

near = st.tuples(st.floats(79.5, 81.5), st.floats(43.5, 45))
far = st.tuples(st.floats(57, 105), st.floats(38, 52))
WGS84 = Geod(ellps="WGS84")
# Two countries that meet on the meridian of 80 degrees, with nothing else about them.
MEET_AT_80 = {"KZ": box(70, 40, 80, 50), "CN": box(80, 40, 90, 50)}


@cache
def land() -> dict[str, BaseGeometry]:
    # no fixture: hypothesis would print the whole atlas with an example that fails
    return land_by_side(sound_atlas(content_folder()))


@settings(max_examples=50)
@given(st.lists(near | far, min_size=2, max_size=6))
def test_the_parts_of_a_line_add_up_to_the_whole(line):
    measured = measure_sketch(Sketch("line", tuple(line)), land())
    assert math.fsum(measured.length_by_country_m.values()) == pytest.approx(measured.length_m, abs=1e-3)


@settings(max_examples=50)
@given(near | far, st.lists(st.floats(0.01, 2), min_size=3, max_size=8))
def test_the_parts_of_an_area_add_up_to_the_whole(centre, radii):
    star = tuple(
        (
            centre[0] + r * math.cos(math.tau * i / len(radii)),
            centre[1] + r * math.sin(math.tau * i / len(radii)),
        )
        for i, r in enumerate(radii)
    )
    measured = measure_sketch(Sketch("area", star), land())
    if not measured.self_crossing:
        total_m2 = math.fsum(measured.area_by_country_m2.values())
        assert total_m2 == pytest.approx(measured.area_m2, rel=1e-9, abs=0.01)


def test_a_line_over_a_meridian_is_cut_on_the_meridian():
    measured = measure_sketch(Sketch("line", ((79, 45), (82, 45))), MEET_AT_80)
    (crossing,) = measured.border_crossings
    assert (crossing.leaves, crossing.enters) == ("KZ", "CN")
    assert crossing.position[0] == pytest.approx(80, abs=1e-9)
    assert measured.length_by_country_m["KZ"] == pytest.approx(crossing.distance_m)
    # on the geodesic, which runs north of the parallel
    assert crossing.position[1] > 45.005
    assert inverse(79, 45, *crossing.position)[0] == pytest.approx(crossing.distance_m, abs=1e-3)
    assert inverse(*crossing.position, 82, 45)[0] == pytest.approx(
        measured.length_by_country_m["CN"], abs=1e-3
    )


def test_the_geodesic_is_cut_not_the_straight_line_on_the_map():
    # Both ends lie south of 45 degrees, the geodesic between them rises above it.
    north = {"KZ": box(60, 45, 100, 55), "CN": box(60, 35, 100, 45)}
    measured = measure_sketch(Sketch("line", ((70, 44.9), (90, 44.9))), north)
    assert [(c.leaves, c.enters) for c in measured.border_crossings] == [("CN", "KZ"), ("KZ", "CN")]
    assert measured.length_by_country_m["KZ"] > 1_000_000


def test_there_and_back_the_same_way_counts_twice(atlas: Atlas):
    here, there = (80.3, 44.2), (80.5, 44.2)
    once = measure_sketch(Sketch("line", (here, there)), land_by_side(atlas))
    twice = measure_sketch(Sketch("line", (here, there, here)), land_by_side(atlas))
    assert [c.enters for c in twice.border_crossings] == ["CN", "KZ"]
    for side, length_m in once.length_by_country_m.items():
        assert twice.length_by_country_m[side] == pytest.approx(2 * length_m, abs=1e-3)


def test_crossings_lie_on_the_border_drawn(atlas: Atlas):
    border = geometry_of(atlas.feature["state-border"])
    measured = measure_sketch(Sketch("line", ((80.0, 44.0), (80.9, 44.6), (80.0, 44.8))), land_by_side(atlas))
    assert measured.border_crossings
    for crossing in measured.border_crossings:
        nearest = border.interpolate(border.project(shapely.Point(crossing.position)))
        assert inverse(*crossing.position, nearest.x, nearest.y)[0] < 0.002


@pytest.mark.parametrize(("zone", "side"), [("icbc-kz", "KZ"), ("icbc-cn", "CN")])
def test_an_outline_along_the_border_does_not_cross_it(atlas: Atlas, zone, side):
    (measured,) = measure_geometry(geometry_of(atlas.feature[zone]), land_by_side(atlas))
    assert measured.border_crossings == ()
    assert measured.length_by_country_m[side] == pytest.approx(measured.perimeter_m)
    assert measured.area_by_country_m2[side] == pytest.approx(measured.area_m2, rel=1e-9)


def test_an_outline_that_follows_the_border_for_hundreds_of_kilometres_stays_on_its_side(atlas: Atlas):
    outline = geometry_of(atlas.feature["zhetisu-region"])
    (measured,) = measure_geometry(outline, land_by_side(atlas))
    assert measured.border_crossings == ()
    assert measured.length_by_country_m["KZ"] == pytest.approx(measured.perimeter_m)
    assert not measured.self_crossing
    assert measured.area_m2 == pytest.approx(area_m2(outline), rel=1e-9)
    assert math.fsum(measured.area_by_country_m2.values()) == pytest.approx(measured.area_m2, rel=1e-9)


def test_sides_of_points_and_what_lies_beyond_the_land_drawn(atlas: Atlas):
    points = Sketch("points", ((80.3, 44.2), (80.5, 44.2), (74.6, 42.87), (116.4, 39.9)))
    measured = measure_sketch(points, land_by_side(atlas))
    assert measured.sides == ("KZ", "CN", "other", "other")
    assert measured.beyond_land
    inside = measure_sketch(Sketch("points", points.positions[:3]), land_by_side(atlas))
    assert not inside.beyond_land


def test_what_is_in_neither_country_is_elsewhere():
    measured = measure_sketch(Sketch("line", ((79, 49.9), (81, 49.9), (81, 52))), MEET_AT_80)
    assert measured.length_by_country_m["other"] > 200_000
    nowhere = measure_sketch(Sketch("area", ((79, 44), (81, 44), (80, 45))), {})
    assert nowhere.length_by_country_m["other"] == pytest.approx(nowhere.perimeter_m)


def test_a_hole_over_the_border_is_taken_from_both_sides():
    hole = [(79.9, 44.4), (80.1, 44.4), (80.1, 44.6), (79.9, 44.6)]
    (measured,) = measure_geometry(Polygon(box(79, 44, 81, 45).exterior, [hole]), MEET_AT_80)
    assert measured.area_by_country_m2["KZ"] == pytest.approx(measured.area_m2 / 2, rel=1e-9)
    assert measured.area_by_country_m2["CN"] == pytest.approx(measured.area_m2 / 2, rel=1e-9)


@pytest.mark.parametrize("line", [((-100, 60), (80, 44)), ((170, 60), (-170, 50), (80, 44))], ids=str)
def test_a_long_way_round_the_north_still_finds_the_land(atlas: Atlas, line):
    measured = measure_sketch(Sketch("line", line), land_by_side(atlas))
    assert measured.length_by_country_m["KZ"] > 400_000
    assert math.fsum(measured.length_by_country_m.values()) == pytest.approx(measured.length_m, abs=1e-3)


@settings(max_examples=150)
@given(
    st.floats(79.9, 80.6),
    st.floats(43.7, 44.8),
    st.lists(st.floats(0.02, 0.4), min_size=3, max_size=7),
    st.floats(0, 1),
)
@example(80.0, 44.75, [0.25, 0.375, 0.0625], 0.0)
def test_each_country_has_what_lies_on_its_land(lon, lat, radii, turn):
    corners = [math.tau * (i + turn) / len(radii) for i in range(len(radii))]
    star = tuple((lon + r * math.cos(a), lat + r * math.sin(a)) for r, a in zip(radii, corners, strict=True))
    measured = measure_sketch(Sketch("area", star), land())
    sides = zip(star, (*star[1:], star[0]), strict=True)
    # geodesics bend away from straight lines in longitude and latitude, so each goes through points on it
    whole = Polygon([place for a, b in sides for place in (a, *WGS84.npts(*a, *b, 20))])
    for country, ground in land().items():
        expected_m2 = area_m2(whole.intersection(ground))
        off_m2 = 0.002 * measured.area_m2 + 40 * measured.perimeter_m
        assert measured.area_by_country_m2[country] == pytest.approx(expected_m2, abs=off_m2)
