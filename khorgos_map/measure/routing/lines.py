"""The lines of edges as drawn, with the share of its edge's length that each position stands at, and the nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import STRtree

from khorgos_map.atlas.roads import Edge
from khorgos_map.geodesy import WGS84
from khorgos_map.measure.routing.records import Position

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
    """Per position: the edge, the share of its length, the point on it and the distance to it in metres."""

    edge: NDArray[np.int64]
    share: Floats
    on_road: Floats
    distance_m: Floats


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
        along = np.einsum("ij,ij->i", at_m - self.begins[hit], way) / np.einsum("ij,ij->i", way, way)
        along = along.clip(0.0, 1.0)
        on_road = self.begins_deg[hit] + along[:, None] * (self.ends_deg[hit] - self.begins_deg[hit])
        share = self.share_begin[hit] + along * (self.share_end[hit] - self.share_begin[hit])
        _, _, distance_m = WGS84.inv(positions[:, 0], positions[:, 1], on_road[:, 0], on_road[:, 1])
        return Found(self.edge[hit], share, on_road, np.asarray(distance_m))


class Lines:
    """The lines of some edges: all positions one after another, and the number of the edge each belongs to.

    ``share`` runs from 0 at the start of an edge to 1 at its end.
    """

    def __init__(self, edges: Sequence[Edge]) -> None:
        lines = [np.array(edge.geometry.coordinates, dtype=float)[:, :2] for edge in edges]
        counts = np.array([len(line) for line in lines], dtype=int)
        self.positions = np.concatenate([np.zeros((0, 2)), *lines])
        self.at_m = in_metres(self.positions)
        self.edge = np.repeat(np.arange(len(lines)), counts)
        self._first = np.concatenate([[0], np.cumsum(counts)])
        self._countries = [edge.properties.country if _may_be_met(edge) else None for edge in edges]
        self._met_from: dict[str | None, Segments] = {}

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
        """Return what can be met from a country, on its own side of the border, or from elsewhere on any."""
        if side not in self._met_from:
            wanted = [country is not None and side in {None, country} for country in self._countries]
            self._met_from[side] = self._segments.only(np.array(wanted, dtype=bool)[self._segments.edge])
        return self._met_from[side]

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


def _may_be_met(edge: Edge) -> bool:
    return edge.properties.road_class != "border" and edge.properties.crossing is None
