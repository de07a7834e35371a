"""Measuring sketches and shapes: against GeographicLib, against themselves, and where there is no answer."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import (
    GeometryCollection,
    LineString,
    MultiLineString,
    MultiPolygon,
    Point,
    Polygon,
    box,
)

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import geometry_of, land_by_side
from khorgos_map.errors import UsageError
from khorgos_map.measure.measurement import measure_geometry, measure_sketch
from khorgos_map.measure.sketch import Sketch

SQUARE = ((80.38, 44.18), (80.42, 44.18), (80.42, 44.22), (80.38, 44.22))
BOW_TIE = (SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3])
positions = st.tuples(st.floats(70, 95), st.floats(40, 50))


def leaflet_m(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Haversine on 6,371,000 m, as L.CRS.Earth.distance has it."""
    (lon1, lat1), (lon2, lat2) = ((math.radians(lon), math.radians(lat)) for lon, lat in (here, there))
    a = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_000 * math.atan2(math.sqrt(a), math.sqrt(1 - a))


@given(st.lists(positions, min_size=2, max_size=6))
def test_a_line_equals_geographiclib_leg_by_leg(line):
    measured = measure_sketch(Sketch("line", tuple(line)), {})
    expected = [
        Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2)
        for (lon1, lat1), (lon2, lat2) in pairwise(measured.positions)
    ]
    assert measured.length_m == pytest.approx(math.fsum(leg["s12"] for leg in expected), rel=0, abs=1e-3)
    assert [leg.length_m for leg in measured.legs] == pytest.approx(
        [leg["s12"] for leg in expected], abs=1e-3
    )
    assert measured.cumulative_m[0] == 0
    assert measured.cumulative_m[-1] == pytest.approx(measured.length_m)
    assert len(measured.cumulative_m) == len(line)
    assert measured.sphere_length_m == pytest.approx(
        math.fsum(leaflet_m(a, b) for a, b in pairwise(measured.positions)), rel=1e-9, abs=1e-3
    )


def test_urumqi_comes_out_one_and_a_half_kilometres_short_on_a_sphere(atlas: Atlas):
    here, there = (tuple(geometry_of(atlas.feature[i]).coords[0][:2]) for i in ("khorgos", "urumqi"))
    measured = measure_sketch(Sketch("line", (here, there)), land_by_side(atlas))
    assert measured.sphere_difference_m == pytest.approx(-1571, abs=10)
    assert measured.length_m == pytest.approx(578_000, rel=0.01)
    assert (measured.perimeter_m, measured.area_m2, measured.area_by_country_m2) == (None, None, None)


def test_an_area_equals_geographiclib_whatever_its_winding():
    polygon = Geodesic.WGS84.Polygon()
    for lon, lat in SQUARE:
        polygon.AddPoint(lat, lon)
    _, perimeter_m, area_m2 = polygon.Compute()
    for ring in (SQUARE, SQUARE[::-1]):
        measured = measure_sketch(Sketch("area", ring), {})
        assert measured.area_m2 == pytest.approx(area_m2, rel=1e-9)
        assert measured.area_ha == pytest.approx(area_m2 / 10_000, rel=1e-9)
        assert measured.perimeter_m == pytest.approx(perimeter_m, abs=1e-3)
        assert measured.length_m is None
        assert len(measured.legs) == len(measured.cumulative_m) == 4
    # with the mean radius of 6,371,000 m areas here come out 0.2 per cent small
    assert measured.sphere_difference_m2 == pytest.approx(-0.002 * area_m2, rel=0.05)


def test_an_outline_that_crosses_itself_has_no_area():
    measured = measure_sketch(Sketch("area", BOW_TIE), {})
    assert measured.self_crossing
    assert measured.area_m2 is measured.area_ha is measured.area_by_country_m2 is None
    assert measured.perimeter_m > 0


def test_edges_cross_as_geodesics_not_as_straight_lines_on_the_map():
    # At 50 degrees the geodesic between 60 and 100 degrees east runs some 250 km north of the parallel.
    inside_the_bulge = Sketch("area", ((60, 50), (100, 50), (80, 51)))
    assert not measure_sketch(inside_the_bulge, {}).self_crossing
    crossing = Sketch("area", ((60, 50), (100, 50), (100, 49), (80, 51), (60, 49)))
    assert not measure_sketch(crossing, {}).self_crossing
    beyond_the_bulge = Sketch("area", ((60, 50), (100, 50), (100, 49), (80, 53), (60, 49)))
    assert measure_sketch(beyond_the_bulge, {}).self_crossing


@pytest.mark.parametrize("corners", [1, 2])
def test_an_outline_that_is_not_finished_has_the_area_nought(corners):
    measured = measure_sketch(Sketch("area", SQUARE[:corners]), {})
    assert measured.area_m2 == 0
    assert not measured.self_crossing


def test_a_line_of_one_position_has_the_length_nought_and_points_have_none():
    assert measure_sketch(Sketch("line", SQUARE[:1]), {}).length_m == 0
    points = measure_sketch(Sketch("points", SQUARE), {})
    assert (points.length_m, points.legs, points.cumulative_m, points.sphere_difference_m) == (
        None,
        (),
        (),
        None,
    )


def test_over_the_antimeridian_a_leg_takes_the_short_way():
    line = measure_sketch(Sketch("line", ((179.5, 44), (-179.5, 44))), {})
    assert line.length_m == pytest.approx(80_295, abs=100)
    across = measure_sketch(Sketch("area", ((179.5, 44), (-179.5, 44), (-179.5, 45), (179.5, 45))), {})
    same_size = measure_sketch(Sketch("area", ((79.5, 44), (80.5, 44), (80.5, 45), (79.5, 45))), {})
    assert across.area_m2 == pytest.approx(same_size.area_m2, rel=1e-9)
    assert across.area_by_country_m2["other"] == pytest.approx(across.area_m2, rel=1e-9)


@pytest.mark.parametrize("lat", [80, -80])
def test_an_outline_around_a_pole_has_an_area_and_no_shares(lat):
    measured = measure_sketch(Sketch("area", ((0, lat), (90, lat), (180, lat), (-90, lat))), {})
    polygon = Geodesic.WGS84.Polygon()
    for lon in (0, 90, 180, -90):
        polygon.AddPoint(lat, lon)
    assert measured.area_m2 == pytest.approx(abs(polygon.Compute()[2]), rel=1e-9)
    assert measured.around_pole
    assert measured.area_by_country_m2 is None


def test_holes_are_taken_from_the_area_and_add_to_the_perimeter():
    outer, hole = box(80.38, 44.18, 80.42, 44.22), box(80.39, 44.19, 80.40, 44.20)
    with_hole, alone, gap = (
        measure_geometry(shape, {})[0] for shape in (Polygon(outer.exterior, [hole.exterior]), outer, hole)
    )
    assert with_hole.area_m2 == pytest.approx(alone.area_m2 - gap.area_m2, rel=1e-9)
    assert with_hole.perimeter_m == pytest.approx(alone.perimeter_m + gap.perimeter_m, rel=1e-12)
    assert with_hole.area_by_country_m2["other"] == pytest.approx(with_hole.area_m2, rel=1e-9)


def test_the_parts_of_a_multi_part_geometry_are_measured_together_without_the_gaps():
    one, two = LineString(SQUARE[:2]), LineString(SQUARE[2:])
    (both,) = measure_geometry(MultiLineString([one, two]), {}, "both")
    alone = [measure_geometry(line, {})[0].length_m for line in (one, two)]
    assert both.name == "both"
    assert both.length_m == pytest.approx(math.fsum(alone))
    assert both.cumulative_m == pytest.approx((0, alone[0], alone[0], sum(alone)))
    (areas,) = measure_geometry(MultiPolygon([box(80, 44, 80.1, 44.1), box(81, 44, 81.1, 44.1)]), {})
    assert areas.area_m2 == pytest.approx(2 * measure_geometry(box(80, 44, 80.1, 44.1), {})[0].area_m2)


def test_a_mixed_collection_is_measured_kind_by_kind_and_an_empty_one_not_at_all():
    mixed = GeometryCollection([Polygon(SQUARE), LineString(SQUARE), Point(80, 44), Point(80, 45), Polygon()])
    points, line, area = measure_geometry(mixed, {})
    assert [m.kind for m in (points, line, area)] == ["points", "line", "area"]
    assert len(points.positions) == 2
    assert measure_geometry(GeometryCollection(), {}) == ()
    assert measure_geometry(Polygon(), {}) == ()


def test_heights_are_not_looked_at():
    flat, high = LineString(SQUARE), LineString([(lon, lat, 4000) for lon, lat in SQUARE])
    (low,), (up,) = measure_geometry(flat, {}), measure_geometry(high, {})
    assert low.length_m == up.length_m


@pytest.mark.parametrize("point", [Point(80, 90.5), Point(200, 44), Point(512345, 4895432)], ids=str)
def test_what_is_no_position_is_refused(point):
    with pytest.raises(UsageError, match="is no position"):
        measure_geometry(point, {})


def test_an_outline_known_to_be_unsound_has_no_area():
    (measured,) = measure_geometry(Polygon(SQUARE), {}, sound=False)
    assert measured.area_m2 is None
    assert measured.self_crossing
