"""The content as of a year: what had been said by then, and what was there or had been announced."""

from __future__ import annotations

import dataclasses
from typing import Literal

from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.records import LASTING, UNPROVEN, Claim, Closure, Feature, Properties, Status

State = Status | Literal["absent"]


def announced(feature: Feature, atlas: Atlas) -> str | None:
    """Return when something planned or announced was first said to be, as far as the ledger knows."""
    if feature.properties.status not in UNPROVEN:
        return None
    claims = atlas.claims_about.get(feature.properties.id, [])
    return min((c.as_of for c in claims if c.status in {"planned", "announced"}), default=None)


def state_in(feature: Feature, atlas: Atlas, year: int) -> State:
    """Return how something stood at the end of a year, or that it was not there.

    Of what has no date it is not known, unless its kind is older than this map; nor of a settlement before its own.
    """
    properties = feature.properties
    first = announced(feature, atlas)
    if first:
        return properties.status if _year(first) <= year else "absent"
    if properties.valid_to and _year(properties.valid_to) < year:
        return "absent"
    dated = properties.built_from or properties.valid_from
    if dated:
        return _dated(properties, atlas, year, _year(dated))
    known = properties.kind in LASTING or properties.status in UNPROVEN or year >= atlas.known_until
    return properties.status if known else "undated"


def is_reported(closure: Closure, atlas: Atlas) -> bool:
    """Tell whether anybody has reported that something was closed, beyond that it was to be."""
    return any(i in atlas.claims and atlas.claims[i].status not in UNPROVEN for i in closure.claims)


def _dated(properties: Properties, atlas: Atlas, year: int, first: int) -> State:
    if year < first:
        return "undated" if properties.kind == "settlement" else "absent"
    if properties.valid_from and year < _year(properties.valid_from):
        return "under_construction"
    shut = (
        _year(closure.begins) <= year and (closure.ends is None or _year(closure.ends) > year)
        for closure in properties.closures
        if is_reported(closure, atlas)
    )
    if any(shut):
        return "closed"
    return "existing" if properties.status == "historical" and properties.valid_to else properties.status


def existed(feature: Feature, atlas: Atlas, year: int) -> bool:
    """Tell whether something may have been there in a year, or had been announced."""
    return state_in(feature, atlas, year) != "absent"


def said_by(claim: Claim, year: int) -> bool:
    """Tell whether a claim had been made by the end of a year."""
    return _year(claim.as_of) <= year


def dated_by_reading(claim: Claim, atlas: Atlas) -> bool:
    """Tell whether a claim bears the day its undated source was read, for want of a better date."""
    source = atlas.sources[claim.source]
    read = source.accessed.isoformat() if source.accessed else None
    return source.published is None and claim.as_of == read


def atlas_as_of(atlas: Atlas, year: int | None) -> Atlas:
    """Return the atlas with what had been said by the end of a year, and what was there then; all without a year.

    A claim outlives its subject, so the subject of every claim stays; of rivals, charts, pairs and sources only those
    stay that had spoken. What is out of use today and was in use then exists.
    """
    if year is None:
        return atlas
    claims = {i: _among(claim, atlas, year) for i, claim in atlas.claims.items() if said_by(claim, year)}
    subjects = {claim.subject for claim in claims.values()}
    features = {
        layer: tuple(
            _as_it_was(f, atlas, year)
            for f in group
            if f.properties.id in subjects or existed(f, atlas, year)
        )
        for layer, group in atlas.features.items()
    }
    charts = (
        chart.model_copy(update={"points": tuple(p for p in chart.points if p.claim in claims)})
        for chart in atlas.charts
    )
    named = {claim.source for claim in claims.values()}
    for group in features.values():
        for feature in group:
            named.update(feature.properties.sources, *(s.sources for s in feature.properties.sections))
    named |= {through for i in named if (through := atlas.sources[i].cited_by)}
    return dataclasses.replace(
        atlas,
        claims=claims,
        features=features,
        sources={i: source for i, source in atlas.sources.items() if i in named},
        charts=tuple(chart for chart in charts if chart.points),
        pairs=tuple(pair for pair in atlas.pairs if claims.keys() >= set(pair.claims)),
    )


def _as_it_was(feature: Feature, atlas: Atlas, year: int) -> Feature:
    properties, state = feature.properties, state_in(feature, atlas, year)
    if state in {"absent", properties.status}:
        return feature
    return feature.model_copy(update={"properties": properties.model_copy(update={"status": state})})


def _among(claim: Claim, atlas: Atlas, year: int) -> Claim:
    rivals = tuple(rival for rival in claim.rivals if said_by(atlas.claims[rival], year))
    return claim.model_copy(update={"rivals": rivals})


def _year(date: str) -> int:
    return int(date[:4])
