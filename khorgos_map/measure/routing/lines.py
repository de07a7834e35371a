"""The lines of edges as drawn, with the share of its edge's length that each position stands at, and the nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import STRtree

from khorgos_map.atlas.roads import Edge
from khorgos_map.geodesy import WGS84
from khorgos_map.measure.routing.records import REFUSE_BEYOND_M, Position

# Lambert's conformal conic about the region: true to 0.03 % along its roads.
REGIONAL = "+proj=lcc +lat_1=43 +lat_2=46 +lat_0=44.5 +lon_0=82 +ellps=WGS84 +units=m"
_TO_METRES = Transformer.from_crs("+proj=longlat +ellps=WGS84", REGIONAL, always_xy=True)
# The projection has no place for the south pole; whatever lies so far off is refused in any case.
_SOUTHERNMOST_DEG = -60.0

Floats = NDArray[np.float64]


def in_metres(positions: Floats) -> Floats:
    """Return WGS 84 longitudes/latitudes (rows) as x and y in metres of the regional projection."""
    x_m, y_m = _TO_METRES.transform(positions[:, 0], positions[:, 1].clip(_SOUTHERNMOST_DEG))
    return np.column_stack([x_m, y_m])


def in_degrees(positions_m: Floats) -> Floats:
    """Return x and y in metres of the regional projection (rows) as WGS 84 longitudes/latitudes."""
    return np.column_stack(_TO_METRES.transform(positions_m[:, 0], positions_m[:, 1], direction="INVERSE"))


class Found(NamedTuple):
    """Per position: the edge, the share of its length, the point on it, the distance to it, and if that is near."""

    edge: NDArray[np.int64]
    share: Floats
    on_road: Floats
    distance_m: Floats
    is_near: NDArray[np.bool_]


@dataclass(frozen=True)
class Segments:
    """Straight parts of edges, in metres of the regional projection and in degrees."""

    edge: NDArray[np.int64]
    begins: Floats
    ends: Floats
    begins_deg: Floats
    ends_deg: Floats
    share_begin: Floats
    share_end: Floats

    def only(self, wanted: NDArray[np.bool_]) -> Segments:
        """Return some of them."""
        return Segments(*(getattr(self, own.name)[wanted] for own in fields(self)))

    @cached_property
    def tree(self) -> STRtree:
        """The tree in which the nearest are found, in metres."""
        return STRtree(np.asarray(shapely.linestrings(np.stack([self.begins, self.ends], axis=1))))

    def nearest(self, positions: Floats) -> Found:
        """Return what is nearest to each of some positions in WGS 84 longitude/latitude."""
        at_m = in_metres(positions)
        hit = self.tree.nearest(shapely.points(at_m))
        way = self.ends[hit] - self.begins[hit]
        # an exit is a straight part of no length
        squared = np.einsum("ij,ij->i", way, way)
        along = np.einsum("ij,ij->i", at_m - self.begins[hit], way) / np.where(squared > 0, squared, 1.0)
        along = along.clip(0.0, 1.0)
        on_road = self.begins_deg[hit] + along[:, None] * (self.ends_deg[hit] - self.begins_deg[hit])
        share = self.share_begin[hit] + along * (self.share_end[hit] - self.share_begin[hit])
        _, _, distance_m = WGS84.inv(positions[:, 0], positions[:, 1], on_road[:, 0], on_road[:, 1])
        distance_m = np.asarray(distance_m)
        return Found(self.edge[hit], share, on_road, distance_m, distance_m <= REFUSE_BEYOND_M)


class Lines:
    """The lines of some edges: all positions one after another, and the number of the edge each belongs to.

    ``share`` runs from 0 at the start of an edge to 1 at its end. A motorway is met at its ends only, which are exits
    but for the nodes of ``no_exits``.
    """

    def __init__(self, edges: Sequence[Edge], no_exits: frozenset[str] = frozenset()) -> None:
        lines = [np.array(edge.geometry.coordinates, dtype=float)[:, :2] for edge in edges]
        counts = np.array([len(line) for line in lines], dtype=int)
        self.positions = np.concatenate([np.zeros((0, 2)), *lines])
        self.at_m = in_metres(self.positions)
        self.edge = np.repeat(np.arange(len(lines)), counts)
        self._first = np.concatenate([[0], np.cumsum(counts)])
        self._countries = [edge.properties.country if _may_be_met(edge) else None for edge in edges]
        self._motorway = np.array([edge.properties.road_class == "motorway" for edge in edges], dtype=bool)
        self._ends = [(edge.properties.start, edge.properties.end) for edge in edges]
        self._no_exits = no_exits
        self._met_from: dict[str | None, Segments] = {}
        self._motorways: dict[str | None, Segments] = {}

    @cached_property
    def share(self) -> Floats:
        """The share of its edge's length at which each position stands."""
        step_m = np.hypot(*np.diff(self.at_m, axis=0, prepend=self.at_m[:1]).T)
        firsts, lasts = self._first[:-1], self._first[1:] - 1
        step_m[firsts] = 0.0
        run_m = np.cumsum(step_m)
        before_m, total_m = run_m[firsts], run_m[lasts] - run_m[firsts]
        share = (run_m - before_m[self.edge]) / total_m[self.edge]
        share[lasts] = 1.0
        return np.asarray(share)

    @cached_property
    def _whole(self) -> list[list[Position]]:
        pairs = [(lon, lat) for lon, lat in self.positions.tolist()]
        return [pairs[a:b] for a, b in zip(self._first[:-1], self._first[1:], strict=True)]

    def part(self, edge: int, begin: float, end: float) -> list[Position]:
        """Return the part of an edge between two shares of its length, in the order it is driven."""
        if {begin, end} == {0.0, 1.0}:
            whole = self._whole[edge]
            return whole if begin < end else whole[::-1]
        own = slice(self._first[edge], self._first[edge + 1])
        positions, shares = self.positions[own], self.share[own]
        low, high = min(begin, end), max(begin, end)
        cuts = np.concatenate([[low], shares[(shares > low) & (shares < high)], [high]])
        lons, lats = (np.interp(cuts, shares, axis).tolist() for axis in positions.T)
        part = list(zip(lons, lats, strict=True))
        return part if begin <= end else part[::-1]

    def met_from(self, side: str | None) -> Segments:
        """Return what can be met from a country, on its own side of the border, or from elsewhere on any.

        Of motorways these are the exits, each a straight part of no length.
        """
        if side not in self._met_from:
            own = self._segments.only(self._on(side)[self._segments.edge])
            first = own.share_begin == 0.0
            last = own.share_end == 1.0
            on_motorway = self._motorway[own.edge]
            starts = [self._ends[edge][0] not in self._no_exits for edge in own.edge.tolist()]
            ends = [self._ends[edge][1] not in self._no_exits for edge in own.edge.tolist()]
            parts = [
                own.only(~on_motorway),
                _begins_of(own.only(on_motorway & first & np.array(starts, dtype=bool))),
                _ends_of(own.only(on_motorway & last & np.array(ends, dtype=bool))),
            ]
            self._met_from[side] = _together(parts)
        return self._met_from[side]

    def motorways(self, side: str | None) -> Segments:
        """Return the motorways of a country, or all of them, where they cannot be met, either."""
        if side not in self._motorways:
            wanted = self._on(side) & self._motorway
            self._motorways[side] = self._segments.only(wanted[self._segments.edge])
        return self._motorways[side]

    def _on(self, side: str | None) -> NDArray[np.bool_]:
        return np.array([c is not None and side in {None, c} for c in self._countries], dtype=bool)

    @cached_property
    def _segments(self) -> Segments:
        real = (self.edge[1:] == self.edge[:-1]) & (self.share[1:] > self.share[:-1])
        starts, ends = np.flatnonzero(real), np.flatnonzero(real) + 1
        return Segments(
            edge=self.edge[starts],
            begins=self.at_m[starts],
            ends=self.at_m[ends],
            begins_deg=self.positions[starts],
            ends_deg=self.positions[ends],
            share_begin=self.share[starts],
            share_end=self.share[ends],
        )


def _begins_of(own: Segments) -> Segments:
    return replace(own, ends=own.begins, ends_deg=own.begins_deg, share_end=own.share_begin)


def _ends_of(own: Segments) -> Segments:
    return replace(own, begins=own.ends, begins_deg=own.ends_deg, share_begin=own.share_end)


def _together(parts: Sequence[Segments]) -> Segments:
    return Segments(
        *(np.concatenate([getattr(part, own.name) for part in parts]) for own in fields(Segments))
    )


def _may_be_met(edge: Edge) -> bool:
    return edge.properties.road_class != "border" and edge.properties.crossing is None
