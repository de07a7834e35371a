"""Claims and sources as tables: what is read back is what was said, and no cell is a formula."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re

from hypothesis import given
from hypothesis import strategies as st

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.facts import facts_as_of
from khorgos_map.atlas.records import Text
from khorgos_map.export.table import claims_csv, claims_json, guarded, sources_csv

FIELDS = (
    "id subject attribute value unit as_of status rank rank_reason claimant claimant_kind statement source "
    "source_title publisher published url locator confidence rivals"
)
FORMULA = re.compile(r"[=+\-@\t\r]")
# any text, and often one that means to be a formula
texts = st.text(min_size=1) | st.builds(
    "".join, st.tuples(st.sampled_from(["=", "+", "-", "@", "\t", "\r", "'", "'="]), st.text())
)


def rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table, newline=""), strict=True))


def unguarded(cell: str) -> str:
    return cell[1:] if guarded(cell[1:]) == cell else cell


def with_texts(atlas: Atlas, text: str) -> Atlas:
    claim = next(iter(atlas.claims.values()))
    said = {"value": text, "statement": Text({"en": text}), "locator": text, "rank_reason": text}
    source = atlas.sources[claim.source].model_copy(update={"title": text, "author": text, "note": text})
    return dataclasses.replace(
        atlas,
        claims={claim.id: claim.model_copy(update=said)},
        sources={**atlas.sources, source.id: source},
    )


def test_every_claim_is_a_row_with_the_fields_of_the_contract(atlas: Atlas) -> None:
    table = rows(claims_csv(atlas, "en"))
    assert [row["id"] for row in table] == list(atlas.claims)
    assert all(list(row) == FIELDS.split() for row in table)


def test_a_row_says_what_facts_says(atlas: Atlas) -> None:
    for row, fact in zip(rows(claims_csv(atlas, "ru")), facts_as_of(atlas, language="ru"), strict=True):
        source = fact.pop("source")
        expected = {
            **fact,
            "rivals": ";".join(fact["rivals"]),
            "source": source["id"],
            "source_title": source["title"],
            **{field: source[field] for field in ("publisher", "published", "url")},
        }
        told = {key: unguarded(row[key]) for key in expected}
        assert told == {key: "" if value is None else str(value) for key, value in expected.items()}


def test_numbers_stay_numbers(atlas: Atlas) -> None:
    for row in rows(claims_csv(atlas, "en")):
        value = atlas.claims[row["id"]].value
        if not isinstance(value, str):
            assert float(row["value"]) == value
    claim = next(iter(atlas.claims.values()))
    fallen = dataclasses.replace(atlas, claims={claim.id: claim.model_copy(update={"value": -12.5})})
    assert rows(claims_csv(fallen, "en"))[0]["value"] == "-12.5"


def test_statements_and_claimants_speak_the_language_asked_for(atlas: Atlas) -> None:
    english, chinese = (rows(claims_csv(atlas, code)) for code in ("en", "zh"))
    assert english[0]["statement"] != chinese[0]["statement"]
    assert [row["value"] for row in english] == [row["value"] for row in chinese]


def test_every_source_is_a_row_and_every_claim_finds_its_own(atlas: Atlas) -> None:
    table = rows(sources_csv(atlas))
    assert [row["id"] for row in table] == list(atlas.sources)
    for row in table:
        source = atlas.sources[row["id"]]
        assert unguarded(row["title"]) == source.title
        assert row["accessed"] == (source.accessed.isoformat() if source.accessed else "")
    assert {row["source"] for row in rows(claims_csv(atlas, "en"))} <= {row["id"] for row in table}


def test_json_is_that_of_facts(atlas: Atlas) -> None:
    assert json.loads(claims_json(atlas, "kk")) == facts_as_of(atlas, language="kk")


def test_lines_end_as_rfc_4180_wants(atlas: Atlas) -> None:
    table = claims_csv(atlas, "en")
    assert table.endswith("\r\n")
    assert table.startswith(f"{','.join(FIELDS.split())}\r\n")


@given(texts)
def test_any_text_survives_the_table(atlas: Atlas, text: str) -> None:
    changed = with_texts(atlas, text)
    (claim,) = rows(claims_csv(changed, "en"))
    for field in ("value", "statement", "locator", "rank_reason", "source_title"):
        assert unguarded(claim[field]) == text
    source = next(row for row in rows(sources_csv(changed)) if row["id"] == claim["source"])
    assert [unguarded(source[field]) for field in ("title", "author", "note")] == [text] * 3


@given(texts)
def test_no_cell_is_a_formula(atlas: Atlas, text: str) -> None:
    changed = with_texts(atlas, text)
    for table in (claims_csv(changed, "en"), sources_csv(changed)):
        for row in rows(table):
            assert not [cell for cell in row.values() if FORMULA.match(cell)]


@given(texts)
def test_one_apostrophe_and_only_where_it_is_needed(text: str) -> None:
    cell = guarded(text)
    if FORMULA.match(text):
        assert cell == f"'{text}"
    assert cell in {text, f"'{text}"}
    assert unguarded(str(cell)) == text
    if text[0].isalnum():
        assert cell == text
