"""Routes against what is published."""

from __future__ import annotations

import dataclasses

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.places import Places
from khorgos_map.measure.routing.records import Question, Route
from khorgos_map.measure.routing.verdict import compare_published
from khorgos_map.text import catalogue, languages

approx = pytest.approx
PUBLISHED_KM = {"almaty": 361, "taldykorgan": 321, "horgos-city": 1, "yining": 90, "urumqi": 670}


@pytest.fixture(scope="module")
def own(atlas: Atlas) -> Embedded:
    return Embedded(atlas.network, land_by_side(atlas))


def route(atlas: Atlas, own: Embedded, *words: str, year: int | None = None) -> Route:
    places = Places(atlas)
    return own.route(Question(tuple(places.find(word).stop for word in words), year=year))


def of_length(found: Route, km: float, sigma_km: float | None = 1.0) -> Route:
    sigma_m = None if sigma_km is None else sigma_km * 1000
    return dataclasses.replace(found, distance_m=km * 1000, sigma_m=sigma_m)


@pytest.mark.parametrize(("destination", "km"), PUBLISHED_KM.items())
def test_each_of_the_five_is_held_against_its_published_distance(
    atlas: Atlas, own: Embedded, destination: str, km: float
) -> None:
    for ends in (("khorgos", destination), (destination, "khorgos")):
        found = compare_published(route(atlas, own, *ends), atlas)
        assert found is not None
        assert found.published_m == km * 1000
        assert found.claim.id == f"distance-{destination}-{km}"


def test_nothing_is_published_between_other_places(atlas: Atlas, own: Embedded) -> None:
    for ends in (
        ("almaty", "urumqi"),
        ("khorgos", "shonzhy"),
        ("khorgos", "43.24,76.95"),
        ("khorgos", "almaty", "khorgos"),
    ):
        assert compare_published(route(atlas, own, *ends), atlas) is None


@pytest.mark.parametrize(
    ("km", "sigma_km", "finding"),
    [
        (321, 1, "agrees"),
        (327.4, 1, "agrees"),
        (314.6, 1, "agrees"),
        (329, 5, "within_error"),
        (340, 1, "longer"),
        (300, 1, "shorter"),
        (340, None, "differs"),
        (322, None, "agrees"),
        (600, 170, "too_uncertain"),
    ],
)
def test_the_verdict_on_a_length(
    atlas: Atlas, own: Embedded, km: float, sigma_km: float | None, finding: str
) -> None:
    # to Taldykorgan there is one road, the published one; its own stated error is 5 km
    there = of_length(route(atlas, own, "khorgos", "taldykorgan"), km, sigma_km)
    found = compare_published(there, atlas)
    assert found is not None
    assert found.missed == ()
    assert found.finding == finding
    assert found.difference_percent == approx((km / 321 - 1) * 100)


def test_less_than_published_is_written_with_a_minus(atlas: Atlas, own: Embedded) -> None:
    for km, shown in ((318, "(−0,9%)"), (324, "(+0,9%)"), (321, "(0,0%)")):
        found = compare_published(of_length(route(atlas, own, "khorgos", "taldykorgan"), km), atlas)
        assert found is not None
        assert shown in found.sentence(atlas, catalogue("ru")).replace("\u202f", "").replace("\xa0", "")


def test_the_motorway_is_not_the_road_that_was_published(atlas: Atlas, own: Embedded) -> None:
    found = compare_published(of_length(route(atlas, own, "khorgos", "almaty"), 330), atlas)
    assert found is not None
    assert found.finding == "other_road"
    assert "kokpek" in found.missed
    sentence = found.sentence(atlas, catalogue("en"))
    assert "361 km" in sentence
    assert "Kokpek" in sentence
    assert "8.6%" in sentence


def test_the_old_road_to_almaty_is_the_one_that_was_published(atlas: Atlas, own: Embedded) -> None:
    old = route(atlas, own, "khorgos", "almaty", year=2006)
    found = compare_published(old, atlas)
    assert found is not None
    assert found.missed == ()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("km", [321, 329, 360, 290])
def test_the_verdict_is_said_in_every_language(atlas: Atlas, own: Embedded, language: str, km: float) -> None:
    found = compare_published(of_length(route(atlas, own, "khorgos", "taldykorgan"), km, 5), atlas)
    assert found is not None
    sentence = found.sentence(atlas, catalogue(language))
    assert "321" in sentence
    assert "{" not in sentence


def test_a_comma_stands_where_the_language_wants_one(atlas: Atlas, own: Embedded) -> None:
    found = compare_published(of_length(route(atlas, own, "khorgos", "taldykorgan"), 360), atlas)
    assert found is not None
    assert "12,1" in found.sentence(atlas, catalogue("ru"))
    assert "12.1" in found.sentence(atlas, catalogue("zh"))
