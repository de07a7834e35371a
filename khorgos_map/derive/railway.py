"""The railway across the border, from a graph of the world's railways made of OpenStreetMap."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString

from khorgos_map.derive.border import Bounds, Position, nearest_index
from khorgos_map.derive.packages import DeriveError, member

RAILWAY_BOX: Bounds = (79.5, 43.0, 83.5, 45.0)
# Junctions of the graph that a line begins at, passes and ends at, longitude, latitude.
LINES: dict[str, tuple[Position, ...]] = {
    "railway-altynkol-horgos": ((80.283, 44.166), (80.508, 44.165)),
    "railway-horgos-jinghe": ((80.508, 44.165), (81.302, 43.963), (82.908, 44.598)),
}
Edges = Sequence[dict[str, float]]


def railways(archive: Path) -> dict[str, LineString]:
    """Return each line by id, WGS 84 longitude/latitude, with the graph's junctions as its vertices."""
    edges, nodes = parse(member(archive, "scgraph_data/world_railways.py").decode())
    return {name: follow(edges, nodes, stops) for name, stops in LINES.items()}


def parse(source: str) -> tuple[Edges, list[Position]]:
    """Return (edges, nodes) of a graph's Python source without running it.

    A node is longitude, latitude; its edges are the lengths in km by the number of the other node.
    """
    found = dict(re.findall(r"^(graph|nodes) ?= ?(.*)$", source, re.MULTILINE))
    if found.keys() != {"graph", "nodes"}:
        raise DeriveError("the railway graph has no edges or no nodes")
    edges = json.loads(re.sub(r"(\d+):", r'"\1":', found["graph"]))
    return edges, [(lon, lat) for lat, lon in json.loads(found["nodes"])]


def follow(edges: Edges, nodes: Sequence[Position], stops: Sequence[Position]) -> LineString:
    """Return the shortest line along the graph through the nodes nearest to the stops."""
    west, south, east, north = RAILWAY_BOX
    inside = [i for i, (lon, lat) in enumerate(nodes) if west < lon < east and south < lat < north]
    number = {node: i for i, node in enumerate(inside)}
    links = [
        (number[i], number[int(j)], km)
        for i in inside
        for j, km in edges[i].items()
        if int(j) in number and km
    ]
    rows, columns, lengths = zip(*links, strict=True)
    graph = csr_array((lengths, (rows, columns)), shape=(len(inside), len(inside)))
    places = [nodes[i] for i in inside]
    path = [nearest_index(places, stops[0])]
    for target in (nearest_index(places, stop) for stop in stops[1:]):
        path += _shortest(graph, path[-1], target)
    return LineString([places[i] for i in path])


def _shortest(graph: csr_array, source: int, target: int) -> list[int]:
    """Return the nodes from after `source` to `target` on the shortest way."""
    _, before = dijkstra(graph, indices=[source], return_predecessors=True)
    path = [target]
    while (previous := int(before[0, path[-1]])) != source:
        if previous < 0:
            raise DeriveError("the railway graph is not connected")
        path.append(previous)
    return path[::-1]
