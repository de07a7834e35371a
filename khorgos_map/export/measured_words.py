"""What was measured, in the words of a language: for descriptions in files and for the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from khorgos_map.draw.totals import area_rows, length_rows, share_rows, to_sign
from khorgos_map.measure.measurement import Measurement
from khorgos_map.text import Catalogue

_TITLES = {"points": "measured.points", "line": "measured.line", "area": "measured.area"}


def titles(measurements: Sequence[Measurement], text: Catalogue) -> list[str]:
    """Return a title for each measurement: its name, or what it is and the how-manieth of all."""
    return [m.name or text(_TITLES[m.kind], number=place) for place, m in enumerate(measurements, start=1)]


def told(measurement: Measurement, text: Catalogue) -> Iterator[str]:
    """Yield what was measured of points, a line or an area, one plain line each; nothing for points."""
    choices = to_sign(measurement)
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
