"""The command ``khorgos-map network``: what the roads are made of, and how well they fit what is published."""

from __future__ import annotations

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Any

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.roads import RoadNetwork
from khorgos_map.measure.adjust import (
    Total,
    adjusted_lengths,
    departures,
    takes_part,
    totals,
    unit_weight,
    used_km,
)
from khorgos_map.measure.distances import ATTRIBUTE
from khorgos_map.measure.roads import refuse_roadless

# Above this the residual of one of the published distances from Khorgos needs its reason told.
REMARKABLE_PERCENT = 2.0
HEADINGS = {
    "used": "used in the adjustment",
    "left_out": "not used: the length of one section already, or less than the geodesic between their ends",
    "held_out": "held out of the adjustment",
}


def add_words(command: argparse.ArgumentParser) -> None:
    """Add what the command understands to its parser."""
    command.add_argument("--json", action="store_true", help="print the same as one JSON object")


def run(options: argparse.Namespace) -> int:
    """Print the road network beside its published totals; 1 if a recorded length is not the adjusted one."""
    folder = content_folder()
    atlas = sound_atlas(folder)
    refuse_roadless(atlas, folder)
    network = atlas.network
    wrong = departures(network, adjusted_lengths(network))
    found = sorted(totals(network), key=lambda total: total.fact.id)
    if options.json:
        print(json.dumps(as_record(atlas, found, wrong), ensure_ascii=False, indent=2))
    else:
        print("\n".join(as_lines(atlas, found, wrong)))
    return 1 if wrong else 0


def as_record(atlas: Atlas, found: Sequence[Total], wrong: dict[str, tuple[float, float]]) -> dict[str, Any]:
    """Return what the command tells as a JSON object; lengths are kilometres."""
    network = atlas.network
    return {
        "nodes": len(network.nodes),
        "edges": len(network.edges),
        "km": round(_km(network), 1),
        "length_basis": {
            basis: {"edges": count, "km": round(km, 1)} for basis, (count, km) in _by_basis(network).items()
        },
        "unit_weight": round(unit_weight(network), 2),
        "totals": [_total_record(network, total) for total in found],
        "residuals": {name: _summary(group) for name, group in _groups(network, found).items()},
        "remarkable": [
            {
                "fact": t.fact.id,
                "claim": t.fact.claim,
                "percent": round(t.residual_percent, 1),
                "reason": t.fact.note,
            }
            for t in remarkable(atlas, found)
        ],
        "not_adjusted": [
            {"edge": edge, "recorded_km": recorded, "adjusted_km": km}
            for edge, (recorded, km) in wrong.items()
        ],
    }


def as_lines(atlas: Atlas, found: Sequence[Total], wrong: dict[str, tuple[float, float]]) -> Iterator[str]:
    """Yield what the command tells line by line."""
    network = atlas.network
    yield f"{len(network.edges)} road sections between {len(network.nodes)} nodes, {_km(network):,.0f} km"
    for basis, (count, km) in _by_basis(network).items():
        yield f"  length {basis}: {count} sections, {km:,.0f} km"
    yield f"every ± is {unit_weight(network):.2f} times what the sections say of themselves, as the totals used ask for"
    for name, group in _groups(network, found).items():
        heading = HEADINGS[name]
        yield ""
        yield f"{len(group)} published totals {heading}: km published, computed, difference, ± of the computed"
        yield from (_line(network, total) for total in group)
        if group:
            yield from _summary_lines(_summary(group))
    yield ""
    yield f"published distances from Khorgos that differ by more than {REMARKABLE_PERCENT:g} %"
    for total in remarkable(atlas, found):
        yield f"  {total.fact.id}: {total.residual_percent:+.1f} %. {total.fact.note}"
    for edge, (recorded, km) in wrong.items():
        yield f"{edge}: {recorded:g} km is recorded, {km:g} km is what the adjustment gives"


def remarkable(atlas: Atlas, found: Sequence[Total]) -> list[Total]:
    """Return the totals behind the preferred distances from Khorgos that differ by more than two per cent."""
    preferred = {c.id for c in atlas.claims.values() if c.attribute == ATTRIBUTE and c.rank == "preferred"}
    return [t for t in found if t.fact.claim in preferred and abs(t.residual_percent) > REMARKABLE_PERCENT]


def _groups(network: RoadNetwork, found: Sequence[Total]) -> dict[str, list[Total]]:
    """Return the totals by what part they have in the adjustment: used, left out for a reason, or held out."""
    groups: dict[str, list[Total]] = {name: [] for name in HEADINGS}
    for total in found:
        left = "used" if takes_part(network, total.fact) else "left_out"
        groups["held_out" if total.fact.held_out else left].append(total)
    return groups


def _km(network: RoadNetwork) -> float:
    return math.fsum(used_km(edge) for edge in network.edges.values())


def _by_basis(network: RoadNetwork) -> dict[str, tuple[int, float]]:
    lengths: defaultdict[str, list[float]] = defaultdict(list)
    for edge in network.edges.values():
        lengths[edge.properties.length_basis].append(used_km(edge))
    return {basis: (len(km), math.fsum(km)) for basis, km in sorted(lengths.items())}


def _summary(group: Sequence[Total]) -> dict[str, dict[str, float]]:
    """Return mean and maximum of the residuals' amounts, in kilometres and per cent, before and after adjusting."""
    if not group:
        return {}
    amounts = {
        "before": [(abs(t.residual_before_km), abs(t.residual_before_km) / t.fact.km * 100) for t in group],
        "after": [(abs(t.residual_km), abs(t.residual_percent)) for t in group],
    }
    return {
        when: {
            "mean_km": round(fmean(km for km, _ in pairs), 1),
            "max_km": round(max(km for km, _ in pairs), 1),
            "mean_percent": round(fmean(percent for _, percent in pairs), 1),
            "max_percent": round(max(percent for _, percent in pairs), 1),
        }
        for when, pairs in amounts.items()
    }


def _summary_lines(summary: dict[str, dict[str, float]]) -> Iterator[str]:
    for when, of in summary.items():
        yield (
            f"  {when} adjusting: mean {of['mean_km']} km ({of['mean_percent']} %), "
            f"maximum {of['max_km']} km ({of['max_percent']} %)"
        )


def not_by_car(network: RoadNetwork, total: Total) -> list[str]:
    """Return the crossings along a total's path that no car may use, such as a link for walkers."""
    passed = dict.fromkeys(network.edges[name].properties.crossing or "" for name in total.path)
    return [c for c in passed if c in network.crossings and "car" not in network.crossings[c].traffic]


def _line(network: RoadNetwork, total: Total) -> str:
    fact, told = total.fact, "" if total.covered else "  (beyond the stated errors)"
    if not_by_car(network, total):
        told += "  (over the walkers’ link; by car: khorgos-map court)"
    return (
        f"  {fact.id:<42}{fact.km:>8.1f}{total.after_km:>8.1f}{total.residual_km:>+8.1f} km"
        f"{total.residual_percent:>+7.1f} %  ± {total.sigma_km:.1f}{told}"
    )


def _total_record(network: RoadNetwork, total: Total) -> dict[str, Any]:
    fact = total.fact
    return {
        "fact": fact.id,
        "held_out": fact.held_out,
        "takes_part": takes_part(network, fact),
        "published_km": fact.km,
        "published_sigma_km": fact.sigma_km,
        "before_km": round(total.before_km, 2),
        "computed_km": round(total.after_km, 2),
        "computed_sigma_km": round(total.sigma_km, 2),
        "residual_km": round(total.residual_km, 2),
        "residual_percent": round(total.residual_percent, 2),
        "covered": total.covered,
        "edges": list(total.path),
        "not_by_car": not_by_car(network, total),
        "note": fact.note,
    }
