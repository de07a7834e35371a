"""How far one comes, on a network whose answers are known."""

from __future__ import annotations

import itertools

import pytest
import shapely
from shapely.geometry import Point

from khorgos_map.geodesy import area_m2
from khorgos_map.measure.routing.graph import drive_time
from khorgos_map.measure.routing.reach import MARGIN_M, Reached, access_s, reach, united
from khorgos_map.measure.routing.records import Question, Range, RoutingError, Stop
from tests.measure.routing.hand import EDGES, LAND, WHERE, ask, at, edge, engine

approx = pytest.approx
HAND = engine()
HOUR_S = 3600.0
MIDDLE = drive_time(1.0).middle_s


def within(hours: float, start: Stop | str = "a", **more: object) -> Reached:
    return reach(HAND, ask(start, **more), [hours * HOUR_S]).within[0]


def test_the_roads_reached_are_cut_where_the_time_is_up() -> None:
    quarter = within(0.25 * MIDDLE)
    # at 120 km/h on the motorway and 100 km/h on the old road, for a quarter of an hour at full speed
    assert quarter.road_m == approx(30_000 + 25_000)
    assert quarter.crossings == ()


def test_an_edge_reached_from_both_ends_counts_once() -> None:
    assert within(0.5 * MIDDLE).road_m == approx(42_000 + 60_000 + 2 * 15_000, rel=1e-6)


def test_from_the_middle_of_an_edge_both_ways() -> None:
    tenth = within(0.1 * MIDDLE, Stop((80.0, 44.0)))
    assert tenth.road_m == approx(20_000, rel=0.001)
    assert tenth.area.bounds[0] < 79.9
    assert tenth.area.bounds[2] > 80.1


def test_a_one_way_road_is_reached_in_its_direction() -> None:
    there = within(0.1 * MIDDLE, Stop((81.0, 44.25)))
    assert there.road_m == approx(10_000, rel=0.001)
    assert there.area.contains(Point(81.0, 44.32))
    assert not there.area.contains(Point(81.0, 44.18))


def test_the_other_country_is_reached_only_through_the_gate_and_after_the_wait() -> None:
    to_gate_h = (42 / 120 + 75 / 100 + 4 / 40) * MIDDLE
    only = frozenset({"far-gate"})
    # 1 to 3 hours are published: the middle counts
    before, after = within(to_gate_h + 1.99, closed=only), within(to_gate_h + 2.2, closed=only)
    assert before.crossings == ()
    assert not before.area.intersects(LAND["CN"].buffer(-1e-5))
    assert after.crossings == ("gate",)
    assert after.area.intersects(LAND["CN"].buffer(-0.01))
    no_wait = within(to_gate_h + 0.05, closed=only, waits={"gate": Range(0, 0)})
    assert no_wait.crossings == ("gate",)


def test_the_waits_that_counted_are_told() -> None:
    found = reach(HAND, ask("a"), [HOUR_S])
    assert found.waits_s["gate", "KZ-CN"] == 2 * HOUR_S
    assert found.waits_s["gate", "CN-KZ"] == 9 * HOUR_S
    assert found.waits_s["far-gate", "KZ-CN"] == 12 * HOUR_S
    assert found.supposed == {("far-gate", "KZ-CN"), ("far-gate", "CN-KZ")}


def test_a_supposition_is_told_where_the_border_is_reached() -> None:
    assert reach(HAND, ask("a"), [HOUR_S]).undecided == frozenset()
    # after three hours through the gate the far gate is met on its other side too
    assert reach(HAND, ask("a"), [HOUR_S, 2.5 * HOUR_S]).undecided == {("far-gate", "KZ-CN")}
    assert reach(HAND, ask("a"), [9 * HOUR_S]).undecided == {("far-gate", "KZ-CN"), ("far-gate", "CN-KZ")}
    typed = {"far-gate": Range(0, HOUR_S)}
    assert reach(HAND, ask("a", waits=typed), [9 * HOUR_S]).undecided == frozenset()


def test_more_time_reaches_all_that_less_time_does() -> None:
    found = reach(HAND, ask("b"), [0.2 * HOUR_S, HOUR_S, 3 * HOUR_S, 30 * HOUR_S]).within
    for less, more in itertools.pairwise(found):
        assert less.road_m < more.road_m
        assert less.area_m2 < more.area_m2
        assert shapely.difference(less.area, more.area).area < 1e-4
    assert found[-1].road_m == approx(1000 * sum(e.properties.length_km for e in EDGES))


def test_the_area_is_the_land_beside_the_road_wound_as_in_geojson() -> None:
    straight = engine([edge("a-b", 40)])
    found = reach(straight, ask("a"), [9 * HOUR_S]).within[0]
    length_m = 40_120  # the geodesic from a to b
    expected_m2 = 2 * MARGIN_M * length_m + 3.1416 * MARGIN_M**2
    assert found.area_m2 == approx(expected_m2, rel=0.01)
    assert found.area_m2 == approx(area_m2(found.area))
    assert found.area.is_valid
    assert all(part.exterior.is_ccw for part in found.area.geoms)
    assert not any(hole.is_ccw for part in found.area.geoms for hole in part.interiors)


def test_a_ring_road_leaves_a_hole() -> None:
    whole = within(9, "a")
    assert any(part.interiors for part in whole.area.geoms)
    assert all(not hole.is_ccw for part in whole.area.geoms for hole in part.interiors)


def test_the_places_reached_and_their_times() -> None:
    places = [at("a"), at("b"), at("e"), Stop((0.0, 0.0)), Stop((79.25, 44.0))]
    found = reach(HAND, ask("a"), [0.36 * MIDDLE * HOUR_S], places).within[0]
    assert found.places == approx({0: 0.0, 1: 0.35 * MIDDLE * HOUR_S, 4: 0.175 * MIDDLE * HOUR_S}, rel=0.02)


def test_places_on_the_road_one_stands_on() -> None:
    here = Stop((81.0, 44.2))
    found = reach(HAND, ask(here), [HOUR_S], [Stop((81.0, 44.3)), Stop((81.0, 44.1))]).within[0]
    assert found.places[0] == approx(0.57 / 5 * MIDDLE * HOUR_S, rel=0.02)
    assert found.places.get(1, 9e9) > found.places[0] * 5


def test_times_to_places_are_those_of_the_routes() -> None:
    places = [Stop(WHERE[i]) for i in "bcg"] + [Stop((79.2, 43.9)), Stop((80.1, 44.02))]
    found = reach(HAND, ask("a"), [99 * HOUR_S], places).within[0]
    for number, place in enumerate(places):
        route = HAND.route(ask("a", place))
        to_it_s = access_s(route.access[1].length_m)
        assert found.places[number] == approx(route.drive.middle_s + to_it_s)
        assert (to_it_s > 60) == (number > 2)


def test_the_way_from_a_place_to_the_road_takes_time() -> None:
    """Two kilometres away at 40 km/h, and no straight line: four to five minutes that nothing is reached in."""
    beside = Stop((79.25, 43.98))
    found = reach(HAND, ask(beside), [120.0, HOUR_S])
    assert found.within[0].road_m == 0
    assert found.within[0].area.is_empty
    on_road = reach(HAND, ask(Stop((79.25, 44.0))), [HOUR_S - access_s(found.access.length_m)])
    assert found.within[1].road_m == approx(on_road.within[0].road_m, rel=0.01)


def test_far_from_any_road_nothing_is_reached() -> None:
    with pytest.raises(RoutingError, match="no road within 25 km"):
        reach(HAND, Question((Stop((79.0, 45.0)),)), [HOUR_S])


def test_spans_are_joined_where_they_touch() -> None:
    assert united([(0.5, 1.0), (0.0, 0.2), (0.2, 0.3), (0.4, 0.4)]) == [(0.0, 0.3), (0.5, 1.0)]
    assert united([(0.0, 0.7), (0.2, 0.3)]) == [(0.0, 0.7)]
