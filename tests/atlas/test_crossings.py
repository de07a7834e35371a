"""Where the border may be crossed: every number has its source, and what nobody published is left empty."""

from __future__ import annotations

import json

import pytest

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.roads import Crossing
from khorgos_map.draw.cards import card
from khorgos_map.text import catalogue

ATLAS = sound_atlas(content_folder())
CROSSINGS = list(ATLAS.network.crossings.values())
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


@pytest.mark.parametrize("crossing", CROSSINGS, ids=lambda c: c.id)
def test_all_that_is_said_of_a_crossing_has_its_source(crossing: Crossing) -> None:
    waits, hours = crossing.waiting, crossing.hours
    named = {*crossing.sources, *(h.source for h in hours), *(w.source for w in waits if w.source)}
    assert named <= set(ATLAS.sources)
    assert {h.source for h in hours} <= set(crossing.sources)
    assert crossing.feature is None or crossing.feature in ATLAS.feature
    for wait in waits:
        assert wait.source
        assert wait.as_of
        assert wait.claim is None or ATLAS.claims[wait.claim].source == wait.source


@pytest.mark.parametrize("crossing", CROSSINGS, ids=lambda c: c.id)
def test_a_crossing_speaks_four_languages(crossing: Crossing) -> None:
    texts = [crossing.who, *(h.days for h in crossing.hours), *(w.note for w in crossing.waiting)]
    for text in texts:
        assert set(text.root) == {"en", "kk", "ru", "zh"}
        assert all(text.root.values())
    assert all(crossing.name.root[language] for language in ("en", "kk", "ru", "zh"))


@pytest.mark.parametrize("crossing", CROSSINGS, ids=lambda c: c.id)
def test_hours_are_by_the_clock_of_their_own_side(crossing: Crossing) -> None:
    for hours in crossing.hours:
        assert hours.utc_offset_h in {KAZAKHSTAN, CHINA}
        assert hours.opens or hours.closes
        if hours.opens and hours.closes:
            assert hours.opens < hours.closes <= "24:00"


@pytest.mark.parametrize("crossing", CROSSINGS, ids=lambda c: c.id)
def test_a_wait_is_a_range_that_holds_its_claim(crossing: Crossing) -> None:
    for wait in crossing.waiting:
        assert wait.traffic in crossing.traffic
        assert wait.low_h <= wait.high_h
        value = ATLAS.claims[wait.claim].value if wait.claim else None
        if isinstance(value, int | float):
            assert wait.low_h <= value <= wait.high_h


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
    text = (content_folder() / "network/crossings.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
