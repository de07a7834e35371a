"""The railway across the border, from a graph of the world's railways made of OpenStreetMap."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from shapely.geometry import LineString

from khorgos_map.derive.border import Bounds, Position
from khorgos_map.derive.packages import member
from khorgos_map.derive.ways import Ways, parse, within

RAILWAY_BOX: Bounds = (79.5, 43.0, 83.5, 45.0)
# Junctions of the graph that a line begins at, passes and ends at, longitude, latitude.
LINES: dict[str, tuple[Position, ...]] = {
    "railway-altynkol-horgos": ((80.283, 44.166), (80.508, 44.165)),
    "railway-horgos-jinghe": ((80.508, 44.165), (81.302, 43.963), (82.908, 44.598)),
}


def railways(archive: Path) -> dict[str, LineString]:
    """Return each line by id, WGS 84 longitude/latitude, with the graph's junctions as its vertices."""
    ways = within(*parse(member(archive, "scgraph_data/world_railways.py").decode()), RAILWAY_BOX)
    return {name: follow(ways, stops) for name, stops in LINES.items()}


def follow(ways: Ways, stops: Sequence[Position]) -> LineString:
    """Return the shortest line along the graph through the junctions nearest to the stops."""
    legs = [ways.between(*leg)[0] for leg in pairwise(stops)]
    return LineString([legs[0][0], *(place for leg in legs for place in leg[1:])])
