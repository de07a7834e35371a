"""From any position to the road: the nearest point on an edge, on the position's own side of the border."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas.roads import Edge, RoadNetwork
from khorgos_map.geodesy import WGS84
from khorgos_map.measure.prepared import ONE_AT_A_TIME
from khorgos_map.measure.routing.graph import Graph
from khorgos_map.measure.routing.lines import Floats, in_metres
from khorgos_map.measure.routing.records import REFUSE_BEYOND_M, Access, Stop
from khorgos_map.measure.routing.told import NoRouteError


class End(NamedTuple):
    """What it takes between a snapped point and a vertex."""

    vertex: int
    weight: float
    seconds: float
    metres: float


_NOWHERE = End(0, math.inf, math.inf, math.inf)


@dataclass(frozen=True)
class Snap:
    """A stop on the road: at a share of an edge's length from its start, or at a node, without an edge.

    ``leave`` and ``arrive`` say at what cost the next vertices are reached from here, and this from them.
    """

    access: Access
    edge: int | None
    share: float
    leave: tuple[End, ...]
    arrive: tuple[End, ...]

    @property
    def is_near(self) -> bool:
        """Whether the road is near enough to be driven on from here."""
        return self.access.length_m <= REFUSE_BEYOND_M


class _Found(NamedTuple):
    """Per position: the edge, the share of its length, the point on it and the distance to it in metres."""

    edge: NDArray[np.int64]
    share: Floats
    on_road: Floats
    distance_m: Floats


@dataclass(frozen=True)
class _Segments:
    """Straight parts of edges, in metres of the regional projection and in degrees."""

    edge: NDArray[np.int64]
    begins: Floats
    ends: Floats
    begins_deg: Floats
    ends_deg: Floats
    share_begin: Floats
    share_end: Floats

    def only(self, wanted: NDArray[np.bool_]) -> _Segments:
        return _Segments(*(getattr(self, own.name)[wanted] for own in fields(self)))

    @cached_property
    def tree(self) -> STRtree:
        return STRtree(np.asarray(shapely.linestrings(np.stack([self.begins, self.ends], axis=1))))

    def nearest(self, positions: Floats) -> _Found:
        at_m = in_metres(positions)
        hit = self.tree.nearest(shapely.points(at_m))
        way = self.ends[hit] - self.begins[hit]
        along = np.einsum("ij,ij->i", at_m - self.begins[hit], way) / np.einsum("ij,ij->i", way, way)
        along = along.clip(0.0, 1.0)
        on_road = self.begins_deg[hit] + along[:, None] * (self.ends_deg[hit] - self.begins_deg[hit])
        share = self.share_begin[hit] + along * (self.share_end[hit] - self.share_begin[hit])
        _, _, distance_m = WGS84.inv(positions[:, 0], positions[:, 1], on_road[:, 0], on_road[:, 1])
        return _Found(self.edge[hit], share, on_road, np.asarray(distance_m))


class Snapper:
    """Finds stops on the edges of a graph; one for each graph, whose trees are built when first asked.

    ``land`` is the land by country, longitude/latitude on WGS 84. A position in neither may be met on any side.
    """

    def __init__(self, graph: Graph, network: RoadNetwork, land: Mapping[str, BaseGeometry]) -> None:
        self._graph = graph
        self._network = network
        self._land = land
        self._node_at = {n.properties.place: i for i, n in network.nodes.items() if n.properties.place}
        self._segments: dict[str | None, _Segments] = {}

    def snap(self, stop: Stop) -> Snap:
        """Return a stop on the road; raises `NoRouteError` where the nearest is farther than 25 km."""
        (snap,) = self.snap_near([stop])
        return snap

    def snap_near(self, stops: Sequence[Stop]) -> list[Snap]:
        """Return stops on the road, all at once; raises `NoRouteError` where the nearest is farther than 25 km."""
        snaps = self.snap_all(stops)
        for snap in snaps:
            if not snap.is_near:
                raise _too_far(snap.access, self._graph.edges[snap.edge] if snap.edge is not None else None)
        return snaps

    def snap_all(self, stops: Sequence[Stop]) -> list[Snap]:
        """Return stops on the road, all at once; from one that is farther than 25 km there is no way."""
        snaps = {n: snap for n, stop in enumerate(stops) if (snap := self._at_node(stop))}
        others = [n for n in range(len(stops)) if n not in snaps]
        if others:
            found = self._nearest(np.array([stops[n].position for n in others], dtype=float))
            for row, n in enumerate(others):
                snaps[n] = self._on_edge(stops[n], found, row)
        return [snaps[n] for n in range(len(stops))]

    def _at_node(self, stop: Stop) -> Snap | None:
        identifier = stop.id or ""
        nodes = self._network.nodes
        node = nodes.get(identifier) or nodes.get(self._node_at.get(identifier, ""))
        vertices = self._graph.vertices.get(node.properties.id, ()) if node else ()
        if node is None or not vertices:
            return None
        lon, lat = node.geometry.coordinates[:2]
        _, _, length_m = WGS84.inv(*stop.position, lon, lat)
        ends = tuple(End(vertex, 0.0, 0.0, 0.0) for vertex in vertices)
        return Snap(Access(stop, (lon, lat), float(length_m)), None, 0.0, ends, ends)

    def _on_edge(self, stop: Stop, found: _Found, row: int) -> Snap:
        graph, edge, share = self._graph, int(found.edge[row]), float(found.share[row])
        lon, lat = found.on_road[row]
        access = Access(stop, (float(lon), float(lat)), float(found.distance_m[row]))
        if not access.length_m <= REFUSE_BEYOND_M:
            return Snap(access, edge if edge >= 0 else None, share, (_NOWHERE,), (_NOWHERE,))
        costs = graph.weight[edge], graph.seconds[edge], graph.metres[edge]
        to_start = End(graph.start[edge], *(share * cost for cost in costs))
        to_end = End(graph.end[edge], *((1 - share) * cost for cost in costs))
        if graph.edges[edge].properties.oneway:
            return Snap(access, edge, share, (to_end,), (to_start,))
        return Snap(access, edge, share, (to_start, to_end), (to_start, to_end))

    def _nearest(self, positions: Floats) -> _Found:
        count = len(positions)
        found = _Found(np.full(count, -1), np.zeros(count), np.zeros((count, 2)), np.full(count, np.inf))
        left = np.ones(count, dtype=bool)
        for side in (*self._land, None):
            with ONE_AT_A_TIME:
                inside = left & shapely.contains_xy(self._land[side], positions) if side else left
            left = left & ~inside
            segments = self._of(side)
            if inside.any() and len(segments.edge):
                for values, own in zip(found, segments.nearest(positions[inside]), strict=True):
                    values[inside] = own
        return found

    def _of(self, side: str | None) -> _Segments:
        if side not in self._segments:
            edges = self._graph.edges
            wanted = [_may_be_met(e) and side in {None, e.properties.country} for e in edges]
            self._segments[side] = self._all.only(np.array(wanted, dtype=bool)[self._all.edge])
        return self._segments[side]

    @cached_property
    def _all(self) -> _Segments:
        lines = self._graph.lines
        real = (lines.edge[1:] == lines.edge[:-1]) & (lines.share[1:] > lines.share[:-1])
        starts, ends = np.flatnonzero(real), np.flatnonzero(real) + 1
        return _Segments(
            edge=lines.edge[starts],
            begins=lines.at_m[starts],
            ends=lines.at_m[ends],
            begins_deg=lines.positions[starts],
            ends_deg=lines.positions[ends],
            share_begin=lines.share[starts],
            share_end=lines.share[ends],
        )


def _may_be_met(edge: Edge) -> bool:
    return edge.properties.road_class != "border" and edge.properties.crossing is None


def _too_far(access: Access, nearest: Edge | None) -> NoRouteError:
    lon, lat = access.stop.position
    place = {"limit": f"{REFUSE_BEYOND_M / 1000:g}", "place": access.stop.name or f"{lat:g}, {lon:g}"}
    if nearest is None:
        return NoRouteError(("route.no_road_near", place))
    own = nearest.properties
    road = own.ref or (own.name.in_language("en") if own.name else own.id)
    return NoRouteError(("route.too_far", {**place, "road": road, "distance": round(access.length_m / 1000)}))
