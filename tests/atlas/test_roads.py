"""The road network, record by record: ends at their nodes, lengths that can be, names or numbers, sources."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.roads import Edge, Node
from khorgos_map.geodesy import length_m
from tests.conftest import GEODATA

ATLAS = sound_atlas(content_folder())
NODES, EDGES = list(ATLAS.network.nodes.values()), list(ATLAS.network.edges.values())
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


def edge_id(edge: Edge) -> str:
    return edge.properties.id


def test_the_network_is_large_enough_to_route_on_and_small_enough_to_send() -> None:
    assert 200 <= len(EDGES) <= 300
    assert (GEODATA / "network" / "edges.geojson").stat().st_size < LIMIT_BYTES


@pytest.mark.parametrize("name", ["nodes", "edges"])
def test_a_file_has_one_feature_a_line_with_sorted_keys(name: str) -> None:
    text = (GEODATA / "network" / f"{name}.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    lines = [line.removesuffix(",") for line in text.splitlines()[1:-1]]
    assert lines == [json.dumps(feature, ensure_ascii=False, sort_keys=True) for feature in features]


@pytest.mark.parametrize("edge", EDGES, ids=edge_id)
def test_a_section_begins_and_ends_at_its_nodes(edge: Edge) -> None:
    line, known = edge.geometry.coordinates, edge.properties
    for name, position in ((known.start, line[0]), (known.end, line[-1])):
        assert position == pytest.approx(ATLAS.network.nodes[name].geometry.coordinates, abs=1e-6)


@pytest.mark.parametrize("edge", EDGES, ids=edge_id)
def test_a_section_is_drawn_within_its_precision(edge: Edge) -> None:
    line = edge.geometry.coordinates
    assert all(round(number, 6) == number for position in line for number in position)
    assert all(a != b for a, b in pairwise(line))
    if edge.properties.basis == "schematic":
        assert len(line) == 2
        assert edge.properties.length_basis != "traced"


@pytest.mark.parametrize("edge", EDGES, ids=edge_id)
def test_a_section_is_no_shorter_than_the_geodesic(edge: Edge) -> None:
    line, known = edge.geometry.coordinates, edge.properties
    geodesic_km = length_m([line[0], line[-1]]) / 1000
    assert known.length_km >= geodesic_km * 0.999
    assert (known.length_adjusted_km or known.length_km) >= geodesic_km * 0.999
    assert known.length_sigma_km > 0


@pytest.mark.parametrize("edge", EDGES, ids=edge_id)
def test_a_section_says_which_road_it_is_and_who_says_so(edge: Edge) -> None:
    known = edge.properties
    assert known.ref or known.road_class != "motorway"
    assert known.name or known.road_class != "city"
    if known.name:
        assert set(known.name.root) == LANGUAGES
    assert set(known.sources) <= set(ATLAS.sources)
    assert 20 <= known.speed_truck_kmh <= known.speed_car_kmh <= 140 or known.road_class == "border"
    assert (known.crossing is None) == (known.road_class != "border")


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.properties.id)
def test_a_node_has_the_name_of_its_place_or_none(node: Node) -> None:
    known = node.properties
    assert set(known.sources) <= set(ATLAS.sources)
    if known.kind in {"town", "checkpoint"}:
        assert known.name
    if known.place:
        there = ATLAS.feature[known.place].geometry
        assert there is not None
        assert there.type == "Point"
        apart_m = length_m([there.coordinates, node.geometry.coordinates])
        assert apart_m <= 2 * known.uncertainty_m


@pytest.mark.parametrize("name", ["khorgos", "almaty", "taldykorgan", "horgos-city", "yining", "urumqi"])
def test_the_reference_point_and_the_five_destinations_are_nodes(name: str) -> None:
    node = ATLAS.network.nodes[name].properties
    assert set(node.name.root) >= LANGUAGES if node.name else name == "khorgos"


def test_the_roads_asked_for_are_there() -> None:
    assert {e.properties.ref for e in EDGES} >= REFS


def test_the_countries_meet_only_at_known_crossings(atlas: Atlas) -> None:
    crossings = {e.properties.crossing for e in EDGES if e.properties.road_class == "border"}
    assert crossings <= set(atlas.network.crossings)
    assert "altynkol-horgos-rail" not in crossings
    assert {
        "nur-zholy-horgos",
        "icbc-link",
        "khorgos-old",
        "kalzhat-dulata",
        "dostyk-alashankou",
    } <= crossings
    for edge in EDGES:
        sides = {
            atlas.network.nodes[n].properties.country for n in (edge.properties.start, edge.properties.end)
        }
        assert (len(sides) == 2) == (edge.properties.road_class == "border")


@pytest.mark.parametrize(("motorway", "old"), [("KAZ06", "A-2"), ("G30", "G312"), ("G3018", "G312")])
def test_old_roads_are_there_beside_the_motorways(motorway: str, old: str) -> None:
    assert {e.properties.road_class for e in EDGES if e.properties.ref == motorway} == {"motorway"}
    assert "motorway" not in {e.properties.road_class for e in EDGES if e.properties.ref == old}
