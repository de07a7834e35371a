"""Fact cards as data: everything a card says, in words of one language. The browser only lays it out.

No markup is made here or in the browser from these words: they are set as text, so nothing in a record
can become part of the page.
"""

from __future__ import annotations

from typing import Any

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.asof import announced, dated_by_reading, is_reported, state_in
from khorgos_map.atlas.places import geometry_of
from khorgos_map.atlas.records import RANKS, Claim, Feature, Source
from khorgos_map.draw import words
from khorgos_map.draw.shapes import bounds_of
from khorgos_map.draw.symbols import is_extent
from khorgos_map.geodesy import area_m2
from khorgos_map.measure.court import JUDGED
from khorgos_map.measure.distances import ORIGIN, compare_distance
from khorgos_map.measure.routing.verdict import TIMES_FROM_PERCENT
from khorgos_map.text import Catalogue
from khorgos_map.view import FIRST_YEAR, LAST_YEAR
from khorgos_map.web_address import is_web_address

Words = dict[str, Any]
# kinds to which "existing" or "no longer in use" does not apply
NOT_THINGS = {"event", "statistic", "programme", "pole-of-inaccessibility", "sea"}
# kinds whose name is a name and no description
NAMED_KINDS = {"administrative-unit", "junction", "railway-station", "settlement"}
ROUTED_KINDS = {"checkpoint", "junction", "railway-station", "settlement"}


def card(feature: Feature, atlas: Atlas, text: Catalogue) -> Words:
    """Return the card of a feature."""
    properties = feature.properties
    name, known = properties.name.in_language(text.code)
    label, label_known = _label(feature, atlas, text)
    said = atlas.said_of.get(properties.id, [])
    claims = sorted(said, key=_claim_order(said))
    return _without_empty(
        {
            "id": properties.id,
            "layer": atlas.layer_of[properties.id],
            "name": name,
            "nameMissing": not known,
            "nameBasis": _own_basis(feature, text),
            "label": label,
            "labelMissing": not label_known,
            "names": _names(feature, text),
            "kind": text(f"kind.{properties.kind}"),
            "side": text(f"side.{properties.side}"),
            "status": {"key": properties.status, "text": text(f"status.{properties.status}")},
            "period": _period(feature, atlas, text),
            "about": _precision(feature, text),
            "states": _states(feature, atlas, text),
            "dated": bool(properties.built_from or properties.valid_from),
            "closures": [
                {
                    "at": closure.begins,
                    "text": words.closure(closure, text, reported=is_reported(closure, atlas)),
                }
                for closure in properties.closures
            ],
            "description": properties.description.in_language(text.code),
            "located": feature.geometry is not None,
            "away": properties.kind == "sea",
            "isThing": properties.kind not in NOT_THINGS or properties.status == "took_place",
            "precision": properties.precision.in_language(text.code),
            "basis": text(f"basis.{properties.basis}") if feature.geometry else None,
            "bounds": bounds_of(feature, atlas),
            "fitted": properties.area_fitted_to is not None,
            "wayTo": _way_to(feature),
            "wayBy": _way_by(feature, atlas),
            "within": properties.within,
            "parts": [i for i, f in atlas.feature.items() if f.properties.within == properties.id],
            "facts": [fact(claim, atlas, text) for claim in _not_only_rivals(claims)],
            "computed": _computed(feature, atlas, text),
            "sections": _sections(feature, text),
            "continues": [end.text.in_language(text.code) for end in properties.continues],
            "corrections": [
                f"{words.date(c.date.isoformat(), text)}: {c.text.in_language(text.code)}"
                for c in atlas.corrections
                if properties.id in c.features
            ],
            "sources": [source(atlas.sources[i], text) for i in properties.sources],
            "licence": properties.licence,
        }
    )


def _way_to(feature: Feature) -> str | None:
    """Return where a way by road from the reference point may be asked to: a road's destination, or a place."""
    properties = feature.properties
    if properties.destination:
        return properties.destination
    return properties.id if properties.kind in ROUTED_KINDS and feature.geometry else None


def _way_by(feature: Feature, atlas: Atlas) -> list[list[float]]:
    """Return the places, longitude/latitude, that a road's published distance from the reference point is by."""
    said = {claim.id for claim in atlas.claims_about.get(feature.properties.id, [])}
    network = atlas.network
    own = next((f for f in network.facts.values() if f.start == ORIGIN and f.claim in said), None)
    return [list(network.nodes[place].geometry.coordinates[:2]) for place in own.via] if own else []


def fact(claim: Claim, atlas: Atlas, text: Catalogue) -> Words:
    """Return one claim with who says so, where, when, and the claims that disagree."""
    return _without_empty(
        {
            **_said(claim, atlas, text),
            "attribute": _attribute(claim, atlas, text),
            "rankReason": claim.rank_reason,
            "rivals": [_said(atlas.claims[rival], atlas, text) for rival in claim.rivals],
        }
    )


def _attribute(claim: Claim, atlas: Atlas, text: Catalogue) -> str:
    """Return what a claim is about; of a computed road the published figure that it is held against, and whose."""
    if claim.attribute != JUDGED:
        return text(f"attribute.{claim.attribute}")
    against = atlas.claims[claim.computed_from[0]]
    claimant = atlas.claimants[against.claimant].name.in_language(text.code)
    return text("card.against", published=words.value(against, text) or "", claimant=claimant)


def _value(claim: Claim, text: Catalogue) -> str | None:
    if claim.attribute == JUDGED and float(claim.value) > TIMES_FROM_PERCENT:
        times = 1 + float(claim.value) / 100
        return text("card.times", times=words.number(times, text, decimals=1))
    return words.value(claim, text)


def source(record: Source, text: Catalogue) -> Words:
    """Return a source as a card names it, with how and when it was seen."""
    return _without_empty(
        {
            "title": record.title,
            "publisher": record.publisher,
            "published": words.date(record.published, text) if record.published else None,
            "seen": text(f"seen.{record.seen}"),
            "accessed": words.date(record.accessed.isoformat(), text) if record.accessed else None,
            "url": record.url if record.url and is_web_address(record.url) else None,
        }
    )


def _sections(feature: Feature, text: Catalogue) -> list[Words]:
    """Return what the parts of a line are based on; parts of which the same is said are one, as unsure as the worst."""
    worst_m: dict[tuple[str, str], float] = {}
    for section in feature.properties.sections:
        key = (section.basis, section.description.in_language(text.code))
        worst_m[key] = max(section.uncertainty_m, worst_m.get(key, 0.0))
    return [
        {
            "basis": basis,
            "text": said,
            "precision": text("precision.about", distance=words.distance(unsure_m, text)),
        }
        for (basis, said), unsure_m in worst_m.items()
    ]


def _states(feature: Feature, atlas: Atlas, text: Catalogue) -> list[Words]:
    """Return from which years on something stood how; nothing if it always stood as it does today."""
    states: list[Words] = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        state = state_in(feature, atlas, year)
        if not states or states[-1]["key"] != state:
            told = {} if state == "absent" else {"text": text(f"status.{state}")}
            states.append({"from": year, "key": state, **told})
    return [] if [state["key"] for state in states] == [feature.properties.status] else states


def _period(feature: Feature, atlas: Atlas, text: Catalogue) -> str | None:
    first = announced(feature, atlas)
    if first:
        return text("period.announced", date=words.date(first, text))
    return words.period(feature.properties, text)


def _precision(feature: Feature, text: Catalogue) -> str | None:
    if feature.geometry is None or not feature.properties.uncertainty_m:
        return None
    return text("precision.about", distance=words.distance(feature.properties.uncertainty_m, text))


def _said(claim: Claim, atlas: Atlas, text: Catalogue) -> Words:
    return _without_empty(
        {
            "id": claim.id,
            "value": _value(claim, text),
            "number": claim.value if isinstance(claim.value, int | float) else None,
            "unit": claim.unit,
            "statement": claim.statement.in_language(text.code),
            "status": {"key": claim.status, "text": text(f"claim.{claim.status}")},
            "rank": claim.rank,
            "confidence": text(f"confidence.{claim.confidence}"),
            "at": claim.as_of,
            "asOf": _as_of(claim, atlas, text),
            "claimant": atlas.claimants[claim.claimant].name.in_language(text.code),
            "source": source(atlas.sources[claim.source], text),
            "locator": claim.locator,
        }
    )


def _as_of(claim: Claim, atlas: Atlas, text: Catalogue) -> str:
    """Return as of when something is said; of a source without a date only the day it was read is known."""
    date = words.date(claim.as_of, text)
    return text("map.accessed", date=date) if dated_by_reading(claim, atlas) else date


def _claim_order(said: list[Claim]) -> Any:
    attributes = [c.attribute for c in said]
    return lambda c: (c.unit == "text", attributes.index(c.attribute), RANKS.index(c.rank))


def _not_only_rivals(claims: list[Claim]) -> list[Claim]:
    """Leave out a claim that a better ranked one about the same thing already shows as its rival."""
    shown: list[Claim] = []
    for claim in claims:
        if not any(claim.id in better.rivals for better in shown):
            shown.append(claim)
    return shown


def _label(feature: Feature, atlas: Atlas, text: Catalogue) -> tuple[str | None, bool]:
    """Return what stands on the map, and whether its name is known in the language.

    A road bears its published distance, others their name or a short form of it.
    """
    properties = feature.properties
    if properties.kind == "road-route":
        comparison = compare_distance(feature, atlas)
        preferred = comparison is not None and comparison.claim.rank == "preferred"
        if comparison is None or not preferred or properties.destination is None:
            return None, True
        place, known = atlas.feature[properties.destination].properties.name.in_language(text.code)
        published = words.value(comparison.claim, text)
        if all(section.basis == "straight" for section in properties.sections):
            straight = words.number(comparison.geodesic_km, text, decimals=1)
            return text("label.straight", place=place, published=published or "", straight=straight), known
        return f"{place} {published}", known
    if properties.map_label:
        return properties.map_label.in_language(text.code), bool(properties.map_label.root.get(text.code))
    return properties.name.in_language(text.code)


def _own_basis(feature: Feature, text: Catalogue) -> str | None:
    """Return how the shown name of a place is known where no source has it; other names are our own wording."""
    name = feature.properties.name.root.get(text.code)
    if name is None or name.basis == "sourced" or feature.properties.kind not in NAMED_KINDS:
        return None
    return text(f"name.{name.basis}")


def _names(feature: Feature, text: Catalogue) -> list[Words]:
    return [
        {"lang": code, "text": name.text, "basis": text(f"name.{name.basis}")}
        for code, name in feature.properties.name.root.items()
        if name is not None and code != text.code
    ]


def _computed(feature: Feature, atlas: Atlas, text: Catalogue) -> list[Words]:
    if is_extent(feature):
        return _known_part(feature, atlas, text)
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


def _known_part(feature: Feature, atlas: Atlas, text: Catalogue) -> list[Words]:
    """Return how large an area is between what is known of it, beside the area published."""
    known_ha = area_m2(geometry_of(feature)) / 1e4
    areas = [c for c in atlas.claims_about.get(feature.properties.id, []) if c.attribute == "area"]
    published = min(areas, key=lambda claim: RANKS.index(claim.rank), default=None)
    if not known_ha or published is None:
        return []
    known = text("unit.ha", value=words.number(known_ha, text, decimals=0))
    value = text("computed.part", known=known, published=words.value(published, text) or "")
    return [{"label": text("computed.known"), "value": value}]


def _without_empty(record: Words) -> Words:
    return {key: value for key, value in record.items() if value not in (None, [], False, "")}
