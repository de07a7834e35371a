"""Faults between what is said: silent rivals, dates after their source, what nobody can confirm, charts, pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from khorgos_map.atlas.arrangement import Chart, ChartPoint, Correction, Pair
from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.evidence import FLOWS, excluding, months_covered
from khorgos_map.atlas.records import Claim, Feature
from khorgos_map.errors import Fault

CLAIMS, CHARTS, CORRECTIONS, PAIRS = "claims.json", "charts.json", "corrections.json", "pairs.json"
# The greatest label_rank of what the map prints large.
PRINTED_LARGE = 2


def faults(atlas: Atlas) -> Iterator[Fault]:
    """Yield the faults of claims against their sources and each other, of charts, pairs and corrections."""
    for claim in atlas.claims.values():
        yield from _source_faults(claim, atlas)
    yield from _silent_rivals(atlas)
    for chart in atlas.charts:
        yield from _chart_faults(chart, atlas)
    for pair in atlas.pairs:
        yield from _pair_faults(pair, atlas)
    for correction in atlas.corrections:
        yield from _correction_faults(correction, atlas)
    for layer in atlas.layers:
        for feature in atlas.features[layer.id]:
            yield from _silence_faults(layer.file, feature, atlas)


def _source_faults(claim: Claim, atlas: Atlas) -> Iterator[Fault]:
    source = atlas.sources.get(claim.source)
    if source is None:
        return
    published = source.published
    if published and claim.status == "reported" and _later(claim.as_of, published):
        reason = f"{claim.as_of} is after its source was published ({published}): it cannot report that"
        yield Fault(CLAIMS, claim.id, "as_of", reason)
    if source.not_found_again and (claim.confidence != "low" or claim.rank == "preferred"):
        reason = f"source {source.id!r} was not found again: must be low, and the claim not preferred"
        yield Fault(CLAIMS, claim.id, "confidence", reason)
    if source.not_found_again and not claim.rank_reason:
        yield Fault(CLAIMS, claim.id, "rank_reason", "missing: nobody could confirm the claim; say so")


def _later(date: str, than: str) -> bool:
    """Tell whether a date is after another for certain, as far as both are precise."""
    return date[: len(than)] > than[: len(date)]


def _silent_rivals(atlas: Atlas) -> Iterator[Fault]:
    """Yield a fault where two values of one thing as of one date differ and do not name each other as rivals."""
    alike: defaultdict[tuple[str, str, str, str], list[Claim]] = defaultdict(list)
    for claim in atlas.claims.values():
        if claim.unit != "text" and claim.status != "computed":
            alike[claim.subject, claim.attribute, claim.unit, claim.as_of].append(claim)
    for claims in alike.values():
        for first, second in combinations(claims, 2):
            if first.value != second.value and second.id not in first.rivals:
                reason = f"{second.id!r} gives another value for the same thing and date: name it as a rival"
                yield Fault(CLAIMS, first.id, "rivals", reason)


def _chart_faults(chart: Chart, atlas: Atlas) -> Iterator[Fault]:
    for points in panels(chart).values():
        claims = [(p, atlas.claims[p.claim]) for p in points if p.claim in atlas.claims]
        if len({claim.subject for _, claim in claims}) > 1:
            yield _on_one_axis(chart, claims, "are about different things")
        elif len({claim.attribute for point, claim in claims if point.when is None}) > 1:
            yield _on_one_axis(chart, claims, "count different things")
        flows = {
            round(months_covered(point.when or claim.as_of), 2)
            for point, claim in claims
            if claim.attribute in FLOWS
        }
        if len(flows) > 1 and not chart.running:
            yield _on_one_axis(chart, claims, "cover different numbers of months")


def _on_one_axis(chart: Chart, claims: Iterable[tuple[ChartPoint, Claim]], why: str) -> Fault:
    named = ", ".join(claim.id for _, claim in claims)
    return Fault(
        CHARTS, chart.id, "points", f"on one axis, but {why}: {named}; say in `counts` what each counts"
    )


def panels(chart: Chart) -> dict[str, tuple[ChartPoint, ...]]:
    """Return the points of a chart by what they count in English: those that share an axis."""
    found: defaultdict[str, list[ChartPoint]] = defaultdict(list)
    for point in chart.points:
        found[point.counts.in_language("en") if point.counts else ""].append(point)
    return {counts: tuple(points) for counts, points in found.items()}


def _pair_faults(pair: Pair, atlas: Atlas) -> Iterator[Fault]:
    unknown = [claim for claim in pair.claims if claim not in atlas.claims]
    for claim in unknown:
        yield Fault(PAIRS, pair.id, "claims", f"unknown reference {claim!r}")
    if not unknown:
        first, second = (atlas.claims[claim] for claim in pair.claims)
        reason = excluding(first, second)
        if reason:
            yield Fault(
                PAIRS,
                pair.id,
                "claims",
                f"{first.id!r} and {second.id!r} do not exclude each other: {reason}",
            )


def _correction_faults(correction: Correction, atlas: Atlas) -> Iterator[Fault]:
    for identifier in correction.claims:
        claim = atlas.claims.get(identifier)
        if claim is None:
            yield Fault(CORRECTIONS, correction.id, "claims", f"unknown reference {identifier!r}")
        elif claim.subject not in correction.features:
            reason = f"{claim.subject!r} is missing: {identifier!r} was corrected on it"
            yield Fault(CORRECTIONS, correction.id, "features", reason)


def _silence_faults(file: str, feature: Feature, atlas: Atlas) -> Iterator[Fault]:
    properties = feature.properties
    if feature.geometry is None or properties.label_rank > PRINTED_LARGE:
        return
    if not atlas.said_of.get(properties.id):
        reason = "printed large on the map, but no claim is about it and no published distance leads there"
        yield Fault(file, properties.id, "label_rank", reason)
