"""Faults between claims, sources, claimants, features and layers: references, dates and evidence."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.records import OF_A_YEAR, UNPROVEN, Claim, Feature, Properties, Source
from khorgos_map.errors import Fault
from khorgos_map.text import catalogue

CLAIMS, SOURCES, LAYERS, INTRODUCTION = "claims.json", "sources.json", "layers.json", "introduction.json"
CHARTS, CORRECTIONS = "charts.json", "corrections.json"
# What dates the beginning of a thing; a thing that was founded and opened at different times may be dated by either.
DATED_BY = {
    "valid_from": frozenset({"opened", "established", "sez-status-since"}),
    "built_from": frozenset({"construction-since"}),
}
CLOSING = frozenset({"closed", "reopened"})


def faults(atlas: Atlas) -> Iterator[Fault]:
    """Yield the faults of the ledger and of every reference by id."""
    yield from _layer_faults(atlas)
    for source in atlas.sources.values():
        yield from _source_faults(source, atlas)
    for claim in atlas.claims.values():
        yield from _claim_faults(claim, atlas)
    yield from _rank_faults(atlas)
    for layer in atlas.layers:
        for feature in atlas.features[layer.id]:
            yield from _feature_faults(layer.file, feature, atlas)
            yield from _existence_faults(layer.file, feature.properties, atlas)
    for group in atlas.basemap:
        for shape in atlas.basemap[group]:
            yield from unknown(
                f"basemap/{group}.geojson",
                shape.properties.id,
                "sources",
                shape.properties.sources,
                atlas.sources,
            )
    for chart in atlas.charts:
        named = [point.claim for point in chart.points]
        yield from unknown(CHARTS, chart.id, "points", named, atlas.claims)
        units = sorted({atlas.claims[claim].unit for claim in named if claim in atlas.claims})
        if len(units) > 1:
            yield Fault(CHARTS, chart.id, "points", f"one chart, several units: {', '.join(units)}")
    for correction in atlas.corrections:
        yield from unknown(CORRECTIONS, correction.id, "features", correction.features, atlas.feature)
    for entry in atlas.introduction.entries:
        yield from unknown(
            INTRODUCTION, entry.name.in_language("en"), "features", entry.features, atlas.feature
        )


def unknown(
    file: str, identifier: str, field: str, named: Iterable[str], known: Iterable[str]
) -> Iterator[Fault]:
    """Yield a fault for every name that is not among the known ones."""
    known = set(known)
    for name in named:
        if name not in known:
            yield Fault(file, identifier, field, f"unknown reference {name!r}")


def _layer_faults(atlas: Atlas) -> Iterator[Fault]:
    groups = {group.id for group in atlas.groups}
    seen: set[str] = set()
    for layer in atlas.layers:
        yield from unknown(LAYERS, layer.id, "group", [layer.group], groups)
        if layer.id in seen:
            yield Fault(LAYERS, layer.id, "id", "duplicate id")
        seen.add(layer.id)


def _source_faults(source: Source, atlas: Atlas) -> Iterator[Fault]:
    if source.accessed and source.accessed > dt.datetime.now(tz=dt.UTC).date():
        yield Fault(SOURCES, source.id, "accessed", f"access date {source.accessed} is in the future")
    if source.accessed is None and not source.accessed_note and source.seen != "cited_by":
        yield Fault(SOURCES, source.id, "accessed", "no access date: give it, or the reason in accessed_note")
    if source.seen == "cited_by":
        if source.cited_by is None:
            yield Fault(SOURCES, source.id, "cited_by", "missing: which source that was seen cites this one?")
        else:
            yield from unknown(SOURCES, source.id, "cited_by", [source.cited_by], atlas.sources)


def _claim_faults(claim: Claim, atlas: Atlas) -> Iterator[Fault]:
    yield from unknown(CLAIMS, claim.id, "subject", [claim.subject], atlas.feature)
    yield from unknown(CLAIMS, claim.id, "claimant", [claim.claimant], atlas.claimants)
    yield from unknown(CLAIMS, claim.id, "source", [claim.source], atlas.sources)
    yield from unknown(CLAIMS, claim.id, "rivals", claim.rivals, atlas.claims)
    yield from unknown(CLAIMS, claim.id, "computed_from", claim.computed_from, atlas.claims)
    if f"attribute.{claim.attribute}" not in catalogue("en").messages:
        reason = f"unknown attribute {claim.attribute!r}; give it a word in text/en.json"
        yield Fault(CLAIMS, claim.id, "attribute", reason)
    for rival in claim.rivals:
        if rival in atlas.claims and claim.id not in atlas.claims[rival].rivals:
            yield Fault(
                CLAIMS, rival, "rivals", f"{claim.id!r} lists it as a rival, but not the other way round"
            )
    if isinstance(claim.value, str) != (claim.unit in {"date", "text"}):
        yield Fault(CLAIMS, claim.id, "value", f"{claim.value!r} does not go with the unit {claim.unit!r}")
    if (
        claim.locator is None
        and claim.source in atlas.sources
        and atlas.sources[claim.source].seen != "cited_by"
    ):
        yield Fault(CLAIMS, claim.id, "locator", "missing: where in the source is it said?")
    if claim.rank != "normal" and not claim.rank_reason:
        yield Fault(CLAIMS, claim.id, "rank_reason", f"missing: why is it {claim.rank}?")
    if (claim.status == "computed") != (claim.computed_by is not None):
        yield Fault(CLAIMS, claim.id, "computed_by", "a computed claim, and no other, names its function")
    if claim.computed_from and claim.status != "computed":
        yield Fault(CLAIMS, claim.id, "computed_from", "only a computed claim has claims it is computed from")


def _rank_faults(atlas: Atlas) -> Iterator[Fault]:
    preferred: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for claim in atlas.claims.values():
        if claim.rank == "preferred" and claim.unit != "text":
            preferred[claim.subject, claim.attribute, claim.as_of].append(claim.id)
    for ids in preferred.values():
        for extra in ids[1:]:
            yield Fault(
                CLAIMS, extra, "rank", f"two claims are preferred for one value and date, also {ids[0]!r}"
            )


def _feature_faults(file: str, feature: Feature, atlas: Atlas) -> Iterator[Fault]:
    properties = feature.properties
    identifier = properties.id
    yield from unknown(file, identifier, "sources", properties.sources, atlas.sources)
    for section in properties.sections:
        yield from unknown(file, identifier, "sections.sources", section.sources, atlas.sources)
    for field in ("area_fitted_to", "within", "destination"):
        named = getattr(properties, field)
        known: Iterable[str] = atlas.claims if field == "area_fitted_to" else atlas.feature
        yield from unknown(file, identifier, field, [named] if named else [], known)
    if properties.datum != "WGS84":
        yield Fault(file, identifier, "datum", f"declared datum {properties.datum!r}; only WGS84 is accepted")
    shifted = [s for s in properties.sources if s in atlas.sources and atlas.sources[s].datum == "GCJ-02"]
    if shifted and not properties.datum_conversion:
        reason = f"source {shifted[0]!r} is in GCJ-02, about 240 m off here; record the conversion to WGS84"
        yield Fault(file, identifier, "datum_conversion", reason)
    if properties.status in UNPROVEN and not _announced(identifier, atlas):
        reason = f"{properties.status} without a dated claim: who announced it, and when?"
        yield Fault(file, identifier, "status", reason)


def _existence_faults(file: str, properties: Properties, atlas: Atlas) -> Iterator[Fault]:
    """Yield where a feature is dated otherwise than its claims are, or where its dates do not follow each other."""
    identifier, claims = properties.id, atlas.claims_about.get(properties.id, [])
    if properties.status in OF_A_YEAR:
        yield Fault(file, identifier, "status", f"{properties.status}: a thing is only so as of a year")
    for field, attributes in DATED_BY.items():
        dated = [c for c in claims if c.attribute in attributes and _dates_a_beginning(c)]
        chosen = [c for c in dated if c.rank == "preferred"] or dated
        own = getattr(properties, field) or "no date"
        if chosen and not any(_agree(own, str(claim.value)) for claim in chosen):
            said = ", ".join(f"{claim.value} ({claim.id})" for claim in chosen)
            yield Fault(file, identifier, field, f"{own}, but the claims say {said}")
    for claim in claims:
        if claim.attribute in CLOSING and _dates_a_beginning(claim):
            told = any(claim.id in closure.claims for closure in properties.closures)
            if not told and not _agree(properties.valid_from or "", str(claim.value)):
                yield Fault(file, identifier, "closures", f"without the time that {claim.id!r} speaks of")
    for closure in properties.closures:
        yield from unknown(file, identifier, "closures.claims", closure.claims, atlas.claims)
    follow = [properties.built_from, properties.valid_from, *(c.begins for c in properties.closures)]
    order = [date for date in (*follow, properties.valid_to) if date]
    if any(early[: len(late)] > late[: len(early)] for early, late in pairwise(order)):
        yield Fault(
            file, identifier, "valid_from", f"dates that do not follow each other: {', '.join(order)}"
        )
    if any(c.ends and c.ends[: len(c.begins)] < c.begins[: len(c.ends)] for c in properties.closures):
        yield Fault(file, identifier, "closures", "one ends before it begins")


def _dates_a_beginning(claim: Claim) -> bool:
    return claim.unit == "date" and claim.status == "reported" and claim.rank != "deprecated"


def _agree(own: str, said: str) -> bool:
    """Return whether two dates are the same as far as both are known."""
    return bool(own) and (own.startswith(said) or said.startswith(own))


def _announced(identifier: str, atlas: Atlas) -> bool:
    return any(c.status in {"planned", "announced"} for c in atlas.claims_about.get(identifier, []))
