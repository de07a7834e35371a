"""The pairs of places that a planner asked for and was refused, or told nothing true about."""

from __future__ import annotations

import dataclasses

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.errors import KhorgosMapError
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.limits import kept_off, open_months
from khorgos_map.measure.routing.places import Places
from khorgos_map.measure.routing.records import Question, Route
from khorgos_map.measure.routing.whole import OFF_THE_ROAD_M, is_on_road, whole_span

# What the length of the road may be in kilometres; wide, since most of these sections are estimates.
PAIRS = [
    ("almaty", "bishkek", (220, 260)),
    ("khorgos", "bishkek", (540, 640)),
    ("almaty", "karakol", (320, 460)),
    ("khorgos", "karakol", (330, 450)),
    ("bishkek", "karakol", (370, 450)),
    ("taldykorgan", "ayagoz", (440, 560)),
    ("khorgos", "ayagoz", (740, 900)),
    ("urumqi", "ayagoz", (600, 1000)),
    ("taldykorgan", "lepsy", (180, 320)),
    ("khorgos", "lepsy", (450, 650)),
    ("huiyuan", "khorgos", (45, 80)),
    ("惠远", "yining", (30, 60)),
    ("jagistay", "yining", (20, 90)),
    ("爱新色里", "horgos-city", (50, 110)),
]
# The hills north of Zharkent, fields beside it, a village towards the mountains, the middle of the motorway.
BESIDE = [
    ("44.30, 79.95", "zharkent"),
    ("44.28, 80.05", "zharkent"),
    ("44.3374, 80.3819", "khorgos"),
    ("43.75, 79.0", "almaty"),
]
REFUSED = [("43.01, 78.42", "almaty"), ("44.5, 79.3", "almaty"), ("Saty", "almaty"), ("Paris", "almaty")]


@pytest.fixture(scope="module")
def own(atlas: Atlas) -> Embedded:
    return Embedded(atlas.network, land_by_side(atlas))


@pytest.fixture(scope="module")
def places(atlas: Atlas) -> Places:
    return Places(atlas)


def asked(places: Places, *words: str) -> Question:
    return Question(tuple(places.find(word).stop for word in words))


@pytest.mark.parametrize(("origin", "destination", "km"), PAIRS)
def test_neighbours_and_villages_are_reached_with_an_error_that_is_told(
    own: Embedded, places: Places, origin: str, destination: str, km: tuple[float, float]
) -> None:
    found = own.route(asked(places, origin, destination))
    assert km[0] * 1000 < found.distance_m < km[1] * 1000
    assert found.sigma_m is not None
    assert 0.01 * found.distance_m < found.sigma_m < 0.25 * found.distance_m + 5_000


@pytest.mark.parametrize(("origin", "destination"), BESIDE)
def test_what_lies_off_the_road_is_in_the_way(
    own: Embedded, places: Places, origin: str, destination: str
) -> None:
    found: Route = own.route(asked(places, origin, destination))
    whole = whole_span(found)
    assert found.access[0].length_m > OFF_THE_ROAD_M
    assert whole.high_m >= found.distance_m + found.access[0].length_m
    assert whole.low_m >= 0.99 * whole_span(dataclasses.replace(found, distance_m=0.0)).low_m
    assert whole.low_m > 5_000
    assert is_on_road(found) or whole.high_m > whole.low_m


@pytest.mark.parametrize(("origin", "destination"), REFUSED)
def test_what_cannot_be_answered_is_refused_plainly(
    own: Embedded, places: Places, origin: str, destination: str
) -> None:
    with pytest.raises(KhorgosMapError) as refused:
        own.route(asked(places, origin, destination))
    assert "j-" not in str(refused.value)
    assert "did you mean" not in str(refused.value)


def test_dushanzi_and_nalati_are_joined_in_summer_and_the_long_way_says_so(
    own: Embedded, places: Places
) -> None:
    question = asked(places, "dushanzi", "nalati")
    found = own.route(question)
    assert open_months(found, own.network) == (1, 12)
    off = kept_off(own, question, found)
    assert off is not None
    assert [edge.properties.ref for edge in off.edges] == ["G217"]
    assert off.route.distance_m < found.distance_m / 2
