"""The distance court: every published distance has its verdict, and every reason stands in the ledger."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

import pytest

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.atlas.records import Claim
from khorgos_map.atlas.roads import EdgeProperties
from khorgos_map.draw.cards import card
from khorgos_map.measure import checks, court
from khorgos_map.measure.court import CourtError, Verdict, distance_court, verdict_on
from khorgos_map.measure.distances import compare_distance
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.records import Matrix, Profile, Question, Route, RoutingError, Stop
from khorgos_map.text import catalogue

ATLAS = sound_atlas(content_folder())
ENGINE = Embedded(ATLAS.network, land_by_side(ATLAS))
VERDICTS = {v.claim.id: v for v in distance_court(ATLAS, ENGINE)}
FIVE = {
    "distance-almaty-361": "almaty",
    "distance-taldykorgan-321": "taldykorgan",
    "distance-horgos-city-1": "horgos-city",
    "distance-yining-90": "yining",
    "distance-urumqi-670": "urumqi",
}
RIVALS = {"distance-almaty-378", "distance-almaty-370", "distance-almaty-motorway-306"}


class Roadless:
    """An engine that knows no road."""

    name = "roadless"

    def route(self, question: Question) -> Route:
        raise RoutingError("no road")

    def matrix(self, origins: Sequence[Stop], destinations: Sequence[Stop], profile: Profile) -> Matrix:
        raise RoutingError("no road")


class Unsure(Embedded):
    """An engine that states no error, as those on other people's roads."""

    def route(self, question: Question, *, slowed: frozenset[str] = frozenset()) -> Route:
        return dataclasses.replace(super().route(question, slowed=slowed), sigma_m=None)


def test_the_five_and_their_rivals_are_before_the_court() -> None:
    assert set(VERDICTS) == set(FIVE) | RIVALS


@pytest.mark.parametrize("claim", FIVE)
def test_the_straight_line_is_that_of_the_card(claim: str) -> None:
    comparison = compare_distance(ATLAS.feature[f"road-khorgos-{FIVE[claim]}"], ATLAS)
    assert comparison
    assert VERDICTS[claim].geodesic_m == pytest.approx(comparison.geodesic_km * 1000, abs=0.001)
    assert VERDICTS[claim].detour_ratio == pytest.approx(comparison.detour_ratio)


@pytest.mark.parametrize("verdict", VERDICTS.values(), ids=lambda v: v.claim.id)
def test_a_verdict_has_its_reason_in_four_languages_and_on_the_card(verdict: Verdict) -> None:
    assert verdict.judged
    for language in ("en", "kk", "ru", "zh"):
        reason = verdict.judged.statement.root[language]
        facts = card(ATLAS.feature[verdict.claim.subject], ATLAS, catalogue(language))["facts"]
        assert reason in {fact["statement"] for fact in facts}


@pytest.mark.parametrize(
    "claim",
    [c for c in ATLAS.claims.values() if (c.computed_by or "").startswith(court.__name__)],
    ids=lambda c: c.id,
)
def test_the_numbers_in_a_statement_are_those_computed(claim: Claim) -> None:
    verdict = VERDICTS[claim.computed_from[0]]
    ways = [way.distance_m for way in (verdict.before, verdict.today) if way]
    computed = {f"{metres / 1000:.1f}" for metres in (*ways, verdict.geodesic_m)}
    for language in ("en", "kk", "ru", "zh"):
        statement = claim.statement.root[language] or ""
        said = {number.replace(",", ".") for number in re.findall(r"\d+[.,]\d\b(?!\d)", statement)}
        assert said <= computed, language
    if claim.unit == "km":
        assert f"{claim.value:.1f}" in (claim.statement.root["en"] or "")


@pytest.mark.parametrize("claim", ["distance-almaty-361", "distance-taldykorgan-321", "distance-yining-90",
                                   "distance-urumqi-670", "distance-almaty-378", "distance-almaty-370"])  # fmt: skip
def test_the_stated_errors_cover_what_was_found(claim: str) -> None:
    verdict = VERDICTS[claim]
    way = getattr(verdict, verdict.held_against)
    assert verdict.covered(way) is True


def test_one_kilometre_to_the_city_is_no_way_by_car() -> None:
    verdict = VERDICTS["distance-horgos-city-1"]
    assert verdict.today
    assert verdict.covered(verdict.today) is False
    assert verdict.today.crossings == ("nur-zholy-horgos",)
    assert verdict.detour_ratio < 1


def test_a_way_known_too_badly_is_not_compared() -> None:
    verdict = VERDICTS["distance-horgos-city-1"]
    assert verdict.before
    assert verdict.today
    assert not verdict.comparable(verdict.before)
    assert verdict.covered(verdict.before) is None
    assert verdict.comparable(verdict.today)
    others = [v for v in VERDICTS.values() if v is not verdict]
    assert all(v.comparable(way) for v in others for way in (v.before, v.today) if way)


def test_a_place_that_was_not_there_has_no_old_road() -> None:
    assert VERDICTS["distance-almaty-motorway-306"].before is None
    assert [v.claim.id for v in VERDICTS.values() if v.before is None] == ["distance-almaty-motorway-306"]


def test_the_old_road_to_almaty_is_longer_than_the_motorway() -> None:
    verdict = VERDICTS["distance-almaty-361"]
    assert verdict.before
    assert verdict.today
    assert verdict.before.distance_m > verdict.today.distance_m + 20_000
    assert verdict.held_against == "before"


def test_the_chinese_figures_cross_where_the_port_was() -> None:
    for claim in ("distance-yining-90", "distance-urumqi-670", "distance-almaty-378"):
        verdict = VERDICTS[claim]
        assert verdict.before
        assert verdict.today
        assert verdict.before.crossings == ("khorgos-old",)
        assert verdict.today.crossings == ("nur-zholy-horgos",)


def test_mountains_stand_before_taldykorgan() -> None:
    assert VERDICTS["distance-taldykorgan-321"].detour_ratio == pytest.approx(1.74, abs=0.005)


def test_the_difference_is_that_of_the_road_from_the_published_distance() -> None:
    verdict = VERDICTS["distance-urumqi-670"]
    assert verdict.today
    assert verdict.difference_percent(verdict.today) == pytest.approx(
        (verdict.today.distance_m - 670_000) / 6_700
    )


def test_a_changed_road_is_noticed_in_the_ledger(atlas: Atlas) -> None:
    claim = atlas.claims["network-taldykorgan"]
    edges = {
        i: e.model_copy(update={"properties": e.properties.model_copy(update=_longer(e.properties))})
        for i, e in atlas.network.edges.items()
    }
    changed = Embedded(dataclasses.replace(atlas.network, edges=edges), land_by_side(atlas))
    before, after = (checks.recompute(claim, atlas, engine) for engine in (ENGINE, changed))
    assert before == pytest.approx(claim.value, abs=checks.half_a_digit(claim))
    assert after != pytest.approx(claim.value, abs=1)


def _longer(edge: EdgeProperties) -> dict[str, float]:
    return {"length_adjusted_km": (edge.length_adjusted_km or edge.length_km) * 1.01}


def test_an_engine_that_finds_no_road_leaves_the_verdict_open() -> None:
    verdict = verdict_on("distance-almaty-361", ATLAS, Roadless())
    assert verdict.today is verdict.before is None
    with pytest.raises(CourtError, match="distance-almaty-361"):
        court.length_today("distance-almaty-361", ATLAS, Roadless())


def test_without_a_stated_error_nothing_is_said_to_be_covered() -> None:
    verdict = verdict_on("distance-urumqi-670", ATLAS, Unsure(ENGINE.network, ENGINE.land))
    assert verdict.today
    assert verdict.covered(verdict.today) is None


def test_what_is_no_published_distance_is_refused() -> None:
    with pytest.raises(CourtError, match="icbc-area-560"):
        verdict_on("icbc-area-560", ATLAS, ENGINE)
