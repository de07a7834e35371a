"""A road network small enough to know every answer by heart.

::

    a ══ b ── c │ d ── e ⇄ f      the main road; ║ between a and b also the old road; e and f one way each
          \\    k|k   /           k is a point on the border, with a road to c and one to d
           g ─── │ ─── h          the far gate: cars only, open since 2020

The border is the meridian 80.42.
"""

from __future__ import annotations

from typing import Any

from shapely.geometry import box

from khorgos_map.atlas.roads import Crossing, Edge, Node, RoadNetwork
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.records import Question, Stop

LAND = {"KZ": box(76, 42, 80.42, 47), "CN": box(80.42, 42, 90, 47)}
WHERE = {
    "a": (79.0, 44.0),
    "b": (79.5, 44.0),
    "c": (80.4, 44.0),
    "d": (80.44, 44.0),
    "e": (81.0, 44.0),
    "f": (81.0, 44.5),
    "g": (80.38, 44.6),
    "h": (80.46, 44.6),
    "k": (80.42, 44.1),
}
CHINESE = {"d", "e", "f", "h"}


def node(identifier: str) -> Node:
    own = {
        "id": identifier,
        "name": {"en": {"text": f"Town {identifier.upper()}", "basis": "sourced"}},
        "country": "CN" if identifier in CHINESE else "KZ",
        "kind": "boundary" if identifier == "k" else "town",
        "place": "place-e" if identifier == "e" else None,
        "uncertainty_m": 100,
        "sources": ["nobody"],
        "licence": "CC-BY-4.0",
    }
    point = {"type": "Point", "coordinates": WHERE[identifier]}
    return Node.model_validate({"type": "Feature", "geometry": point, "properties": own})


def edge(identifier: str, km: float, ref: str = "A-1", **more: Any) -> Edge:
    start, end = identifier.split("-")[:2]
    bends = more.pop("bends", [])
    own = {
        "id": identifier,
        "start": start,
        "end": end,
        "country": "CN" if {start, end} & CHINESE else "KZ",
        "ref": ref,
        "ref_old": None,
        "name": None,
        "road_class": "trunk",
        "surface": "asphalt",
        "length_km": km,
        "length_basis": "published",
        "length_sigma_km": km / 100,
        "speed_car_kmh": 100,
        "speed_truck_kmh": 80,
        "speed_basis": "limit",
        "opened": None,
        "basis": "traced",
        "uncertainty_m": 1000,
        "sources": ["nobody"],
        "licence": "CC-BY-4.0",
        **more,
    }
    line = {"type": "LineString", "coordinates": [WHERE[start], *bends, WHERE[end]]}
    return Edge.model_validate({"type": "Feature", "geometry": line, "properties": own})


EDGES = [
    edge("a-b", 42, "M-1", speed_car_kmh=120, opened="2018-09"),
    edge("a-b-old", 60, "A-9", truck=False, bends=[(79.25, 43.8)]),
    edge("b-c", 75),
    edge("c-d", 4, road_class="border", speed_car_kmh=40, speed_truck_kmh=40, crossing="gate"),
    edge("d-e", 46, "G-1"),
    edge("e-f", 57, "G-2", oneway=True),
    edge("f-e", 70, "G-3", oneway=True, bends=[(81.3, 44.3)]),
    edge("c-k", 12, "A-7"),
    edge("k-d", 13, "G-7"),
    edge("b-g", 100, "A-5"),
    edge("g-h", 8, "A-5", road_class="border", crossing="far-gate"),
    edge("h-e", 80, "G-5"),
]


def crossing(identifier: str, traffic: list[str], **more: Any) -> Crossing:
    own = {
        "id": identifier,
        "name": {"en": {"text": identifier, "basis": "sourced"}},
        "feature": None,
        "traffic": traffic,
        "opened": None,
        "closed": None,
        "who": {"en": "anybody"},
        "hours": [],
        "waiting": [],
        "sources": ["nobody"],
        **more,
    }
    return Crossing.model_validate(own)


def wait(
    traffic: str, direction: str, low_h: float, high_h: float, as_of: str | None = None
) -> dict[str, Any]:
    about = {"claim": None, "source": None, "as_of": as_of, "note": {"en": "supposed"}}
    return {"traffic": traffic, "direction": direction, "low_h": low_h, "high_h": high_h, **about}


WAITS = [
    wait("car", "both", 9, 9, "2025"),
    wait("car", "KZ-CN", 1, 3, "2020"),
    wait("truck", "CN-KZ", 10, 50),
]
CROSSINGS = [
    crossing("gate", ["car", "truck"], waiting=WAITS),
    crossing("far-gate", ["car", "pedestrian"], opened="2020-05-01"),
]


def network(edges: list[Edge] = EDGES, crossings: list[Crossing] = CROSSINGS) -> RoadNetwork:
    return RoadNetwork(
        nodes={i: node(i) for i in WHERE},
        edges={e.properties.id: e for e in edges},
        crossings={c.id: c for c in crossings},
    )


def engine(edges: list[Edge] = EDGES, crossings: list[Crossing] = CROSSINGS) -> Embedded:
    return Embedded(network(edges, crossings), LAND)


def at(identifier: str) -> Stop:
    return Stop(WHERE[identifier], identifier, identifier)


def ask(*stops: Stop | str, **more: Any) -> Question:
    return Question(tuple(at(s) if isinstance(s, str) else s for s in stops), **more)
