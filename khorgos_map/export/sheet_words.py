"""What a measurement sheet says of each sketch: its title, totals and notes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from khorgos_map.atlas import Atlas
from khorgos_map.draw import quantities
from khorgos_map.draw.measured import compared_words, is_unfinished
from khorgos_map.draw.words import number
from khorgos_map.export.measured_report import Report
from khorgos_map.export.measured_words import country
from khorgos_map.measure.measurement import Measurement
from khorgos_map.measure.sides import Side
from khorgos_map.measure.uncertainty import area_uncertainty_m2, length_uncertainty_m
from khorgos_map.text import Catalogue

_OFF_WITHOUT_ZOOM_M = 10.0
_NOTHING = 1e-9


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
        totals = list(_totals(measured.measurement, report.text, each_m))
        notes = list(_notes(measured.measurement, atlas, report.text))
        yield Block(mark, title, measured.measurement, totals, notes, each_m)


def _letters(place: int) -> str:
    """Return A, B to Z, then AA, AB and so on."""
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _totals(measured: Measurement, text: Catalogue, off_m: float | None) -> Iterator[tuple[str, str]]:
    yield text("measure.points"), number(len(measured.positions), text)
    if is_unfinished(measured):
        return
    if measured.length_m is not None:
        yield text("measure.length"), length_words(measured.length_m, text)
    if measured.area_m2 is not None:
        values = [quantities.area(measured.area_m2, text, unit) for unit in ("ha", "mu", "km2")]
        yield text("measure.area"), " = ".join(values)
    if measured.perimeter_m is not None:
        yield text("measure.perimeter"), length_words(measured.perimeter_m, text)
    yield from _shares(measured, text)
    yield from _sphere(measured, text)
    yield from _doubt(measured, text, off_m)


def _notes(measured: Measurement, atlas: Atlas, text: Catalogue) -> Iterator[str]:
    """Yield what is said below the totals: why there is no area, or how large it is beside published ones."""
    if is_unfinished(measured):
        yield text("measure.unfinished")
    if measured.self_crossing:
        yield text("measured.crossing")
    if compared := compared_words(measured, atlas, text, zones_only=True):
        yield " · ".join(compared)


def length_words(length_m: float, text: Catalogue) -> str:
    """Return a length in metres below a kilometre and in kilometres above, to the same digits at any size."""
    return quantities.length(length_m, text, "km" if length_m >= 1000 else "m")


def _shares(measured: Measurement, text: Catalogue) -> Iterator[tuple[str, str]]:
    of_area = measured.area_by_country_m2
    shares: Mapping[Side, float] = measured.length_by_country_m if of_area is None else of_area
    for side, share in shares.items():
        # what the arithmetic leaves of nothing is not told
        if share > _NOTHING * sum(shares.values()):
            value = length_words(share, text) if of_area is None else quantities.area(share, text, "ha")
            yield country(side, text), value


def _sphere(measured: Measurement, text: Catalogue) -> Iterator[tuple[str, str]]:
    area, length = measured.sphere_difference_m2, measured.sphere_difference_m
    if area is not None:
        yield (
            text("measure.sphere"),
            f"{_sign(area)}{quantities.area(abs(area), text, 'ha', like=measured.area_m2)}",
        )
    elif length is not None:
        value = quantities.length(abs(length), text, like=_whole_m(measured))
        yield text("measure.sphere"), f"{_sign(length)}{value}"


def _whole_m(measured: Measurement) -> float | None:
    return measured.perimeter_m if measured.length_m is None else measured.length_m


def _sign(value: float) -> str:
    return "+" if value > 0 else "−" if value < 0 else ""


def _doubt(measured: Measurement, text: Catalogue, off_m: float | None) -> Iterator[tuple[str, str]]:
    if off_m == 0:
        return
    each_m = off_m or _OFF_WITHOUT_ZOOM_M
    area, length = area_uncertainty_m2(measured, each_m), length_uncertainty_m(measured, each_m)
    if area:
        value = quantities.area(area, text, "ha", like=measured.area_m2)
    elif length:
        value = quantities.length(length, text, like=_whole_m(measured))
    else:
        return
    each = quantities.length(each_m, text, like=each_m)
    yield text("measure.click", pixel=each) if off_m else text("sheet.off", distance=each), f"± {value}"
