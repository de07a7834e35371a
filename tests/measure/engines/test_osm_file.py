"""Our roads as OpenStreetMap data: what an engine needs to know of them is in the file."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import osmium
import pytest

from khorgos_map.atlas.roads import RoadNetwork
from khorgos_map.errors import UsageError
from khorgos_map.geodesy import length_m
from khorgos_map.measure.routing.osm_file import drawn, osm_pbf
from tests.measure.engines.network import CROSSINGS, NETWORK


@dataclass(frozen=True)
class Way:
    tags: dict[str, str]
    nodes: tuple[int, ...]
    length_m: float


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def ways_and_nodes(network: RoadNetwork) -> tuple[dict[str, Way], dict[int, dict[str, str]]]:
        file = tmp_path / "roads.osm.pbf"
        file.write_bytes(osm_pbf(network))
        ways, nodes, at = {}, {}, {}
        for thing in osmium.FileProcessor(str(file)):
            tags = {tag.k: tag.v for tag in thing.tags}
            if thing.is_node():
                nodes[thing.id] = tags
                at[thing.id] = (thing.lon, thing.lat)
            else:
                refs = tuple(node.ref for node in thing.nodes)
                ways[tags["ref:edge"]] = Way(tags, refs, length_m([at[ref] for ref in refs]))
        return ways, nodes

    return ways_and_nodes


def changed(edge: str, **changes: Any) -> RoadNetwork:
    record = NETWORK.edges[edge]
    other = record.model_copy(update={"properties": record.properties.model_copy(update=changes)})
    return replace(NETWORK, edges={**NETWORK.edges, edge: other})


def test_every_open_road_is_a_way_with_its_tags(read: Any) -> None:
    ways, _ = read(changed("n11-n12", toll=True, truck=False, surface="earth"))
    assert set(ways) == {i for i, e in NETWORK.edges.items() if not e.properties.opened}
    assert ways["n11-n12"].tags == {
        "highway": "trunk",
        "oneway": "no",
        "surface": "ground",
        "maxspeed": "100",
        "maxspeed:hgv": "70",
        "ref:edge": "n11-n12",
        "ref": "R1",
        "hgv": "no",
        "toll": "yes",
    }
    # a motorway counts as one-way unless it says that it is not
    assert {
        w.tags["oneway"] for i, w in ways.items() if w.tags["highway"] == "motorway" and i != "n00-n10"
    } == {"no"}
    assert ways["n00-n10"].tags["oneway"] == "yes"


def test_roads_meet_where_ours_meet(read: Any) -> None:
    ways, nodes = read(NETWORK)
    ends = Counter(node for way in ways.values() for node in (way.nodes[0], way.nodes[-1]))
    assert {nodes[node]["ref:node"] for node in ends} == set(NETWORK.nodes)
    assert len(ends) == len(NETWORK.nodes)
    inner = [node for way in ways.values() for node in way.nodes[1:-1]]
    assert len(set(inner)) == len(inner)


def test_a_crossing_has_a_border_post(read: Any) -> None:
    _, nodes = read(NETWORK)
    posts = [tags["ref:node"] for tags in nodes.values() if tags.get("barrier") == "border_control"]
    assert sorted(posts) == sorted(CROSSINGS)


def test_roads_that_end_at_one_place_on_the_border_are_joined_by_a_crossing_only(read: Any) -> None:
    # a road on the Chinese side that begins where a Kazakh one ends
    ways, _ = read(changed("n40-n41", start="n30"))
    at_n30 = {ways[edge].nodes[-1] for edge in ("n20-n30",)} | {ways["n30-n31"].nodes[0]}
    assert len(at_n30) == 1
    assert ways["n40-n41"].nodes[0] not in at_n30


@pytest.mark.parametrize(
    ("changes", "tags"),
    [({"traffic": ("truck",)}, {"motorcar": "no"}), ({"traffic": ("car",)}, {"hgv": "no"}), ({}, {})],
)
def test_who_may_cross(changes: dict[str, Any], tags: dict[str, str], read: Any) -> None:
    gate = NETWORK.crossings["south-gate"].model_copy(update=changes)
    ways, _ = read(replace(NETWORK, crossings={**NETWORK.crossings, "south-gate": gate}))
    found = ways["n31-n41"].tags
    assert {key: found[key] for key in ("motorcar", "hgv") if key in found} == tags


def test_a_crossing_that_is_closed_to_all_is_no_way(read: Any) -> None:
    gate = NETWORK.crossings["south-gate"].model_copy(update={"closed": "2020"})
    ways, _ = read(replace(NETWORK, crossings={**NETWORK.crossings, "south-gate": gate}))
    assert "n31-n41" not in ways


def test_the_drawn_length_is_that_of_the_way(read: Any) -> None:
    ways, _ = read(NETWORK)
    lengths = drawn(NETWORK).edges
    for identifier, way in ways.items():
        assert lengths[identifier].properties.length_km * 1000 == pytest.approx(way.length_m, rel=1e-6)
    assert NETWORK.edges["n11-n12"].properties.length_km == 50.0


def test_without_pyosmium_one_line_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(UsageError, match=r"needs pyosmium: pip install 'khorgos-map\[engines\]'"):
        osm_pbf(NETWORK)
