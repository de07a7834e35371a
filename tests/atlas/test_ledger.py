"""The two documents against the ledger: every figure, date, name and speaker has its claim, and the other way round."""

from __future__ import annotations

import csv
import datetime as dt
import re
from pathlib import Path

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.records import Claim, Text, shape_of
from khorgos_map.geodesy import inverse
from tests.atlas.spoiling import Rule

FILE = Path(__file__).parents[1] / "data/document_figures.csv"
ROWS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
DOCUMENTS = {"astana-times-2025", "cais-seminar-2020"}
IN_WORDS = {"one": 1.0, "double": 2.0, "four": 4.0}
MONTHS = {"march": 3.0, "july": 7.0, "aug": 8.0, "sept": 9.0, "november": 11.0}
WITHOUT_VALUE = {"text", "as_of", "context"}


def numbers(figure: str) -> list[float]:
    """Return the numbers of a figure as printed, a month by name or a number word as its number."""
    found = [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", figure)]
    words = re.findall(r"[a-z]+", figure.lower())
    return found + [(MONTHS | IN_WORDS)[w] for w in words if w in MONTHS or w in IN_WORDS]


def parts(text: str) -> set[float]:
    return {float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", text.replace("-", " "))}


def in_the_ledger(row: dict[str, str], atlas: Atlas) -> bool:
    claim = atlas.claims.get(row["claim_id"])
    if claim is None or not claim.locator or int(row["paragraph"]) < 1:
        return False
    if claim.source != row["document"] or claim.claimant != row["speaker"]:
        return False
    return agrees(row["figure"], row["unit"], claim)


def test_every_figure_of_a_document_is_in_the_ledger(atlas: Atlas) -> None:
    assert [row for row in ROWS if not in_the_ledger(row, atlas)] == []


def agrees(figure: str, unit: str, claim: Claim) -> bool:
    printed = numbers(figure)
    if unit == "text":
        return bool(figure)
    if unit == "as_of":
        return bool(printed) and set(printed) <= parts(claim.as_of)
    if unit == "context":
        years = {n for n in printed if n > 12}
        return bool(years) and years <= parts(
            f"{claim.value} {claim.as_of} {claim.attribute} {claim.statement.root['en']}"
        )
    if unit == "date":
        return claim.unit == unit and bool(printed) and set(printed) <= parts(str(claim.value))
    return claim.unit == unit and printed == [pytest.approx(claim.value)]


def test_every_claim_from_the_documents_is_in_the_list(atlas: Atlas) -> None:
    listed = {row["claim_id"] for row in ROWS}
    assert {c.id for c in atlas.claims.values() if c.source in DOCUMENTS} == listed


def test_every_number_and_date_claimed_is_compared_as_one(atlas: Atlas) -> None:
    compared = {row["claim_id"] for row in ROWS if row["unit"] not in WITHOUT_VALUE}
    valued = {c.id for c in atlas.claims.values() if c.source in DOCUMENTS and c.unit != "text"}
    assert compared == valued


def test_the_list_holds_no_sentences_and_no_row_twice() -> None:
    assert len({tuple(row.values()) for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert row["document"] in DOCUMENTS
        assert len(row["figure"].split()) <= 7, row["figure"]
        assert not re.search(r"[.!?]$", row["figure"]), row["figure"]


def test_a_row_that_is_not_in_the_ledger_is_noticed(atlas: Atlas) -> None:
    row = next(row for row in ROWS if row["claim_id"] == "icbc-kz-area-217")
    assert in_the_ledger(row, atlas)
    spoilt = {
        "document": "cais-seminar-2020",
        "paragraph": "0",
        "figure": "271 hectares",
        "speaker": "centre-company",
        "claim_id": "icbc-kz",
    }
    assert [field for field, value in spoilt.items() if in_the_ledger({**row, field: value}, atlas)] == []


def test_the_comparison_notices_a_wrong_number(atlas: Atlas) -> None:
    claim = atlas.claims["icbc-kz-area-217"]
    assert agrees("217 hectares", "ha", claim)
    assert not agrees("271 hectares", "ha", claim)
    assert not agrees("217 hectares", "km", claim)
    assert not agrees("Aug. 9", "date", atlas.claims["visit-2025-date"])
    assert not agrees("Sept. 8", "date", atlas.claims["visit-2025-date"])


def test_a_source_that_only_others_cite_was_not_opened(atlas: Atlas) -> None:
    cited = next(source.id for source in atlas.sources.values() if source.seen == "cited_by")
    Rule(
        "no access date where only a citation was seen",
        lambda source: source.seen != "cited_by" or source.accessed is None,
        cited,
        "accessed",
        dt.date(2026, 1, 1),
    ).check(atlas.sources)


# what was once said and cannot stand: words that need another statement to be understood; and what is not true, that
# a second source is missing, that equal figures come from one another, that the old crossing closed on a known day,
# that the link of the centre is for walkers
UNTRUE = (
    "no second source",
    "goes back to",
    "closed since 2018",
    "for walkers",
    "official and press accounts",
)


def says_what_is_known(claim: Claim) -> bool:
    return not any(words in claim.statement.root["en"] for words in UNTRUE)  # type: ignore[operator]


def test_no_statement_says_more_than_was_found(atlas: Atlas) -> None:
    spoilt = Text({"en": "The old crossing has been closed since 2018."})
    Rule("what is known", says_what_is_known, "network-yining-old", "statement", spoilt).check(atlas.claims)
    for crossing in atlas.network.crossings.values():
        assert "Closed to traffic since" not in crossing.who.root["en"]  # type: ignore[operator]


# verbs and turns by which a statement leaves to its claimant what it says; words of the record itself do too
SAID = re.compile(
    r"\b(according|says?|said|wr(ote|ites|iting)|gives?|gave|puts?|dates|names?d?|report\w*|counts?|counted|calls?|called|"
    r"f(i|ou)nds?|sees|saw|thinks?|told|notes|spoke|speaks|announced|describes|explains|quoted|expects|agreed?|places|sums|"
    r"likens|advises|cit(es|ing)|takes|decree|resolution|approved|shows|title|carried|sample|had to|handed|view)\b",
    re.IGNORECASE,
)


def attributed(claim: Claim) -> bool:
    return claim.status == "computed" or SAID.search(str(claim.statement.root["en"])) is not None


def test_no_statement_is_the_maps_own_voice(atlas: Atlas) -> None:
    claims = {i: c for i, c in atlas.claims.items() if atlas.claimants[c.claimant].kind != "dataset"}
    spoilt = Text({"en": "The gas pipeline is to run from Nur Zholy to the boiler house."})
    Rule("a statement names who says so", attributed, "gas-pipeline-course", "statement", spoilt).check(
        claims
    )


def test_the_road_port_lies_where_its_source_puts_it(atlas: Atlas) -> None:
    port, railway, centre = (
        shape_of(atlas.feature[i].geometry) for i in ("horgos-road-port", "railway-horgos-jinghe", "icbc-cn")
    )
    lines = shapely.union_all([railway, shape_of(atlas.feature["railway-altynkol-horgos"].geometry)])
    unsure_m = atlas.feature["horgos-road-port"].properties.uncertainty_m or 0.0

    def away_m(place: BaseGeometry) -> float:
        here, there = shapely.shortest_line(port, place).coords
        return inverse(*here, *there)[0]

    assert abs(away_m(lines) - 610) < unsure_m
    assert abs(away_m(centre) - 2000) < 3 * unsure_m


def test_a_share_of_a_distance_follows_from_the_lengths_that_are_shown(atlas: Atlas) -> None:
    lengths = {(c.computed_from, (c.computed_by or "").rpartition("_")[2]): c.value
               for c in atlas.claims.values() if c.attribute.startswith("network-distance")}  # fmt: skip
    compared = 0
    for claim in atlas.claims.values():
        shown = lengths.get((claim.computed_from, (claim.computed_by or "").rpartition("_")[2]))
        if claim.attribute == "network-against-published" and shown is not None:
            said = atlas.claims[claim.computed_from[0]].value
            assert claim.value == pytest.approx((float(shown) / float(said) - 1) * 100, abs=0.051), claim.id
            compared += 1
    assert compared >= 5
