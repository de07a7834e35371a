"""Other ways than the quickest."""

from __future__ import annotations

import itertools

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.measure.routing.alternatives import SHARED_AT_MOST, alternatives, shared_part
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.places import Places
from khorgos_map.measure.routing.records import Profile, Question, Range, RoutingError, Stop
from tests.measure.routing.hand import EDGES, ask, edge, engine

approx = pytest.approx
HOUR_S = 3600.0


def test_the_motorway_and_the_old_road() -> None:
    ways = alternatives(engine(), ask("a", "b"))
    assert [way.steps[0].ref for way in ways] == ["M-1", "A-9"]
    assert ways[1].drive.low_s == approx(0.6 * 3600)


def test_no_alternative_where_there_is_one_road() -> None:
    assert len(alternatives(engine(), ask("b", "c"))) == 1


def test_an_alternative_is_not_twice_as_slow() -> None:
    slow = [*EDGES[2:], edge("a-b", 42), edge("a-b-old", 60, speed_car_kmh=60)]
    assert len(alternatives(engine(slow), ask("a", "b"))) == 1


def test_an_alternative_is_no_small_detour() -> None:
    beside = [*EDGES, edge("c-k-again", 13)]
    assert len(alternatives(engine(beside), ask("b", "k"))) == 1
    assert len(alternatives(engine(beside), ask("c", "k"))) == 2


def test_a_crossing_whose_wait_is_set_stays_among_the_ways() -> None:
    for hours in (0, 30):
        ways = alternatives(
            engine(), ask("a", "e", waits={"far-gate": Range(hours * HOUR_S, hours * HOUR_S)})
        )
        assert {crossing for way in ways for crossing in way.crossings} == {"gate", "far-gate"}
    assert len(alternatives(engine(), ask("a", "b", waits={"far-gate": Range(0, 0)}))) == 2


def test_a_wait_hides_no_way() -> None:
    ways = alternatives(engine(), ask("e", "a", waits={"far-gate": Range(0, 0)}))
    assert ways[0].crossings == ("far-gate",)
    assert ways[-1].crossings == ("gate",)
    assert ways[-1].wait == Range(9 * HOUR_S, 9 * HOUR_S)


@pytest.mark.parametrize("profile", ["car", "truck"])
@pytest.mark.parametrize("hours", [0, 20, 44, 46, 50, 60, 200])
def test_a_wait_at_nur_zholy_sends_nobody_to_a_crossing_of_which_nothing_is_known(
    atlas: Atlas, profile: Profile, hours: float
) -> None:
    own, places = Embedded(atlas.network, land_by_side(atlas)), Places(atlas)
    stops = places.find("zharkent").stop, places.find("yining").stop
    waits = {"nur-zholy-horgos": Range(hours * HOUR_S, hours * HOUR_S)}
    quickest = alternatives(own, Question(stops, profile, waits))[0]
    assert quickest.crossings == ("nur-zholy-horgos",)
    assert quickest.distance_m == approx(138_000, rel=0.02)
    assert quickest.wait == waits["nur-zholy-horgos"]


def test_where_no_way_leads_there_is_no_alternative() -> None:
    with pytest.raises(RoutingError):
        alternatives(engine(), ask(Stop((0.0, 0.0)), "a"))


@pytest.mark.parametrize(
    ("origin", "destination"), [("khorgos", "almaty"), ("khorgos", "urumqi"), ("taldykorgan", "shonzhy")]
)
def test_on_the_real_roads_each_way_is_another(atlas: Atlas, origin: str, destination: str) -> None:
    own, places = Embedded(atlas.network, land_by_side(atlas)), Places(atlas)
    ways = alternatives(own, Question((places.find(origin).stop, places.find(destination).stop)))
    assert len(ways) <= 3
    assert ways[0].drive.low_s == min(way.drive.low_s for way in ways)
    for one, other in itertools.combinations(ways, 2):
        assert shared_part(other, one, own) <= SHARED_AT_MOST


def test_from_khorgos_to_almaty_there_are_the_motorway_and_the_old_road(atlas: Atlas) -> None:
    own, places = Embedded(atlas.network, land_by_side(atlas)), Places(atlas)
    ways = alternatives(own, Question((places.find("khorgos").stop, places.find("almaty").stop)))
    edges = [[atlas.network.edges[e].properties for step in way.steps for e in step.edges] for way in ways]
    through = [{node for e in way for node in (e.start, e.end)} for way in edges]
    motorway_km = [sum(e.length_km for e in way if e.road_class == "motorway") for way in edges]
    assert motorway_km[0] > 200
    assert "kokpek" not in through[0]
    assert any({"shonzhy", "kokpek", "shelek"} <= way for way in through[1:])
