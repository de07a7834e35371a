"""What the commands about roads have in common: the words for a journey, and answers that are no."""

from __future__ import annotations

import argparse
import re
import sys

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.roads import RoadNetwork
from khorgos_map.errors import UsageError
from khorgos_map.measure.roads import refuse_roadless
from khorgos_map.measure.routing.border import MOST_WAIT_H
from khorgos_map.measure.routing.places import Places
from khorgos_map.measure.routing.records import PROFILES, Question, Range, RoutingError, Stop
from khorgos_map.nearest import nearest_words

EXIT_ANSWER_IS_NO = 1
FIRST_YEAR, LAST_YEAR = 1900, 2100


def add_journey_words(command: argparse.ArgumentParser) -> None:
    """Add what decides which roads are used to a parser."""
    command.add_argument("--profile", choices=PROFILES, default="car", help="what drives (default: car)")
    command.add_argument(
        "--wait",
        metavar="CROSSING=LOW-HIGH",
        action="append",
        default=[],
        help="wait at a crossing in hours, instead of the published one: nur-zholy-horgos=2-5",
    )
    command.add_argument(
        "--year", type=_year, help="the roads and crossings open in this year (default: now)"
    )
    command.add_argument(
        "--month",
        type=int,
        choices=range(1, 13),
        metavar="1-12",
        help="the roads open in this month as a rule (default: those open all year)",
    )
    command.add_argument(
        "--avoid", metavar="ID", action="append", default=[], help="a crossing or road section not to use"
    )


def _listed(network: RoadNetwork) -> str:
    return f"the crossings are {', '.join(network.motor_crossings)}"


def asked(options: argparse.Namespace, words: list[str]) -> tuple[Atlas, Question]:
    """Return the content and the question that the words ask, from place to place.

    Raises `UsageError` for words that cannot be understood, `RoutingError` where the content has no roads.
    """
    folder = content_folder()
    atlas = sound_atlas(folder)
    refuse_roadless(atlas, folder)
    return atlas, _question(options, _stops(words, Places(atlas, with_ids=True)), atlas)


def _question(options: argparse.Namespace, stops: tuple[Stop, ...], atlas: Atlas) -> Question:
    network = atlas.network
    for identifier in options.avoid:
        if identifier not in network.crossings and identifier not in network.edges:
            near = nearest_words(identifier, [*network.crossings, *network.edges], listed=_listed(network))
            raise UsageError(f"--avoid: unknown crossing or road section {identifier!r}; {near}")
    return Question(
        stops=stops,
        profile=options.profile,
        waits=dict(_wait(text, atlas) for text in options.wait),
        closed=frozenset(options.avoid),
        year=options.year,
        month=options.month,
    )


def _stops(words: list[str], places: Places) -> tuple[Stop, ...]:
    """Return the places meant by words, and say on the error output where one has several meanings."""
    stops = []
    for typed in words:
        found = places.find(typed)
        if found.notice:
            sys.stderr.write(f"khorgos-map: {found.notice}\n")
        stops.append(found.stop)
    return tuple(stops)


def refuse(error: RoutingError) -> int:
    """Say that there is no such route and return the exit code for an answer that is no."""
    sys.stderr.write(f"khorgos-map: {error}\n")
    return EXIT_ANSWER_IS_NO


def in_hours(seconds: float) -> str:
    """Return a time in hours and minutes."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours and minutes:
        return f"{hours} h {minutes} min"
    return f"{hours} h" if hours else f"{minutes} min"


def _wait(text: str, atlas: Atlas) -> tuple[str, Range]:
    match = re.fullmatch(r"([^=]+)=(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?", text)
    if match is None:
        raise UsageError(f"--wait {text!r}: type a crossing and hours: nur-zholy-horgos=2-5")
    crossing, low_h, high_h = match[1], float(match[2]), float(match[3] or match[2])
    if crossing not in atlas.network.crossings:
        near = nearest_words(crossing, atlas.network.crossings, listed=_listed(atlas.network))
        raise UsageError(f"--wait: unknown crossing {crossing!r}; {near}")
    if high_h < low_h:
        raise UsageError(f"--wait {text!r}: the shorter wait goes first: {crossing}={high_h:g}-{low_h:g}")
    if high_h > MOST_WAIT_H:
        raise UsageError(f"--wait {text!r}: nobody waits longer than {MOST_WAIT_H:g} hours")
    return crossing, Range(low_h * 3600, high_h * 3600)


def _year(text: str) -> int:
    if re.fullmatch(r"\d{4}", text, re.ASCII) and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no year from {FIRST_YEAR} to {LAST_YEAR}")
