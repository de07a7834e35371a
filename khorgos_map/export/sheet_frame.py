"""The window of the map on a measurement sheet: its projection, its scale, and what lies on its edge.

The projection is Lambert's azimuthal equal-area about the middle of the window, on the WGS 84 ellipsoid: areas
are true everywhere, lengths and directions in the middle. Positions are longitude/latitude in degrees;
places on paper are millimetres from the upper left corner of the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from khorgos_map.geodesy import Positions, along

Position = tuple[float, float]
Place = tuple[float, float]
# denominators of scales, times powers of ten
_SCALES = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5)
_SMALLEST_DENOMINATOR = 500.0
# round a single place, wide enough to see where it is
_LONE_DENOMINATOR = 25_000.0
_MARGIN = 0.8
_STEPS = (1.0, 2.0, 5.0)
_EDGE_POINTS = 201


_WHOLE_EARTH = -180.0, -90.0, 180.0, 90.0
_NO_PLACE_DEG = 2.0


@dataclass(frozen=True)
class Box:
    """A rectangle on paper: its left and upper edge, width and height in millimetres."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height


@dataclass(frozen=True)
class Tick:
    """Where a meridian or a parallel meets an edge of the window."""

    place: Place
    degrees: float
    digits: int
    is_meridian: bool


@dataclass(frozen=True)
class Frame:
    """A window: its middle, the denominator of its scale, and where it is on paper."""

    centre: Position
    denominator: float
    box: Box

    @cached_property
    def _projection(self) -> Transformer:
        return _projection(self.centre)

    @property
    def _m_per_mm(self) -> float:
        return self.denominator / 1000.0

    def places(self, positions: Sequence[Position] | Positions) -> Positions:
        """Return where positions are on paper; infinite for those on the far side of the earth."""
        x, y = self._projection.transform(*np.asarray(positions, dtype=float).reshape(-1, 2).T)
        left, top = self.box.left + self.box.width / 2, self.box.top + self.box.height / 2
        return np.column_stack([left + np.asarray(x) / self._m_per_mm, top - np.asarray(y) / self._m_per_mm])

    def positions(self, places: Positions) -> Positions:
        """Return which positions places on paper show."""
        left, top = self.box.left + self.box.width / 2, self.box.top + self.box.height / 2
        x, y = (places[:, 0] - left) * self._m_per_mm, (top - places[:, 1]) * self._m_per_mm
        return np.column_stack(self._projection.transform(x, y, direction="INVERSE"))

    def drawn(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return what the window shows of a geometry, in millimetres on paper; empty where it shows nothing."""
        west, south, east, north = self._bounds
        left, low, right, high = geometry.bounds
        # not a number in the bounds of what is empty
        if not (left <= east and right >= west and low <= north and high >= south):
            return Point()
        near = shapely.intersection(shapely.make_valid(geometry), shapely.box(*self._bounds))
        if self._bounds == _WHOLE_EARTH:
            near = shapely.difference(near, self._antipode)
        if near.is_empty:
            return near
        dense = shapely.segmentize(near, max(east - west, north - south) / 100)
        on_paper = shapely.make_valid(shapely.transform(dense, self.places))
        return shapely.intersection(on_paper, self.window)

    @cached_property
    def _antipode(self) -> BaseGeometry:
        """What lies opposite the middle of the window and has no place on paper, with some degrees around it."""
        lon, lat = (self.centre[0] + 360) % 360 - 180, -self.centre[1]
        wide = _NO_PLACE_DEG if abs(lat) < 80 else 180.0
        turns = (
            shapely.box(lon + turn - wide, lat - _NO_PLACE_DEG, lon + turn + wide, lat + _NO_PLACE_DEG)
            for turn in (-360, 0, 360)
        )
        return shapely.union_all(list(turns))

    @cached_property
    def window(self) -> Polygon:
        """All of the window, in millimetres on paper."""
        return shapely.box(self.box.left, self.box.top, self.box.right, self.box.bottom)

    def way(self, positions: Sequence[Position]) -> BaseGeometry:
        """Return what the window shows of straight lines between positions; empty for fewer than two."""
        places = self._near(positions)
        return shapely.intersection(LineString(places if len(places) > 1 else []), self.window)

    def outlined(self, positions: Sequence[Position]) -> BaseGeometry:
        """Return what the window shows of the area that positions are round; empty for fewer than three."""
        places = self._near(positions)
        return shapely.intersection(
            shapely.make_valid(Polygon(places if len(places) > 2 else [])), self.window
        )

    def points(self, positions: Sequence[Position]) -> list[tuple[int, Place]]:
        """Return the places of positions, numbered from one, without those on the far side of the earth."""
        numbered = enumerate(self.places(positions).tolist(), start=1)
        return [(number, (x, y)) for number, (x, y) in numbered if math.isfinite(x) and math.isfinite(y)]

    def _near(self, positions: Sequence[Position]) -> Positions:
        places = self.places(positions)
        return places[np.isfinite(places).all(axis=1)]

    @cached_property
    def _bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the window, a little wider; all of it where it holds a pole or 180°."""
        edge = np.concatenate([self.positions(edge) for edge in self._edges()])
        (west, south), (east, north) = edge.min(axis=0), edge.max(axis=0)
        if not np.isfinite(edge).all() or east - west > 180:
            return _WHOLE_EARTH
        wider = 0.1 * max(east - west, north - south)
        return west - wider, max(south - wider, -90), east + wider, min(north + wider, 90)

    def _edges(self) -> Iterator[Positions]:
        corners = [
            (self.box.left, self.box.top),
            (self.box.right, self.box.top),
            (self.box.right, self.box.bottom),
            (self.box.left, self.box.bottom),
        ]
        for start, end in pairwise([*corners, corners[0]]):
            yield np.linspace(start, end, _EDGE_POINTS)

    def ticks(self) -> list[Tick]:
        """Return where round meridians meet the lower and upper edge, and round parallels the other two."""
        west, south, east, north = self._bounds
        if east - west > 180:
            return []
        found = []
        for number, edge in enumerate(self._edges()):
            axis = number % 2  # upper and lower edge: meridians, the other two: parallels
            step = _round_step((east - west, north - south)[axis] / 4)
            found += list(_crossings(edge, self.positions(edge)[:, axis], step, is_meridian=not axis))
        return found

    def bar(self, left_mm: float, base_mm: float) -> tuple[float, float]:
        """Return the round length in metres of a scale bar that begins at a place, and its length on paper.

        The length is true at the place where the bar is.
        """
        start = self.positions(np.array([(left_mm, base_mm)]))[0]
        length_m = _round_step(0.2 * self.box.width * self._m_per_mm, down=True)
        end = self.places(along(float(start[0]), float(start[1]), 90.0, np.array([length_m])))[0]
        return length_m, float(np.hypot(*(end - (left_mm, base_mm))))


def frame_of(positions: Sequence[Position], paper: Box) -> Frame:
    """Return the window that shows positions with room round them, at a round scale."""
    lon, lat = np.radians(np.asarray(positions, dtype=float)).T
    x, y, z = np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)
    middle = math.degrees(math.atan2(y.mean(), x.mean())), math.degrees(math.asin(z.mean()))
    seen = np.column_stack(_projection(middle).transform(*np.asarray(positions, dtype=float).T))
    seen = seen[np.isfinite(seen).all(axis=1)]
    low, high = seen.min(axis=0), seen.max(axis=0)
    x_mid, y_mid = (low + high) / 2
    lon_mid, lat_mid = _projection(middle).transform(x_mid, y_mid, direction="INVERSE")
    width_m, height_m = high - low
    needed = 1000 * max(width_m / (_MARGIN * paper.width), height_m / (_MARGIN * paper.height))
    return Frame((float(lon_mid), float(lat_mid)), _round_scale(needed), paper)


def _projection(centre: Position) -> Transformer:
    lon, lat = centre
    local = CRS.from_proj4(f"+proj=laea +lat_0={lat:.9f} +lon_0={lon:.9f} +ellps=WGS84 +units=m +type=crs")
    return Transformer.from_crs(CRS.from_proj4("+proj=longlat +ellps=WGS84 +type=crs"), local, always_xy=True)


def _crossings(edge: Positions, values: Positions, step: float, *, is_meridian: bool) -> Iterator[Tick]:
    digits = max(0, -math.floor(math.log10(step)))
    for (start, end), (low, high) in zip(pairwise(edge), pairwise(values), strict=True):
        first, last = sorted((low / step, high / step))
        for multiple in range(math.ceil(first), math.floor(last) + 1):
            share = (multiple * step - low) / (high - low) if high != low else 0.0
            x, y = start + share * (end - start)
            yield Tick((float(x), float(y)), multiple * step, digits, is_meridian)


def _round_scale(needed: float) -> float:
    if not needed:
        return _LONE_DENOMINATOR
    if needed <= _SMALLEST_DENOMINATOR:
        return _SMALLEST_DENOMINATOR
    power = 10.0 ** math.floor(math.log10(needed))
    return next((scale * power for scale in _SCALES if scale * power >= needed), 10 * power)


def _round_step(about: float, *, down: bool = False) -> float:
    power = 10.0 ** math.floor(math.log10(about))
    steps = [step * power for step in (*_STEPS, 10.0)]
    return (
        max(step for step in steps if step <= about * (1 + 1e-9))
        if down
        else min(s for s in steps if s >= about)
    )
