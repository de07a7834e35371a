"""The road network: what every section and node keeps to, and the roads that have to be there."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.roads import Edge
from tests.atlas.spoiling import Rule
from tests.conftest import GEODATA

LANGUAGES = {"en", "kk", "ru", "zh"}
LIMIT_BYTES = 250_000
# Roads whose number a source of ours gives; the sources leave the others without one.
REFS = {
    "A-2",
    "KAZ06",
    "KAZ08",
    "G30",
    "G312",
    "G3014",
    "G3015",
    "G3016",
    "G3018",
    "G217",
    "G218",
    "G219",
    "G577",
}


CITY, MOTORWAY, PLAIN = "almaty-j-76950-43273", "j-77032-43469-j-76994-43496", "wenquan-bole"


def straight(edge: Edge) -> bool:
    known = edge.properties
    return known.basis != "schematic" or (
        len(edge.geometry.coordinates) == 2 and known.length_basis != "traced"
    )


def possible_speeds(edge: Edge) -> bool:
    known = edge.properties
    return 20 <= known.speed_truck_kmh <= known.speed_car_kmh <= 140 or known.road_class == "border"


# What `khorgos-map check` demands of roads beside this is in test_road_check.py.
SECTIONS = [
    Rule(
        "no position twice in a row",
        lambda edge: all(a != b for a, b in pairwise(edge.geometry.coordinates)),
        PLAIN,
        "geometry.coordinates",
        [(81.0, 44.9), (81.0, 44.9), (82.0, 44.9)],
    ),
    Rule("a schematic section is straight", straight, CITY, "properties.length_basis", "traced"),
    Rule(
        "a motorway has a number",
        lambda edge: edge.properties.ref or edge.properties.road_class != "motorway",
        MOTORWAY,
        "properties.ref",
        None,
    ),
    Rule(
        "a street of a city has a name",
        lambda edge: edge.properties.name or edge.properties.road_class != "city",
        CITY,
        "properties.name",
        None,
    ),
    Rule(
        "a name is in four languages",
        lambda edge: edge.properties.name is None or set(edge.properties.name.root) == LANGUAGES,
        CITY,
        "properties.name.root",
        {"en": "Abai Avenue"},
    ),
    Rule("speeds are possible", possible_speeds, PLAIN, "properties.speed_truck_kmh", 141.0),
]
NODES = Rule(
    "a town or checkpoint has a name",
    lambda node: node.properties.name or node.properties.kind not in {"town", "checkpoint"},
    "almaty",
    "properties.name",
    None,
)


def test_the_network_is_large_enough_to_route_on_and_small_enough_to_send(atlas: Atlas) -> None:
    assert 200 <= len(atlas.network.edges) <= 350
    assert (GEODATA / "network" / "edges.geojson").stat().st_size < LIMIT_BYTES


@pytest.mark.parametrize("name", ["nodes", "edges", "places"])
def test_a_file_has_one_feature_a_line_with_sorted_keys(name: str) -> None:
    text = (GEODATA / "network" / f"{name}.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    lines = [line.removesuffix(",") for line in text.splitlines()[1:-1]]
    assert lines == [json.dumps(feature, ensure_ascii=False, sort_keys=True) for feature in features]


@pytest.mark.parametrize("rule", SECTIONS, ids=lambda rule: rule.name)
def test_every_section_keeps_the_rule(atlas: Atlas, rule: Rule) -> None:
    rule.check(atlas.network.edges)


def test_every_town_has_a_name(atlas: Atlas) -> None:
    NODES.check(atlas.network.nodes)


@pytest.mark.parametrize("name", ["khorgos", "almaty", "taldykorgan", "horgos-city", "yining", "urumqi"])
def test_the_reference_point_and_the_five_destinations_are_nodes(atlas: Atlas, name: str) -> None:
    node = atlas.network.nodes[name].properties
    assert set(node.name.root) >= LANGUAGES if node.name else name == "khorgos"


def classes(atlas: Atlas, ref: str) -> set[str]:
    return {e.properties.road_class for e in atlas.network.edges.values() if e.properties.ref == ref}


def test_the_roads_asked_for_are_there(atlas: Atlas) -> None:
    assert [ref for ref in REFS if not classes(atlas, ref)] == []


def test_the_countries_meet_only_at_known_crossings(atlas: Atlas) -> None:
    roads = [e.properties for e in atlas.network.edges.values()]
    crossings = {road.crossing for road in roads if road.road_class == "border"}
    assert "altynkol-horgos-rail" not in crossings
    assert {
        "nur-zholy-horgos",
        "icbc-link",
        "khorgos-old",
        "kalzhat-dulata",
        "dostyk-alashankou",
    } <= crossings


@pytest.mark.parametrize(("motorway", "old"), [("KAZ06", "A-2"), ("G30", "G312"), ("G3018", "G312")])
def test_old_roads_are_there_beside_the_motorways(atlas: Atlas, motorway: str, old: str) -> None:
    assert classes(atlas, motorway) == {"motorway"}
    assert "motorway" not in classes(atlas, old)
