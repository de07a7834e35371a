"""Claims as plain data for other programs: the contract of ``khorgos-map facts --json``."""

from __future__ import annotations

from typing import Any

from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.records import Claim


def facts_as_of(
    atlas: Atlas, *, as_of: str | None = None, subject: str | None = None, language: str = "en"
) -> list[dict[str, Any]]:
    """Return the claims made by a date (all of them without one) about a subject (or about everything).

    A date of lower precision counts whole: a claim of 2017-05 had been made as of 2017.
    """
    return [
        fact(claim, atlas, language)
        for claim in atlas.claims.values()
        if (subject is None or claim.subject == subject) and (as_of is None or _made_by(claim, as_of))
    ]


def fact(claim: Claim, atlas: Atlas, language: str) -> dict[str, Any]:
    """Return one claim with its claimant's name and its source spelt out."""
    source = atlas.sources[claim.source]
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
        "claimant": atlas.claimants[claim.claimant].name.in_language(language),
        "statement": claim.statement.in_language(language),
        "source": {
            "id": source.id,
            "title": source.title,
            "publisher": source.publisher,
            "published": source.published,
            "url": source.url,
        },
        "locator": claim.locator,
        "rivals": list(claim.rivals),
    }


def _made_by(claim: Claim, as_of: str) -> bool:
    return claim.as_of[: len(as_of)] <= as_of[: len(claim.as_of)]
