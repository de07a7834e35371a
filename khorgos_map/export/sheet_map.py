"""The map on a measurement sheet: what the map knows of the ground, and the sketches on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import geometry_of
from khorgos_map.atlas.records import Feature
from khorgos_map.draw.measured import course
from khorgos_map.draw.words import number
from khorgos_map.export.sheet_frame import Box, Frame, Tick, frame_of
from khorgos_map.export.sheet_paper import Paper, Place
from khorgos_map.measure.measurement import Measurement
from khorgos_map.text import Catalogue

# as in the style sheet of the page, light
_UNKNOWN, _LAKE, _LAKE_EDGE, _ROAD, _QUIET = "cfc8ba", "cfe0e8", "9db9c7", "b3a48f", "b5aa9c"
_LAND = {"KZ": "fcf9ee", "CN": "ebe4d5"}
_HALO = "fffdf6"
_BORDER, _ZONE, _INK, _SOFT, _SKETCH, _WHITE = "2a2330", "5f5f68", "1c2329", "56606a", "d4006a", "ffffff"
_MAJOR_ROADS, _ZONES, _PLACES, _BORDERS = "roads", "zones", "places", "border"
_MOST_NUMBERS = 60
_SMALLEST_NAMED_MM2 = 40.0
_LABEL_PT, _NUMBER_PT, _TICK_PT = 6.5, 6.0, 5.5
_DASHED = (1.2, 0.8)


class _Labels:
    """Where words are already, so that none covers another."""

    def __init__(self, paper: Paper, window: Box) -> None:
        self._paper = paper
        self._window = box(window.left, window.top, window.right, window.bottom)
        self._taken: list[BaseGeometry] = []

    def take(self, left: float, top: float, right: float, bottom: float) -> None:
        """Keep a rectangle free."""
        self._taken.append(box(left, top, right, bottom))

    def is_free(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Tell whether nothing is kept free or written in a rectangle."""
        return not any(box(left, top, right, bottom).intersects(other) for other in self._taken)

    def write(self, place: Place, text: str, *, size_pt: float, colour: str) -> bool:
        """Write a text beside a place if there is room in one of four corners round it."""
        width, height, gap = self._paper.width(text, size_pt), 0.36 * size_pt, 1.1
        for to_right, below in ((True, False), (False, False), (True, True), (False, True)):
            left = place[0] + (gap if to_right else -gap - width)
            base = place[1] + (gap + 0.75 * height if below else -gap + 0.2 * height)
            room = box(left, base - 0.85 * height, left + width, base + 0.2 * height)
            if self._window.contains(room) and not any(room.intersects(other) for other in self._taken):
                self._paper.area(room, fill=_HALO, opacity=0.6)
                self._paper.text((left, base), text, size_pt=size_pt, colour=colour)
                self._taken.append(room.buffer(0.5))
                return True
        return False


def draw_map(
    paper: Paper, window: Box, sketches: Sequence[tuple[str, Measurement]], atlas: Atlas, text: Catalogue
) -> Frame:
    """Draw the ground and the sketches into a window of the page, and return the frame that was chosen.

    With each sketch comes what the numbers of its points begin with.
    """
    courses = [course(measured) for _, measured in sketches]
    frame = frame_of([position for way in courses for position in way], window)
    edge = box(window.left, window.top, window.right, window.bottom)
    labels = _Labels(paper, window)
    paper.area(edge, fill=_UNKNOWN)
    _draw_ground(paper, frame, atlas)
    _draw_furniture(paper, frame, labels, text)
    for (_, measured), way in zip(sketches, courses, strict=True):
        _draw_sketch(paper, frame, measured, way)
    for mark, measured in sketches:
        _number_points(frame, labels, measured, mark)
    _name_places(paper, frame, labels, atlas, text)
    paper.line(edge, colour=_INK, width=0.3)
    return frame


def _draw_ground(paper: Paper, frame: Frame, atlas: Atlas) -> None:
    for feature in atlas.basemap.get("land", ()):
        paper.area(frame.drawn(geometry_of(feature)), fill=_LAND.get(str(feature.properties.side), _UNKNOWN))
    for feature in atlas.basemap.get("lakes", ()):
        lake = frame.drawn(geometry_of(feature))
        paper.area(lake, fill=_LAKE)
        paper.line(lake, colour=_LAKE_EDGE, width=0.15)
    for feature in atlas.basemap.get("boundaries", ()):
        paper.line(frame.drawn(geometry_of(feature)), colour=_QUIET, width=0.25, dash=_DASHED)
    for feature in atlas.basemap.get(_MAJOR_ROADS, ()):
        paper.line(frame.drawn(geometry_of(feature)), colour=_ROAD, width=0.4)
    for zone in _zones(atlas):
        paper.line(frame.drawn(geometry_of(zone)), colour=_ZONE, width=0.25, dash=_DASHED)
    for border in atlas.features.get(_BORDERS, ()):
        paper.line(frame.drawn(geometry_of(border)), colour=_BORDER, width=0.45, dash=(2.5, 0.8, 0.5, 0.8))


def _zones(atlas: Atlas) -> list[Feature]:
    return [feature for feature in atlas.features.get(_ZONES, ()) if feature.properties.kind == "zone"]


def _draw_sketch(paper: Paper, frame: Frame, measured: Measurement, way: list[tuple[float, float]]) -> None:
    on_paper = frame.places(way)
    on_paper = on_paper[np.isfinite(on_paper).all(axis=1)]
    window = box(frame.box.left, frame.box.top, frame.box.right, frame.box.bottom)
    if measured.kind == "area" and len(on_paper) > 3 and not measured.self_crossing:
        paper.area(
            shapely.intersection(shapely.make_valid(Polygon(on_paper)), window), fill=_SKETCH, opacity=0.15
        )
    if measured.kind != "points" and len(on_paper) > 1:
        paper.line(shapely.intersection(LineString(on_paper), window), colour=_SKETCH, width=0.6)
    radius = 0.8 if len(measured.positions) <= _MOST_NUMBERS else 0.3
    for place in _seen(frame, measured):
        paper.dot(place, radius=radius, fill=_WHITE, edge=_SKETCH)


def _seen(frame: Frame, measured: Measurement) -> list[Place]:
    return [(float(x), float(y)) for x, y in frame.places(measured.positions) if np.isfinite((x, y)).all()]


def _number_points(frame: Frame, labels: _Labels, measured: Measurement, mark: str) -> None:
    """Write numbers beside points, the ends first: where there is no room, those between go without."""
    places = _seen(frame, measured)
    last = len(places) - 1
    order = [0, last, *range(1, last)] if last else [0]
    for i in order if len(places) <= _MOST_NUMBERS else order[:2]:
        labels.write(places[i], f"{mark}{i + 1}", size_pt=_NUMBER_PT, colour=_SKETCH)


def _name_places(paper: Paper, frame: Frame, labels: _Labels, atlas: Atlas, text: Catalogue) -> None:
    for feature in atlas.features.get(_PLACES, ()):
        place = frame.drawn(geometry_of(feature))
        if isinstance(place, Point) and not place.is_empty:
            name = feature.properties.name.in_language(text.code)[0]
            if labels.write((place.x, place.y), name, size_pt=_LABEL_PT, colour=_INK):
                paper.dot((place.x, place.y), radius=0.5, fill=_INK, edge=_WHITE)
    for feature in _zones(atlas):
        zone = frame.drawn(geometry_of(feature))
        if zone.area > _SMALLEST_NAMED_MM2:
            name = feature.properties.name.in_language(text.code)[0]
            spot = zone.point_on_surface()
            labels.write((spot.x, spot.y), name, size_pt=_LABEL_PT, colour=_ZONE)


def _draw_furniture(paper: Paper, frame: Frame, labels: _Labels, text: Catalogue) -> None:
    window = frame.box
    left, base = window.left + 5, window.bottom - 5
    length_m, length_mm = frame.bar(left, base)
    paper.area(
        box(left - 2, base - 6, max(left + length_mm, left + 24) + 3, base + 2.5), fill=_WHITE, opacity=0.85
    )
    labels.take(left - 2, base - 6, max(left + length_mm, left + 24) + 3, base + 2.5)
    for part in range(4):
        begins = left + part * length_mm / 4
        paper.area(box(begins, base - 1, begins + length_mm / 4, base), fill=(_INK, _WHITE)[part % 2])
    paper.line(box(left, base - 1, left + length_mm, base), colour=_INK, width=0.15)
    whole = text(
        f"unit.{'km' if length_m >= 1000 else 'm'}",
        value=number(length_m / (1000 if length_m >= 1000 else 1), text),
    )
    paper.text((left, base - 2), whole, size_pt=_LABEL_PT)
    _draw_north(paper, window, labels)
    for tick in frame.ticks():
        _draw_tick(paper, window, labels, tick, text)


def _draw_tick(paper: Paper, window: Box, labels: _Labels, tick: Tick, text: Catalogue) -> None:
    x, y = tick.place
    degrees = f"{number(abs(round(tick.degrees, tick.digits)), text, decimals=tick.digits)}°"
    upper, left = y < window.top + 0.01, x < window.left + 0.01
    if tick.is_meridian:
        inward = 1.5 if upper else -1.5
        paper.line(LineString([(x, y), (x, y + inward)]), colour=_INK, width=0.2)
        label = text("sheet.east" if tick.degrees >= 0 else "sheet.west", degrees=degrees)
        width = paper.width(label, _TICK_PT)
        start = min(max(x - width / 2, window.left), window.right - width)
        paper.text((start, y - 0.8 if upper else y + 2.4), label, size_pt=_TICK_PT, colour=_SOFT)
    else:
        paper.line(LineString([(x, y), (x + (1.5 if left else -1.5), y)]), colour=_INK, width=0.2)
        label = text("sheet.north" if tick.degrees >= 0 else "sheet.south", degrees=degrees)
        width = paper.width(label, _TICK_PT)
        start = x + 2 if left else x - 2 - width
        room = (start, y - 0.8, start + width, y + 1.0)
        if labels.is_free(*room):
            labels.take(*room)
            paper.text((start, y + 0.7), label, size_pt=_TICK_PT, colour=_SOFT)


def _draw_north(paper: Paper, window: Box, labels: _Labels) -> None:
    x, top = window.right - 8, window.top + 5
    paper.area(box(x - 4, top - 1.5, x + 4, top + 13), fill=_WHITE, opacity=0.85)
    labels.take(x - 4, top - 1.5, x + 4, top + 13)
    paper.area(Polygon([(x, top), (x + 2, top + 8), (x, top + 6.5)]), fill=_INK)
    paper.line(Polygon([(x, top), (x - 2, top + 8), (x, top + 6.5)]), colour=_INK, width=0.2)
    paper.text((x - paper.width("N", 7) / 2, top + 11.5), "N", size_pt=7)
