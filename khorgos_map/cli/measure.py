"""The command ``khorgos-map measure``: the shapes of a file, measured on the ellipsoid."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from khorgos_map.atlas import content_folder, sound_atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.errors import UsageError
from khorgos_map.export.measured_words import titles, told
from khorgos_map.export.own_file import OWN_FORMATS, export_own
from khorgos_map.measure.coordinates import format_decimal
from khorgos_map.measure.measurement import Measurement
from khorgos_map.measure.own import Own, measure_own, zones_of
from khorgos_map.measure.sides import Side
from khorgos_map.measure.upload import FORMATS, MAX_FILE_BYTES, UploadError, read_shapes
from khorgos_map.text import catalogue

STDIN, STDIN_NAME = "-", "standard input"
EXIT_WRONG_DATA = 1
FIELDS = ("length_m", "perimeter_m", "area_m2", "area_ha", "sphere_difference_m", "sphere_difference_m2")


def add_words(command: argparse.ArgumentParser) -> None:
    """Add what the command understands to its parser."""
    command.add_argument("file", metavar="FILE|-", help=f"{', '.join(FORMATS)}; - reads what is piped in")
    command.add_argument("--json", action="store_true", help="print a JSON list, one object a shape")
    command.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help=f"save the shapes with all that they came with and what was measured: {', '.join(OWN_FORMATS)}",
    )


def run(options: argparse.Namespace) -> int:
    """Print what was measured of every shape in a file; 1 if the file cannot be taken for shapes.

    Raises `UsageError` for a file that cannot be opened.
    """
    try:
        shapes = read_shapes(_bytes(options.file), STDIN_NAME if options.file == STDIN else options.file)
    except UploadError as error:
        sys.stderr.write(f"khorgos-map: {error}\n")
        return EXIT_WRONG_DATA
    atlas = sound_atlas(content_folder())
    owns = measure_own(shapes.shapes, land_by_side(atlas), zones_of(atlas), most_followed=None)
    if options.output:
        _save(options.output, owns)
    if options.json:
        # a line a shape: indented, and all at once, it takes ten times as long
        lines = (json.dumps(record(own), ensure_ascii=False) for own in owns)
        print("[\n" + ",\n".join(lines) + "\n]")
    elif not options.output:
        _print([own.measured for own in owns])
    for note in shapes.notes:
        sys.stderr.write(f"khorgos-map: note: {note.said('en')}\n")
    return 0


def _save(file: str, owns: Sequence[Own]) -> None:
    path = Path(file)
    body = export_own(path.suffix.removeprefix(".").lower(), owns)
    try:
        path.write_bytes(body)
    except OSError as error:
        raise UsageError(f"{file!r} cannot be written: {(error.strerror or str(error)).lower()}") from None


def record(own: Own) -> dict[str, Any]:
    """Return a shape as JSON: what it came with, and its measurement.

    Lengths are in metres, areas in square metres and hectares, null where none.
    """
    shape, measured = own.shape, own.measured
    heights = shape.height_range_m
    return {
        "name": measured.name or None,
        "layer": shape.layer or None,
        "id": shape.id,
        "properties": dict(shape.properties),
        "heights_m": None if heights is None else {"lowest": heights[0], "highest": heights[1]},
        "in_zones_m2": {zone: _rounded(part_m2) for zone, part_m2 in own.in_zones_m2.items()},
        "kind": measured.kind,
        "positions": own.positions,
        **{field: _rounded(getattr(measured, field)) for field in FIELDS},
        "per_country_m": _shares(measured.length_by_country_m or None),
        "per_country_m2": _shares(measured.area_by_country_m2),
        "border_crossings": [
            {
                "latitude": round(c.position[1], 7),
                "longitude": round(c.position[0], 7),
                "distance_m": _rounded(c.distance_m),
                "leaves": c.leaves,
                "enters": c.enters,
            }
            for c in measured.border_crossings
        ],
        "self_crossing": measured.self_crossing,
        "beyond_land": measured.beyond_land,
    }


def _shares(shares: Mapping[Side, float] | None) -> dict[Side, float | None] | None:
    return None if shares is None else {side: _rounded(share) for side, share in shares.items()}


def _rounded(value: float | None) -> float | None:
    """Return a figure to a thousandth of a millimetre: what is beyond is arithmetic."""
    return None if value is None else round(value, 6)


def _bytes(file: str) -> bytes:
    """Return what a file or the standard input holds, up to one byte more than is taken."""
    try:
        if file == STDIN:
            return sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
        with Path(file).open("rb") as opened:
            return opened.read(MAX_FILE_BYTES + 1)
    except IsADirectoryError:
        raise UsageError(f"{file} is a folder, not a file") from None
    except (OSError, ValueError) as error:  # a ValueError is a name that no file can have
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(f"{file!r} cannot be read: {reason.lower()}") from None


def _print(found: Sequence[Measurement]) -> None:
    text = catalogue("en")
    for title, measured in zip(titles(found, text), found, strict=True):
        places = [] if measured.length_by_country_m else [", ".join(_places(measured))]
        print(f"{title}: {'; '.join([measured.kind, *places, *told(measured, text), *_sphere(measured)])}")


def _places(measured: Measurement) -> Iterator[str]:
    """Yield the points of a measurement, the first ten of them."""
    for position, side in list(zip(measured.positions, measured.sides, strict=True))[:10]:
        yield f"{format_decimal(*position, 6)} ({side})"
    if len(measured.positions) > 10:
        yield "..."


def _sphere(measured: Measurement) -> Iterator[str]:
    if measured.sphere_difference_m is not None:
        yield f"on a sphere {measured.sphere_difference_m:+,.1f} m"
