"""Graphs of the world's railways and highways made of OpenStreetMap: their junctions and what joins them.

Positions are longitude, latitude in WGS 84 degrees; lengths are kilometres.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from khorgos_map.derive.border import Bounds, Position, nearest_index
from khorgos_map.derive.packages import DeriveError
from khorgos_map.geodesy import length_m

Edges = Sequence[dict[str, float]]


def parse(source: str) -> tuple[Edges, list[Position]]:
    """Return (edges, nodes) of a graph's Python source without running it.

    The edges of a node are the lengths by the number of the other node.
    """
    found = dict(re.findall(r"^(graph|nodes) ?= ?(.*)$", source, re.MULTILINE))
    if found.keys() != {"graph", "nodes"}:
        raise DeriveError("the graph has no edges or no nodes")
    edges = json.loads(re.sub(r"(\d+):", r'"\1":', found["graph"]))
    return edges, [(lon, lat) for lat, lon in json.loads(found["nodes"])]


@dataclass(frozen=True)
class Ways:
    """Junctions and the lengths of what joins them."""

    places: Sequence[Position]
    graph: csr_array

    def between(
        self, start: Position, end: Position, *, off_m: float = math.inf
    ) -> tuple[list[Position], float]:
        """Return the junctions along the shortest way between those nearest to two positions, and its length.

        Raises `DeriveError` if one of the positions is farther from its junction, or if no way joins them.
        """
        first, last = (self._junction(position, off_m) for position in (start, end))
        reached, before = dijkstra(self.graph, indices=[first], return_predecessors=True)
        if not math.isfinite(reached[0, last]):
            raise DeriveError(f"no way joins {start} and {end}")
        path = [last]
        while path[-1] != first:
            path.append(int(before[0, path[-1]]))
        return [self.places[i] for i in reversed(path)], float(reached[0, last])

    def _junction(self, position: Position, off_m: float) -> int:
        index = nearest_index(self.places, position)
        found_m = length_m([position, self.places[index]])
        if found_m > off_m:
            raise DeriveError(f"no junction at {position}; the nearest is {found_m:.0f} m away")
        return index


def within(edges: Edges, nodes: Sequence[Position], box: Bounds) -> Ways:
    """Return what lies inside a box (west, south, east, north)."""
    west, south, east, north = box
    inside = [i for i, (lon, lat) in enumerate(nodes) if west < lon < east and south < lat < north]
    number = {node: i for i, node in enumerate(inside)}
    links = [
        (number[i], number[int(j)], km)
        for i in inside
        for j, km in edges[i].items()
        if int(j) in number and km
    ]
    rows, columns, lengths = zip(*links, strict=True)
    return Ways(
        [nodes[i] for i in inside],
        csr_array((lengths, (rows, columns)), shape=(len(inside), len(inside))),
    )
