"""On which side of the border: geodesics and areas cut along the land of Kazakhstan and of China.

The border is cut as it is drawn, straight in longitude and latitude between its positions; what is cut are
geodesics, followed in steps of 200 m, so that a cut lies within a millimetre of the border drawn. What runs
along the border, not farther than some 5 m from it, stays on the side it came from. Areas take the border's own
lines for geodesics, which bend by 2 m in 10 km and by 40 m in the longest line, of 44 km. How well that border is
known is another matter: see `geodata/README.md`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity
from shapely.geometry import LineString, MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry

from khorgos_map.geodesy import Positions, along, area_m2, legs
from khorgos_map.measure.prepared import ONE_AT_A_TIME

Position = tuple[float, float]
Country = Literal["KZ", "CN"]
Side = Literal["KZ", "CN", "other"]
COUNTRIES: tuple[Country, ...] = ("KZ", "CN")
SIDES: tuple[Side, ...] = ("KZ", "CN", "other")
# A chord of this length is nowhere more than a millimetre beside its geodesic, up to 50 degrees of latitude.
STEP_M = 200.0
# One leg may go half round the earth; the steps are longer then.
MOST_STEPS = 50_000
# A leg this short, away from the poles, is nowhere farther than this beside its straight line on the map.
_SHORT_M, _BESIDE_DEG, _POLAR_DEG = 20_000.0, 0.001, 85.0
# Two cuts closer than this are one: the border is a line of both countries.
_SAME_M = 1e-3
# Some 5 m: a geodesic of 15 km between two positions of the border runs no farther beside its straight line. The
# border is not known so well.
_ALONG_DEG = 5e-5


@dataclass(frozen=True)
class BorderCrossing:
    """Where a path passes from one country into the other, and how far along the path that is."""

    position: Position
    distance_m: float
    leaves: Country
    enters: Country


@dataclass(frozen=True)
class Stretch:
    """A part of a path between two distances along it, on one side of the border, or (``None``) along it."""

    side: Side | None
    from_m: float
    to_m: float
    start: Position


@dataclass(frozen=True)
class Course:
    """A path over the land: its stretches in order, and its positions with all those of its geodesics."""

    stretches: tuple[Stretch, ...]
    dense: Positions


class Land:
    """The land of Kazakhstan and of China as drawn: longitude/latitude polygons on WGS 84, by country.

    What the drawing does not reach counts as "other"; `reaches` says whether it does.
    """

    def __init__(self, land: Mapping[str, BaseGeometry]) -> None:
        self._land: dict[Country, BaseGeometry] = {c: land[c] for c in COUNTRIES if c in land}
        for polygon in self._land.values():
            shapely.prepare(polygon)
        outlines = [shapely.get_parts(polygon.boundary) for polygon in self._land.values()]
        self._border = MultiLineString([line for lines in outlines for line in lines])
        # not prepared: asked by two threads at once, a prepared line ends the process (GEOS)

    def reaches(self, positions: Positions) -> bool:
        """Return whether positions lie within the bounds of the land drawn."""
        if self._border.is_empty or not len(positions):
            return not len(positions)
        west, south, east, north = self._border.bounds
        lons, lats = positions[:, 0], positions[:, 1]
        return bool(np.all((lons >= west) & (lons <= east) & (lats >= south) & (lats <= north)))

    def sides(self, positions: Positions) -> list[Side]:
        """Return the side that each position is on; the border line itself counts with the first country."""
        found = np.full(len(positions), "other", dtype="<U5")
        for country in reversed(self._land):
            with ONE_AT_A_TIME:
                inside = shapely.intersects_xy(self._land[country], positions[:, 0], positions[:, 1])
            found[inside] = country
        return found.tolist()

    def course(self, path: Positions, done_m: float = 0.0) -> Course:
        """Return the stretches of a path of geodesics between WGS 84 positions, one position at least.

        Distances along the path are counted on from what is done already.
        """
        lengths_m, azimuths_deg, _ = legs(path[:, 0], path[:, 1])
        plain = self._plain(path, lengths_m)
        side_at = self.sides(path)
        stretches: list[Stretch] = []
        dense = [path[:1]]
        for i, length_m in enumerate(lengths_m.tolist()):
            start, steps_m = path[i], _steps_m(length_m)
            if plain[i]:
                new = [Stretch(side_at[i], done_m, done_m + length_m, (start[0], start[1]))]
            else:
                line = _line(start, path[i + 1], azimuths_deg[i], steps_m)
                cuts_m = self._cuts_m(line, steps_m)
                new = self._stretches(start, azimuths_deg[i], [0.0, *cuts_m, length_m], done_m)
                steps_m = _apart(np.concatenate([steps_m, cuts_m]))
            dense.append(_line(start, path[i + 1], azimuths_deg[i], steps_m)[1:])
            stretches += new
            done_m += length_m
        return Course(tuple(_joined(stretches)), np.concatenate(dense))

    def areas_m2(self, polygon: Polygon) -> dict[Side, float]:
        """Return the geodesic areas of a polygon's parts in each country and elsewhere.

        The polygon is in WGS 84 longitude/latitude, its edges dense enough to be taken for geodesics; over
        the antimeridian its longitudes may go on beyond 180.
        """
        areas_m2: dict[Side, float] = dict.fromkeys(SIDES, 0.0)
        turns = {math.floor((lon + 180.0) / 360.0) for lon in polygon.bounds[::2]}
        for turn in turns:
            rest: BaseGeometry = affinity.translate(polygon, xoff=-360.0 * turn)
            if len(turns) > 1:
                rest = rest.intersection(shapely.box(-180.0, -90.0, 180.0, 90.0))
            faces = self._faces(rest)
            within = shapely.get_coordinates(shapely.point_on_surface(faces))
            for side, face in zip(self.sides(within), faces.tolist(), strict=True):
                areas_m2[side] += area_m2(face)
        return areas_m2

    def _faces(self, area: BaseGeometry) -> NDArray[np.object_]:
        """Return the polygons that the border cuts an area into; neighbours share every position between them."""
        # cut a little beyond the outline: a cut that ends a rounding short of it would part nothing
        border = self._border.intersection(shapely.box(*area.bounds).buffer(10 * _BESIDE_DEG))
        if not border.intersects(area):
            return shapely.get_parts(area)
        faces = shapely.get_parts(shapely.polygonize([shapely.union_all([area.boundary, border])]))
        return faces[shapely.intersects(area, shapely.point_on_surface(faces))]

    def _plain(self, path: Positions, lengths_m: Positions) -> NDArray[np.bool_]:
        """Return which legs are so short and so far from the border that they cannot cross it."""
        low, high = np.minimum(path[:-1], path[1:]), np.maximum(path[:-1], path[1:])
        boxes = shapely.box(*(low - _BESIDE_DEG).T, *(high + _BESIDE_DEG).T)
        short = (
            (lengths_m < _SHORT_M) & (np.abs(path[:-1, 1]) < _POLAR_DEG) & (high[:, 0] - low[:, 0] < 180.0)
        )
        return np.asarray(short & ~shapely.intersects(self._border, boxes))

    def _cuts_m(self, line: Positions, steps_m: Positions) -> list[float]:
        """Return the distances along a leg at which its positions cross the border, rising."""
        cuts: set[float] = set()
        for first, last in _pieces_between_antimeridians(line):
            piece, piece_m = LineString(line[first:last]), steps_m[first:last]
            hits = shapely.get_coordinates(piece.intersection(self._border))
            flat = shapely.line_locate_point(piece, shapely.points(hits))
            travelled = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line[first:last], axis=0).T))])
            cuts |= set(np.atleast_1d(np.interp(flat, travelled, piece_m)).tolist())
        return sorted(cuts)

    def _stretches(
        self, start: Positions, azimuth_deg: float, edges_m: Sequence[float], done_m: float
    ) -> list[Stretch]:
        from_m, to_m = np.array(edges_m[:-1]), np.array(edges_m[1:])
        starts, *within = (
            along(start[0], start[1], azimuth_deg, from_m + share * (to_m - from_m))
            for share in (0.0, 0.25, 0.5, 0.75)
        )
        is_along = np.all(
            [shapely.dwithin(self._border, shapely.points(p), _ALONG_DEG) for p in within], axis=0
        )
        sides = [None if on else side for side, on in zip(self.sides(within[1]), is_along, strict=True)]
        rows = zip(sides, (from_m + done_m).tolist(), (to_m + done_m).tolist(), starts.tolist(), strict=True)
        return [Stretch(side, begin, end, (lon, lat)) for side, begin, end, (lon, lat) in rows]


def crossings(stretches: Iterable[Stretch]) -> tuple[BorderCrossing, ...]:
    """Return where a path passes directly from one country into the other."""
    found: list[BorderCrossing] = []
    before: Stretch | None = None
    for stretch in stretches:
        if before and before.side in COUNTRIES and stretch.side in COUNTRIES:
            found.append(BorderCrossing(stretch.start, stretch.from_m, before.side, stretch.side))
        before = stretch
    return tuple(found)


def lengths_m(stretches: Iterable[Stretch]) -> dict[Side, float]:
    """Return the length of a path in each country and elsewhere; all along the border counts with the first."""
    by_side: dict[Side, list[float]] = {side: [] for side in SIDES}
    for stretch in stretches:
        by_side[stretch.side or COUNTRIES[0]].append(stretch.to_m - stretch.from_m)
    return {side: math.fsum(parts) for side, parts in by_side.items()}


def _steps_m(length_m: float) -> Positions:
    return np.linspace(0.0, length_m, 1 + min(MOST_STEPS, max(1, math.ceil(length_m / STEP_M))))


def _apart(steps_m: Positions) -> Positions:
    """Return distances in order without those so close to another that arithmetic might turn them round."""
    ordered = np.sort(steps_m)
    kept = ordered[:-1][np.diff(ordered) >= _SAME_M]
    return np.concatenate([ordered[:1], kept[kept >= _SAME_M], ordered[-1:]])


def _line(start: Positions, end: Positions, azimuth_deg: float, steps_m: Positions) -> Positions:
    if len(steps_m) == 2:
        return np.array([start, end])
    between = along(start[0], start[1], azimuth_deg, steps_m[1:-1])
    return np.concatenate([[start], between, [end]])


def _pieces_between_antimeridians(line: Positions) -> list[tuple[int, int]]:
    """Return where the pieces begin and end in which no longitude jumps; a piece has two positions at least."""
    jumps = np.flatnonzero(np.abs(np.diff(line[:, 0])) >= 180.0) + 1
    edges = [0, *jumps.tolist(), len(line)]
    return [(a, b) for a, b in pairwise(edges) if b - a > 1]


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches with neighbours on the same side made one.

    One along the border, or too short to be one, goes to the stretch before it, at the start to the one after.
    """
    joined: list[Stretch] = []
    for stretch in stretches:
        last = joined[-1] if joined else None
        if last and (stretch.side in (last.side, None) or _is_short(stretch)):
            joined[-1] = replace(last, to_m=stretch.to_m)
        elif last and (last.side is None or _is_short(last)):
            joined[-1] = replace(stretch, from_m=last.from_m, start=last.start)
        else:
            joined.append(stretch)
    return joined


def _is_short(stretch: Stretch) -> bool:
    return stretch.to_m - stretch.from_m < _SAME_M
