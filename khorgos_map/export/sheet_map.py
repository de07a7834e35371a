"""The map on a measurement sheet: what the map knows of the ground, and the sketches on it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import shapely

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.records import Side
from khorgos_map.export.sheet_frame import Box, Frame, frame_of
from khorgos_map.export.sheet_furniture import Swatch, draw_furniture
from khorgos_map.export.sheet_ground import Ground, ground_of
from khorgos_map.export.sheet_labels import Labels
from khorgos_map.export.sheet_names import MOST_NUMBERS, Canvas, name_ground, number_points
from khorgos_map.export.sheet_paper import INK, SKETCH, WHITE, Paper
from khorgos_map.export.sheet_words import Block
from khorgos_map.measure.around import course
from khorgos_map.measure.measurement import Measurement
from khorgos_map.text import Catalogue

# as in the style sheets of the page, light
_UNKNOWN, _LAKE, _LAKE_EDGE, _ROAD, _QUIET = "cfc8ba", "cfe0e8", "9db9c7", "b3a48f", "b5aa9c"
_LAND = {"KZ": "fcf9ee", "CN": "ebe4d5"}
_CASING, _BORDER = "fffdf6", "2a2330"
_ZONE = {"KZ": ("0b5a8a", 0.28), "CN": ("e08a1e", 0.45), "both": ("5f5f68", 0.28)}
_ZONE_WORDS: dict[Side, str] = {"KZ": "legend.zone.KZ", "CN": "legend.zone.CN"}
_SMALLEST_TOLD_MM2 = 4.0
_DASHED, _DASHED_ZONE, _DASHED_AROUND = (1.2, 0.8), (1.5, 1.0), (1.0, 1.0)


def draw_map(paper: Paper, window: Box, blocks: Sequence[Block], atlas: Atlas, text: Catalogue) -> Frame:
    """Draw the ground and the sketches into a window of the page, and return the frame that was chosen."""
    courses = [course(block.measurement) for block in blocks]
    surroundings = [block.around.geometry for block in blocks if block.around]
    seen = [position for way in courses for position in way]
    seen += [(lon, lat) for lon, lat in shapely.get_coordinates(surroundings).tolist()]
    frame, labels = frame_of(seen, window), Labels(paper, window)
    paper.area(frame.window, fill=_UNKNOWN)
    ground = ground_of(frame, atlas)
    _draw_ground(paper, ground)
    draw_furniture(paper, frame, labels, text, _key(ground, text))
    for around in surroundings:
        paper.area(frame.drawn(around), fill=SKETCH, opacity=0.07)
        paper.line(frame.drawn(around.boundary), colour=SKETCH, width=0.35, dash=_DASHED_AROUND)
    for block, way in zip(blocks, courses, strict=True):
        _draw_sketch(paper, frame, block.measurement, way)
    lines = [frame.way(way) for block, way in zip(blocks, courses, strict=True) if block.measurement.legs]
    lines += [frame.drawn(around.boundary) for around in surroundings]
    drawn = shapely.union_all(lines)
    shapely.prepare(drawn)
    canvas = Canvas(paper, frame, labels, ground, text, drawn)
    number_points(canvas, blocks)
    name_ground(canvas)
    paper.line(frame.window, colour=INK, width=0.3)
    return frame


def _draw_ground(paper: Paper, ground: Ground) -> None:
    for side, land in ground.land:
        paper.area(land, fill=_LAND.get(side, _UNKNOWN))
    for lake in ground.lakes:
        paper.area(lake, fill=_LAKE)
        paper.line(lake, colour=_LAKE_EDGE, width=0.15)
    for boundary in ground.boundaries:
        paper.line(boundary, colour=_QUIET, width=0.25, dash=_DASHED)
    for road in ground.roads:
        paper.line(road, colour=_ROAD, width=0.4)
    for zone, area in ground.zones:
        colour, opacity = _ZONE[zone.properties.side]
        paper.area(area, fill=colour, opacity=opacity)
        paper.line(area, colour=colour, width=0.35, dash=_DASHED_ZONE)
    for border in ground.borders:
        paper.line(border, colour=_BORDER, width=0.45, dash=(2.5, 0.8, 0.5, 0.8))


def _key(ground: Ground, text: Catalogue) -> list[Swatch]:
    """Return what the colours of the zones mean, of those that the window shows."""
    seen_mm2 = {zone.properties.side: area.area for zone, area in ground.zones}
    if math.fsum(seen_mm2.values()) < _SMALLEST_TOLD_MM2:
        return []
    return [
        Swatch(*_ZONE[side], _DASHED_ZONE, text(words))
        for side, words in _ZONE_WORDS.items()
        if seen_mm2.get(side)
    ]


def _draw_sketch(paper: Paper, frame: Frame, measured: Measurement, way: list[tuple[float, float]]) -> None:
    line = frame.way(way)
    if measured.area_m2 and len(way) > 3:
        paper.area(frame.outlined(way), fill=SKETCH, opacity=0.14)
    if measured.legs:
        paper.line(line, colour=_CASING, width=1.3)
        paper.line(line, colour=SKETCH, width=0.6)
    radius = 0.8 if len(measured.positions) <= MOST_NUMBERS else 0.3
    for _, place in frame.points(measured.positions):
        paper.dot(place, radius=radius, fill=WHITE, edge=SKETCH)
