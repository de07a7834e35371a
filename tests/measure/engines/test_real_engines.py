"""OSRM and Valhalla themselves, on our own roads: the same distances as the embedded engine's.

Both take a length from the line as it is drawn, so the embedded engine is given the drawn lengths here. OSRM
is built with a profile that drives at our speeds; Valhalla has no such thing and is asked for the shortest way,
as the embedded engine is by one speed for all roads.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas.roads import Edge, RoadNetwork
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.http_json import JsonServer
from khorgos_map.measure.routing.osm_file import drawn, line_of
from khorgos_map.measure.routing.osrm import Osrm
from khorgos_map.measure.routing.records import Engine, Question, Range, RoutingError, Stop
from khorgos_map.measure.routing.valhalla import Valhalla
from tests.measure.engines.conftest import Servers

PAIRS = 60
SAME = 0.002
# Valhalla tells a length in whole metres, and both meet the road within a metre
ROUNDING_M = 3.0
AMBIGUOUS_DEG = 0.001
DESTINATIONS = ["almaty", "taldykorgan", "horgos-city", "yining", "urumqi"]
FAR = Stop((70.0, 40.0), "far away")
Land = Mapping[str, BaseGeometry]


class AsksForTheShortest(JsonServer):
    """Valhalla's quickest way is by its own ideas of speed; the shortest needs none."""

    def post(self, path: str, body: Any, kind: type[Any]) -> Any:
        options = body.get("costing_options", {}).get("auto", {})
        options |= {"shortest": True, "disable_hierarchy_pruning": True}
        return super().post(path, body, kind)


@pytest.fixture(scope="module")
def osrm(servers: Servers, osrm_data: Path, network: RoadNetwork, land: Land) -> Iterator[Osrm]:
    engine = Osrm(servers.osrm(osrm_data), network, land)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def valhalla(servers: Servers, valhalla_data: Path, network: RoadNetwork, land: Land) -> Iterator[Valhalla]:
    server = AsksForTheShortest("valhalla", servers.valhalla(valhalla_data))
    yield Valhalla(server, network, land)
    server.close()


@pytest.fixture(scope="module")
def quickest(network: RoadNetwork, land: Land) -> Embedded:
    return Embedded(drawn(network), land)


@pytest.fixture(scope="module")
def shortest(network: RoadNetwork, land: Land) -> Embedded:
    def level(edge: Edge) -> Edge:
        own = edge.properties.model_copy(update={"speed_car_kmh": 80.0})
        return edge.model_copy(update={"properties": own})

    lengths = drawn(network)
    return Embedded(replace(lengths, edges={i: level(e) for i, e in lengths.edges.items()}), land)


@pytest.fixture(scope="module")
def places(network: RoadNetwork, quickest: Embedded) -> list[Stop]:
    """Places at random on the roads as drawn, where there is no doubt which road is meant."""
    chance = random.Random(20180927)
    journeys = quickest.journeys(Question(()))
    lines = [(shapely.LineString(line_of(edge, network)), edge) for edge in journeys.graph.edges]
    found: list[Stop] = []
    while len(found) < 2 * PAIRS:
        line, edge = chance.choice(lines)
        point = line.interpolate(chance.random(), normalized=True)
        alone = sum(shapely.dwithin(other, point, AMBIGUOUS_DEG) for other, _ in lines) == 1
        stop = Stop((round(point.x, 6), round(point.y, 6)))
        if alone and edge.properties.crossing is None and journeys.snapper.snap(stop).access.length_m < 1:
            found.append(stop)
    return found


def assert_same_distances(theirs: Engine, ours: Engine, places: list[Stop]) -> None:
    compared = 0
    for origin, destination in zip(places[::2], places[1::2], strict=True):
        question = Question((origin, destination))
        try:
            expected = ours.route(question)
        except RoutingError:
            continue
        if _comes_back(theirs, question):
            continue
        found = theirs.route(question)
        assert found.distance_m == pytest.approx(expected.distance_m, rel=SAME, abs=ROUNDING_M), question
        assert found.crossings == expected.crossings
        for country, length_m in expected.per_country_m.items():
            assert found.per_country_m[country] == pytest.approx(
                length_m, abs=0.01 * expected.distance_m + 2000
            )
        compared += 1
    assert compared >= 50


def test_a_way_home_through_the_neighbour_is_refused_with_the_reason(osrm: Osrm) -> None:
    home = Question((Stop((76.9115, 43.2525), name="Almaty"), Stop((82.49, 45.25), name="Dostyk")))
    with pytest.raises(RoutingError, match=r"leaves the country and comes back \(.*\).*--engine embedded"):
        osrm.route(home)


def test_a_stop_abroad_is_reached_and_left_over_the_border(osrm: Osrm) -> None:
    almaty, yining, taldykorgan = (
        Stop((76.9115, 43.2525), name="Almaty"),
        Stop((81.33, 43.91), name="Yining"),
        Stop((78.3667, 45.0167), name="Taldykorgan"),
    )
    found = osrm.route(Question((almaty, yining, taldykorgan)))
    assert len(found.crossings) == 2
    assert found.per_country_m["CN"] > 100_000


def _comes_back(engine: Engine, question: Question) -> bool:
    """Tell whether an engine leaves a country to come back to it, which ours does not; such a way is refused."""
    try:
        engine.route(question)
    except RoutingError as error:
        return "leaves the country and comes back" in str(error)
    return False


def assert_same_matrix(theirs: Engine, ours: Engine, places: list[Stop]) -> None:
    origins, destinations = [*places[:60], FAR], [FAR, *places[60:70]]
    found, expected = (engine.matrix(origins, destinations, "car") for engine in (theirs, ours))
    same = np.isclose(found.distance_m, expected.distance_m, rtol=SAME, atol=ROUNDING_M, equal_nan=True)
    abroad = np.array(
        [
            [
                not ok and _comes_back(theirs, Question((o, d)))
                for d, ok in zip(destinations, row, strict=True)
            ]
            for o, row in zip(origins, same, strict=True)
        ]
    )
    assert (same | abroad).all()
    assert same.mean() > 0.9
    assert np.isnan(found.distance_m[-1]).all()
    assert np.isnan(found.duration_s[:, 0]).all()
    assert np.isfinite(found.duration_s[:-1, 1:]).sum() == np.isfinite(expected.duration_s[:-1, 1:]).sum()


def test_osrm_drives_the_same_distances(osrm: Osrm, quickest: Embedded, places: list[Stop]) -> None:
    assert_same_distances(osrm, quickest, places)


def test_valhalla_drives_the_same_distances(
    valhalla: Valhalla, shortest: Embedded, places: list[Stop]
) -> None:
    assert_same_distances(valhalla, shortest, places)


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_the_published_ways_are_as_long(
    destination: str,
    osrm: Osrm,
    valhalla: Valhalla,
    quickest: Embedded,
    shortest: Embedded,
    network: RoadNetwork,
) -> None:
    at = {n.properties.place: n.geometry.coordinates for n in network.nodes.values() if n.properties.place}
    question = Question(
        tuple(Stop((at[place][0], at[place][1]), place) for place in ("khorgos", destination))
    )
    for theirs, ours in ((osrm, quickest), (valhalla, shortest)):
        expected = ours.route(question)
        assert theirs.route(question).distance_m == pytest.approx(
            expected.distance_m, rel=SAME, abs=ROUNDING_M
        )


def test_osrm_gives_the_same_matrix(osrm: Osrm, quickest: Embedded, places: list[Stop]) -> None:
    assert_same_matrix(osrm, quickest, places)


def test_valhalla_gives_the_same_matrix(valhalla: Valhalla, shortest: Embedded, places: list[Stop]) -> None:
    assert_same_matrix(valhalla, shortest, places)


@pytest.mark.parametrize("name", ["osrm", "valhalla"])
def test_a_route_by_their_engine_is_whole(
    name: str, places: list[Stop], request: pytest.FixtureRequest
) -> None:
    engine: Engine = request.getfixturevalue(name)
    stops = (places[0], places[3], places[8])
    route = engine.route(Question(stops))
    assert route.engine == name
    assert [way.stop for way in route.access] == list(stops)
    assert all(way.length_m < 1 for way in route.access)
    assert sum(step.length_m for step in route.steps) == pytest.approx(route.distance_m, rel=1e-3)
    assert sum(route.per_country_m.values()) == pytest.approx(route.distance_m)
    assert sum(step.duration_s for step in route.steps) == pytest.approx(route.drive.low_s, rel=0.01)
    assert route.geometry[0] == pytest.approx(stops[0].position, abs=1e-5)
    assert route.geometry[-1] == pytest.approx(stops[-1].position, abs=1e-5)
    assert {step.ref for step in route.steps if step.ref}


@pytest.mark.parametrize("name", ["osrm", "valhalla"])
def test_a_wait_asked_for_is_told_apart(
    name: str, places: list[Stop], network: RoadNetwork, request: pytest.FixtureRequest
) -> None:
    engine: Engine = request.getfixturevalue(name)
    west, east = (min(places, key=lambda s: s.position[0]), max(places, key=lambda s: s.position[0]))
    waits = dict.fromkeys(network.crossings, Range(3600.0, 7200.0))
    route = engine.route(Question((west, east), waits=waits))
    assert len(route.crossings) == 1
    assert route.wait == Range(3600.0, 7200.0)
    assert route.drive.high_s < route.distance_m / (25 / 3.6)
    assert [step.crossing for step in route.steps if step.crossing] == list(route.crossings)


@pytest.mark.parametrize("name", ["osrm", "valhalla"])
def test_a_far_click_is_refused_with_the_distance(
    name: str, places: list[Stop], request: pytest.FixtureRequest
) -> None:
    engine: Engine = request.getfixturevalue(name)
    with pytest.raises(
        RoutingError, match=r"^no road within 25 km of far away: the nearest is \d{3} km away$"
    ):
        engine.route(Question((places[0], FAR)))


@pytest.mark.parametrize("name", ["osrm", "valhalla"])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            {"closed": frozenset({"south-gate"})},
            "cannot leave out roads or crossings; the embedded engine can",
        ),
        ({"year": 2010}, "cannot go back to another year; the embedded engine can"),
        ({"stops": ()}, "a route needs two places"),
    ],
)
def test_what_they_cannot_do_is_said(
    name: str, change: dict[str, Any], reason: str, places: list[Stop], request: pytest.FixtureRequest
) -> None:
    engine: Engine = request.getfixturevalue(name)
    with pytest.raises(RoutingError, match=reason):
        engine.route(replace(Question((places[0], places[1])), **change))
