"""What a measurement sheet says of each sketch: its title, totals and notes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from khorgos_map.atlas import Atlas
from khorgos_map.draw import quantities, totals
from khorgos_map.draw.measured import around_rows, compared_words, no_around
from khorgos_map.draw.totals import Choices, Row
from khorgos_map.export.measured_report import Around, Measured, Report
from khorgos_map.export.measured_words import signed
from khorgos_map.measure.measurement import Measurement
from khorgos_map.measure.units import AreaUnit
from khorgos_map.text import Catalogue

_OFF_WITHOUT_ZOOM_M = 10.0
_AREA_UNITS: tuple[AreaUnit, ...] = ("ha", "mu", "km2")


@dataclass(frozen=True)
class Block:
    """What the sheet says of one sketch: the letter of its points and its title, both empty if it is alone.

    ``sizes`` are the whole and its shares, which belong below each other, ``others`` all other totals. Two
    published areas go beside each other in ``compared``; ``notes`` are lines below. ``off_m`` is how far off each
    point may be: 0 not at all, ``None`` not known. ``asked`` is as it was asked for, ``around`` what lies around.
    """

    mark: str
    title: str
    measurement: Measurement
    around: Around | None
    sizes: Sequence[Row]
    others: Sequence[Row]
    compared: Sequence[str]
    notes: Sequence[str]
    off_m: float | None
    asked: Choices

    @property
    def rows(self) -> int:
        """How many rows its title, totals and notes take."""
        totals_rows = max(len(self.sizes), len(self.others))
        return (2 if self.title else 0) + totals_rows + math.ceil(len(self.compared) / 2) + len(self.notes)


def sheet_blocks(report: Report, off_m: Sequence[float | None], atlas: Atlas) -> Iterator[Block]:
    """Yield what is said of each sketch, with how far off its points may be in metres, as in `Block.off_m`."""
    alone = len(report.sketches) == 1
    for place, (sketch, each_m) in enumerate(zip(report.sketches, off_m, strict=True)):
        measured = sketch.measurement
        mark = "" if alone else _letters(place)
        sizes, others = _totals(sketch, report, each_m, atlas)
        yield Block(
            mark=mark,
            title="" if alone else f"{mark} · {sketch.title}",
            measurement=measured,
            around=sketch.around,
            sizes=sizes,
            others=others,
            compared=compared_words(measured, atlas, report.text),
            notes=list(_notes(sketch, report)),
            off_m=each_m,
            asked=report.asked,
        )


def _letters(place: int) -> str:
    """Return A, B to Z, then AA, AB and so on."""
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _totals(
    sketch: Measured, report: Report, off_m: float | None, atlas: Atlas
) -> tuple[list[Row], list[Row]]:
    """Return the whole with its shares, and what else there is to say of the size."""
    measured, text = sketch.measurement, report.text
    sizes, others = totals.point_rows(measured, text), list[Row]()
    choices = signed(measured, report.asked, pixel_m=_OFF_WITHOUT_ZOOM_M if off_m is None else off_m)
    if measured.kind != "points" and not totals.is_unfinished(measured):
        length = totals.length_rows(measured, text, choices)
        units = dict.fromkeys((choices.area, *_AREA_UNITS))
        area = totals.area_rows(measured, text, *units, pixel_m=choices.pixel_m)
        sizes, others = [*(area or length), *totals.share_rows(measured, text, choices)], sizes
        others += [*(length if area else ()), *totals.sphere_rows(measured, text, choices)]
        others += _off_rows(measured, text, choices, known=off_m is not None)
    if sketch.around:
        shorter = others if len(others) < len(sizes) else sizes
        shorter += around_rows(measured, sketch.around.geometry, atlas.land, text, choices)
    return sizes, others


def _off_rows(measured: Measurement, text: Catalogue, choices: Choices, *, known: bool) -> list[Row]:
    off = totals.off_by(measured, text, choices) if choices.pixel_m else None
    if not off:
        return []
    each = quantities.length(choices.pixel_m, text, like=choices.pixel_m)
    return [(text("measure.click", pixel=each) if known else text("sheet.off", distance=each), off)]


def _notes(sketch: Measured, report: Report) -> Iterator[str]:
    """Yield why there is no area, or nothing around, where one could expect it."""
    measured, text = sketch.measurement, report.text
    if totals.is_unfinished(measured):
        yield text("measure.unfinished")
    if measured.self_crossing:
        yield text("measure.self_crossing")
    if report.asked.around_m and not sketch.around:
        yield no_around(text, report.asked)
