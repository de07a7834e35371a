"""The command ``khorgos-map court``: each published road distance beside what the map computes."""

from __future__ import annotations

import argparse
import json
import unicodedata
from collections.abc import Sequence
from typing import Any

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.draw.verdicts import COLUMNS, verdict_row
from khorgos_map.measure.court import BEFORE_YEAR, Verdict, Way, distance_court
from khorgos_map.measure.roads import refuse_roadless
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.text import Catalogue, catalogue, languages


def add_words(command: argparse.ArgumentParser) -> None:
    """Add what the command understands to its parser."""
    command.add_argument("--lang", choices=languages(), default="en", help="language of the table")
    command.add_argument("--json", action="store_true", help="print a JSON list of verdicts")


def run(options: argparse.Namespace) -> int:
    """Print the verdicts."""
    folder = content_folder()
    atlas = sound_atlas(folder)
    refuse_roadless(atlas, folder)
    verdicts = distance_court(atlas, Embedded(atlas.network, land_by_side(atlas)))
    if options.json:
        print(json.dumps([as_record(v, options.lang) for v in verdicts], ensure_ascii=False, indent=2))
    else:
        print(as_table(verdicts, atlas, catalogue(options.lang)))
    return 0


def as_record(verdict: Verdict, language: str) -> dict[str, Any]:
    """Return a verdict as it stands in the JSON: kilometres, and per cent of the published distance."""
    start, end = verdict.ends
    return {
        "claim": verdict.claim.id,
        "from": start.id,
        "to": end.id,
        "published_km": verdict.fact.km,
        "published_sigma_km": verdict.fact.sigma_km,
        "geodesic_km": _km(verdict.geodesic_m),
        "detour_ratio": round(verdict.detour_ratio, 3),
        "today": _way_record(verdict, verdict.today),
        "before": _way_record(verdict, verdict.before),
        "before_year": BEFORE_YEAR,
        "held_against": verdict.held_against,
        "reason": verdict.judged.statement.in_language(language) if verdict.judged else None,
    }


def as_table(verdicts: Sequence[Verdict], atlas: Atlas, text: Catalogue) -> str:
    """Return the verdicts as a table in one language, with the reason of each below its row."""
    heads = [text(key) for key in COLUMNS]
    rows = [verdict_row(verdict, atlas, text) for verdict in verdicts]
    widths = [max(_width(row[n]) for row in (heads, *rows)) for n in range(len(heads))]
    lines = [_line(heads, widths)]
    for verdict, row in zip(verdicts, rows, strict=True):
        lines.append(_line(row, widths))
        if verdict.judged:
            lines.append("    " + verdict.judged.statement.in_language(text.code))
    return "\n".join([*lines, text("court.note", year=BEFORE_YEAR)])


def _way_record(verdict: Verdict, way: Way | None) -> dict[str, Any] | None:
    if way is None:
        return None
    return {
        "distance_km": _km(way.distance_m),
        "sigma_km": _km(way.sigma_m) if way.sigma_m is not None else None,
        "difference_percent": round(verdict.difference_percent(way), 2) if verdict.comparable(way) else None,
        "covered": verdict.covered(way),
        "crossings": list(way.crossings),
    }


def _km(metres: float) -> float:
    return round(metres / 1000, 3)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(
        cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
    ).rstrip()


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: East Asian characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
