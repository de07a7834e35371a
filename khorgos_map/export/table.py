"""Claims and sources as tables for spreadsheets and statistics, and as the JSON of ``khorgos-map facts``.

Tables are RFC 4180: comma, double quotes where needed, CR LF, a header row. A spreadsheet takes a cell that
begins with certain characters for a formula; such a text has an apostrophe in front (`guarded`).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.facts import facts_as_of
from khorgos_map.atlas.records import Claim, Source
from khorgos_map.measure.cells import guarded_text

Cell = str | int | float | dt.date | None

CLAIM_FIELDS = (
    "id",
    "subject",
    "attribute",
    "value",
    "unit",
    "as_of",
    "status",
    "rank",
    "rank_reason",
    "claimant",
    "claimant_kind",
    "statement",
    "source",
    "source_title",
    "publisher",
    "published",
    "url",
    "locator",
    "confidence",
    "rivals",
)
SOURCE_FIELDS = tuple(Source.model_fields)
SEPARATOR = ";"


def claims_csv(atlas: Atlas, language: str) -> str:
    """Return all claims as a table, one a row in the order of the ledger, in the words of a language.

    The fields are those of ``khorgos-map facts --json``, with the source spelt out in columns; ``rivals`` are
    ids joined by semicolons; what is not known is an empty cell.
    """
    return _table(CLAIM_FIELDS, (_claim_row(claim, atlas, language) for claim in atlas.claims.values()))


def sources_csv(atlas: Atlas) -> str:
    """Return all sources as a table, one a row, with the fields of their records."""
    return _table(SOURCE_FIELDS, (source.model_dump() for source in atlas.sources.values()))


def claims_json(atlas: Atlas, language: str) -> str:
    """Return all claims as JSON text, equal to what ``khorgos-map facts --json`` prints in a language."""
    return json.dumps(facts_as_of(atlas, language=language), ensure_ascii=False, indent=2) + "\n"


def guarded(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula: texts as `guarded_text` has them.

    Numbers and dates stay what they are.
    """
    return guarded_text(cell) if isinstance(cell, str) else cell


def _claim_row(claim: Claim, atlas: Atlas, language: str) -> dict[str, Cell]:
    source, claimant = atlas.sources[claim.source], atlas.claimants[claim.claimant]
    return {
        "id": claim.id,
        "subject": claim.subject,
        "attribute": claim.attribute,
        "value": claim.value,
        "unit": claim.unit,
        "as_of": claim.as_of,
        "status": claim.status,
        "rank": claim.rank,
        "rank_reason": claim.rank_reason,
        "claimant": claimant.name.in_language(language),
        "claimant_kind": claimant.kind,
        "statement": claim.statement.in_language(language),
        "source": source.id,
        "source_title": source.title,
        "publisher": source.publisher,
        "published": source.published,
        "url": source.url,
        "locator": claim.locator,
        "confidence": claim.confidence,
        "rivals": SEPARATOR.join(claim.rivals),
    }


def _table(fields: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(fields)
    writer.writerows(_cells(fields, row) for row in rows)
    return written.getvalue()


def _cells(fields: Sequence[str], row: Mapping[str, Cell]) -> Iterator[Cell]:
    return (guarded(row[field]) for field in fields)
