"""What a card and a legend need to speak of an earlier year, and of a name that a language lacks."""

from __future__ import annotations

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.draw.cards import card
from khorgos_map.draw.legend import legend_lines
from khorgos_map.text import catalogue


def test_what_is_out_of_use_says_until_when_it_was_used(atlas: Atlas) -> None:
    for identifier in ("old-checkpoint-kz", "old-gate-cn"):
        drawn = card(atlas.feature[identifier], atlas, catalogue("en"))
        assert drawn["status"]["key"] == "historical"
        assert {state["from"] for state in drawn["states"] if state["key"] == "absent"} == {2019}
        assert "2018" in drawn["period"]


def test_a_legend_line_of_what_is_out_of_use_knows_its_words_for_an_earlier_year(atlas: Atlas) -> None:
    lines = {line["text"]: line for line in legend_lines(atlas.features["checkpoints"], catalogue("en"))}
    assert lines["Former checkpoint"]["then"] == "Checkpoint"
    assert "then" not in lines["Checkpoint"]


@pytest.mark.parametrize(
    ("identifier", "code", "label"),
    [("penjim", "zh", "Atameken"), ("qingshuihe", "kk", "Qingshuihe"), ("altynemel", "zh", "Altynemel")],
)
def test_a_name_that_a_language_lacks_is_marked_on_card_and_map(
    atlas: Atlas, identifier: str, code: str, label: str
) -> None:
    drawn = card(atlas.feature[identifier], atlas, catalogue(code))
    assert drawn["label"] == label
    assert drawn["labelMissing"]
    assert drawn["nameMissing"]
    assert "labelMissing" not in card(atlas.feature[identifier], atlas, catalogue("en"))


@pytest.mark.parametrize(("code", "marked"), [("kk", "тексерілмеген"), ("ru", None), ("en", None)])
def test_a_name_of_a_place_that_no_source_has_says_so(atlas: Atlas, code: str, marked: str | None) -> None:
    basis = card(atlas.feature["altynkol-station"], atlas, catalogue(code)).get("nameBasis")
    assert (basis is None) if marked is None else (marked in basis)


def test_parts_of_a_line_of_which_the_same_is_said_are_one_and_as_unsure_as_the_worst(atlas: Atlas) -> None:
    sections = card(atlas.feature["state-border"], atlas, catalogue("en"))["sections"]
    assert [section["basis"] for section in sections].count("schematic") == 1
    assert len(sections) == 3
    weak = next(section for section in sections if section["basis"] == "schematic")
    assert weak["precision"] == "± 3.1 km"


def test_a_claim_that_only_bears_the_day_of_reading_says_so(atlas: Atlas) -> None:
    facts = {f["id"]: f for f in card(atlas.feature["cn-functional-zones"], atlas, catalogue("en"))["facts"]}
    assert facts["cn-functional-zones-area-973"]["asOf"] == "read November 22, 2026"
    (dated,) = [
        fact
        for fact in card(atlas.feature["icbc-kz"], atlas, catalogue("en"))["facts"]
        if fact["id"] == "icbc-kz-area-217"
    ]
    assert dated["asOf"] == "August 2025"


def test_an_event_took_place_and_its_card_says_so(atlas: Atlas) -> None:
    for identifier in ("seminar-2020", "visit-2025"):
        drawn = card(atlas.feature[identifier], atlas, catalogue("en"))
        assert drawn["status"]["text"] == "Took place"
        assert drawn["isThing"]
        assert drawn["period"]


@pytest.mark.parametrize(
    ("sea", "published"), [("sea-kara", "2,500 km"), ("sea-arabian", "2,420 km"), ("sea-bohai", "3,130 km")]
)
def test_a_sea_around_is_an_entry_with_its_distance_and_no_shape(
    atlas: Atlas, sea: str, published: str
) -> None:
    drawn = card(atlas.feature[sea], atlas, catalogue("en"))
    assert "located" not in drawn
    assert drawn["away"]
    (fact,) = drawn["facts"]
    assert fact["value"] == published
    assert fact["status"]["key"] == "computed"
