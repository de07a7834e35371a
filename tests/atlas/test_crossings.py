"""Where the border may be crossed: every number has its source, and what nobody published is left empty."""

from __future__ import annotations

import json

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.roads import Crossing
from khorgos_map.draw.cards import card
from khorgos_map.text import catalogue
from tests.atlas.spoiling import Rule
from tests.conftest import GEODATA

MAIN, LANGUAGES = "nur-zholy-horgos", {"en", "kk", "ru", "zh"}
KAZAKHSTAN, CHINA = 5, 8


@pytest.mark.parametrize(
    ("identifier", "traffic"),
    [
        ("nur-zholy-horgos", {"car", "bus", "truck"}),
        ("icbc-link", {"pedestrian"}),
        ("altynkol-horgos-rail", {"train"}),
        ("khorgos-old", {"car", "bus", "truck"}),
        ("kalzhat-dulata", {"car", "bus", "truck"}),
        ("dostyk-alashankou", {"car", "bus", "truck"}),
    ],
)
def test_a_crossing_is_for_its_own_kind_of_traffic(atlas: Atlas, identifier: str, traffic: set[str]) -> None:
    assert set(atlas.network.crossings[identifier].traffic) == traffic


def in_four_languages(crossing: Crossing) -> bool:
    texts = [crossing.who, *(h.days for h in crossing.hours), *(w.note for w in crossing.waiting)]
    named = all(crossing.name.root.get(language) for language in LANGUAGES)
    return named and all(set(text.root) == LANGUAGES and all(text.root.values()) for text in texts)


# What `khorgos-map check` demands of crossings beside this is in test_road_check.py.
RULES = [
    Rule(
        "all is said in four languages",
        in_four_languages,
        MAIN,
        "hours.1.days.root",
        {"en": "round the clock"},
    ),
    Rule(
        "hours are by the clock of one of the two sides",
        lambda crossing: all(hours.utc_offset_h in {KAZAKHSTAN, CHINA} for hours in crossing.hours),
        MAIN,
        "hours.0.utc_offset_h",
        6,
    ),
    Rule(
        "hours name a time",
        lambda crossing: all(hours.opens or hours.closes for hours in crossing.hours),
        MAIN,
        "hours.2.opens",
        None,
    ),
    Rule(
        "hours end by midnight",
        lambda crossing: all((hours.closes or "") <= "24:00" for hours in crossing.hours),
        MAIN,
        "hours.0.closes",
        "25:00",
    ),
    Rule(
        "a wait has its source",
        lambda crossing: all(wait.source for wait in crossing.waiting),
        MAIN,
        "waiting.0.source",
        None,
    ),
    Rule(
        "a wait has its date",
        lambda crossing: all(wait.as_of for wait in crossing.waiting),
        MAIN,
        "waiting.0.as_of",
        None,
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_crossing_keeps_the_rule(atlas: Atlas, rule: Rule) -> None:
    rule.check(atlas.network.crossings)


def test_where_nothing_is_published_nothing_is_said(atlas: Atlas) -> None:
    known = {(c.id, w.traffic) for c in atlas.network.crossings.values() for w in c.waiting}
    assert not {traffic for _, traffic in known} & {"car", "bus"}
    assert ("kalzhat-dulata", "truck") not in known
    assert atlas.network.crossings["khorgos-old"].hours == ()


def test_a_jam_is_no_usual_wait(atlas: Atlas) -> None:
    waits = atlas.network.crossings["nur-zholy-horgos"].waiting
    assert {(w.traffic, w.direction) for w in waits} == {("truck", "CN-KZ")}


@pytest.mark.parametrize("identifier", ["kalzhat-dulata", "dostyk-alashankou", "bakhty-bakty"])
def test_the_hour_of_the_chinese_side_is_told_with_its_doubt(atlas: Atlas, identifier: str) -> None:
    (hours,) = atlas.network.crossings[identifier].hours
    assert hours.source == atlas.claims["horgos-road-port-hours-16"].source
    assert all("16:00" in (text or "") for text in hours.days.root.values())


def test_the_old_crossing_closes_when_the_new_one_opens(atlas: Atlas) -> None:
    old, new = (atlas.network.crossings[i] for i in ("khorgos-old", "nur-zholy-horgos"))
    assert old.closed
    assert new.opened
    assert new.opened.startswith(old.closed)


def test_both_sides_of_the_main_crossing_state_their_hours(atlas: Atlas) -> None:
    hours = atlas.network.crossings["nur-zholy-horgos"].hours
    assert {h.utc_offset_h for h in hours} == {KAZAKHSTAN, CHINA}


@pytest.mark.parametrize(
    ("feature", "attribute"),
    [
        ("nur-zholy", "opening-hours-kz"),
        ("nur-zholy", "who-may-pass"),
        ("nur-zholy", "waiting-trucks-implied"),
        ("horgos-road-port", "opening-hours-cn"),
        ("horgos-road-port", "who-may-pass"),
        ("horgos-road-port", "waiting-trucks"),
        ("icbc", "opening-hours-kz"),
        ("icbc", "who-may-pass"),
        ("icbc", "waiting-people"),
        ("rail-border-crossing", "waiting-trains"),
    ],
)
def test_cards_say_when_for_whom_and_how_long(atlas: Atlas, feature: str, attribute: str) -> None:
    for language in ("en", "kk", "ru", "zh"):
        text = catalogue(language)
        facts = card(atlas.feature[feature], atlas, text)["facts"]
        assert text(f"attribute.{attribute}") in {fact["attribute"] for fact in facts}


def test_trucks_times_are_those_that_carec_found(atlas: Atlas) -> None:
    claims = [c for c in atlas.claims_about["horgos-road-port"] if c.attribute == "waiting-trucks"]
    assert {c.as_of: (c.value, c.unit) for c in claims} == {
        "2020": (16.4, "hours"),
        "2021": (77.5, "hours"),
        "2022": (23.5, "hours"),
        "2023": (51.4, "hours"),
    }


def test_the_file_is_written_with_sorted_keys() -> None:
    text = (GEODATA / "network/crossings.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
