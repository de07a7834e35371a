"""KML: placemarks with all their geometry. The format is WGS 84 by its own rules; links are not followed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray
from shapely import GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from khorgos_map.errors import Note
from khorgos_map.measure.upload.crs import WGS84
from khorgos_map.measure.upload.numbers import number
from khorgos_map.measure.upload.records import Layer, Read, Row, Taken
from khorgos_map.measure.upload.words import clean, words_of
from khorgos_map.measure.upload.xml import Walk, child_text, walk

_Positions = NDArray[np.float64]
# so many positions are read at once
_PIECE = 10_000
# what numpy reads as `number` does; a decimal comma cannot be told from one between coordinates
_PLAIN = re.compile(r"[-+.,\d\seE]*", re.ASCII)
_TIMES = {"TimeStamp": ("when",), "TimeSpan": ("begin", "end")}


def read_kml(data: bytes, taken: Taken) -> Read:
    """Return the placemarks of a KML document, each with its folders, however deep."""
    found = _Placemarks(taken)
    walk(data, found)
    notes = (Note("upload.links", {"count": found.links}),) if found.links else ()
    layer = Layer(found.geometries, found.rows, WGS84)
    return Read("KML", (layer,), notes, found.left_out, tuple(found.left_out_in))


class _Placemarks(Walk):
    containers = frozenset({"kml", "Document", "Folder"})

    def __init__(self, taken: Taken) -> None:
        super().__init__()
        self.geometries: list[BaseGeometry | None] = []
        self.rows: list[Row] = []
        self.links = self.left_out = 0
        self.left_out_in: list[int] = []
        self._taken = taken
        self._names: list[str] = []

    def entered(self, name: str) -> None:  # noqa: ARG002  # Walk's own
        self._names.append("")

    def left(self, name: str) -> None:  # noqa: ARG002  # Walk's own
        self._names.pop()

    def take(self, element: Element) -> None:
        if element.tag == "Placemark":
            for placemark in element.iter("Placemark"):
                self._add(placemark)
        elif element.tag == "name" and self._names and not self._names[-1]:
            self._names[-1] = clean(element.text or "")
        elif element.tag == "NetworkLink":
            self.links += 1

    def _add(self, placemark: Element) -> None:
        self._taken.take_shapes()
        parts = _Parts(self._taken)
        self.geometries.append(parts.geometry(placemark))
        properties = self._taken.take_properties(words_of(_words(placemark)))
        # the outermost folder is the file itself, which has its own name
        layer = " / ".join(name for name in self._names[2:] if name)
        name = clean(child_text(placemark, "name"))
        self.rows.append(Row(name, properties, layer, clean(placemark.get("id", "")) or None))
        if parts.left_out:
            self.left_out += parts.left_out
            self.left_out_in.append(len(self.rows))


def _own(placemark: Element) -> Iterator[Element]:
    """Return what is in a placemark, but not what is in another one inside it, nor what is in its polygons."""
    waiting = [*reversed(placemark)]
    while waiting:
        element = waiting.pop()
        if element.tag != "Placemark":
            yield element
            if element.tag != "Polygon":
                waiting.extend(reversed(element))


def _words(placemark: Element) -> Iterator[tuple[object, object]]:
    yield "description", child_text(placemark, "description")
    for element in _own(placemark):
        if element.tag == "SimpleData":
            yield element.get("name"), element.text
        elif element.tag == "Data":
            yield element.get("name"), child_text(element, "value")
        elif element.tag in _TIMES:
            for name in _TIMES[element.tag]:
                yield name, child_text(element, name)
        elif element.tag == "Track":
            times = [child.text or "" for child in element if child.tag == "when"]
            if times:
                yield "time_begin", times[0]
                yield "time_end", times[-1]


class _Parts:
    """The geometries of a placemark, and how many of their positions could not be read."""

    def __init__(self, taken: Taken) -> None:
        self._taken = taken
        self.left_out = 0

    def geometry(self, placemark: Element) -> BaseGeometry | None:
        """Return the geometry of a placemark, several of one kind as one; None if any of it is broken."""
        try:
            parts = [part for part in self._parts(placemark) if not part.is_empty]
        except (ValueError, GEOSException):  # too few positions
            return None
        if len(parts) < 2:
            return parts[0] if parts else None if self.left_out else Point()
        kinds = {type(part) for part in parts}
        together: dict[type[BaseGeometry], Callable[[Any], BaseGeometry]] = {
            Point: MultiPoint,
            LineString: MultiLineString,
            Polygon: MultiPolygon,
        }
        return together[kinds.pop()](parts) if len(kinds) == 1 else GeometryCollection(parts)

    def _parts(self, placemark: Element) -> Iterator[BaseGeometry]:
        for element in _own(placemark):
            if element.tag == "Polygon":
                yield self._polygon(element)
            elif element.tag == "Point":
                positions = self._coordinates(element)
                yield Point(positions[0]) if len(positions) else Point()
            elif element.tag in ("LineString", "LinearRing"):
                yield LineString(self._coordinates(element))
            elif element.tag == "Track":
                places = [",".join((child.text or "").split()) for child in element if child.tag == "coord"]
                yield LineString(self._positions(" ".join(places)))

    def _polygon(self, element: Element) -> BaseGeometry:
        outer: list[_Positions] = []
        inner: list[_Positions] = []
        for boundary in element:
            if boundary.tag in ("outerBoundaryIs", "innerBoundaryIs"):
                rings = [self._coordinates(ring) for ring in boundary if ring.tag == "LinearRing"]
                (outer if boundary.tag == "outerBoundaryIs" else inner).extend(rings)
        return Polygon(outer[0], inner) if outer and len(outer[0]) else Polygon()

    def _coordinates(self, element: Element) -> _Positions:
        return self._positions(child_text(element, "coordinates"))

    def _positions(self, text: str) -> _Positions:
        """Return the positions of a text that can be read, with heights if all have them."""
        commas = text.count(",")
        self._taken.take_positions(commas // 2)
        written = text.split()
        if any(
            one[0] == "," or one[-1] == "," for one in written
        ):  # "80, 44": blanks may stand beside a comma
            written = " ".join(written).replace(" ,", ",").replace(", ", ",").split()
        self._taken.take_positions(len(written) - commas // 2)
        if {one.count(",") for one in written} in ({1}, {2}) and _PLAIN.fullmatch(text):
            try:
                return np.concatenate(
                    [_numbers(written[at : at + _PIECE]) for at in range(0, len(written), _PIECE)]
                )
            except ValueError:  # "80,", or "1-2"
                pass
        read = [_position(one) for one in written]
        found = [position for position in read if position]
        self.left_out += len(read) - len(found)
        least = min((len(position) for position in found), default=2)
        return np.array([position[:least] for position in found]).reshape(-1, least)


def _numbers(written: list[str]) -> _Positions:
    return np.array(",".join(written).split(","), dtype=float).reshape(len(written), -1)


def _position(text: str) -> tuple[float, ...] | None:
    values = [number(value) for value in text.split(",")[:3]]
    found = tuple(value for value in values if value is not None)
    return found if len(found) == len(values) and len(found) > 1 else None
