"""Words on the map of a measurement sheet: beside a place or inside an area, none over another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from khorgos_map.export.sheet_frame import Box
from khorgos_map.export.sheet_paper import Paper, Place
from khorgos_map.geodesy import Positions

_HALO = "fffdf6"
# millimetres between a place and its label, and between the label and others
_GAP, _CLEAR = 1.1, 0.5
# of the height of letters: how far a line of text reaches above and below its base line
_ABOVE, _BELOW = 0.85, 0.2
_MM_PER_PT = 0.36
# across and down, how many spots inside an area are tried
_SPOTS = 15
# sides of a quarter of a round corner
_ROUND = 16
# to the right and down, in widths and heights of the label
_CORNERS = ((1, -1), (-1, -1), (1, 1), (-1, 1), (1, 0), (-1, 0), (0, -1), (0, 1))
_Rooms = NDArray[Any]


class Labels:
    """Where words are already, so that none covers another; places are millimetres on the page."""

    def __init__(self, paper: Paper, window: Box) -> None:
        self._paper = paper
        self._window = shapely.box(window.left, window.top, window.right, window.bottom)
        shapely.prepare(self._window)
        self._taken: list[BaseGeometry] = []

    def take(self, room: BaseGeometry) -> None:
        """Keep a rectangle free."""
        self._taken.append(room)

    def is_free(self, room: BaseGeometry) -> bool:
        """Tell whether a rectangle is in the window, and nothing in it is kept free or written."""
        return len(self._free(np.array([room]))) > 0

    def _free(self, rooms: _Rooms) -> NDArray[np.intp]:
        """Return which rectangles are in the window, with nothing in them kept free or written."""
        inside = np.flatnonzero(shapely.contains(self._window, rooms))
        taken = np.array(self._taken, dtype=object)
        covered = shapely.intersects(rooms[inside, np.newaxis], taken).any(axis=1)
        return inside[~covered]

    def beside(
        self, place: Place, text: str, *, size_pt: float, colour: str, off: Sequence[Sequence[BaseGeometry]]
    ) -> bool:
        """Write a text beside a place, if there is room round it, and tell whether it was written.

        It keeps off all geometries of the first row of ``off`` that leaves it room.
        """
        rooms = np.array(list(self._rooms(place, text, size_pt)))
        rooms = rooms[self._free(rooms)]
        first = _first_off(rooms, off)
        if first is None:
            return False
        room = rooms[first]
        self._paper.area(room, fill=_HALO, opacity=0.6)
        self._write(room, text, size_pt, colour)
        return True

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
        parts = shapely.get_parts(area)
        outlines = shapely.multipolygons(parts[shapely.get_type_id(parts) == GeometryType.POLYGON])
        if not outlines.area:
            return False
        shapely.prepare(outlines)
        (width, height), (x, y) = self._size(text, size_pt), _spots(outlines).T
        rooms = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        wider = shapely.buffer(rooms, _GAP, quad_segs=_ROUND)
        fitting = np.flatnonzero(shapely.contains(outlines, wider))
        fitting = fitting[self._free(wider[fitting])]
        first = _first_off(wider[fitting], off)
        if first is None:
            return False
        self._write(rooms[fitting[first]], text, size_pt, colour)
        return True

    def _rooms(self, place: Place, text: str, size_pt: float) -> Iterator[BaseGeometry]:
        """Yield the rectangles round a place that a text can stand in, the best one first."""
        (width, height), (x, y) = self._size(text, size_pt), place
        for right, down in _CORNERS:
            left = x + (right - 1) * width / 2 + right * _GAP
            # beside the place a label stands a little higher or lower, over or under it clear of it
            top = y + (down - 1) * height / 2 + down * (_GAP if not right else 0.25 * height)
            yield shapely.box(left, top, left + width, top + height)

    def _size(self, text: str, size_pt: float) -> Place:
        return self._paper.width(text, size_pt), (_ABOVE + _BELOW) * _MM_PER_PT * size_pt

    def _write(self, room: BaseGeometry, text: str, size_pt: float, colour: str) -> None:
        left, _, _, bottom = room.bounds
        base = bottom - _BELOW * _MM_PER_PT * size_pt
        self._paper.text((left, base), text, size_pt=size_pt, colour=colour)
        self.take(room.buffer(_CLEAR))


def _first_off(rooms: _Rooms, off: Sequence[Sequence[BaseGeometry]]) -> int | None:
    """Return which rectangle keeps off all geometries of the first row of ``off`` that leaves any, the first one."""
    for kept_off in off:
        hit = np.zeros(len(rooms), dtype=bool)
        for one in kept_off:
            hit |= shapely.intersects(one, rooms)
        if not hit.all():
            return int(np.argmin(hit))
    return None


def _spots(area: MultiPolygon) -> Positions:
    """Return places all over an area, those nearest to the middle of its widest part first."""
    left, top, right, bottom = area.bounds
    middle = shapely.get_point(shapely.maximum_inscribed_circle(area), 0)
    x, y = np.meshgrid(np.linspace(left, right, _SPOTS), np.linspace(top, bottom, _SPOTS))
    spots = np.column_stack([np.append(middle.x, x), np.append(middle.y, y)])
    nearest = np.argsort(np.hypot(*(spots - (middle.x, middle.y)).T), kind="stable")
    return np.asarray(spots[nearest])
