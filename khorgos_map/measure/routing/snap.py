"""From any position to the road: the nearest point on an edge, on the position's own side of the border."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas.roads import Edge, RoadNetwork
from khorgos_map.geodesy import WGS84
from khorgos_map.measure.prepared import ONE_AT_A_TIME
from khorgos_map.measure.routing.graph import Graph
from khorgos_map.measure.routing.lines import Floats, Found
from khorgos_map.measure.routing.records import REFUSE_BEYOND_M, Access, Stop
from khorgos_map.measure.routing.told import NoRouteError


class End(NamedTuple):
    """What it takes between a snapped point and a vertex; ``variance`` is that of the metres, in square metres."""

    vertex: int
    weight: float
    seconds: float
    metres: float
    variance: float = 0.0


_NOWHERE = End(0, math.inf, math.inf, math.inf, math.inf)


@dataclass(frozen=True)
class Snap:
    """A stop on the road: at a share of an edge's length from its start, or at a node, without an edge.

    ``leave`` and ``arrive`` say at what cost the next vertices are reached from here, and this from them. ``is_near``
    says whether the road is near enough to be driven on from here.
    ``sigma_m`` is one standard deviation of where along the road the stop is met: half of what its line is known to.
    """

    access: Access
    edge: int | None
    share: float
    leave: tuple[End, ...]
    arrive: tuple[End, ...]
    sigma_m: float = 0.0
    is_near: bool = True


class Snapper:
    """Finds stops on the edges of a graph.

    ``land`` is the land by country, longitude/latitude on WGS 84. A position in neither may be met on any side.
    """

    def __init__(self, graph: Graph, network: RoadNetwork, land: Mapping[str, BaseGeometry]) -> None:
        self._graph = graph
        self._network = network
        self._land = land
        self._node_at = {n.properties.place: i for i, n in network.nodes.items() if n.properties.place}

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

    def _on_edge(self, stop: Stop, found: Found, row: int) -> Snap:
        graph, edge, share = self._graph, int(found.edge[row]), float(found.share[row])
        lon, lat = found.on_road[row]
        access = Access(stop, (float(lon), float(lat)), float(found.distance_m[row]))
        if not found.is_near[row]:
            return Snap(access, edge if edge >= 0 else None, share, (_NOWHERE,), (_NOWHERE,), is_near=False)
        own = graph.edges[edge].properties
        # an exit is where it is
        sigma_m = 0.0 if own.road_class == "motorway" else own.uncertainty_m / 2
        to_start, to_end = (
            End(
                vertex,
                part * graph.weight[edge],
                part * graph.seconds[edge],
                part * graph.metres[edge],
                part**2 * graph.variance[edge],
            )
            for vertex, part in ((graph.start[edge], share), (graph.end[edge], 1 - share))
        )
        if graph.edges[edge].properties.oneway:
            return Snap(access, edge, share, (to_end,), (to_start,), sigma_m)
        return Snap(access, edge, share, (to_start, to_end), (to_start, to_end), sigma_m)

    def _nearest(self, positions: Floats) -> Found:
        count = len(positions)
        found = Found(
            np.full(count, -1),
            np.zeros(count),
            np.zeros((count, 2)),
            np.full(count, np.inf),
            np.zeros(count, dtype=bool),
        )
        left = np.ones(count, dtype=bool)
        for side in (*self._land, None):
            with ONE_AT_A_TIME:
                inside = left & shapely.contains_xy(self._land[side], positions) if side else left
            left = left & ~inside
            segments = self._graph.lines.met_from(side)
            if inside.any() and len(segments.edge):
                nearest = segments.nearest(positions[inside])
                for values, own in zip(found, nearest, strict=True):
                    values[inside] = own
                self._beside_motorways(side, positions, found, inside)
        return found

    def _beside_motorways(
        self, side: str | None, positions: Floats, found: Found, inside: NDArray[np.bool_]
    ) -> None:
        """Count as near what lies beside a motorway whose next exit is farther away than a road may be."""
        segments = self._graph.lines.motorways(side)
        far = np.flatnonzero(inside & ~found.is_near)
        if len(far) and len(segments.edge):
            found.is_near[far] = segments.nearest(positions[far]).is_near


def _too_far(access: Access, nearest: Edge | None) -> NoRouteError:
    lon, lat = access.stop.position
    place = {"limit": f"{REFUSE_BEYOND_M / 1000:g}", "place": access.stop.name or f"{lat:g}, {lon:g}"}
    if nearest is None:
        return NoRouteError(("route.no_road_near", place))
    own = nearest.properties
    # so that nobody reads that 25 km are no longer than 25 km
    km = access.length_m / 1000
    distance = f"{math.ceil(km * 10) / 10:.1f}" if km < 2 * REFUSE_BEYOND_M / 1000 else f"{km:.0f}"
    road = own.ref or (own.name.in_language("en") if own.name else None)
    if road is None:
        return NoRouteError(("route.too_far_road", {**place, "distance": distance}))
    return NoRouteError(("route.too_far", {**place, "road": road, "distance": distance}))
