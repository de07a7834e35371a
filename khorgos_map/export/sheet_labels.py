"""Words on the map of a measurement sheet: beside a place or inside an area, none over another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from khorgos_map.export.sheet_frame import Box
from khorgos_map.export.sheet_paper import Paper, Place

_HALO = "fffdf6"
# millimetres between a place and its label, and between the label and others
_GAP, _CLEAR = 1.1, 0.5
# of the height of letters: how far a line of text reaches above and below its base line
_ABOVE, _BELOW = 0.85, 0.2
_MM_PER_PT = 0.36
# across and down, how many spots inside an area are tried
_SPOTS = 15
# to the right and down, in widths and heights of the label
_CORNERS = ((1, -1), (-1, -1), (1, 1), (-1, 1), (1, 0), (-1, 0), (0, -1), (0, 1))


class Labels:
    """Where words are already, so that none covers another; places are millimetres on the page."""

    def __init__(self, paper: Paper, window: Box) -> None:
        self._paper = paper
        self._window = box(window.left, window.top, window.right, window.bottom)
        self._taken: list[BaseGeometry] = []

    def take(self, room: BaseGeometry) -> None:
        """Keep a rectangle free."""
        self._taken.append(room)

    def is_free(self, room: BaseGeometry) -> bool:
        """Tell whether a rectangle is in the window, and nothing in it is kept free or written."""
        return self._window.contains(room) and not any(room.intersects(other) for other in self._taken)

    def beside(
        self, place: Place, text: str, *, size_pt: float, colour: str, off: Sequence[Sequence[BaseGeometry]]
    ) -> bool:
        """Write a text beside a place, if there is room round it, and tell whether it was written.

        It keeps off all geometries of the first row of ``off`` that leaves it room.
        """
        rooms = [room for room in self._rooms(place, text, size_pt) if self.is_free(room)]
        for kept_off, room in product(off, rooms):
            if not any(room.intersects(one) for one in kept_off):
                self._paper.area(room, fill=_HALO, opacity=0.6)
                self._write(room, text, size_pt, colour)
                return True
        return False

    def inside(
        self,
        area: BaseGeometry,
        text: str,
        *,
        size_pt: float,
        colour: str,
        off: Sequence[Sequence[BaseGeometry]],
    ) -> bool:
        """Write a text inside an area, as near its middle as there is room, and tell whether it was written.

        It keeps off all geometries of the first row of ``off`` that leaves it room.
        """
        width, height = self._size(text, size_pt)
        outlines = MultiPolygon([part for part in shapely.get_parts(area) if isinstance(part, Polygon)])
        rooms = [
            room
            for x, y in _spots(outlines)
            if outlines.contains((room := _box(x, y, width, height)).buffer(_GAP))
            and self.is_free(room.buffer(_GAP))
        ]
        for kept_off, room in product(off, rooms):
            if not any(room.buffer(_GAP).intersects(one) for one in kept_off):
                self._write(room, text, size_pt, colour)
                return True
        return False

    def _rooms(self, place: Place, text: str, size_pt: float) -> Iterator[BaseGeometry]:
        """Yield the rectangles round a place that a text can stand in, the best one first."""
        (width, height), (x, y) = self._size(text, size_pt), place
        for right, down in _CORNERS:
            left = x + (right - 1) * width / 2 + right * _GAP
            # beside the place a label stands a little higher or lower, over or under it clear of it
            top = y + (down - 1) * height / 2 + down * (_GAP if not right else 0.25 * height)
            yield box(left, top, left + width, top + height)

    def _size(self, text: str, size_pt: float) -> Place:
        return self._paper.width(text, size_pt), (_ABOVE + _BELOW) * _MM_PER_PT * size_pt

    def _write(self, room: BaseGeometry, text: str, size_pt: float, colour: str) -> None:
        left, _, _, bottom = room.bounds
        base = bottom - _BELOW * _MM_PER_PT * size_pt
        self._paper.text((left, base), text, size_pt=size_pt, colour=colour)
        self.take(room.buffer(_CLEAR))


def _box(x: float, y: float, width: float, height: float) -> BaseGeometry:
    return box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _spots(area: MultiPolygon) -> Iterator[Place]:
    """Yield places all over an area, those nearest to the middle of its widest part first."""
    if not area.area:
        return
    shapely.prepare(area)
    left, top, right, bottom = area.bounds
    middle = shapely.get_point(shapely.maximum_inscribed_circle(area), 0)
    x, y = np.meshgrid(np.linspace(left, right, _SPOTS), np.linspace(top, bottom, _SPOTS))
    spots = np.column_stack([np.append(middle.x, x), np.append(middle.y, y)])
    nearest = np.argsort(np.hypot(*(spots - (middle.x, middle.y)).T), kind="stable")
    for spot in spots[nearest]:
        yield float(spot[0]), float(spot[1])
