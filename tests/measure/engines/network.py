"""A small network of roads for tests: two countries, two crossings, a one-way road, bends and a gravel track."""

from __future__ import annotations

import math
from typing import Any

import shapely

from khorgos_map.atlas.roads import Crossing, Edge, Node, RoadNetwork

BORDER_LON = 80.4
COLUMNS = [79.2, 79.6, 80.0, 80.38, 80.42, 80.9, 81.3]
ROWS = [43.9, 44.2, 44.5, 44.8]
CROSSINGS = {"south-gate": 44.2, "north-gate": 44.8}
LAND = {
    "KZ": shapely.box(76.0, 42.0, BORDER_LON, 47.0),
    "CN": shapely.box(BORDER_LON, 42.0, 88.0, 47.0),
}
TEXT = {"en": "a test", "kk": None, "ru": None, "zh": None}
BASIS = {"basis": "schematic", "uncertainty_m": 100.0, "sources": ["test"], "licence": "ODbL-1.0"}


def _name(column: int, row: int) -> str:
    return f"n{column}{row}"


def _country(lon: float) -> str:
    return "KZ" if lon < BORDER_LON else "CN"


def _node(column: int, row: int) -> Node:
    lon, lat = COLUMNS[column], ROWS[row]
    basis = {key: value for key, value in BASIS.items() if key != "basis"}
    properties = {
        "id": _name(column, row),
        "name": None,
        "country": _country(lon),
        "kind": "junction",
        **basis,
    }
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return Node.model_validate({"type": "Feature", "geometry": geometry, "properties": properties})


def _edge(start: tuple[int, int], end: tuple[int, int], **changes: Any) -> Edge:
    (x1, y1), (x2, y2) = ((COLUMNS[c], ROWS[r]) for c, r in (start, end))
    bend = 0.0 if abs(x1 + x2 - 2 * BORDER_LON) < 0.1 else 0.1
    bends = [
        (
            round(x1 + (x2 - x1) * t + (y2 - y1) * bend * math.sin(math.pi * t) * (1 + start[0] % 3), 6),
            round(y1 + (y2 - y1) * t + (x2 - x1) * bend * math.sin(math.pi * t) * (1 + start[1] % 2), 6),
        )
        for t in (0.25, 0.5, 0.75)
    ]
    properties = {
        "id": f"{_name(*start)}-{_name(*end)}",
        "start": _name(*start),
        "end": _name(*end),
        "country": _country(x1),
        "ref": f"R{start[1]}",
        "ref_old": None,
        "name": None,
        "road_class": ("motorway", "trunk", "primary", "secondary")[start[1]],
        "surface": "asphalt",
        "length_km": 50.0,
        "length_basis": "estimated",
        "length_sigma_km": 1.0,
        "speed_car_kmh": (110.0, 100.0, 90.0, 70.0)[start[1]],
        "speed_truck_kmh": 70.0,
        "speed_basis": "estimated",
        "opened": None,
        **BASIS,
        **changes,
    }
    geometry = {"type": "LineString", "coordinates": [(x1, y1), *bends, (x2, y2)]}
    return Edge.model_validate({"type": "Feature", "geometry": geometry, "properties": properties})


def _crossing(identifier: str) -> Crossing:
    return Crossing.model_validate(
        {
            "id": identifier,
            "name": {
                code: {"text": identifier, "basis": "unverified"} for code in ("en", "kk", "ru", "zh", "ug")
            },
            "feature": None,
            "traffic": ["car", "truck"],
            "opened": "2018",
            "closed": None,
            "who": TEXT,
            "hours": [],
            "waiting": [],
            "sources": ["test"],
        }
    )


def _edges() -> list[Edge]:
    found = []
    last_west = COLUMNS.index(80.38)
    for column in range(len(COLUMNS)):
        for row in range(len(ROWS)):
            if row + 1 < len(ROWS):
                found.append(
                    _edge((column, row), (column, row + 1), surface="gravel" if column == 1 else "asphalt")
                )
            if column == last_west:
                crossing = next((i for i, lat in CROSSINGS.items() if lat == ROWS[row]), None)
                if crossing:
                    found.append(
                        _edge((column, row), (column + 1, row), crossing=crossing, road_class="border")
                    )
            elif column + 1 < len(COLUMNS):
                found.append(_edge((column, row), (column + 1, row), oneway=(column, row) == (0, 0)))
    found.append(_edge((0, 1), (1, 2), opened="2999"))
    return found


NETWORK = RoadNetwork(
    nodes={_name(c, r): _node(c, r) for c in range(len(COLUMNS)) for r in range(len(ROWS))},
    edges={edge.properties.id: edge for edge in _edges()},
    crossings={identifier: _crossing(identifier) for identifier in CROSSINGS},
)
