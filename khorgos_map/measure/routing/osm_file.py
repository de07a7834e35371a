"""The road network as OpenStreetMap data, so that OSRM and Valhalla can be built from the very same roads.

Those engines take a length from the line as it is drawn, ours takes the published one. `drawn` gives the
network with the lengths of its lines, so that the two can be held against each other.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import shapely

from khorgos_map.atlas.roads import Edge, EdgeProperties, RoadClass, RoadNetwork
from khorgos_map.errors import UsageError
from khorgos_map.geodesy import length_m
from khorgos_map.measure.routing.border import open_in, passable
from khorgos_map.measure.routing.limits import lets_through
from khorgos_map.measure.routing.records import PROFILES, Position

HIGHWAY: Mapping[RoadClass, str] = {
    "motorway": "motorway",
    "trunk": "trunk",
    "primary": "primary",
    "secondary": "secondary",
    "tertiary": "tertiary",
    "city": "tertiary",
    "border": "trunk",
}
# OpenStreetMap's word for a road of bare soil
SURFACE = {"earth": "ground"}
DECIMALS = 6


def osm_pbf(network: RoadNetwork) -> bytes:
    """Return the roads open today as OpenStreetMap data in the PBF format.

    Ways keep number, class, surface, direction and the speeds of car and truck; the id of an edge stands in
    the tag ``ref:edge``, the id of a node or a crossing in ``ref:node``. A way across the border has a
    ``barrier=border_control`` in its middle. Raises `UsageError` where pyosmium is not installed.
    """
    try:
        import osmium  # noqa: PLC0415  # an optional dependency
        from osmium.osm.mutable import Node, Way  # noqa: PLC0415
    except ImportError:
        raise UsageError("OpenStreetMap data needs pyosmium: pip install 'khorgos-map[engines]'") from None
    numbered = _Numbered(network)
    header = osmium.io.Header()
    header.set("generator", f"khorgos-map; {licences(network)}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "roads.osm.pbf"
        with osmium.SimpleWriter(str(file), header=header) as writer:
            for number, position in enumerate(numbered.positions, start=1):
                tags = numbered.tags.get(number, {})
                writer.add_node(Node(id=number, location=position, tags=tags, version=1))
            for number, (nodes, tags) in enumerate(numbered.ways, start=1):
                writer.add_way(Way(id=number, nodes=nodes, tags=tags, version=1))
        return file.read_bytes()


def drawn(network: RoadNetwork) -> RoadNetwork:
    """Return the network with the geodesic length of each drawn line in place of its published length."""
    return replace(
        network,
        edges={
            i: _with_length(edge, length_m(line_of(edge, network)) / 1000)
            for i, edge in network.edges.items()
        },
    )


def line_of(edge: Edge, network: RoadNetwork) -> tuple[Position, ...]:
    """Return the longitude/latitude positions of an edge, from its start node exactly to its end node."""
    ends = [network.nodes[i].geometry.coordinates for i in (edge.properties.start, edge.properties.end)]
    start, end = ((lon, lat) for lon, lat, *_ in ends)
    inner = [(lon, lat) for lon, lat, *_ in edge.geometry.coordinates]
    return (start, *(p for p in inner if p not in {start, end}), end)


def licences(network: RoadNetwork) -> str:
    """Return the licences of the network's records, as a file made of them has to name them."""
    of_nodes = {node.properties.licence for node in network.nodes.values()}
    of_edges = {edge.properties.licence for edge in network.edges.values()}
    return ", ".join(sorted(of_nodes | of_edges))


class _Numbered:
    """Positions and ways with the numbers that OpenStreetMap data needs, in the order of the ids."""

    def __init__(self, network: RoadNetwork) -> None:
        self.positions: list[Position] = []
        self.tags: dict[int, dict[str, str]] = {}
        self._network = network
        self._ends: dict[tuple[str, str], int] = {}
        self.ways = [
            ((self._end(edge, edge.start), *self._inner(record), self._end(edge, edge.end)), tags)
            for _, record in sorted(network.edges.items())
            for edge in (record.properties,)
            if (tags := _way_tags(record, network)) is not None
        ]

    def _put(self, position: Position, tags: dict[str, str] | None = None) -> int:
        self.positions.append(position)
        number = len(self.positions)
        if tags:
            self.tags[number] = tags
        return number

    def _end(self, edge: EdgeProperties, identifier: str) -> int:
        # roads of two countries that end in one node on the border are joined by a crossing only
        node = self._network.nodes[identifier]
        side = edge.country if edge.crossing is None else node.properties.country
        if (identifier, side) not in self._ends:
            lon, lat, *_ = node.geometry.coordinates
            self._ends[identifier, side] = self._put((lon, lat), {"ref:node": identifier})
        return self._ends[identifier, side]

    def _inner(self, edge: Edge) -> Iterator[int]:
        line, crossing = line_of(edge, self._network), edge.properties.crossing
        if crossing is None:
            yield from map(self._put, line[1:-1])
            return
        whole = shapely.LineString(line)
        post = whole.interpolate(0.5, normalized=True)
        middle = (round(post.x, DECIMALS), round(post.y, DECIMALS))
        for position in sorted({*line[1:-1], middle}, key=lambda p: whole.project(shapely.Point(p))):
            is_post = position == middle
            yield self._put(
                position, {"barrier": "border_control", "ref:node": crossing} if is_post else None
            )


def _way_tags(record: Edge, network: RoadNetwork) -> dict[str, str] | None:
    edge, year = record.properties, dt.datetime.now(tz=dt.UTC).year
    crossing = network.crossings.get(edge.crossing or "")
    car, truck = (edge.crossing is None or passable(crossing, profile, year) for profile in PROFILES)
    # other engines know no season: what is not open all year is no road for them
    if not open_in(record, year) or not lets_through(record, "car", None) or not (car or truck):
        return None
    tags = {
        "highway": HIGHWAY[edge.road_class],
        # said of every way: a motorway counts as one-way where nothing is said
        "oneway": "yes" if edge.oneway else "no",
        "surface": SURFACE.get(edge.surface, edge.surface),
        "maxspeed": f"{edge.speed_car_kmh:g}",
        "maxspeed:hgv": f"{edge.speed_truck_kmh:g}",
        "ref:edge": edge.id,
    }
    optional = {
        "ref": edge.ref,
        "name": edge.name.in_language("en") if edge.name else None,
        "motorcar": None if car else "no",
        "hgv": None if truck and edge.truck else "no",
        "toll": "yes" if edge.toll else None,
    }
    return tags | {key: value for key, value in optional.items() if value}


def _with_length(edge: Edge, length_km: float) -> Edge:
    changed = {"length_km": length_km, "length_adjusted_km": None}
    return edge.model_copy(update={"properties": edge.properties.model_copy(update=changed)})
