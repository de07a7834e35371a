"""The land of the two countries on either side of one and the same border line, and the other boundaries.

Positions are longitude, latitude in WGS 84 degrees; so are the tolerances.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from khorgos_map.derive.border import (
    BOX,
    Position,
    cut,
    mainland,
    positions,
    simplify,
    simplify_by_zone,
    split_ring,
    weak_stretches,
)
from khorgos_map.derive.packages import DeriveError

NEIGHBOUR_TOLERANCE_DEG = 0.01
# Two countries' outlines of one boundary run up to this far apart where a wide river is between them.
APART_DEG = 0.08
SHORTEST_BOUNDARY_DEG = 0.2


@dataclass(frozen=True)
class Land:
    """The border line, the land on its two sides in the map's box, and the other boundaries there."""

    border: list[Position]
    border_parts: list[list[Position]]
    kazakhstan: Polygon | MultiPolygon
    china: Polygon | MultiPolygon
    boundaries: MultiLineString


def divide(outlines: Mapping[str, Polygon]) -> Land:
    """Return the border, land and other boundaries made of countries' outlines, keyed KAZ, CHN and others.

    The border is Kazakhstan's line, simplified, and cut where the two outlines lie apart; both lands have
    exactly its vertices, so that there is neither gap nor overlap between them.
    """
    kazakh_ring, chinese_ring = (positions(outlines[code].exterior) for code in ("KAZ", "CHN"))
    shared, kazakh_rest = split_ring(kazakh_ring, chinese_ring)
    chinese_shared, chinese_rest = split_ring(chinese_ring, kazakh_ring)
    if {shared[0], shared[-1]} != {chinese_rest[0], chinese_rest[-1]}:
        raise DeriveError("the border does not end at the same two places in both outlines")
    border = simplify_by_zone(shared)
    rests = [simplify(rest, NEIGHBOUR_TOLERANCE_DEG) for rest in (kazakh_rest, chinese_rest)]
    kazakhstan, china = (enclose(border, rest) for rest in rests)
    others = [positions(outline.exterior) for code, outline in outlines.items() if code not in {"KAZ", "CHN"}]
    lines = [LineString(line) for line in (*rests, *(simplify(o, NEIGHBOUR_TOLERANCE_DEG) for o in others))]
    parts = cut(border, shared, weak_stretches(shared, chinese_shared))
    return Land(border, parts, kazakhstan, china, _boundaries(LineString(border), lines))


def enclose(border: Sequence[Position], rest: Sequence[Position]) -> Polygon | MultiPolygon:
    """Return the polygon bounded by a border and the rest of a country's ring, cut to the map's box.

    The two lines have the same two ends, in either order.
    """
    forward = list(rest) if rest[0] == border[-1] else list(rest)[::-1]
    if (forward[0], forward[-1]) != (border[-1], border[0]):
        raise DeriveError("a border and the rest of a country's outline do not meet")
    # China's outline crosses itself at a river mouth far away from here.
    sound = shapely.make_valid(Polygon([*border, *forward[1:-1]]))
    cut = mainland(sound).intersection(box(*BOX))
    if not isinstance(cut, Polygon | MultiPolygon):
        raise DeriveError("an outline has no area in the map's box")
    if not shapely.boundary(cut).covers(LineString(border)):
        raise DeriveError("an outline crosses the border it should run along")
    return cut


def _boundaries(border: LineString, outlines: Sequence[LineString]) -> MultiLineString:
    """Return each boundary between two countries once, leaving out coasts and the border itself."""
    frame = box(*BOX)
    lines = [line.intersection(frame) for line in outlines]
    drawn: list[BaseGeometry] = [border]
    kept: list[LineString] = []
    for i, line in enumerate(lines):
        neighbours = shapely.union_all([other for j, other in enumerate(lines) if j != i])
        course = line.intersection(neighbours.buffer(APART_DEG))
        fresh = course.difference(shapely.union_all(drawn).buffer(APART_DEG))
        parts = [p for p in _lines(fresh) if p.length > SHORTEST_BOUNDARY_DEG]
        kept += [_joined(part, shapely.union_all(drawn)) for part in parts]
        drawn += parts
    return MultiLineString(kept)


def _lines(geometry: BaseGeometry) -> list[LineString]:
    merged = shapely.line_merge(shapely.union_all([g for g in _parts(geometry) if isinstance(g, LineString)]))
    return [part for part in _parts(merged) if isinstance(part, LineString)]


def _parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    return list(shapely.get_parts(geometry))


def _joined(line: LineString, drawn: BaseGeometry) -> LineString:
    """Return a line whose ends are led on to what is drawn already, where that is within reach."""
    course = positions(line)
    for end in (0, -1):
        there = shapely.shortest_line(shapely.Point(course[end]), drawn)
        if 0 < there.length < 1.2 * APART_DEG:
            target = positions(there)[-1]
            course = [target, *course] if end == 0 else [*course, target]
    return LineString(course)
