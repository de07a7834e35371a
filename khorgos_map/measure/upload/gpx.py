"""GPX: waypoints, routes and tracks. The format is WGS 84 by its own rules."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from shapely import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from khorgos_map.measure.upload.crs import WGS84
from khorgos_map.measure.upload.numbers import number
from khorgos_map.measure.upload.records import Layer, Read
from khorgos_map.measure.upload.words import clean, words_of
from khorgos_map.measure.upload.xml import child_text, tag

_KINDS = ("wpt", "rte", "trk")
_WORDS = ("desc", "cmt", "type", "sym", "time")
_Position = tuple[float, float]


def read_gpx(root: Element) -> Read:
    """Return waypoints as points, routes as lines, tracks as lines or, with several segments, multiple lines."""
    features = [element for element in root if tag(element) in _KINDS]
    layer = Layer(
        [_geometry(feature) for feature in features],
        [clean(child_text(feature, "name")) for feature in features],
        [words_of((word, child_text(feature, word)) for word in _WORDS) for feature in features],
        WGS84,
        sum(any(tag(inner) == "ele" for inner in feature.iter()) for feature in features),
    )
    return Read("GPX", (layer,))


def _geometry(feature: Element) -> BaseGeometry | None:
    kind = tag(feature)
    if kind == "wpt":
        position = _position(feature)
        return Point(position) if position else None
    if kind == "rte":
        return _line([_points(feature, "rtept")])
    return _line([_points(segment, "trkpt") for segment in feature if tag(segment) == "trkseg"])


def _points(parent: Element, name: str) -> list[_Position] | None:
    """Return the positions below an element, None if one of them is no position."""
    positions = [_position(element) for element in parent if tag(element) == name]
    found = [position for position in positions if position is not None]
    return found if len(found) == len(positions) else None


def _line(parts: Sequence[list[_Position] | None]) -> BaseGeometry | None:
    """Return the parts with two positions and more as one line; empty without any, None if one is broken."""
    known = [part for part in parts if part is not None]
    lines = [LineString(part) for part in known if len(part) > 1]
    if len(known) < len(parts) or (not lines and any(known)):
        return None
    if len(lines) < 2:
        return lines[0] if lines else LineString()
    return MultiLineString(lines)


def _position(element: Element) -> _Position | None:
    lon, lat = number(element.get("lon", "")), number(element.get("lat", ""))
    return None if lon is None or lat is None else (lon, lat)
