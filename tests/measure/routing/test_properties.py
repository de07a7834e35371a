"""What holds for any two places on any network."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khorgos_map.atlas.roads import Edge
from khorgos_map.geodesy import inverse
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.records import Question, Range, Route, RoutingError, Stop
from tests.measure.routing.hand import CROSSINGS, EDGES, LAND, WHERE, ask, crossing, edge, network

approx = pytest.approx
HAND = Embedded(network(), LAND)
TWO_WAY = Embedded(network([e for e in EDGES if not e.properties.oneway]), LAND)
NO_WAIT = {"gate": Range(0, 0), "far-gate": Range(0, 0)}
anywhere = st.tuples(st.floats(78.9, 81.1).filter(lambda lon: lon != 80.42), st.floats(43.85, 44.65)).map(
    Stop
)
some_nodes = st.sampled_from(sorted(WHERE))


@st.composite
def networks(draw: st.DrawFn) -> list[Edge]:
    """Draw any roads between the towns, on any side, some one way; a road between countries has the gate."""
    pairs = draw(
        st.lists(st.sampled_from(list(itertools.combinations(sorted(WHERE), 2))), min_size=1, unique=True)
    )
    edges = []
    for one, other in pairs:
        km = draw(st.floats(1, 500))
        between = len({one, other} & {"d", "e", "f", "h"}) == 1
        more = {"crossing": "gate", "road_class": "border"} if between else {"oneway": draw(st.booleans())}
        edges.append(edge(f"{one}-{other}", km, speed_car_kmh=draw(st.floats(20, 140)), **more))
    return edges


def route(
    engine: Embedded, *stops: Stop, closed: frozenset[str] = frozenset(), waits: Mapping[str, Range] = {}
) -> Route | None:
    try:
        return engine.route(Question(stops, closed=closed, waits=waits))
    except RoutingError:
        return None


def same_place(one: Stop, other: Stop) -> bool:
    return inverse(*one.position, *other.position)[0] < 1


@given(anywhere, anywhere, anywhere)
def test_no_way_through_a_third_place_is_quicker(one: Stop, middle: Stop, other: Stop) -> None:
    direct, through = route(HAND, one, other, waits=NO_WAIT), route(HAND, one, middle, other, waits=NO_WAIT)
    if through is not None and not same_place(one, other):
        assert direct is not None
        assert direct.drive.low_s <= through.drive.low_s + 1e-6


@given(anywhere, anywhere)
def test_there_and_back_are_as_long_without_one_way_roads(one: Stop, other: Stop) -> None:
    there, back = route(TWO_WAY, one, other), route(TWO_WAY, other, one)
    if there is None or back is None:
        assert there is back
    else:
        assert there.distance_m == approx(back.distance_m)
        assert there.drive.low_s == approx(back.drive.low_s)


@given(st.lists(anywhere, min_size=1, max_size=4), st.lists(anywhere, min_size=1, max_size=4))
def test_a_matrix_is_the_routes_one_by_one(origins: list[Stop], destinations: list[Stop]) -> None:
    matrix = HAND.matrix(origins, destinations, "car")
    for (row, origin), (column, destination) in itertools.product(
        enumerate(origins), enumerate(destinations)
    ):
        found = route(HAND, origin, destination)
        if same_place(origin, destination):
            continue
        if found is None:
            assert math.isnan(matrix.distance_m[row, column])
        else:
            assert matrix.distance_m[row, column] == approx(found.distance_m)
            assert matrix.duration_s[row, column] == approx(found.drive.middle_s)


@given(anywhere, anywhere)
def test_the_countries_and_the_steps_add_up(one: Stop, other: Stop) -> None:
    found = route(HAND, one, other)
    if found is not None:
        assert math.fsum(found.per_country_m.values()) == approx(found.distance_m)
        assert math.fsum(step.length_m for step in found.steps) == approx(found.distance_m)
        assert found.geometry[0] == approx(found.access[0].on_road)
        assert found.geometry[-1] == approx(found.access[-1].on_road)
        assert found.drive.low_s <= found.drive.high_s


@given(anywhere, anywhere)
def test_nobody_gets_to_the_other_country_without_a_crossing(one: Stop, other: Stop) -> None:
    found = route(HAND, one, other)
    if found is not None:
        changes = [a != b for a, b in itertools.pairwise(step.country for step in found.steps)]
        assert sum(changes) <= len(found.crossings)
        ends = {stop.position[0] > 80.42 for stop in (one, other)}
        assert bool(found.crossings) == (len(ends) > 1)
    shut = route(HAND, one, other, closed=frozenset({"gate", "far-gate"}))
    if shut is not None:
        assert len({step.country for step in shut.steps}) <= 1


@settings(max_examples=50)
@given(networks(), some_nodes, some_nodes)
def test_on_any_network_the_way_is_the_quickest_there_is(edges: list[Edge], one: str, other: str) -> None:
    engine = Embedded(network(edges, [crossing("gate", ["car"]), *CROSSINGS[1:]]), {})
    try:
        found = engine.route(ask(one, other, waits=NO_WAIT))
    except RoutingError:
        found = None
    quickest = _by_floyd_warshall(edges, one, other)
    if found is None or found.access[0].length_m > 0 or found.access[1].length_m > 0:
        return
    assert found.drive.low_s == approx(quickest)
    used = [e for step in found.steps for e in step.edges]
    lengths = {e.properties.id: e.properties.length_km * 1000 for e in edges}
    assert found.distance_m == approx(sum(lengths[e] for e in used))


def _by_floyd_warshall(edges: list[Edge], one: str, other: str) -> float:
    """Return the seconds between two towns; k on the border is one town on either side."""

    def town(name: str, own: Edge) -> str:
        on_border = name == "k" and own.properties.crossing is None
        return f"k in {own.properties.country}" if on_border else "k in KZ" if name == "k" else name

    towns = [*(t for t in sorted(WHERE) if t != "k"), "k in KZ", "k in CN"]
    seconds = np.where(np.eye(len(towns)) == 1, 0.0, np.inf)
    for own in edges:
        begin, end = (towns.index(town(n, own)) for n in (own.properties.start, own.properties.end))
        time = own.properties.length_km / own.properties.speed_car_kmh * 3600
        seconds[begin, end] = min(seconds[begin, end], time)
        if not own.properties.oneway:
            seconds[end, begin] = min(seconds[end, begin], time)
    for middle in range(len(towns)):
        seconds = np.minimum(seconds, seconds[:, [middle]] + seconds[[middle], :])

    def ends(name: str) -> list[int]:
        return [towns.index(t) for t in towns if t == name or t.startswith(f"{name} in ")]

    return float(min(seconds[a, b] for a in ends(one) for b in ends(other)))
