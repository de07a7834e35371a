"""The content as of a year: what had been said by then, and what was there or had been announced.

The browser goes by the same rules (draw/assets/time.js).
"""

from __future__ import annotations

import dataclasses

from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.records import UNPROVEN, Claim, Feature


def announced(feature: Feature, atlas: Atlas) -> str | None:
    """Return when something planned or announced was first said to be, as far as the ledger knows."""
    if feature.properties.status not in UNPROVEN:
        return None
    claims = atlas.claims_about.get(feature.properties.id, [])
    return min((c.as_of for c in claims if c.status in {"planned", "announced"}), default=None)


def existed(feature: Feature, atlas: Atlas, year: int) -> bool:
    """Tell whether something was there in a year, or had been announced; what has no date always was."""
    first = announced(feature, atlas)
    if first:
        return _year(first) <= year
    begins, ends = feature.properties.valid_from, feature.properties.valid_to
    return not (begins and _year(begins) > year) and not (ends and _year(ends) < year)


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
            _as_it_was(f, year) for f in group if f.properties.id in subjects or existed(f, atlas, year)
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


def _as_it_was(feature: Feature, year: int) -> Feature:
    properties = feature.properties
    if properties.status != "historical" or not properties.valid_to or _year(properties.valid_to) < year:
        return feature
    return feature.model_copy(update={"properties": properties.model_copy(update={"status": "existing"})})


def _among(claim: Claim, atlas: Atlas, year: int) -> Claim:
    rivals = tuple(rival for rival in claim.rivals if said_by(atlas.claims[rival], year))
    return claim.model_copy(update={"rivals": rivals})


def _year(date: str) -> int:
    return int(date[:4])
