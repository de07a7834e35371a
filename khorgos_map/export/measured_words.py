"""What was measured, in the words of a language: for descriptions in files and for the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from khorgos_map.draw.totals import Choices, area_rows, length_rows, share_rows, to_sign
from khorgos_map.draw.words import distance
from khorgos_map.measure.measurement import Measurement
from khorgos_map.text import Catalogue

# Where nothing is asked for, what suits is chosen and nothing around is wanted.
UNASKED = Choices()
_TITLES = {"points": "measured.points", "line": "measured.line", "area": "measured.area"}


def titles(measurements: Sequence[Measurement], text: Catalogue) -> list[str]:
    """Return a title for each measurement: its name, or what it is and the how-manieth of all."""
    return [m.name or text(_TITLES[m.kind], number=place) for place, m in enumerate(measurements, start=1)]


def around_title(name: str, text: Catalogue, asked: Choices) -> str:
    """Return a title for what lies around a sketch of some name, as far as was asked for."""
    return text("measured.around", name=name, distance=distance(asked.around_m, text))


def signed(measurement: Measurement, asked: Choices, *, pixel_m: float = 0.0) -> Choices:
    """Return the choices for what is put on paper or into a file: the units asked for, else what suits there."""
    suits = to_sign(measurement, pixel_m=pixel_m)
    return dataclasses.replace(
        asked, length=asked.length or suits.length, area=asked.area or suits.area, pixel_m=pixel_m
    )


def told(measurement: Measurement, text: Catalogue, asked: Choices = UNASKED) -> Iterator[str]:
    """Yield what was measured of points, a line or an area, one plain line each; nothing for points."""
    choices = signed(measurement, asked)
    rows = [
        *length_rows(measurement, text, choices),
        *area_rows(measurement, text, choices.area),
        *share_rows(measurement, text, choices),
    ]
    yield from (text("measured.row", label=label, value=value) for label, value in rows)
    if measurement.self_crossing:
        yield text("measure.self_crossing")
    if measurement.beyond_land:
        yield text("measured.beyond")
