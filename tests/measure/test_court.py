"""The distance court: every published distance has its verdict, and every reason stands in the ledger."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

import pytest

from khorgos_map.atlas import Atlas
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

Verdicts = dict[str, Verdict]
LANGUAGES = ("en", "kk", "ru", "zh")
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


@pytest.fixture(scope="module")
def verdicts(atlas: Atlas, embedded: Embedded) -> Verdicts:
    return {verdict.claim.id: verdict for verdict in distance_court(atlas, embedded)}


def test_the_five_and_their_rivals_are_before_the_court(verdicts: Verdicts) -> None:
    assert set(verdicts) == set(FIVE) | RIVALS


def test_the_straight_line_is_that_of_the_card(atlas: Atlas, verdicts: Verdicts) -> None:
    for claim, destination in FIVE.items():
        comparison = compare_distance(atlas.feature[f"road-khorgos-{destination}"], atlas)
        assert comparison
        assert verdicts[claim].geodesic_m == pytest.approx(comparison.geodesic_km * 1000, abs=0.001)
        assert verdicts[claim].detour_ratio == pytest.approx(comparison.detour_ratio)


def test_a_verdict_has_its_reason_in_four_languages_and_on_the_card(atlas: Atlas, verdicts: Verdicts) -> None:
    missing = []
    for verdict in verdicts.values():
        assert verdict.judged
        for language in LANGUAGES:
            reason = verdict.judged.statement.root[language]
            facts = card(atlas.feature[verdict.claim.subject], atlas, catalogue(language))["facts"]
            if reason not in {fact["statement"] for fact in facts}:
                missing.append((verdict.claim.id, language))
    assert missing == []


def wrong_numbers(claim: Claim, verdict: Verdict) -> dict[str, set[str]]:
    """Return for each language the numbers in a statement of the court that nothing was computed to."""
    ways = [way.distance_m for way in (verdict.before, verdict.today) if way]
    computed = {f"{metres / 1000:.1f}" for metres in (*ways, verdict.geodesic_m)}
    found = {}
    for language in LANGUAGES:
        statement = claim.statement.root[language] or ""
        found[language] = {
            n.replace(",", ".") for n in re.findall(r"\d+[.,]\d\b(?!\d)", statement)
        } - computed
    return {language: numbers for language, numbers in found.items() if numbers}


def test_the_numbers_in_a_statement_are_those_computed(atlas: Atlas, verdicts: Verdicts) -> None:
    said = [c for c in atlas.claims.values() if (c.computed_by or "").startswith(court.__name__)]
    assert said
    wrong = {claim.id: wrong_numbers(claim, verdicts[claim.computed_from[0]]) for claim in said}
    assert {claim: numbers for claim, numbers in wrong.items() if numbers} == {}
    unsaid = [c for c in said if c.unit == "km" and f"{c.value:.1f}" not in (c.statement.root["en"] or "")]
    assert [claim.id for claim in unsaid] == []
    claim = said[0]
    text = (claim.statement.root["ru"] or "") + " 12,3 км"
    spoilt = claim.model_copy(
        update={"statement": type(claim.statement)({**claim.statement.root, "ru": text})}
    )
    assert wrong_numbers(spoilt, verdicts[claim.computed_from[0]]) == {"ru": {"12.3"}}


def test_the_stated_errors_cover_what_was_found(verdicts: Verdicts) -> None:
    claims = ["distance-almaty-361", "distance-taldykorgan-321", "distance-yining-90", "distance-urumqi-670",
              "distance-almaty-378", "distance-almaty-370"]  # fmt: skip
    found = [verdicts[claim] for claim in claims]
    assert [v.claim.id for v in found if v.covered(getattr(v, v.held_against)) is not True] == []


def test_one_kilometre_to_the_city_is_no_way_by_car(verdicts: Verdicts) -> None:
    verdict = verdicts["distance-horgos-city-1"]
    assert verdict.today
    assert verdict.covered(verdict.today) is False
    assert verdict.today.crossings == ("nur-zholy-horgos",)
    assert verdict.detour_ratio < 1


def test_a_way_known_too_badly_is_not_compared(verdicts: Verdicts) -> None:
    verdict = verdicts["distance-horgos-city-1"]
    assert verdict.before
    assert verdict.today
    assert not verdict.comparable(verdict.before)
    assert verdict.covered(verdict.before) is None
    assert verdict.comparable(verdict.today)
    others = [v for v in verdicts.values() if v is not verdict]
    assert all(v.comparable(way) for v in others for way in (v.before, v.today) if way)


def test_a_place_that_was_not_there_has_no_old_road(verdicts: Verdicts) -> None:
    assert verdicts["distance-almaty-motorway-306"].before is None
    assert [v.claim.id for v in verdicts.values() if v.before is None] == ["distance-almaty-motorway-306"]


def test_the_old_road_to_almaty_is_longer_than_the_motorway(verdicts: Verdicts) -> None:
    verdict = verdicts["distance-almaty-361"]
    assert verdict.before
    assert verdict.today
    assert verdict.before.distance_m > verdict.today.distance_m + 20_000
    assert verdict.held_against == "before"


def test_the_chinese_figures_cross_where_the_port_was(verdicts: Verdicts) -> None:
    for claim in ("distance-yining-90", "distance-urumqi-670", "distance-almaty-378"):
        verdict = verdicts[claim]
        assert verdict.before
        assert verdict.today
        assert verdict.before.crossings == ("khorgos-old",)
        assert verdict.today.crossings == ("nur-zholy-horgos",)


def test_mountains_stand_before_taldykorgan(verdicts: Verdicts) -> None:
    assert verdicts["distance-taldykorgan-321"].detour_ratio == pytest.approx(1.74, abs=0.005)


def test_the_difference_is_that_of_the_road_from_the_published_distance(verdicts: Verdicts) -> None:
    verdict = verdicts["distance-urumqi-670"]
    assert verdict.today
    assert verdict.difference_percent(verdict.today) == pytest.approx(
        (verdict.today.distance_m - 670_000) / 6_700
    )


def test_a_changed_road_is_noticed_in_the_ledger(atlas: Atlas, embedded: Embedded) -> None:
    claim = atlas.claims["network-taldykorgan"]
    edges = {
        i: e.model_copy(update={"properties": e.properties.model_copy(update=_longer(e.properties))})
        for i, e in atlas.network.edges.items()
    }
    changed = Embedded(dataclasses.replace(atlas.network, edges=edges), land_by_side(atlas))
    before, after = (checks.recompute(claim, atlas, engine) for engine in (embedded, changed))
    assert before == pytest.approx(claim.value, abs=checks.half_a_digit(claim))
    assert after != pytest.approx(claim.value, abs=1)


def _longer(edge: EdgeProperties) -> dict[str, float]:
    return {"length_adjusted_km": (edge.length_adjusted_km or edge.length_km) * 1.01}


def test_an_engine_that_finds_no_road_leaves_the_verdict_open(atlas: Atlas) -> None:
    verdict = verdict_on("distance-almaty-361", atlas, Roadless())
    assert verdict.today is verdict.before is None
    with pytest.raises(CourtError, match="distance-almaty-361"):
        court.length_today("distance-almaty-361", atlas, Roadless())


def test_without_a_stated_error_nothing_is_said_to_be_covered(atlas: Atlas, embedded: Embedded) -> None:
    verdict = verdict_on("distance-urumqi-670", atlas, Unsure(embedded.network, embedded.land))
    assert verdict.today
    assert verdict.covered(verdict.today) is None


def test_what_is_no_published_distance_is_refused(atlas: Atlas, embedded: Embedded) -> None:
    with pytest.raises(CourtError, match="icbc-area-560"):
        verdict_on("icbc-area-560", atlas, embedded)
