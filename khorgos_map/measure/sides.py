"""On which side of the border: geodesics and areas cut along the land of Kazakhstan and of China.

The border is cut as it is drawn, straight in longitude and latitude between its positions; what is cut are
geodesics, followed in steps of 200 m where they come near it, so that a cut lies within a millimetre of the border
drawn. What runs along the border, not farther than some 5 m from it, stays on the side it came from. Areas take the
border's own lines for geodesics, which bend by 2 m in 10 km and by 40 m in the longest line, of 44 km. How well that
border is known is another matter: see `geodata/README.md`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from khorgos_map.geodesy import Positions, area_m2
from khorgos_map.measure.follow import SAME_M, Followed, Lines, Path, Steps, follow
from khorgos_map.measure.prepared import ONE_AT_A_TIME

Position = tuple[float, float]
Country = Literal["KZ", "CN"]
Side = Literal["KZ", "CN", "other"]
COUNTRIES: tuple[Country, ...] = ("KZ", "CN")
SIDES: tuple[Side, ...] = ("KZ", "CN", "other")
# Some 5 m: a geodesic of 15 km between two positions of the border runs no farther beside its straight line. The
# border is not known so well.
_ALONG_DEG = 5e-5
_ALONG = len(SIDES)


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
    """A path of geodesics over the land: its stretches in order, and where it comes near the border."""

    path: Path
    followed: Followed
    stretches: tuple[Stretch, ...]

    def dense(self, step_m: float) -> Positions:
        """Return positions on the path no farther apart than a length, closer ones near the border, and all cuts."""
        near = self.followed
        places = np.concatenate([near.near_leg, near.cut_leg]), np.concatenate([near.near_m, near.cut_m])
        return self.path.in_steps(step_m, *places)


class Land:
    """The land of Kazakhstan and of China as drawn: longitude/latitude polygons on WGS 84, by country.

    What the drawing does not reach counts as "other"; `reaches` says whether it does.
    """

    def __init__(self, land: Mapping[str, BaseGeometry]) -> None:
        self._land: dict[Country, BaseGeometry] = {c: land[c] for c in COUNTRIES if c in land}
        self._border = _outlines(tuple(self._land.values()))
        with ONE_AT_A_TIME:
            shapely.prepare(list(self._land.values()))

    def reaches(self, positions: Positions) -> bool:
        """Return whether positions lie within the bounds of the land drawn."""
        (west, south), (east, north) = self._border.bounds
        lons, lats = positions.T
        return bool(np.all((lons >= west) & (lons <= east) & (lats >= south) & (lats <= north)))

    def sides(self, positions: Positions) -> list[Side]:
        """Return the side that each position is on; the border line itself counts with the first country."""
        return [SIDES[number] for number in self._sides(positions).tolist()]

    def course(self, positions: Positions, done_m: float = 0.0, steps: Steps | None = None) -> Course:
        """Return the course of a path of geodesics between WGS 84 positions, one position at least.

        Distances along the path are counted on from what is done already. Raises `LimitError` where following it
        takes more than ``steps``, or than a request may have.
        """
        path = Path.between(positions)
        followed = follow(path, self._border, _ALONG_DEG, steps or Steps())
        return Course(path, followed, tuple(_joined(self._stretches(path, followed, done_m))))

    def areas_m2(self, polygon: Polygon, steps: Steps | None = None) -> dict[Side, float]:
        """Return the geodesic areas of a polygon's parts in each country and elsewhere.

        The polygon is in WGS 84 longitude/latitude, its edges dense enough to be taken for geodesics; over
        the antimeridian its longitudes may go on beyond 180. Raises `LimitError` as `course` does.
        """
        allowed = steps or Steps()
        areas_m2: dict[Side, float] = dict.fromkeys(SIDES, 0.0)
        turns = {math.floor((lon + 180.0) / 360.0) for lon in polygon.bounds[::2]}
        for turn in turns:
            rest: BaseGeometry = affinity.translate(polygon, xoff=-360.0 * turn)
            if len(turns) > 1:
                rest = rest.intersection(shapely.box(-180.0, -90.0, 180.0, 90.0))
            faces = self._faces(rest, allowed)
            within = shapely.get_coordinates(shapely.point_on_surface(faces))
            for side, face in zip(self.sides(within), faces.tolist(), strict=True):
                areas_m2[side] += area_m2(face)
        return areas_m2

    def _faces(self, area: BaseGeometry, steps: Steps) -> NDArray[np.object_]:
        """Return the polygons that the border cuts an area into; neighbours share every position between them."""
        border = self._border.touching(area)
        if not len(border):
            return shapely.get_parts(area)
        steps.take(len(border) + int(shapely.get_num_coordinates(area)))
        # whole lines: a cut that ends a rounding short of the outline would part nothing
        faces = shapely.get_parts(shapely.polygonize([shapely.union_all([area.boundary, *border])]))
        return faces[shapely.intersects(area, shapely.point_on_surface(faces))]

    def _sides(self, positions: Positions) -> NDArray[np.int64]:
        """Return the number in `SIDES` of the side that each position is on."""
        found = np.full(len(positions), SIDES.index("other"))
        for country in reversed(self._land):
            with ONE_AT_A_TIME:
                inside = shapely.intersects_xy(self._land[country], positions[:, 0], positions[:, 1])
            found[inside] = SIDES.index(country)
        return found

    def _stretches(self, path: Path, followed: Followed, done_m: float) -> list[Stretch]:
        """Return the stretches between the starts, cuts and ends of legs, those on the same side made one."""
        count = len(path.lengths_m)
        if not count:
            return []
        leg = np.concatenate([np.arange(count), followed.cut_leg])
        from_m = np.concatenate([np.zeros(count), followed.cut_m])
        order = np.lexsort((from_m, leg))
        leg, from_m = leg[order], from_m[order]
        to_m = np.append(from_m[1:], 0.0)
        last = np.append(np.diff(leg) > 0, [True])
        to_m[last] = path.lengths_m[leg[last]]
        side = self._sides(path.positions[leg])
        near = np.isin(leg, followed.near_leg)
        side[near] = self._sides_near(path, leg[near], from_m[near], to_m[near])
        begins = np.flatnonzero(np.diff(side, prepend=-1))
        starts = path.at(leg[begins], from_m[begins])
        before_m = done_m + np.concatenate([[0.0], np.cumsum(path.lengths_m)])
        at_m = np.append((before_m[leg] + from_m)[begins], before_m[-1])
        rows = zip(side[begins].tolist(), at_m[:-1].tolist(), at_m[1:].tolist(), starts.tolist(), strict=True)
        return [
            Stretch(None if number == _ALONG else SIDES[number], begin, end, (lon, lat))
            for number, begin, end, (lon, lat) in rows
        ]

    def _sides_near(
        self, path: Path, leg: NDArray[np.int64], from_m: Positions, to_m: Positions
    ) -> NDArray[np.int64]:
        """Return the sides of parts of legs by their middles, `_ALONG` for what runs along the border."""
        within = [path.at(leg, from_m + share * (to_m - from_m)) for share in (0.25, 0.5, 0.75)]
        is_along = np.all([self._border.near_points(places, _ALONG_DEG) for places in within], axis=0)
        return np.where(is_along, _ALONG, self._sides(within[1]))


@lru_cache(maxsize=8)
def _outlines(polygons: tuple[BaseGeometry, ...]) -> Lines:
    """Return the outlines of polygons as single lines; the land of the map is asked for again and again."""
    lines = [shapely.get_coordinates(line) for line in shapely.get_parts(shapely.boundary(polygons))]
    nothing = np.empty((0, 2))
    return Lines(
        np.concatenate([nothing, *(line[:-1] for line in lines)]),
        np.concatenate([nothing, *(line[1:] for line in lines)]),
    )


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
    return stretch.to_m - stretch.from_m < SAME_M
