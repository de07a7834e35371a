"""GPX: waypoints, routes and tracks. The format is WGS 84 by its own rules."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from khorgos_map.measure.upload.crs import WGS84
from khorgos_map.measure.upload.numbers import number
from khorgos_map.measure.upload.records import Layer, Read, Row, Taken
from khorgos_map.measure.upload.words import clean, words_of
from khorgos_map.measure.upload.xml import Walk, child_text, walk

_LAYERS = {"wpt": "waypoints", "rte": "routes", "trk": "tracks"}
_WORDS = ("desc", "cmt", "type", "sym", "src", "number", "time")
_NO_HEIGHT = float("nan")


def read_gpx(data: bytes, taken: Taken) -> Read:
    """Return waypoints as points, routes as lines, tracks as lines or, with several segments, multiple lines.

    A track or route with times has its first and last as the properties ``time_begin`` and ``time_end``.
    """
    found = _Features(taken)
    walk(data, found)
    layer = Layer(found.geometries, found.rows, WGS84)
    return Read("GPX", (layer,), (), found.left_out, tuple(found.left_out_in))


class _Features(Walk):
    containers = frozenset({"gpx", "rte", "trk", "trkseg"})

    def __init__(self, taken: Taken) -> None:
        super().__init__()
        self._taken = taken
        self.geometries: list[BaseGeometry | None] = []
        self.rows: list[Row] = []
        self.left_out = 0
        self.left_out_in: list[int] = []
        self._begin()

    def _begin(self) -> None:
        self._words: dict[str, str] = {}
        self._times = ["", ""]
        self._parts: list[array[float]] = []
        self._bad = 0

    def entered(self, name: str) -> None:
        if name in ("rte", "trk"):
            self._begin()
        if name in ("rte", "trkseg"):
            self._parts.append(array("d"))

    def left(self, name: str) -> None:
        if name in ("rte", "trk"):
            begin, end = self._times
            if begin:
                self._words |= {"time_begin": begin, "time_end": end}
            self._add(name, self._line(), self._words)

    def take(self, element: Element) -> None:
        parent = self.path[-1] if self.path else ""
        if element.tag == "wpt":
            self._bad = 0
            position = self._position(element)
            words = {word: child_text(element, word) for word in ("name", *_WORDS)}
            self._add("wpt", Point(position) if position else None, words)
        elif element.tag in ("rtept", "trkpt") and self._parts:
            position = self._position(element)
            if position:
                self._parts[-1].extend(position if len(position) == 3 else (*position, _NO_HEIGHT))
            if time := child_text(element, "time"):
                self._times = [self._times[0] or time, time]
        elif parent in ("rte", "trk") and element.tag in ("name", *_WORDS):
            self._words.setdefault(element.tag, element.text or "")

    def _position(self, element: Element) -> tuple[float, ...] | None:
        self._taken.take_positions(1)
        lon, lat = number(element.get("lon", "")), number(element.get("lat", ""))
        if lon is None or lat is None:
            self._bad += 1
            return None
        ele = child_text(element, "ele")
        height = number(ele) if ele else None
        return (lon, lat) if height is None else (lon, lat, height)

    def _line(self) -> BaseGeometry | None:
        """Return the parts with two positions and more as one line; empty without any, None if all are too short."""
        parts = [np.frombuffer(part).reshape(-1, 3) for part in self._parts if part]
        lines = [LineString(_level(part)) for part in parts if len(part) > 1]
        if not lines:
            return None if parts or self._bad else LineString()
        return lines[0] if len(lines) == 1 else MultiLineString(lines)

    def _add(self, kind: str, geometry: BaseGeometry | None, words: Mapping[str, str]) -> None:
        self._taken.take_shapes()
        self.geometries.append(geometry)
        properties = self._taken.take_properties(
            words_of((word, text) for word, text in words.items() if word != "name")
        )
        self.rows.append(Row(clean(words.get("name", "")), properties, _LAYERS[kind]))
        if self._bad:
            self.left_out += self._bad
            self.left_out_in.append(len(self.rows))


def _level(positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return positions with heights if any has one."""
    return positions[:, :2] if np.isnan(positions[:, 2]).all() else positions
