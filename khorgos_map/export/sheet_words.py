"""What a measurement sheet says of each sketch: its title, totals and notes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from khorgos_map.atlas import Atlas
from khorgos_map.draw import quantities, totals
from khorgos_map.draw.measured import compared_words
from khorgos_map.draw.totals import Row
from khorgos_map.export.measured_report import Report
from khorgos_map.measure.measurement import Measurement
from khorgos_map.text import Catalogue

_OFF_WITHOUT_ZOOM_M = 10.0


@dataclass(frozen=True)
class Block:
    """What the sheet says of one sketch: the letter of its points and its title, both empty if it is alone.

    Notes are lines below the totals; ``off_m`` is how far off each point may be: 0 not at all, ``None`` not known.
    """

    mark: str
    title: str
    measurement: Measurement
    totals: Sequence[tuple[str, str]]
    notes: Sequence[str]
    off_m: float | None

    @property
    def rows(self) -> int:
        """How many rows its title, totals and notes take."""
        return (2 if self.title else 0) + math.ceil(len(self.totals) / 2) + len(self.notes)

    @property
    def point_rows(self) -> int:
        """How many rows its points would take, with their heads."""
        return 1 + len(self.measurement.positions)


def sheet_blocks(report: Report, off_m: Sequence[float | None], atlas: Atlas) -> Iterator[Block]:
    """Yield what is said of each sketch, with how far off its points may be in metres, as in `Block.off_m`."""
    for place, (measured, each_m) in enumerate(zip(report.sketches, off_m, strict=True)):
        alone = len(report.sketches) == 1
        mark = "" if alone else _letters(place)
        title = "" if alone else f"{mark} · {measured.title}"
        rows = list(_totals(measured.measurement, report.text, each_m))
        notes = list(_notes(measured.measurement, atlas, report.text))
        yield Block(mark, title, measured.measurement, rows, notes, each_m)


def _letters(place: int) -> str:
    """Return A, B to Z, then AA, AB and so on."""
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _totals(measured: Measurement, text: Catalogue, off_m: float | None) -> Iterator[Row]:
    choices = totals.to_sign(measured, pixel_m=_OFF_WITHOUT_ZOOM_M if off_m is None else off_m)
    yield from totals.point_rows(measured, text)
    if totals.is_unfinished(measured):
        return
    yield from totals.length_rows(measured, text, choices)
    yield from totals.area_rows(measured, text, "ha", "mu", "km2")
    yield from totals.share_rows(measured, text, choices)
    yield from totals.sphere_rows(measured, text, choices)
    if choices.pixel_m and (off := totals.off_by(measured, text, choices)):
        each = quantities.length(choices.pixel_m, text, like=choices.pixel_m)
        yield text("measure.click", pixel=each) if off_m else text("sheet.off", distance=each), off


def _notes(measured: Measurement, atlas: Atlas, text: Catalogue) -> Iterator[str]:
    """Yield what is said below the totals: why there is no area, or how large it is beside published ones."""
    if totals.is_unfinished(measured):
        yield text("measure.unfinished")
    if measured.self_crossing:
        yield text("measure.self_crossing")
    if compared := compared_words(measured, atlas, text, zones_only=True):
        yield " · ".join(compared)
