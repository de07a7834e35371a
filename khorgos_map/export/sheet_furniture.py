"""What lies on the map of a measurement sheet besides the map: scale bar, north, key, and the ticks of its edge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from khorgos_map.draw.words import number
from khorgos_map.export.sheet_frame import Box, Frame, Tick
from khorgos_map.export.sheet_labels import Labels
from khorgos_map.export.sheet_paper import INK, SOFT, WHITE, Paper
from khorgos_map.text import Catalogue

_TEXT_PT, _TICK_PT = 6.5, 5.5
_GROUND = 0.85
_KEY_ROW, _SWATCH = 3.8, 5.0


@dataclass(frozen=True)
class Swatch:
    """How an area is filled and edged, and what that means."""

    fill: str
    opacity: float
    dash: tuple[float, ...]
    words: str


def draw_furniture(
    paper: Paper, frame: Frame, labels: Labels, text: Catalogue, swatches: Sequence[Swatch]
) -> None:
    """Draw the scale bar, the arrow to the north, the key of so many swatches and the ticks of the edge."""
    _draw_bar(paper, frame, labels, text)
    _draw_north(paper, frame.box, labels, text)
    if swatches:
        _draw_key(paper, frame.box, labels, swatches)
    for tick in frame.ticks():
        _draw_tick(paper, frame.box, labels, tick, text)


def _clear(paper: Paper, labels: Labels, room: BaseGeometry) -> None:
    paper.area(room, fill=WHITE, opacity=_GROUND)
    labels.take(room)


def _draw_bar(paper: Paper, frame: Frame, labels: Labels, text: Catalogue) -> None:
    left, base = frame.box.left + 5, frame.box.bottom - 5
    length_m, length_mm = frame.bar(left, base)
    if not math.isfinite(length_mm):
        # the corner of a map of the whole earth shows none of it
        return
    _clear(paper, labels, shapely.box(left - 2, base - 6, left + max(length_mm, 24) + 3, base + 2.5))
    for part in range(4):
        begins = left + part * length_mm / 4
        paper.area(shapely.box(begins, base - 1, begins + length_mm / 4, base), fill=(INK, WHITE)[part % 2])
    paper.line(shapely.box(left, base - 1, left + length_mm, base), colour=INK, width=0.15)
    whole = text(
        f"unit.{'km' if length_m >= 1000 else 'm'}",
        value=number(length_m / (1000 if length_m >= 1000 else 1), text),
    )
    paper.text((left, base - 2), whole, size_pt=_TEXT_PT)


def _draw_north(paper: Paper, window: Box, labels: Labels, text: Catalogue) -> None:
    x, top, letter = window.right - 8, window.top + 5, text("sheet.arrow")
    _clear(paper, labels, shapely.box(x - 4, top - 1.5, x + 4, top + 13))
    paper.area(Polygon([(x, top), (x + 2, top + 8), (x, top + 6.5)]), fill=INK)
    paper.line(Polygon([(x, top), (x - 2, top + 8), (x, top + 6.5)]), colour=INK, width=0.2)
    paper.text((x - paper.width(letter, 7) / 2, top + 11.5), letter, size_pt=7)


def _draw_key(paper: Paper, window: Box, labels: Labels, swatches: Sequence[Swatch]) -> None:
    width = _SWATCH + 2 + max(paper.width(swatch.words, _TEXT_PT) for swatch in swatches)
    left, top = window.right - 5 - width, window.bottom - 4.5 - _KEY_ROW * len(swatches)
    _clear(paper, labels, shapely.box(left - 2, top - 0.5, window.right - 3, window.bottom - 2.5))
    for place, swatch in enumerate(swatches):
        upper = top + 0.7 + place * _KEY_ROW
        sample = shapely.box(left, upper, left + _SWATCH, upper + 2.6)
        paper.area(sample, fill=swatch.fill, opacity=swatch.opacity)
        paper.line(sample, colour=swatch.fill, width=0.35, dash=swatch.dash)
        paper.text((left + _SWATCH + 2, upper + 2.1), swatch.words, size_pt=_TEXT_PT)


def _draw_tick(paper: Paper, window: Box, labels: Labels, tick: Tick, text: Catalogue) -> None:
    x, y = tick.place
    degrees = f"{number(abs(round(tick.degrees, tick.digits)), text, decimals=tick.digits)}°"
    upper, left = y < window.top + 0.01, x < window.left + 0.01
    if tick.is_meridian:
        inward = 1.5 if upper else -1.5
        paper.line(LineString([(x, y), (x, y + inward)]), colour=INK, width=0.2)
        label = text("sheet.east" if tick.degrees >= 0 else "sheet.west", degrees=degrees)
        width = paper.width(label, _TICK_PT)
        start = min(max(x - width / 2, window.left), window.right - width)
        paper.text((start, y - 0.8 if upper else y + 2.4), label, size_pt=_TICK_PT, colour=SOFT)
    else:
        paper.line(LineString([(x, y), (x + (1.5 if left else -1.5), y)]), colour=INK, width=0.2)
        label = text("sheet.north" if tick.degrees >= 0 else "sheet.south", degrees=degrees)
        width = paper.width(label, _TICK_PT)
        start = x + 2 if left else x - 2 - width
        room = shapely.box(start, y - 0.8, start + width, y + 1.0)
        if labels.is_free(room):
            labels.take(room)
            paper.text((start, y + 0.7), label, size_pt=_TICK_PT, colour=SOFT)
