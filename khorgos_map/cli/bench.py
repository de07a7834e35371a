"""The command ``khorgos-map bench``: the figures the map promises, measured on this machine."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator

from khorgos_map.atlas import content_folder, sound_atlas
from khorgos_map.bench import Figure, browser, geodesy, load, roads

EXIT_NOT_REACHED = 1
PARTS = ("geodesy", "roads", "browser", "load")


def add_words(command: argparse.ArgumentParser) -> None:
    """Add what the command understands to its parser."""
    command.add_argument("--json", action="store_true", help="print a JSON list of figures")
    command.add_argument("--only", choices=PARTS, help="one part alone (default: all of them)")


def run(options: argparse.Namespace) -> int:
    """Print each figure with what it is measured against; 1 where one that was measured is not reached."""
    figures = []
    for figure in _figures(options.only):
        figures.append(figure)
        if not options.json:
            print(_line(figure), flush=True)
    if options.json:
        print(json.dumps([_object(figure) for figure in figures], indent=2))
    return EXIT_NOT_REACHED if any(figure.reached is False for figure in figures) else 0


def _figures(only: str | None) -> Iterator[Figure]:
    parts: dict[str, Callable[[], Iterator[Figure]]] = {
        "geodesy": geodesy.measure,
        "roads": lambda: roads.measure(sound_atlas(content_folder())),
        "browser": browser.measure,
        "load": load.measure,
    }
    for name, measure in parts.items():
        if only in (None, name):
            yield from measure()


def _line(figure: Figure) -> str:
    if figure.value is None or figure.beside is None or figure.ratio is None:
        return f"{figure.what}: not measured: {figure.note}"
    verdict = "nothing promised"
    if figure.to_reach is not None:
        verdict = f"to reach {figure.to_reach:.3g}: {'reached' if figure.reached else 'NOT reached'}"
    note = f" ({figure.note})" if figure.note else ""
    return (
        f"{figure.what}: {figure.value:.3g} {figure.unit}".rstrip()
        + f"; {figure.beside_what} {figure.beside:.3g} {figure.unit}".rstrip()
        + f"; ratio {figure.ratio:.3g}, {verdict}{note}"
    )


def _object(figure: Figure) -> dict[str, object]:
    return {
        "what": figure.what,
        "unit": figure.unit,
        "value": figure.value,
        "beside": figure.beside,
        "beside_what": figure.beside_what,
        "ratio": figure.ratio,
        "to_reach": figure.to_reach,
        "reached": figure.reached,
        "note": figure.note,
    }
