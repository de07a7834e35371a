"""Faults of the road network: references, ends, lengths, the two countries, and what hangs together.

Positions are longitude, latitude in WGS 84 degrees; lengths are kilometres.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.ledger import unknown
from khorgos_map.atlas.places import COUNTRY, land_by_side
from khorgos_map.atlas.road_facts import FACTS
from khorgos_map.atlas.road_limits import limit_faults, straight_faults
from khorgos_map.atlas.roads import COUNTRIES, Crossing, Edge, Fact, NamedPlace, Node, RoadNetwork, Waiting
from khorgos_map.errors import Fault
from khorgos_map.geodesy import buffer, length_m

NODES, EDGES, CROSSINGS = "network/nodes.geojson", "network/edges.geojson", "network/crossings.json"
PLACES = "network/places.geojson"
# A coordinate has six decimals; an end of a road that differs in the last of them is not at its node.
AT_NODE_DEG = 1e-6
# No road is shorter than the geodesic, but a published length may be rounded that much below it.
ROUNDING_SHARE = 0.001
# A road enters a town beside the point that the map has for it, within that many times the uncertainty.
AT_PLACE = 2
# A drawn line cuts corners and its ends may lie beside the road: farther apart than this, one is wrong.
DRAWN_SHARE, DRAWN_KM = 0.25, 2.0


def faults(atlas: Atlas) -> Iterator[Fault]:
    """Yield the faults of the roads that show only against each other, the border and the rest of the content."""
    network = atlas.network
    land = land_by_side(atlas)
    for node in network.nodes.values():
        yield from _node_faults(node, atlas, land)
    for place in network.places.values():
        yield from _named_place_faults(place, atlas)
    for edge in network.edges.values():
        yield from _edge_faults(edge, atlas)
        yield from _side_faults(edge, network)
    yield from _repeated(network)
    parts = _parts(network.nodes, network.edges.values())
    for fact in network.facts.values():
        yield from _fact_faults(fact, atlas, parts)
    for crossing in network.crossings.values():
        yield from _crossing_faults(crossing, atlas)
    yield from _apart(network)


def _node_faults(node: Node, atlas: Atlas, land: Mapping[str, BaseGeometry]) -> Iterator[Fault]:
    known = node.properties
    yield from unknown(NODES, known.id, "sources", known.sources, atlas.sources)
    if known.place is not None:
        yield from unknown(NODES, known.id, "place", [known.place], atlas.feature)
        yield from _place_faults(node, atlas)
    place = Point(node.geometry.coordinates)
    where = next((side for side, ground in land.items() if ground.contains(place)), None)
    if where in {None, known.country}:
        return
    # a place beside the border is known less well than the border is drawn
    own = land.get(known.country)
    if own is None or not buffer(place, known.uncertainty_m).intersects(own):
        reason = f"{place.x}, {place.y} lies in {COUNTRY[where or '']}"
        yield Fault(NODES, known.id, "country", f"in the wrong country: {reason}")


def _place_faults(node: Node, atlas: Atlas) -> Iterator[Fault]:
    known = node.properties
    place = atlas.feature.get(known.place or "")
    if place is None:
        return
    if place.geometry is None or place.geometry.type != "Point":
        yield Fault(NODES, known.id, "place", f"{known.place!r} is not drawn as a point")
        return
    apart_m = length_m([place.geometry.coordinates, node.geometry.coordinates])
    if apart_m > AT_PLACE * known.uncertainty_m:
        reason = f"{apart_m:.0f} m away from {known.place!r}, known to {known.uncertainty_m:g} m"
        yield Fault(NODES, known.id, "place", reason)


def _named_place_faults(place: NamedPlace, atlas: Atlas) -> Iterator[Fault]:
    known = place.properties
    yield from unknown(PLACES, known.id, "sources", known.sources, atlas.sources)
    if known.id in atlas.network.nodes or known.id in atlas.feature:
        yield Fault(PLACES, known.id, "id", "is the id of a node or of a feature, too")


def _edge_faults(edge: Edge, atlas: Atlas) -> Iterator[Fault]:
    known, network = edge.properties, atlas.network
    yield from unknown(EDGES, known.id, "sources", known.sources, atlas.sources)
    line = edge.geometry.coordinates
    for field, name, position in (("start", known.start, line[0]), ("end", known.end, line[-1])):
        if name not in network.nodes:
            yield Fault(EDGES, known.id, field, f"unknown reference {name!r}")
            continue
        there = network.nodes[name].geometry.coordinates
        if max(abs(a - b) for a, b in zip(position, there, strict=False)) > AT_NODE_DEG:
            yield Fault(EDGES, known.id, "geometry", f"its {field} is not at the node {name!r}")
    used_km = known.length_adjusted_km or known.length_km
    geodesic_km = length_m([line[0], line[-1]]) / 1000
    for field, km in (("length_km", known.length_km), ("length_adjusted_km", used_km)):
        if km < geodesic_km * (1 - ROUNDING_SHARE):
            yield Fault(
                EDGES, known.id, field, f"{km:g} km is less than the geodesic of {geodesic_km:.2f} km"
            )
    yield from limit_faults(known, atlas)
    yield from straight_faults(known, len(line), geodesic_km)
    drawn_km = length_m(line) / 1000
    if known.basis != "schematic" and abs(drawn_km - used_km) > DRAWN_SHARE * used_km + DRAWN_KM:
        yield Fault(EDGES, known.id, "geometry", f"drawn {drawn_km:.1f} km long, said to be {used_km:g} km")
    if known.opened and known.closed and known.closed < known.opened:
        yield Fault(EDGES, known.id, "closed", f"{known.closed} is before it opened, {known.opened}")


def _side_faults(edge: Edge, network: RoadNetwork) -> Iterator[Fault]:
    known = edge.properties
    if not {known.start, known.end} <= network.nodes.keys():
        return
    sides = {network.nodes[name].properties.country for name in (known.start, known.end)}
    if known.road_class == "border":
        if known.crossing is None:
            yield Fault(EDGES, known.id, "crossing", "missing: a road across the border needs its crossing")
        if len(sides) == 1:
            yield Fault(EDGES, known.id, "road_class", f"a border road with both ends in {sides.pop()}")
    elif len(sides) > 1:
        yield Fault(EDGES, known.id, "road_class", "joins the two countries without being a border road")
    elif known.country not in sides:
        yield Fault(EDGES, known.id, "country", f"{known.country}, but both its ends lie in {sides.pop()}")
    if known.crossing is not None and known.road_class != "border":
        yield Fault(EDGES, known.id, "crossing", "only a road across the border has a crossing")
    if known.crossing is not None and known.crossing not in network.crossings:
        yield Fault(EDGES, known.id, "crossing", f"unknown reference {known.crossing!r}")


def _repeated(network: RoadNetwork) -> Iterator[Fault]:
    first: dict[tuple[str, ...], str] = {}
    for name, edge in network.edges.items():
        known = edge.properties
        if known.start == known.end:
            yield Fault(EDGES, name, "end", "leads back to its start")
        ends = (*sorted((known.start, known.end)), known.ref or "", known.road_class)
        if first.setdefault(ends, name) != name:
            yield Fault(EDGES, name, "start", f"the same road between the same nodes as {first[ends]!r}")


def _fact_faults(fact: Fact, atlas: Atlas, parts: Mapping[str, str]) -> Iterator[Fault]:
    network = atlas.network
    stops = {"start": [fact.start], "via": fact.via, "end": [fact.end]}
    for field, named in stops.items():
        yield from unknown(FACTS, fact.id, field, named, network.nodes)
    yield from unknown(FACTS, fact.id, "source", [fact.source], atlas.sources)
    if fact.claim is not None:
        yield from unknown(FACTS, fact.id, "claim", [fact.claim], atlas.claims)
        claim = atlas.claims.get(fact.claim)
        if claim is not None and claim.unit == "km" and claim.value != fact.km:
            reason = f"{fact.km:g} km, but its claim {claim.id!r} says {claim.value} km"
            yield Fault(FACTS, fact.id, "km", reason)
    known = [name for named in stops.values() for name in named if name in network.nodes]
    if len({parts[name] for name in known}) > 1:
        yield Fault(FACTS, fact.id, "via", "no road leads through the places it names")


def _crossing_faults(crossing: Crossing, atlas: Atlas) -> Iterator[Fault]:
    waits = crossing.waiting
    sources = [*crossing.sources, *(h.source for h in crossing.hours), *(w.source for w in waits if w.source)]
    yield from unknown(CROSSINGS, crossing.id, "sources", sources, atlas.sources)
    yield from unknown(CROSSINGS, crossing.id, "waiting", [w.claim for w in waits if w.claim], atlas.claims)
    if crossing.feature is not None:
        yield from unknown(CROSSINGS, crossing.id, "feature", [crossing.feature], atlas.feature)
    for hours in crossing.hours:
        if hours.source not in crossing.sources:
            yield Fault(
                CROSSINGS, crossing.id, "hours", f"their source {hours.source!r} is not among its sources"
            )
        if hours.opens and hours.closes and hours.opens >= hours.closes:
            yield Fault(CROSSINGS, crossing.id, "hours", f"open from {hours.opens} to {hours.closes}")
    for wait in waits:
        yield from _wait_faults(wait, crossing, atlas)


def _wait_faults(wait: Waiting, crossing: Crossing, atlas: Atlas) -> Iterator[Fault]:
    if wait.traffic not in crossing.traffic:
        yield Fault(CROSSINGS, crossing.id, "waiting", f"no crossing for the traffic {wait.traffic!r}")
    claim = atlas.claims.get(wait.claim or "")
    if claim is None:
        return
    if wait.source != claim.source:
        yield Fault(CROSSINGS, crossing.id, "waiting", f"its claim {claim.id!r} has another source")
    if isinstance(claim.value, int | float) and not wait.low_h <= claim.value <= wait.high_h:
        reason = f"{wait.low_h:g} to {wait.high_h:g} h, but its claim {claim.id!r} says {claim.value:g} h"
        yield Fault(CROSSINGS, crossing.id, "waiting", reason)


def _apart(network: RoadNetwork) -> Iterator[Fault]:
    """Yield a fault for every part of a country's roads that hangs together with no other part of them."""
    inland = [e for e in network.edges.values() if e.properties.road_class != "border"]
    parts = _parts(network.nodes, inland)
    members: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for name, node in network.nodes.items():
        members[node.properties.country, parts[name]].append(name)
    for country in COUNTRIES:
        found = sorted((names for (side, _), names in members.items() if side == country), key=len)
        for names in found[:-1]:
            reason = f"no road joins it to the others in {COUNTRY[country]} ({len(names)} nodes)"
            yield Fault(NODES, min(names), "id", reason)


def _parts(names: Iterable[str], edges: Iterable[Edge]) -> dict[str, str]:
    """Return for each node the name of the part it belongs to: nodes of one part are joined by the edges."""
    parent = {name: name for name in names}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for edge in edges:
        parent[root(edge.properties.start)] = root(edge.properties.end)
    return {name: root(name) for name in list(parent)}
