"""Words on the map of a measurement sheet: numbers of points, names of places, zones and countries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import OTHER_SIDE
from khorgos_map.atlas.records import Feature
from khorgos_map.export.sheet_frame import Frame
from khorgos_map.export.sheet_ground import Ground
from khorgos_map.export.sheet_labels import Labels
from khorgos_map.export.sheet_paper import INK, SKETCH, SOFT, WHITE, Paper
from khorgos_map.export.sheet_words import Block
from khorgos_map.text import Catalogue, languages

# of more points than these only some have a number
MOST_NUMBERS = 60
_COUNTRIES = {"KZ": "side.KZ", "CN": "side.CN"}
_NAME_PT, _NUMBER_PT, _COUNTRY_PT = 6.5, 6.0, (11.0, 8.0)
# half the side of the square that is kept free round a point
_DOT = 0.8


@dataclass(frozen=True)
class Canvas:
    """What words are written on, in which language, and the lines that they had better not cover."""

    paper: Paper
    frame: Frame
    labels: Labels
    ground: Ground
    text: Catalogue
    lines: BaseGeometry

    @cached_property
    def land(self) -> dict[str, BaseGeometry]:
        """What the window shows of the land of each country."""
        land = {side: area for side, area in self.ground.land if side}
        shapely.prepare(list(land.values()))
        return land


def letters_of_names(atlas: Atlas) -> frozenset[str]:
    """Return the letters that names of features have, in any language."""
    properties = [feature.properties for feature in atlas.feature.values()]
    labels = [one.map_label for one in properties if one.map_label]
    names = (one.name.in_language(code)[0] for one in properties for code in languages())
    return frozenset().union(*names, *(label.in_language(code) for label in labels for code in languages()))


def number_points(canvas: Canvas, blocks: Sequence[Block]) -> None:
    """Write numbers beside points, the ends first, then the rounder ones, as far as there is room."""
    seen = [canvas.frame.points(block.measurement.positions) for block in blocks]
    for points in seen:
        for _, (x, y) in points:
            canvas.labels.take(shapely.box(x - _DOT, y - _DOT, x + _DOT, y + _DOT))
    clear = [canvas.lines, *(land.boundary for land in canvas.land.values())]
    for block, points in zip(blocks, seen, strict=True):
        step = 10 ** math.ceil(math.log10(max(len(points) / MOST_NUMBERS, 1)))
        between = [one for one in points[1:-1] if one[0] % step == 0]
        between.sort(key=lambda one: (one[0] % (10 * step) > 0, one[0] % (5 * step) > 0))
        for number, place in points[:1] + points[1:][-1:]:
            _number(canvas, place, f"{block.mark}{number}", [clear, []])
        for number, place in between:
            _number(canvas, place, f"{block.mark}{number}", [clear])


def _number(canvas: Canvas, place: tuple[float, float], words: str, off: list[list[BaseGeometry]]) -> None:
    canvas.labels.beside(place, words, size_pt=_NUMBER_PT, colour=SKETCH, off=off)


def name_ground(canvas: Canvas) -> None:
    """Write the names of places, of zones and of the two countries, each on its own side of the border."""
    for feature, spot in canvas.ground.places:
        _name_place(canvas, feature, (spot.x, spot.y))
    for zone, area in canvas.ground.zones:
        _name_zone(canvas, zone, area)
    tinted = [area for _, area in canvas.ground.zones]
    for side, key in _COUNTRIES.items():
        _name_country(canvas, side, canvas.text(key), [*tinted, *canvas.ground.roads, *canvas.ground.lakes])


def _name_place(canvas: Canvas, feature: Feature, place: tuple[float, float]) -> None:
    """Write the name of a place, off the sketches where there is room, and never in the other country."""
    name = feature.properties.name.in_language(canvas.text.code)[0]
    abroad = [land for side, land in canvas.land.items() if side == OTHER_SIDE.get(feature.properties.side)]
    off = [[*abroad, canvas.lines], abroad]
    if canvas.labels.beside(place, name, size_pt=_NAME_PT, colour=INK, off=off):
        canvas.paper.dot(place, radius=0.5, fill=INK, edge=WHITE)


def _name_zone(canvas: Canvas, zone: Feature, area: BaseGeometry) -> None:
    properties, code = zone.properties, canvas.text.code
    short = properties.map_label
    name = short.in_language(code) if short else properties.name.in_language(code)[0]
    own = canvas.land.get(properties.side, canvas.frame.window)
    canvas.labels.inside(area.intersection(own), name, size_pt=_NAME_PT, colour=INK, off=[[canvas.lines]])


def _name_country(canvas: Canvas, side: str, name: str, busy: list[BaseGeometry]) -> None:
    land = canvas.land.get(side, Point())
    off = [[canvas.lines, *busy], [canvas.lines]]
    for size_pt in _COUNTRY_PT:
        if canvas.labels.inside(land, name, size_pt=size_pt, colour=SOFT, off=off):
            return
