"""The state border of Kazakhstan and China, and the countries' outlines it is cut from.

Positions are longitude, latitude in WGS 84 degrees; so are the tolerances.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from itertools import groupby, pairwise
from pathlib import Path

import shapely
from shapely.geometry import LineString, Polygon, shape
from shapely.geometry.base import BaseGeometry

from khorgos_map.derive.packages import DeriveError, member

Position = tuple[float, float]
Bounds = tuple[float, float, float, float]

BOX: Bounds = (56.0, 37.0, 106.0, 53.0)
COUNTRY_CODES = ("AFG", "CHN", "IRN", "KAZ", "KGZ", "MNG", "PAK", "RUS", "TJK", "TKM", "UZB")
# The two outlines were simplified apart in places; where they lie further apart than this, the line is weak.
WEAK_APART_M = 1000.0
DEGREE_M = 111_195.0
# Innermost first: all of it where people will zoom in, then as the eye can tell the difference.
BORDER_TOLERANCES: tuple[tuple[Bounds, float], ...] = (
    ((80.2, 44.05, 80.6, 44.35), 0.0),
    ((79.5, 43.5, 81.5, 45.2), 0.0005),
    ((-180.0, -90.0, 180.0, 90.0), 0.005),
)


def countries(archive: Path) -> dict[str, Polygon]:
    """Return the mainland of each country in the map's box, by three-letter code, without its lakes."""
    collection = json.loads(member(archive, "package/map.geo.json"))
    wanted = {f["properties"]["A3"]: f["geometry"] for f in collection["features"]}
    return {code: mainland(shape(wanted[code])) for code in COUNTRY_CODES}


def mainland(country: BaseGeometry) -> Polygon:
    """Return the largest polygon of a country, with its holes filled."""
    parts = [part for part in shapely.get_parts(country) if isinstance(part, Polygon)]
    return Polygon(max(parts, key=lambda part: part.area).exterior)


def split_ring(ring: Sequence[Position], other: Sequence[Position]) -> tuple[list[Position], list[Position]]:
    """Return (shared, rest): the part of a closed ring that borders on another ring, and the remainder.

    The shared part runs from the first to the last vertex that both rings have, in the direction of
    `ring`, and keeps the vertices of `ring` in between. The remainder starts and ends on its ends.
    """
    open_ring, others = list(ring[:-1]), set(other)
    common = [i for i, position in enumerate(open_ring) if position in others]
    if len(common) < 2:
        raise DeriveError("two outlines that should share a border have no two vertices in common")
    size = len(open_ring)
    gaps = [((b - a) % size, a, b) for a, b in zip(common, common[1:] + common[:1], strict=True)]
    _, last, first = max(gaps)
    return _stretch(open_ring, first, last), _stretch(open_ring, last, first)


def simplify_by_zone(
    line: Sequence[Position], tolerances: Sequence[tuple[Bounds, float]] = BORDER_TOLERANCES
) -> list[Position]:
    """Return a line simplified with the tolerance of the first zone each vertex lies in.

    A zone is its bounds and a Douglas-Peucker tolerance, both in degrees; with 0 every vertex stays.
    """

    def tolerance(position: Position) -> float:
        return next(t for bounds, t in tolerances if _within(position, bounds))

    runs = ((degrees, list(run)) for degrees, run in groupby(line, key=tolerance))
    return [position for degrees, run in runs for position in simplify(run, degrees)]


def simplify(line: Sequence[Position], degrees: float) -> list[Position]:
    """Return a line simplified after Douglas and Peucker; its ends stay, and with 0 degrees every vertex."""
    if degrees == 0 or len(line) < 3:
        return list(line)
    return [(x, y) for x, y, *_ in shapely.get_coordinates(LineString(line).simplify(degrees)).tolist()]


def weak_stretches(
    line: Sequence[Position], other: Sequence[Position], apart_m: float = WEAK_APART_M
) -> list[tuple[Position, Position]]:
    """Return the ends of each stretch of `line` on which `other`, with the same ends, lies more than `apart_m` off.

    A stretch begins and ends on vertices that both have; how far apart the lines are between them is their
    Hausdorff distance in metres, on a sphere and good to 1 %.
    """
    place, other_place = ({position: i for i, position in enumerate(one)} for one in (line, other))
    common = [position for position in line if position in other_place]
    return [
        (a, b)
        for a, b in pairwise(common)
        if _apart_m(
            line[place[a] : place[b] + 1],
            other[min(other_place[a], other_place[b]) : max(other_place[a], other_place[b]) + 1],
        )
        > apart_m
    ]


def cut(
    simplified: Sequence[Position], line: Sequence[Position], stretches: Sequence[tuple[Position, Position]]
) -> list[list[Position]]:
    """Return a simplified line cut where the stretches of the full line begin and end, at kept vertices.

    A kept vertex outside a stretch is taken, so that a part holds the whole of its stretch.
    """
    place = {position: i for i, position in enumerate(line)}
    kept = [place[position] for position in simplified]
    cuts = {0, len(kept) - 1}
    for a, b in stretches:
        cuts.add(max(i for i, at in enumerate(kept) if at <= place[a]))
        cuts.add(min(i for i, at in enumerate(kept) if at >= place[b]))
    return [list(simplified[a : b + 1]) for a, b in pairwise(sorted(cuts))]


def positions(line: LineString) -> list[Position]:
    """Return the longitude/latitude positions of a line."""
    return [(x, y) for x, y, *_ in line.coords]


def nearest_index(line: Sequence[Position], position: Position) -> int:
    """Return the index of the vertex of a line that is nearest to a position, in degrees of latitude."""
    # At 44 degrees north a degree of longitude is 0.72 degrees of latitude long.
    return min(
        range(len(line)),
        key=lambda i: (0.72 * (line[i][0] - position[0])) ** 2 + (line[i][1] - position[1]) ** 2,
    )


def _stretch(ring: Sequence[Position], first: int, last: int) -> list[Position]:
    count = (last - first) % len(ring) + 1
    return [ring[(first + i) % len(ring)] for i in range(count)]


def _apart_m(line: Sequence[Position], other: Sequence[Position]) -> float:
    shorten = math.cos(math.radians(line[0][1]))
    flat, flat_other = ([(x * shorten, y) for x, y in one] for one in (line, other))
    return float(LineString(flat).hausdorff_distance(LineString(flat_other))) * DEGREE_M


def _within(position: Position, bounds: Bounds) -> bool:
    west, south, east, north = bounds
    return west <= position[0] <= east and south <= position[1] <= north
