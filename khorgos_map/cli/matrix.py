"""The command ``khorgos-map matrix``: road distances from each of many places to each of many others."""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.cli.journey import in_hours, refuse
from khorgos_map.errors import UsageError
from khorgos_map.measure.matrix.cluster import cluster_client
from khorgos_map.measure.matrix.files import DURATION_NOTE as SAID
from khorgos_map.measure.matrix.files import MEANINGS
from khorgos_map.measure.matrix.job import Job, Recipe, Values, label, values_of
from khorgos_map.measure.matrix.places import far_from_roads, places_of_atlas, places_of_file
from khorgos_map.measure.matrix.run import Progress, refuse_file, run_job
from khorgos_map.measure.roads import refuse_roadless
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.engines import ENGINES
from khorgos_map.measure.routing.records import (
    PROFILES,
    REFUSE_BEYOND_M,
    Matrix,
    Profile,
    RoutingError,
    Stop,
)

ALL = "all"
# More is read by no one.
MOST_PRINTED = 10_000
MOST_NAMED = 5
EXIT_INTERRUPTED = 130
HEADS = ("from", "to", "road km", "±", "off the road km", "whole way km", "driving", "border")


def add_words(command: argparse.ArgumentParser) -> None:
    """Add what the command understands to its parser."""
    command.description = f"{command.description or ''} {SAID.capitalize()}.".strip()
    places = "a CSV file with the columns id,lat,lon, or: all (the map's points within 25 km of a road)"
    command.add_argument("places", metavar="PLACES", help=f"where from, and where to: {places}")
    command.add_argument("--to", metavar="PLACES", help="other places to go to")
    command.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        help="the file to write, .parquet or .csv; else it is printed",
    )
    command.add_argument("--profile", choices=PROFILES, default="car", help="what drives (default: car)")
    command.add_argument(
        "--engine", choices=ENGINES, default=ENGINES[0], help="who answers (default: embedded)"
    )
    command.add_argument("--engine-url", metavar="URL", help="where the engine is served")
    where = command.add_mutually_exclusive_group()
    where.add_argument("--workers", metavar="N", type=_count, help="so many processes on this machine (Dask)")
    where.add_argument(
        "--cluster", metavar="ADDRESS", help="the scheduler of a Dask cluster: tcp://HOST:8786"
    )
    command.add_argument("--force", action="store_true", help="replace the file, and begin anew")
    command.add_argument(
        "--json", action="store_true", help="print a JSON object: metres, seconds, null for no way"
    )


def run(options: argparse.Namespace) -> int:
    """Print a matrix or write it to a file; raises `UsageError` for words and tables that do not fit."""
    folder = content_folder()
    atlas = sound_atlas(folder)
    own_roads = options.engine == Embedded.name
    if own_roads or ALL in {options.places, options.to}:
        refuse_roadless(atlas, folder)
    origins = _places(options.places, atlas, options.profile)
    destinations = _places(options.to, atlas, options.profile) if options.to else origins
    recipe = Recipe(options.engine, options.engine_url, atlas.network, land_by_side(atlas))
    job = Job(recipe, options.profile, origins, destinations)
    try:
        _refuse_words(job, options)
        sys.stderr.write(f"khorgos-map: {SAID}\n")
        if own_roads:
            _tell_far(job)
        return _write(job, options) if options.output else _print(job, options)
    except RoutingError as error:
        return refuse(error)
    except KeyboardInterrupt:
        sys.stderr.write("\nkhorgos-map: interrupted; the same command goes on from here\n")
        return EXIT_INTERRUPTED


def _places(word: str, atlas: Atlas, profile: Profile) -> tuple[Stop, ...]:
    return places_of_atlas(atlas, profile) if word == ALL else places_of_file(Path(word))


def _tell_far(job: Job) -> None:
    stops = list(dict.fromkeys((*job.origins, *job.destinations)))
    far = far_from_roads(stops, Embedded(job.recipe.network, job.recipe.land), job.profile)
    if far:
        named = ", ".join(label(stop) for stop in far[:MOST_NAMED]) + (", …" if far[MOST_NAMED:] else "")
        sys.stderr.write(
            f"khorgos-map: no way for {len(far)} of {len(stops)} places, "
            f"farther than {REFUSE_BEYOND_M / 1000:g} km from any road: {named}\n"
        )


def _count(text: str) -> int:
    if text.isdecimal() and 0 < int(text) <= 1000:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; one from 1 to 1000 is needed")


def _refuse_words(job: Job, options: argparse.Namespace) -> None:
    if options.output and options.json:
        raise UsageError("--json prints; it does not go with -o FILE")
    if not options.output and (options.cluster or options.workers or options.force):
        raise UsageError("--cluster, --workers and --force go with -o FILE")
    if not options.output and job.pairs > MOST_PRINTED:
        raise UsageError(f"{job.pairs} pairs are too many to print: -o FILE.parquet or -o FILE.csv")
    if options.output:
        refuse_file(options.output, force=options.force)
    # an address that cannot be one is refused here, not on a worker
    job.recipe.make()


def _write(job: Job, options: argparse.Namespace) -> int:
    on_cluster = options.cluster is not None or options.workers is not None
    client = cluster_client(options.cluster, options.workers) if on_cluster else contextlib.nullcontext()
    with client as connected, _progress() as tell:
        without = run_job(job, options.output, client=connected, force=options.force, tell=tell)
    print(f"{options.output}: {job.pairs} pairs, {without} of them without a way")
    return 0


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[Progress], None]]:
    """Give what tells progress: one line that changes on a terminal, a line each tenth of the way elsewhere."""
    on_terminal = sys.stderr.isatty()
    told = -1

    def tell(now: Progress) -> None:
        nonlocal told
        tenth = 10 * now.parts // now.of_parts
        if on_terminal or tenth > told:
            told = tenth
            kept = f" ({now.kept} kept from before)" if now.kept else ""
            pairs = f"{now.pairs} of {now.of_pairs} pairs"
            line = f"{now.parts} of {now.of_parts} parts{kept}, {pairs}, {now.seconds:.0f} s"
            sys.stderr.write(f"\r{line}" if on_terminal else f"{line}\n")
            sys.stderr.flush()

    yield tell
    if on_terminal:
        sys.stderr.write("\n")


def _print(job: Job, options: argparse.Namespace) -> int:
    matrix = job.recipe.make().matrix(job.origins, job.destinations, job.profile)
    if options.json:
        print(json.dumps(_object(matrix), ensure_ascii=False, indent=2))
    else:
        print(_table(matrix))
    return 0


def _object(matrix: Matrix) -> dict[str, Any]:
    def listed(stops: tuple[Stop, ...]) -> list[dict[str, Any]]:
        return [{"id": label(s), "lat": s.position[1], "lon": s.position[0]} for s in stops]

    def rows(values: list[list[float]]) -> list[list[float | None]]:
        return [[None if math.isnan(value) else round(value, 1) for value in row] for row in values]

    found = values_of(matrix)
    numbers = ("distance_m", "sigma_m", "low_m", "high_m", "duration_s")
    return {
        "engine": matrix.engine,
        "profile": matrix.profile,
        "origins": listed(matrix.origins),
        "destinations": listed(matrix.destinations),
        **{name: rows(getattr(found, name).tolist()) for name in numbers},
        **{name: rows([getattr(found, name).tolist()])[0] for name in ("access_from_m", "access_to_m")},
        "crossings": [[_words(found.crossings[n]) for n in row] for row in found.passed.tolist()],
        "duration_note": SAID,
        "meanings": MEANINGS,
    }


def _words(crossings: str | None) -> list[str] | None:
    return None if crossings is None else crossings.split()


def _table(matrix: Matrix) -> str:
    """Return a line for each pair of two places; of the way off the road what is at its two ends."""
    found = values_of(matrix)
    rows = [HEADS, *(_row(matrix, found, row, column) for row, column in _pairs(matrix))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _pairs(matrix: Matrix) -> Iterator[tuple[int, int]]:
    for row, origin in enumerate(matrix.origins):
        for column, destination in enumerate(matrix.destinations):
            if origin != destination:
                yield row, column


def _row(matrix: Matrix, found: Values, row: int, column: int) -> tuple[str, ...]:
    ends = label(matrix.origins[row]), label(matrix.destinations[column])
    metres, low_m, high_m = (float(v[row, column]) for v in (found.distance_m, found.low_m, found.high_m))
    if math.isnan(metres) and math.isnan(low_m):
        return *ends, "no way", *("-" for _ in HEADS[3:])
    crossings = found.crossings[found.passed[row, column]]
    return (
        *ends,
        _km(metres),
        _km(float(found.sigma_m[row, column])),
        f"{_km(float(found.access_from_m[row]))} + {_km(float(found.access_to_m[column]))}",
        "-" if math.isnan(low_m) else f"{_km(low_m)} to {_km(high_m)}",
        "-" if math.isnan(metres) else in_hours(float(found.duration_s[row, column])),
        "not known" if crossings is None else crossings or "-",
    )


def _km(metres: float) -> str:
    return "-" if math.isnan(metres) else f"{metres / 1000:.1f}"
