"""The embedded engine on the real network: what anybody who drives there would notice."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.errors import KhorgosMapError
from khorgos_map.geodesy import inverse, length_m
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.graph import Conditions, build_graph
from khorgos_map.measure.routing.limits import kept_off, open_months
from khorgos_map.measure.routing.places import Found, Places
from khorgos_map.measure.routing.records import PROFILES, Question, Route, RoutingError, Stop
from khorgos_map.measure.routing.verdict import compare_published

anywhere = st.tuples(st.floats(75, 90), st.floats(42, 48)).map(Stop)


@pytest.fixture(scope="module")
def own(atlas: Atlas) -> Embedded:
    return Embedded(atlas.network, land_by_side(atlas))


@pytest.fixture(scope="module")
def places(atlas: Atlas) -> Places:
    return Places(atlas)


def route(own: Embedded, places: Places, *words: str, **more: object) -> Route:
    question = Question(tuple(places.find(word).stop for word in words))
    return own.route(dataclasses.replace(question, **more))


@pytest.mark.parametrize("destination", ["almaty", "taldykorgan", "horgos-city", "yining", "urumqi"])
def test_each_of_the_five_is_explained(atlas: Atlas, own: Embedded, places: Places, destination: str) -> None:
    """The published way agrees, or differs for a reason that the ledger gives."""
    found = compare_published(route(own, places, "khorgos", destination, year=2006), atlas)
    assert found is not None
    assert found.finding in {"agrees", "within_error"} or found.reason is not None


def test_to_almaty_by_the_old_road_the_errors_stated_cover_what_was_published(
    atlas: Atlas, own: Embedded, places: Places
) -> None:
    old = route(own, places, "khorgos", "almaty", year=2006)
    by_shonzhy = route(own, places, "khorgos", "shonzhy", "almaty", year=2006)
    assert by_shonzhy.distance_m == pytest.approx(old.distance_m)
    found = compare_published(by_shonzhy, atlas)
    assert found is not None
    assert found.finding in {"agrees", "within_error"}
    assert by_shonzhy.sigma_m is not None
    assert 1_000 < by_shonzhy.sigma_m < 15_000


def test_the_motorway_shortened_the_way_to_almaty(own: Embedded, places: Places) -> None:
    before, today = (route(own, places, "khorgos", "almaty", year=year) for year in (2006, None))
    assert today.distance_m < before.distance_m
    assert today.drive.low_s < 0.85 * before.drive.low_s


def test_a_way_known_only_by_its_places_is_told_apart_and_no_part_is_lost(
    own: Embedded, places: Places
) -> None:
    way = route(own, places, "almaty", "yining", year=2006)
    assert {stretch.rough for stretch in way.stretches} == {True, False}
    assert way.stretches[0].line[0] == way.geometry[0]
    assert way.stretches[-1].line[-1] == way.geometry[-1]
    for before, after in itertools.pairwise(way.stretches):
        assert before.line[-1] == after.line[0]
    joined = sum(length_m(stretch.line) for stretch in way.stretches)
    assert joined == pytest.approx(length_m(way.geometry))


def test_the_border_is_crossed_at_nur_zholy_since_2018(own: Embedded, places: Places) -> None:
    today = route(own, places, "almaty", "yining")
    assert today.crossings == ("nur-zholy-horgos",)
    assert min(today.per_country_m.values()) > 50_000
    assert route(own, places, "almaty", "yining", year=2010).crossings == ("khorgos-old",)
    around = route(own, places, "almaty", "yining", closed=frozenset({"nur-zholy-horgos"}))
    assert around.crossings == ("kalzhat-dulata",)


def test_the_gate_of_the_centre_is_for_walkers(own: Embedded, places: Places) -> None:
    across = route(own, places, "khorgos", "horgos-city")
    assert "icbc-link" not in across.crossings
    assert across.distance_m > 5 * inverse(*across.stops[0].position, *across.stops[1].position)[0]


def test_a_truck_to_zhaosu_goes_round_by_tekes_and_is_told_why(own: Embedded, places: Places) -> None:
    """Notices of 2021 and 2023 close the S237 to trucks; the straight line over its range is 50 km."""
    truck = Question(tuple(places.find(word).stop for word in ("yining", "zhaosu")), "truck")
    found = own.route(truck)
    assert found.distance_m == pytest.approx(177_000, rel=0.05)
    assert "G577" in {step.ref for step in found.steps}
    off = kept_off(own, truck, found)
    assert off is not None
    assert {edge.properties.ref for edge in off.edges} == {"S237"}


@pytest.mark.parametrize(
    ("ends", "published_km"), [(("yining", "zhaosu"), 122), (("dushanzi", "nalati"), 230)]
)
def test_the_roads_over_the_passes_are_as_long_as_published_and_driven_in_summer_only(
    own: Embedded, places: Places, ends: tuple[str, str], published_km: float
) -> None:
    summer = route(own, places, *ends, month=8)
    assert summer.distance_m == pytest.approx(1000 * published_km, rel=0.05)
    assert open_months(summer, own.network) == (6, 10)
    for month in (None, 1, 12):
        assert route(own, places, *ends, month=month).distance_m > 1.3 * summer.distance_m


@pytest.mark.parametrize("profile", PROFILES)
def test_every_junction_is_reached_from_every_other(atlas: Atlas, own: Embedded, profile: str) -> None:
    nodes = atlas.network.nodes
    stops = [Stop(tuple(n.geometry.coordinates[:2]), id=i) for i, n in nodes.items()]  # type: ignore[arg-type]
    matrix = own.matrix(stops, stops, profile)  # type: ignore[arg-type]
    assert not np.isnan(matrix.distance_m).any()
    assert (np.diag(matrix.distance_m) == 0).all()
    no_straighter = [
        matrix.distance_m[row, column] >= 0.98 * inverse(*one.position, *other.position)[0]
        for row, one in enumerate(stops[:40])
        for column, other in enumerate(stops)
    ]
    assert all(no_straighter)


@settings(max_examples=60)
@given(one=anywhere, other=anywhere)
def test_any_two_positions_have_a_route_or_a_reason(own: Embedded, one: Stop, other: Stop) -> None:
    if inverse(*one.position, *other.position)[0] < 1:
        with pytest.raises(RoutingError, match="same place"):
            own.route(Question((one, other)))
        return
    matrix = own.matrix([one], [other], "car")
    if math.isnan(matrix.distance_m[0, 0]):
        with pytest.raises(RoutingError, match="no road"):
            own.route(Question((one, other)))
        return
    found = own.route(Question((one, other)))
    assert math.fsum(found.per_country_m.values()) == pytest.approx(found.distance_m)
    assert max(access.length_m for access in found.access) <= 25_000
    # the line as drawn is about as long as the sections are said to be
    assert length_m(found.geometry) == pytest.approx(found.distance_m, rel=0.35, abs=3_000)


@settings(max_examples=200)
@given(typed=st.text(max_size=80) | st.from_regex(r"[-0-9.,°'NSEWс ]{1,30}"))
def test_whatever_is_typed_is_a_place_or_a_plain_reason(places: Places, typed: str) -> None:
    try:
        found: Found | KhorgosMapError = places.find(typed)
    except KhorgosMapError as reason:
        found = reason
    assert isinstance(found, Found) or 0 < len(str(found).splitlines()) <= 2


def test_ways_from_one_place_are_those_of_the_table_of_all(atlas: Atlas) -> None:
    one_by_one, at_once = (build_graph(atlas.network, Conditions("car", 2026)) for _ in range(2))
    slowed = frozenset(edge.properties.id for edge in one_by_one.edges[::3])
    for graph, other in ((one_by_one, at_once), (one_by_one.slowed(slowed), at_once.slowed(slowed))):
        found = [graph.ways_from(vertex) for vertex in range(len(graph.country))]
        for name, values in other.table._asdict().items():
            assert [list(getattr(ways, name)) for ways in found] == values.tolist()
