"""From a click to the road."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from khorgos_map.measure.routing.records import Question, RoutingError, Stop
from khorgos_map.measure.routing.snap import Snapper
from tests.measure.routing.hand import EDGES, LAND, WHERE, ask, at, edge, engine, network

approx = pytest.approx
HAND = engine()


def snapper(profile: str = "car") -> Snapper:
    return HAND.journeys(Question((), profile)).snapper  # type: ignore[arg-type]


def test_a_click_meets_the_edge_and_not_its_ends() -> None:
    snap = snapper().snap(Stop((79.125, 44.05)))
    assert snap.access.on_road == approx((79.125, 44.0), abs=1e-3)
    assert snap.share == approx(0.25, abs=0.002)
    straight_m = Geod(ellps="WGS84").inv(79.125, 44.05, *snap.access.on_road)[2]
    assert snap.access.length_m == approx(straight_m)


def test_the_place_on_an_edge_is_a_share_of_its_own_length() -> None:
    route = HAND.route(ask(Stop((79.25, 44.0)), "b"))
    assert route.distance_m == approx(21_000, rel=0.002)
    # 1 % of the length, and half of what the line is known to: where along it the click meets the road
    assert route.sigma_m == approx(np.hypot(210, 500), rel=0.002)


@pytest.mark.parametrize(("lon", "road"), [(80.419, "c-k"), (80.421, "k-d")])
def test_a_click_meets_roads_of_its_own_side_only(lon: float, road: str) -> None:
    graph = HAND.journeys(Question((), "car")).graph
    snap = snapper().snap(Stop((lon, 44.05)))
    assert snap.edge is not None
    assert graph.edges[snap.edge].properties.id == road


def test_a_click_by_the_gate_does_not_stand_inside_it() -> None:
    for lon in (80.415, 80.425):
        snap = snapper().snap(Stop((lon, 44.0)))
        assert snap.edge is not None
        assert HAND.journeys(Question((), "car")).graph.edges[snap.edge].properties.crossing is None


def test_on_land_of_neither_any_road_will_do() -> None:
    sea = Stop((79.25, 43.79))
    far = type(HAND)(HAND.network, {})
    assert far.route(ask(sea, "a")).distance_m == approx(30_000, rel=0.01)


def test_the_way_to_the_road_is_counted_apart() -> None:
    route = HAND.route(ask(Stop((80.0, 43.95)), "c"))
    assert route.distance_m == approx(75_000 * 0.4 / 0.9, rel=0.01)
    assert route.access[0].length_m == approx(5_555, rel=0.01)


def test_a_node_is_met_where_it_is_by_its_own_id_or_its_place() -> None:
    snap = snapper().snap(Stop((81.01, 44.0), id="place-e"))
    assert snap.edge is None
    assert snap.access.on_road == (81.0, 44.0)
    assert snap.access.length_m == approx(802, rel=0.01)


def test_a_node_without_an_open_road_is_any_point() -> None:
    only = engine([edge("a-b", 42), edge("b-c", 75)])
    assert only.route(ask("a", Stop((80.44, 44.01), id="c"))).distance_m == approx(117_000)
    with pytest.raises(RoutingError, match="no road within 25 km of d"):
        only.route(ask("a", "d"))


def test_just_too_far_is_not_told_as_no_farther_than_what_is_allowed() -> None:
    for lat in (44.2252, 44.2254, 44.226, 44.23):
        with pytest.raises(RoutingError) as told:
            engine([edge("a-b", 42)]).route(ask(Stop((79.25, lat)), "a"))
        assert float(str(told.value).rpartition(" is ")[2].split()[0]) > 25


def test_too_far_from_any_road_says_how_far() -> None:
    with pytest.raises(RoutingError) as told:
        HAND.route(ask(Stop((79.0, 45.0)), "a"))
    assert str(told.value) == "no road within 25 km of 45, 79: the nearest, A-5, is 108 km away"


@pytest.mark.parametrize(
    "position", [(0.0, 0.0), (0.0, -90.0), (-98.0, 90.0), (180.0, 10.0), (-180.0, -89.0)]
)
def test_the_ends_of_the_earth_are_too_far(position: tuple[float, float]) -> None:
    with pytest.raises(RoutingError, match="no road within 25 km"):
        HAND.route(ask(Stop(position), "a"))


def test_a_truck_does_not_stop_on_a_road_closed_to_trucks() -> None:
    beside_old = Stop((79.25, 43.81))
    assert HAND.route(ask(beside_old, "a")).access[0].length_m < 3_000
    assert HAND.route(ask(beside_old, "a", profile="truck")).access[0].length_m > 20_000


def test_a_motorway_is_met_at_its_exits_and_nowhere_between() -> None:
    by_motorway = engine([edge("a-b", 42, road_class="motorway"), edge("b-c", 75)])
    beside = Stop((79.2, 44.02))
    found = by_motorway.route(ask(beside, "c"))
    assert found.access[0].on_road == approx(WHERE["a"])
    assert found.distance_m == approx(117_000)
    assert found.access[0].length_m == approx(16_190, rel=0.01)


def test_beside_a_motorway_far_from_any_exit_there_is_a_way_all_the_same() -> None:
    """The next exit is 36 km away, farther than a road may be, but the motorway is beside the place."""
    by_motorway = engine([edge("a-c", 120, road_class="motorway")])
    middle = Stop((79.45, 44.01))
    assert by_motorway.route(ask(middle, "c")).access[0].length_m > 30_000
    with pytest.raises(RoutingError, match="no road within 25 km"):
        by_motorway.route(ask(Stop((79.45, 44.4)), "c"))


def test_the_border_of_a_region_is_no_exit() -> None:
    own = network([edge("a-k", 120, road_class="motorway"), edge("k-c", 12, road_class="motorway")])
    found = type(HAND)(own, LAND).route(ask(Stop((80.3, 44.08)), "a"))
    assert found.access[0].on_road == approx(WHERE["c"])


def test_two_clicks_on_one_road() -> None:
    one, other = Stop((79.1, 44.01)), Stop((79.2, 43.99))
    there, back = HAND.route(ask(one, other)), HAND.route(ask(other, one))
    assert there.distance_m == approx(42_000 / 5, rel=0.01)
    assert back.distance_m == approx(there.distance_m)
    assert back.geometry == there.geometry[::-1]


def test_a_detour_may_be_quicker_than_the_road_both_are_on() -> None:
    slow = [edge("a-b", 42), edge("a-b-old", 60, speed_car_kmh=20, bends=[(79.25, 43.8)])]
    near_a, near_b = Stop((79.02, 43.98)), Stop((79.48, 43.98))
    route = type(HAND)(engine(slow).network, LAND).route(ask(near_a, near_b))
    assert [step.edges for step in route.steps] == [("a-b-old", "a-b", "a-b-old")]


def test_nothing_to_drive_on() -> None:
    with pytest.raises(RoutingError, match=r"no road within 25 km of a$"):
        engine([]).route(ask("a", "b"))
    only_gate = [e for e in EDGES if e.properties.crossing]
    with pytest.raises(RoutingError, match="no road within 25 km"):
        engine(only_gate).route(ask(Stop((80.41, 44.0)), at("e")))
