"""The two documents against the ledger: every figure, date and name in them has its claim, and the other way round."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.records import Claim

FILE = Path(__file__).parents[1] / "data/document_figures.csv"
ROWS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
DOCUMENTS = {"astana-times-2025", "cais-seminar-2020"}
ATLAS = sound_atlas(content_folder())
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


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['document']}-{r['paragraph']}-{r['figure']}")
def test_a_figure_of_a_document_is_in_the_ledger(row: dict[str, str]) -> None:
    claim = ATLAS.claims[row["claim_id"]]
    assert claim.source == row["document"]
    assert claim.locator
    assert int(row["paragraph"]) >= 1
    assert agrees(row["figure"], row["unit"], claim), (row["figure"], claim.value, claim.as_of)


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


def test_every_claim_from_the_documents_is_in_the_list() -> None:
    listed = {row["claim_id"] for row in ROWS}
    assert {c.id for c in ATLAS.claims.values() if c.source in DOCUMENTS} == listed


def test_every_number_and_date_claimed_is_compared_as_one() -> None:
    compared = {row["claim_id"] for row in ROWS if row["unit"] not in WITHOUT_VALUE}
    valued = {c.id for c in ATLAS.claims.values() if c.source in DOCUMENTS and c.unit != "text"}
    assert compared == valued


def test_the_list_holds_no_sentences_and_no_row_twice() -> None:
    assert len({tuple(row.values()) for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert row["document"] in DOCUMENTS
        assert len(row["figure"].split()) <= 7, row["figure"]
        assert not re.search(r"[.!?]$", row["figure"]), row["figure"]


def test_the_comparison_notices_a_wrong_number() -> None:
    claim = ATLAS.claims["icbc-kz-area-217"]
    assert agrees("217 hectares", "ha", claim)
    assert not agrees("271 hectares", "ha", claim)
    assert not agrees("217 hectares", "km", claim)
    assert not agrees("Aug. 9", "date", ATLAS.claims["visit-2025-date"])
    assert not agrees("Sept. 8", "date", ATLAS.claims["visit-2025-date"])


def test_statements_say_who_computed_from_what(atlas: Atlas) -> None:
    for claim in atlas.claims.values():
        assert not (claim.computed_from and claim.status != "computed"), claim.id
        assert claim.id not in claim.computed_from


def test_a_source_that_was_not_seen_says_so(atlas: Atlas) -> None:
    for source in atlas.sources.values():
        if source.accessed is None:
            assert source.accessed_note or source.seen == "cited_by", source.id
        if source.seen == "cited_by":
            assert source.accessed is None, source.id
