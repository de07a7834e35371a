"""The geodesy against GeographicLib, and against what is known of the datums."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from geographiclib.test.test_geodesic import GeodesicTest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from khorgos_map import geodesy

lons = st.floats(56, 106)
lats = st.floats(35, 55)
positions = st.tuples(lons, lats)
# Karney's published cases: lat1, lon1, azi1, lat2, lon2, azi2, s12 and five more figures
PUBLISHED = [case[:7] for case in GeodesicTest.testcases]
ANTIPODAL_OR_POLAR = [
    ((0, 0), (180, 0)),
    ((0, 0), (179.5, 0.5)),
    ((80, 44), (-100, -44)),
    ((80, 44), (-100.0001, -44.0001)),
    ((30, 89.999), (-150, 89.999)),
    ((80, 90), (10, -90)),
    ((80, 44), (0, 90)),
    ((179.9, 50), (-179.9, 50)),
    ((80, 44), (80, 44)),
]


def geographiclib_area_m2(ring: list[tuple[float, float]]) -> float:
    polygon = Geodesic.WGS84.Polygon()
    for lon, lat in ring:
        polygon.AddPoint(lat, lon)
    return abs(polygon.Compute()[2])


@given(st.lists(positions, min_size=2, max_size=12))
def test_length_equals_geographiclib_to_a_millimetre(line):
    expected = sum(
        Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2)["s12"] for (lon1, lat1), (lon2, lat2) in pairwise(line)
    )
    assert geodesy.length_m(line) == pytest.approx(expected, rel=0, abs=1e-3)


@pytest.mark.parametrize("line", [[], [(80.4, 44.2)]])
def test_fewer_than_two_positions_have_no_length(line):
    assert geodesy.length_m(line) == 0


def test_length_does_not_look_at_a_third_coordinate():
    assert geodesy.length_m([(80, 44, 0), (81, 44, 4000)]) == geodesy.length_m([(80, 44), (81, 44)])


@given(
    centre=st.tuples(st.floats(70, 95), st.floats(40, 50)),
    radii=st.lists(st.floats(0.001, 3), min_size=3, max_size=20),
)
def test_area_equals_geographiclib_to_one_in_a_thousand_million(centre, radii):
    # A star about its centre never crosses itself, whatever its radii.
    ring = [
        (
            centre[0] + radius * math.cos(math.tau * i / len(radii)),
            centre[1] + radius * math.sin(math.tau * i / len(radii)),
        )
        for i, radius in enumerate(radii)
    ]
    expected = geographiclib_area_m2(ring)
    assert geodesy.area_m2(Polygon(ring)) == pytest.approx(expected, rel=1e-9, abs=1e-3)
    assert geodesy.area_m2(Polygon(ring[::-1])) == pytest.approx(expected, rel=1e-9, abs=1e-3)


def test_holes_are_subtracted_whatever_their_winding():
    outer, hole = box(80, 44, 81, 45), box(80.2, 44.2, 80.4, 44.4)
    expected = geodesy.area_m2(outer) - geodesy.area_m2(hole)
    for ring in (list(hole.exterior.coords), list(hole.exterior.coords)[::-1]):
        assert geodesy.area_m2(Polygon(outer.exterior, [ring])) == pytest.approx(expected, rel=1e-12)


def test_the_parts_of_a_collection_add_up_and_lines_have_no_area():
    one, two = box(80, 44, 81, 45), box(82, 44, 83, 45)
    both = geodesy.area_m2(one) + geodesy.area_m2(two)
    assert geodesy.area_m2(MultiPolygon([one, two])) == pytest.approx(both, rel=1e-12)
    touching = box(80, 44, 81, 45).intersection(box(81, 44, 82, 45))
    assert geodesy.area_m2(touching) == 0
    assert geodesy.area_m2(Polygon()) == 0
    assert geodesy.area_m2(Point(80, 44)) == 0


def test_a_hectare_is_ten_thousand_square_metres():
    square = box(80, 44, 80.01, 44.01)
    assert geodesy.area_ha(square) == geodesy.area_m2(square) / 10_000


@given(positions, positions)
def test_inverse_equals_geographiclib(here, there):
    expected = Geodesic.WGS84.Inverse(here[1], here[0], there[1], there[0])
    distance_m, azimuth_deg = geodesy.inverse(*here, *there)
    assert distance_m == pytest.approx(expected["s12"], rel=0, abs=1e-3)
    assert 0 <= azimuth_deg < 360
    if distance_m > 1:
        turn = (azimuth_deg - expected["azi1"] + 180) % 360 - 180
        # The direction matters as far as it moves the far end: by less than a millimetre.
        assert abs(math.radians(turn)) * distance_m < 1e-3


def anywhere(chance: np.random.Generator) -> tuple[float, float]:
    return chance.uniform(-180, 180), math.degrees(math.asin(chance.uniform(-1, 1)))


def turn_deg(one: float, other: float) -> float:
    return abs((one - other + 180) % 360 - 180)


@pytest.mark.parametrize("case", PUBLISHED)
def test_the_published_cases_of_geographiclib(case):
    lat1, lon1, azi1, lat2, lon2, azi2, s12 = case
    lengths_m, starts_deg, ends_deg = geodesy.legs([lon1, lon2], [lat1, lat2])
    assert lengths_m[0] == pytest.approx(s12, rel=0, abs=1e-6)
    assert turn_deg(starts_deg[0], azi1) < 1e-9
    assert turn_deg(ends_deg[0], azi2) < 1e-9
    (there,) = geodesy.along(lon1, lat1, azi1, [s12])
    assert there[1] == pytest.approx(lat2, rel=0, abs=1e-9)
    assert turn_deg(there[0], lon2) < 1e-9


def test_all_twenty_published_cases_are_looked_at():
    assert len(PUBLISHED) == 20


def test_three_hundred_geodesics_anywhere_equal_geographiclib():
    chance = np.random.default_rng(4)
    pairs = [(anywhere(chance), anywhere(chance)) for _ in range(300)]
    for (lon1, lat1), (lon2, lat2) in [*pairs, *ANTIPODAL_OR_POLAR]:
        expected = Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2)
        lengths_m, starts_deg, _ = geodesy.legs([lon1, lon2], [lat1, lat2])
        assert lengths_m[0] == pytest.approx(expected["s12"], rel=0, abs=1e-3)
        # Between antipodes many directions are the shortest: the one given has to arrive.
        (there,) = geodesy.along(lon1, lat1, starts_deg[0], lengths_m)
        assert geodesy.inverse(*there, lon2, lat2)[0] < 1e-3


def test_legs_are_told_at_both_ends_in_the_direction_of_travel():
    lengths_m, starts_deg, ends_deg = geodesy.legs([80, 80, 81], [44, 45, 45])
    assert starts_deg[0] == pytest.approx(0, abs=1e-9)
    assert ends_deg[0] == pytest.approx(0, abs=1e-9)
    assert lengths_m[0] == pytest.approx(geodesy.inverse(80, 44, 80, 45)[0])
    # A geodesic to the east leaves a circle of latitude to its left and comes back to it from there.
    assert starts_deg[1] < 90 < ends_deg[1]
    assert [len(column) for column in geodesy.legs([80], [44])] == [0, 0, 0]


def test_polygons_anywhere_equal_geographiclib_over_poles_and_antimeridian_too():
    chance = np.random.default_rng(5)
    for _ in range(200):
        lon, lat, size = *anywhere(chance), chance.uniform(0.01, 30)
        centre = Geodesic.WGS84.Direct
        ring = []
        for i in range(7):
            corner = centre(lat, lon, 360 * i / 7, size * 1e5 * chance.uniform(0.5, 1))
            ring.append((corner["lon2"], corner["lat2"]))
        measured = abs(geodesy.WGS84.polygon_area_perimeter(*np.transpose(ring))[0])
        assert measured == pytest.approx(geographiclib_area_m2(ring), rel=1e-9)


def test_a_pixel_is_as_large_as_two_places_one_pixel_apart():
    for lat in (0, 44.2, 60):
        for zoom in (5, 12.5, 18):
            degrees = 360 / (256 * 2**zoom)
            expected = geodesy.inverse(80, lat, 80 + degrees, lat)[0]
            assert geodesy.pixel_m(lat, zoom) == pytest.approx(expected, rel=1e-4)
    assert geodesy.pixel_m(44.2, 8) == pytest.approx(439.1, abs=0.1)


@pytest.mark.parametrize(
    ("there", "azimuth_deg"), [((80.0, 45.0), 0), ((80.0, 43.0), 180)], ids=["north", "south"]
)
def test_azimuth_is_clockwise_from_north(there, azimuth_deg):
    assert geodesy.inverse(80.0, 44.0, *there)[1] == pytest.approx(azimuth_deg, abs=1e-9)


def test_west_is_270_degrees_not_minus_90():
    assert geodesy.inverse(80.0, 44.0, 79.99, 44.0)[1] == pytest.approx(270, abs=0.01)


@given(positions, st.floats(1, 20_000))
def test_the_edge_of_a_halo_is_as_far_from_a_point_as_asked(centre, distance_m):
    halo = geodesy.buffer(Point(centre), distance_m)
    for lon, lat in halo.exterior.coords:
        assert geodesy.inverse(*centre, lon, lat)[0] == pytest.approx(distance_m, rel=1e-6, abs=1e-3)


def test_the_edge_of_a_halo_about_a_long_line_is_right_to_a_thousandth():
    line = LineString([(77.5, 44.0), (79.0, 44.4), (80.4, 44.2), (82.5, 44.3)])
    halo = geodesy.buffer(line, 10_000)
    dense = line.segmentize(0.001)
    for lon, lat in list(halo.exterior.coords)[::7]:
        nearest = min(geodesy.inverse(lon, lat, *place)[0] for place in dense.coords)
        assert nearest == pytest.approx(10_000, rel=2e-3)


def test_a_halo_contains_its_polygon():
    zone = box(80.387, 44.186, 80.4, 44.209)
    assert geodesy.buffer(zone, 1500).contains(zone)


@given(st.floats(73, 135), st.floats(18, 54))
def test_gcj02_there_and_back(lon, lat):
    back = geodesy.wgs84_from_gcj02(*geodesy.gcj02_from_wgs84(lon, lat))
    assert back == pytest.approx((lon, lat), rel=0, abs=1e-7)


def test_gcj02_is_240_m_off_at_khorgos():
    distance_m, _ = geodesy.inverse(80.4, 44.2, *geodesy.gcj02_from_wgs84(80.4, 44.2))
    assert distance_m == pytest.approx(238, abs=2)


def test_the_published_seat_of_horgos_city_comes_back_to_where_it_is():
    assert geodesy.wgs84_from_gcj02(80.41127, 44.21394) == pytest.approx((80.4088, 44.2128), abs=1e-4)


@pytest.mark.parametrize(
    ("positions", "distance_m", "made"),
    [
        ([(80.4, 44.2), (87.6, 43.8)], 500_000, True),
        ([(-60.0, 44.2), (80.4, 44.2)], 1_000, False),
        ([(0.0, 0.0), (180.0, 0.0)], 1_000, False),
        ([(80.4, 88.0), (80.5, 88.0)], 500_000, False),
        ([(179.9, 44.2), (179.95, 44.2)], 50_000, False),
        ([(179.0, 44.2), (179.1, 44.2)], 1_000, True),
        ([(-180.0, -90.0), (180.0, 90.0)], 1, False),
    ],
)
def test_a_buffer_that_would_be_torn_apart_is_refused(positions, distance_m, made):
    line = LineString(positions)
    assert geodesy.has_buffer(line, distance_m) == made
    if made:
        outline = geodesy.buffer(line, distance_m).exterior.coords
        far = [min(geodesy.inverse(*place, *end)[0] for end in positions) for place in outline]
        assert min(far) > 0.98 * distance_m
    else:
        with pytest.raises(ValueError, match="no buffer is made"):
            geodesy.buffer(line, distance_m)
