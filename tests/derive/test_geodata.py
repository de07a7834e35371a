"""The derived files as they stand in geodata/."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from shapely.geometry import shape

from khorgos_map.derive import roads
from khorgos_map.geodesy import area_ha, length_m

GEODATA = Path(__file__).parents[2] / "geodata"


def drawn(file: str) -> dict[str, object]:
    features = json.loads((GEODATA / file).read_text(encoding="utf-8"))["features"]
    return {f["properties"]["id"]: shape(f["geometry"]) for f in features if f["geometry"]}


def test_border_land_and_zones_as_they_stand_share_their_vertices():
    parts = drawn("layers/border.geojson")["state-border"].geoms
    line = {position for part in parts for position in part.coords}
    assert all(one.coords[-1] == two.coords[0] for one, two in pairwise(parts))
    lands, parts = drawn("basemap/land.geojson"), drawn("layers/zones.geojson")
    for side in ("land-kz", "land-cn"):
        rings = getattr(lands[side], "geoms", [lands[side]])
        assert line <= {position for ring in rings for position in ring.exterior.coords}
    assert lands["land-kz"].intersection(lands["land-cn"]).area == 0
    for part, ha in (("icbc-kz", 217), ("icbc-cn", 343)):
        assert area_ha(parts[part]) == pytest.approx(ha, abs=0.01)
        assert len(set(parts[part].exterior.coords) - line) == 2
    assert parts["icbc-kz"].intersection(parts["icbc-cn"]).area == 0
    assert next(iter(parts["khorgos"].coords)) in line


def test_routes_as_they_stand_begin_at_khorgos_and_hold_together():
    origin = drawn("layers/zones.geojson")["khorgos"].coords[0]
    routes = drawn("layers/roads.geojson")
    assert routes.keys() == roads.ROUTES.keys()
    for route in routes.values():
        lines = [list(line.coords) for line in route.geoms]
        assert lines[0][0] == origin
        assert all(one[-1] == two[0] for one, two in pairwise(lines))
    total_km = sum(length_m(line.coords) for line in routes["road-khorgos-urumqi"].geoms) / 1000
    assert total_km == pytest.approx(627, abs=2)
