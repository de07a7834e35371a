"""The embedded engine on a network whose answers are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khorgos_map.measure.routing.alternatives import alternatives
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.limits import kept_off, open_months
from khorgos_map.measure.routing.records import Range, Route, RoutingError, Stop
from khorgos_map.measure.routing.whole import whole_span, whole_spans
from tests.measure.routing.hand import EDGES, ask, at, crossing, edge, engine

approx = pytest.approx
HOUR_S = 3600.0
HAND = engine()


def roads(route: Route) -> list[str | None]:
    return [step.ref for step in route.steps]


def test_the_quickest_way_its_length_times_and_countries() -> None:
    route = HAND.route(ask("a", "e"))
    assert route.engine == "embedded"
    assert roads(route) == ["M-1", "A-1", "A-1", "G-1"]
    assert route.distance_m == approx(167_000)
    assert route.per_country_m == approx({"KZ": 119_000, "CN": 48_000}, rel=0.001)
    full_speed_s = 3600 * (42 / 120 + 75 / 100 + 4 / 40 + 46 / 100)
    assert route.drive.low_s == approx(full_speed_s)
    assert route.drive.high_s == approx(full_speed_s / 0.8)
    assert sum(step.duration_s for step in route.steps) == approx(route.drive.middle_s)
    assert sum(step.length_m for step in route.steps) == approx(route.distance_m)
    assert [access.length_m for access in route.access] == approx([0, 0])
    assert route.geometry[0] == approx((79.0, 44.0))
    assert route.geometry[-1] == approx((81.0, 44.0))


def test_the_error_of_a_route_is_that_of_its_sections_together() -> None:
    there = HAND.route(ask("a", "c"))
    assert there.sigma_m == approx(np.hypot(420, 750))
    there_and_back = HAND.route(ask("b", "c", "b"))
    assert there_and_back.sigma_m == approx(2 * 750)


def test_an_adjusted_length_is_the_one_used() -> None:
    adjusted = [edge("a-b", 42, length_adjusted_km=44.5)]
    assert engine(adjusted).route(ask("a", "b")).distance_m == approx(44_500)


def test_the_border_is_crossed_at_the_gate_with_the_wait_of_that_direction() -> None:
    out, back = HAND.route(ask("a", "e")), HAND.route(ask("e", "a"))
    assert out.crossings == back.crossings == ("gate",)
    assert out.wait == Range(3600, 3 * 3600)
    assert back.wait == Range(9 * 3600, 9 * 3600)
    assert [step.crossing for step in out.steps] == [None, None, "gate", None]


def test_a_wait_that_nobody_published_is_not_known_until_it_is_set() -> None:
    assert HAND.route(ask("a", "e", profile="truck")).wait is None
    assert HAND.route(ask("a", "b", profile="truck")).wait == Range(0, 0)
    told = HAND.route(ask("a", "e", profile="truck", waits={"gate": Range(60, 120)}))
    assert told.wait == Range(60, 120)


def test_a_wait_that_is_set_may_make_the_other_gate_quicker() -> None:
    assert HAND.route(ask("a", "e", waits={"far-gate": Range(0, HOUR_S)})).crossings == ("far-gate",)
    both = {"gate": Range(9 * HOUR_S, 13 * HOUR_S), "far-gate": Range(8 * HOUR_S, 8 * HOUR_S)}
    assert HAND.route(ask("a", "e", waits=both)).crossings == ("far-gate",)


@pytest.mark.parametrize("hours", [0, 1, 3, 11, 12, 13, 50, 900])
@pytest.mark.parametrize("way", ["ae", "ea"])
def test_a_wait_that_is_set_sends_nobody_to_a_gate_of_which_nothing_is_known(hours: float, way: str) -> None:
    found = HAND.route(ask(*way, waits={"gate": Range(hours * HOUR_S, hours * HOUR_S)}))
    assert found.crossings == ("gate",)
    assert found.supposed_wait_s == max(hours, 12) * HOUR_S


def test_the_published_wait_of_the_direction_counts_in_the_choice() -> None:
    waits = {"far-gate": Range(5 * HOUR_S, 5 * HOUR_S)}
    # at the gate 1 to 3 hours out and 9 hours back
    assert HAND.route(ask("a", "e", waits=waits)).crossings == ("gate",)
    assert HAND.route(ask("e", "a", waits=waits)).crossings == ("far-gate",)


@given(
    st.floats(0, 100), st.floats(0, 100), st.sampled_from(["gate", "far-gate"]), st.sampled_from(["ae", "ea"])
)
def test_a_shorter_wait_never_makes_a_gate_less_chosen(one: float, other: float, gate: str, way: str) -> None:
    short, long = (
        HAND.route(ask(*way, waits={gate: Range(hours * HOUR_S, hours * HOUR_S)})).crossings
        for hours in sorted((one, other))
    )
    assert gate in short or gate not in long


def test_what_is_supposed_of_a_wait_is_told_where_it_counts() -> None:
    assert HAND.route(ask("a", "b")).supposed_wait_s is None
    assert HAND.route(ask("a", "e", closed=frozenset({"far-gate"}))).supposed_wait_s is None
    assert HAND.route(ask("a", "e")).supposed_wait_s == 12 * HOUR_S


def test_no_way_leaves_a_country_to_come_back_to_it() -> None:
    assert HAND.route(ask("c", "g")).per_country_m == {"KZ": 175_000, "CN": 0}
    assert HAND.route(ask("c", "g", closed=frozenset({"b-g"}))).crossings == ("gate", "far-gate")


def test_a_closed_gate_or_road_is_gone_round() -> None:
    assert HAND.route(ask("a", "e", closed=frozenset({"gate"}))).crossings == ("far-gate",)
    assert roads(HAND.route(ask("a", "b", closed=frozenset({"a-b"})))) == ["A-9"]


def test_the_roads_and_gates_of_a_year() -> None:
    assert roads(HAND.route(ask("a", "b", year=2017))) == ["A-9"]
    assert roads(HAND.route(ask("a", "b", year=2018))) == ["M-1"]
    with pytest.raises(
        RoutingError,
        match="on the roads of 2019, as far as their dates are known, without gate",
    ):
        HAND.route(ask("a", "e", year=2019, closed=frozenset({"gate"})))
    gone = engine([edge("a-b", 42, closed="2010-01-01"), edge("a-b-old", 60)])
    assert gone.route(ask("a", "b", year=2009)).distance_m == approx(42_000)
    assert gone.route(ask("a", "b", year=2010)).distance_m == approx(60_000)


def test_a_truck_keeps_to_roads_and_gates_for_trucks() -> None:
    with pytest.raises(RoutingError, match="no road within 25 km of a"):
        HAND.route(ask("a", "b", profile="truck", year=2017))
    with pytest.raises(RoutingError, match="truck leads from a to e, without gate"):
        HAND.route(ask("a", "e", profile="truck", closed=frozenset({"gate"})))


def over_the_pass(**more: object) -> Embedded:
    """Give the network with a short way over a pass from a to c, open in summer and closed to trucks."""
    limits = {
        "pass_name": {"en": {"text": "the Pass", "basis": "sourced"}},
        "pass_height_m": 3000,
        "season": {"first_month": 6, "last_month": 10},
        "night": {"closes": "21:00", "opens": "09:00", "utc_offset_h": 8},
        "trucks": "forbidden",
        "note": {"en": "Closed in winter (notice of 2023)."},
        "sources": ["nobody"],
        **more,
    }
    return engine([*EDGES, edge("a-c", 90, "S-2", truck=False, limits=limits, speed_car_kmh=110)])


@pytest.mark.parametrize("month", [None, 1, 5, 11])
def test_nobody_is_sent_over_a_pass_that_may_be_closed(month: int | None) -> None:
    found = over_the_pass().route(ask("a", "c", month=month))
    assert "S-2" not in roads(found)
    assert over_the_pass().matrix([at("a")], [at("c")], "car").distance_m[0, 0] == approx(117_000)


def test_in_its_months_the_pass_is_driven_and_the_way_says_when_that_is() -> None:
    own = over_the_pass()
    found = own.route(ask("a", "c", month=8))
    assert roads(found) == ["S-2"]
    assert open_months(found, own.network) == (6, 10)
    assert open_months(own.route(ask("a", "c")), own.network) == (1, 12)


def test_what_is_kept_off_is_told_and_is_another_way_in_its_season() -> None:
    own, asked = over_the_pass(), ask("a", "c")
    off = kept_off(own, asked, own.route(asked))
    assert off is not None
    assert [e.properties.id for e in off.edges] == ["a-c"]
    assert roads(alternatives(own, asked)[-1]) == ["S-2"]
    in_summer = replace(asked, month=7)
    assert kept_off(own, in_summer, own.route(in_summer)) is None


def test_a_truck_is_never_sent_over_a_pass_that_forbids_it_and_is_told_why() -> None:
    own = over_the_pass()
    for month in (None, 8):
        asked = ask("a", "c", profile="truck", month=month)
        found = alternatives(own, asked)
        assert all("S-2" not in roads(way) for way in found)
        off = kept_off(own, asked, found[0])
        assert off is not None
        assert off.route.distance_m == approx(90_000)


def test_a_road_of_which_nothing_says_that_it_is_open_is_never_driven() -> None:
    own = over_the_pass(season={"first_month": 1, "last_month": 12, "supposed": True})
    assert "S-2" not in roads(own.route(ask("a", "c", month=8)))
    assert kept_off(own, ask("a", "c"), own.route(ask("a", "c"))) is None


@pytest.mark.parametrize("traffic", ["pedestrian", "train", "bus"])
def test_a_gate_for_others_is_no_gate_for_cars(traffic: str) -> None:
    only = engine(EDGES, [crossing("gate", [traffic])])
    with pytest.raises(RoutingError, match="no road for a car leads from a to e"):
        only.route(ask("a", "e"))


def test_a_point_on_the_border_has_roads_on_both_sides_and_joins_neither() -> None:
    assert roads(HAND.route(ask("k", "a"))) == ["A-7", "A-1", "M-1"]
    assert roads(HAND.route(ask("k", "e"))) == ["G-7", "G-1"]
    through = HAND.route(ask("c", "d", closed=frozenset({"gate"})))
    assert through.crossings == ("far-gate",)


def test_a_stop_on_the_border_is_left_on_the_side_it_was_reached_on() -> None:
    route = HAND.route(ask("a", "k", "e"))
    assert route.crossings == ("gate",)
    assert route.distance_m == approx(1000 * (42 + 75 + 12 + 12 + 4 + 46))


def test_one_way_roads() -> None:
    assert HAND.route(ask("e", "f")).distance_m == approx(57_000)
    assert HAND.route(ask("f", "e")).distance_m == approx(70_000)
    halfway, later = Stop((81.0, 44.2)), Stop((81.0, 44.3))
    assert HAND.route(ask(halfway, later)).distance_m == approx(57_000 / 5, rel=0.01)
    assert HAND.route(ask(later, halfway)).distance_m == approx(57_000 * 0.8 + 70_000, rel=0.01)


def test_through_a_place_and_back() -> None:
    route = HAND.route(ask("c", "b", "c"))
    assert route.distance_m == approx(150_000)
    assert [step.edges for step in route.steps] == [("b-c", "b-c")]


def test_nowhere_to_go() -> None:
    lon, lat = at("a").position
    for stops in (("a", "a"), ("a", "a", "a"), ("a", Stop((lon + 5e-6, lat)))):
        with pytest.raises(RoutingError, match="start and end are the same place"):
            HAND.route(ask(*stops))
    assert HAND.route(ask("a", "b", "a")).distance_m == approx(84_000)
    with pytest.raises(RoutingError, match="two places"):
        HAND.route(ask("a"))


def test_an_alternative_keeps_off_roads_and_tells_their_true_time() -> None:
    other = HAND.route(ask("a", "b"), slowed=frozenset({"a-b"}))
    assert roads(other) == ["A-9"]
    assert HAND.route(ask("b", "c"), slowed=frozenset({"b-c"})).drive.low_s == approx(0.75 * 3600)


def test_a_matrix_says_what_the_routes_say() -> None:
    halfway = [Stop((79.25, 44.01)), Stop((80.7, 43.99)), Stop((81.0, 44.2)), Stop((81.0, 44.4))]
    stops = [*(at(i) for i in "abcdefghk"), *halfway]
    matrix = HAND.matrix(stops, stops, "car")
    spans = whole_spans(matrix)
    for row, origin in enumerate(stops):
        for column, destination in enumerate(stops):
            if row == column:
                assert matrix.distance_m[row, column] == 0
                continue
            route = HAND.route(ask(origin, destination))
            assert matrix.distance_m[row, column] == approx(route.distance_m), (row, column)
            assert matrix.duration_s[row, column] == approx(route.drive.middle_s)
            # a table does not see that a one-way road is driven in two parts, whose errors are the same
            assert matrix.sigma_m[row, column] == approx(route.sigma_m, rel=0.05)
            assert matrix.crossing_sets[matrix.passed[row, column]] == tuple(sorted(route.crossings))
            assert [matrix.access_from_m[row], matrix.access_to_m[column]] == approx(
                [access.length_m for access in route.access]
            )
            whole = whole_span(route)
            low_m, high_m = (limits[row, column] for limits in spans)
            assert (low_m, high_m) == approx((whole.low_m, whole.high_m), abs=50)


def test_a_matrix_has_no_number_where_there_is_no_way() -> None:
    matrix = engine([edge("a-b", 42), edge("d-e", 46)]).matrix(
        [at("a"), Stop((0, 0))], [at("b"), at("e")], "car"
    )
    assert matrix.distance_m[0, 0] == approx(42_000)
    assert np.isnan(matrix.distance_m).tolist() == [[False, True], [True, True]]
    assert np.isnan(matrix.duration_s).tolist() == [[False, True], [True, True]]
