"""Fact cards as data: everything a card says, in words of one language. The browser only lays it out.

No markup is made here or in the browser from these words: they are set as text, so nothing in a record
can become part of the page.
"""

from __future__ import annotations

from typing import Any

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.records import UNPROVEN, Claim, Feature, Source
from khorgos_map.draw import words
from khorgos_map.draw.shapes import bounds_of
from khorgos_map.measure.distances import compare_distance
from khorgos_map.text import Catalogue

Words = dict[str, Any]
# kinds to which "existing" or "no longer in use" does not apply
NOT_THINGS = {"event", "statistic", "programme", "pole-of-inaccessibility"}
STATUS_ORDER = {"preferred": 0, "normal": 1, "deprecated": 2}


def card(feature: Feature, atlas: Atlas, text: Catalogue) -> Words:
    """Return the card of a feature."""
    properties = feature.properties
    name, known = properties.name.in_language(text.code)
    claims = sorted(atlas.claims_about.get(properties.id, []), key=_claim_order(atlas, properties.id))
    return _without_empty(
        {
            "id": properties.id,
            "layer": atlas.layer_of[properties.id],
            "name": name,
            "label": _label(feature, atlas, text),
            "nameMissing": not known,
            "names": _names(feature, text),
            "kind": text(f"kind.{properties.kind}"),
            "side": text(f"side.{properties.side}"),
            "status": {"key": properties.status, "text": text(f"status.{properties.status}")},
            "period": _period(feature, atlas, text),
            "about": _precision(feature, text),
            "from": properties.valid_from,
            "to": properties.valid_to,
            "announced": announced(feature, atlas),
            "description": properties.description.in_language(text.code),
            "located": feature.geometry is not None,
            "isThing": properties.kind not in NOT_THINGS,
            "precision": properties.precision.in_language(text.code),
            "basis": text(f"basis.{properties.basis}") if feature.geometry else None,
            "bounds": bounds_of(feature, atlas),
            "fitted": properties.area_fitted_to is not None,
            "within": properties.within,
            "parts": [i for i, f in atlas.feature.items() if f.properties.within == properties.id],
            "facts": [fact(claim, atlas, text) for claim in _not_only_rivals(claims)],
            "computed": _computed(feature, atlas, text),
            "sections": [
                {
                    "basis": section.basis,
                    "text": section.description.in_language(text.code),
                    "precision": text(
                        "precision.about", distance=words.distance(section.uncertainty_m, text)
                    ),
                }
                for section in properties.sections
            ],
            "corrections": [
                f"{words.date(c.date.isoformat(), text)}: {c.text.in_language(text.code)}"
                for c in atlas.corrections
                if properties.id in c.features
            ],
            "sources": [source(atlas.sources[i], text) for i in properties.sources],
            "licence": properties.licence,
        }
    )


def fact(claim: Claim, atlas: Atlas, text: Catalogue) -> Words:
    """Return one claim with who says so, where, when, and the claims that disagree."""
    return _without_empty(
        {
            **_said(claim, atlas, text),
            "attribute": text(f"attribute.{claim.attribute}"),
            "rankReason": claim.rank_reason,
            "rivals": [_said(atlas.claims[rival], atlas, text) for rival in claim.rivals],
        }
    )


def source(record: Source, text: Catalogue) -> Words:
    """Return a source as a card names it, with how and when it was seen."""
    return _without_empty(
        {
            "title": record.title,
            "publisher": record.publisher,
            "published": words.date(record.published, text) if record.published else None,
            "seen": text(f"seen.{record.seen}"),
            "accessed": words.date(record.accessed.isoformat(), text) if record.accessed else None,
            "url": record.url if record.url and record.url.startswith(("https://", "http://")) else None,
        }
    )


def _period(feature: Feature, atlas: Atlas, text: Catalogue) -> str | None:
    first = announced(feature, atlas)
    if first:
        return text("period.announced", date=words.date(first, text))
    return words.period(feature.properties, text)


def _precision(feature: Feature, text: Catalogue) -> str | None:
    if feature.geometry is None or not feature.properties.uncertainty_m:
        return None
    return text("precision.about", distance=words.distance(feature.properties.uncertainty_m, text))


def announced(feature: Feature, atlas: Atlas) -> str | None:
    """Return when something planned or announced was first said to be, as far as the ledger knows."""
    if feature.properties.status not in UNPROVEN:
        return None
    claims = atlas.claims_about.get(feature.properties.id, [])
    return min((c.as_of for c in claims if c.status in {"planned", "announced"}), default=None)


def _said(claim: Claim, atlas: Atlas, text: Catalogue) -> Words:
    return _without_empty(
        {
            "id": claim.id,
            "value": words.value(claim, text),
            "number": claim.value if isinstance(claim.value, int | float) else None,
            "unit": claim.unit,
            "statement": claim.statement.in_language(text.code),
            "status": {"key": claim.status, "text": text(f"claim.{claim.status}")},
            "rank": claim.rank,
            "confidence": text(f"confidence.{claim.confidence}"),
            "at": claim.as_of,
            "asOf": words.date(claim.as_of, text),
            "claimant": atlas.claimants[claim.claimant].name.in_language(text.code),
            "source": source(atlas.sources[claim.source], text),
            "locator": claim.locator,
        }
    )


def _claim_order(atlas: Atlas, subject: str) -> Any:
    attributes = [c.attribute for c in atlas.claims_about.get(subject, [])]
    return lambda c: (c.unit == "text", attributes.index(c.attribute), STATUS_ORDER[c.rank])


def _not_only_rivals(claims: list[Claim]) -> list[Claim]:
    """Leave out a claim that a better ranked one about the same thing already shows as its rival."""
    shown: list[Claim] = []
    for claim in claims:
        if not any(claim.id in better.rivals for better in shown):
            shown.append(claim)
    return shown


def _label(feature: Feature, atlas: Atlas, text: Catalogue) -> str | None:
    """Return what stands on the map: a road bears its published distance, others their name or a short form of it."""
    properties = feature.properties
    if properties.kind == "road-route":
        comparison = compare_distance(feature, atlas)
        preferred = comparison is not None and comparison.claim.rank == "preferred"
        if comparison is None or not preferred or properties.destination is None:
            return None
        place = atlas.feature[properties.destination].properties.name.in_language(text.code)[0]
        return f"{place} {words.value(comparison.claim, text)}"
    if properties.map_label:
        return properties.map_label.in_language(text.code)
    return properties.name.in_language(text.code)[0]


def _names(feature: Feature, text: Catalogue) -> list[Words]:
    return [
        {"lang": code, "text": name.text, "basis": text(f"name.{name.basis}")}
        for code, name in feature.properties.name.root.items()
        if name is not None and code != text.code
    ]


def _computed(feature: Feature, atlas: Atlas, text: Catalogue) -> list[Words]:
    comparison = compare_distance(feature, atlas)
    if comparison is None:
        return []
    return [
        {
            "label": text("computed.geodesic"),
            "value": text("unit.km", value=words.number(comparison.geodesic_km, text, decimals=1)),
        },
        {
            "label": text("computed.ratio"),
            "value": words.number(comparison.detour_ratio, text, decimals=2),
        },
    ]


def _without_empty(record: Words) -> Words:
    return {key: value for key, value in record.items() if value not in (None, [], False, "")}
