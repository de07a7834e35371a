"""KML: placemarks with all their geometry. The format is WGS 84 by its own rules; links are not followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

from shapely import GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from khorgos_map.errors import Note
from khorgos_map.measure.upload.crs import WGS84
from khorgos_map.measure.upload.numbers import number
from khorgos_map.measure.upload.records import Layer, Read, UploadError
from khorgos_map.measure.upload.words import clean, words_of
from khorgos_map.measure.upload.xml import child_text, tag

_Positions = list[tuple[float, ...]]


def read_kml(root: Element) -> Read:
    """Return the placemarks of a KML document, in folders however deep; raises `UploadError` for other XML."""
    if tag(root) != "kml":
        raise UploadError("upload.error.unknown")
    placemarks = [element for element in root.iter() if tag(element) == "Placemark"]
    layer = Layer(
        [_geometry(placemark) for placemark in placemarks],
        [clean(child_text(placemark, "name")) for placemark in placemarks],
        [words_of(_words(placemark)) for placemark in placemarks],
        WGS84,
    )
    links = sum(tag(element) == "NetworkLink" for element in root.iter())
    return Read("KML", (layer,), (Note("upload.links", {"count": links}),) if links else ())


def _own(placemark: Element) -> Iterator[Element]:
    """Return what is in a placemark, but not what is in another one inside it: each geometry has one placemark."""
    waiting = [placemark]
    while waiting:
        element = waiting.pop()
        yield element
        waiting.extend(child for child in reversed(element) if tag(child) != "Placemark")


def _words(placemark: Element) -> Iterator[tuple[object, object]]:
    yield "description", child_text(placemark, "description")
    for element in _own(placemark):
        if tag(element) == "SimpleData":
            yield element.get("name"), element.text
        elif tag(element) == "Data":
            yield element.get("name"), child_text(element, "value")


def _geometry(placemark: Element) -> BaseGeometry | None:
    """Return the geometry of a placemark, several of one kind as one; None if any of it is broken."""
    try:
        parts = [part for part in _parts(placemark) if not part.is_empty]
    except (ValueError, GEOSException):  # too few positions, or words instead of numbers
        return None
    if len(parts) < 2:
        return parts[0] if parts else Point()
    kinds = {type(part) for part in parts}
    together: dict[type[BaseGeometry], Callable[[Any], BaseGeometry]] = {
        Point: MultiPoint,
        LineString: MultiLineString,
        Polygon: MultiPolygon,
    }
    return together[kinds.pop()](parts) if len(kinds) == 1 else GeometryCollection(parts)


def _parts(placemark: Element) -> Iterator[BaseGeometry]:
    in_polygons: set[int] = set()
    for element in _own(placemark):
        kind = tag(element)
        if kind == "Polygon":
            in_polygons.update(id(inner) for inner in element.iter() if tag(inner) == "LinearRing")
            yield _polygon(element)
        elif kind == "Point":
            positions = _coordinates(element)
            yield Point(positions[0]) if positions else Point()
        elif kind == "LineString" or (kind == "LinearRing" and id(element) not in in_polygons):
            yield LineString(_coordinates(element))
        elif kind == "Track":
            yield LineString(
                _level([_position(child.text, None) for child in element if tag(child) == "coord"])
            )


def _polygon(element: Element) -> BaseGeometry:
    outer: list[_Positions] = []
    inner: list[_Positions] = []
    for boundary in element:
        kind = tag(boundary)
        if kind in ("outerBoundaryIs", "innerBoundaryIs"):
            rings = [_coordinates(ring) for ring in boundary if tag(ring) == "LinearRing"]
            (outer if kind == "outerBoundaryIs" else inner).extend(rings)
    return Polygon(outer[0], inner) if outer else Polygon()


def _coordinates(element: Element) -> _Positions:
    return _level([_position(item, ",") for item in child_text(element, "coordinates").split()])


def _level(positions: _Positions) -> _Positions:
    """Return positions with heights in all or, as one geometry needs, in none."""
    return positions if len({len(position) for position in positions}) < 2 else [p[:2] for p in positions]


def _position(text: str | None, separator: str | None) -> tuple[float, ...]:
    values = [number(value) for value in (text or "").split(separator)[:3]]
    found = tuple(value for value in values if value is not None)
    if len(found) != len(values) or len(found) < 2:
        raise ValueError(text)
    return found
