"""The making of road sections, on small made-up ground; nothing is fetched."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array
from shapely.geometry import LineString

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.road_facts import COLUMNS
from khorgos_map.derive import network
from khorgos_map.derive.network import ENDS_SIGMA_KM, OPEN_COUNTRY, STREETS, STRETCHING, Ground, Measured
from khorgos_map.derive.packages import DeriveError
from khorgos_map.derive.ways import Ways
from khorgos_map.geodesy import length_m

# a highway with a bend: three junctions, and one that no road reaches
PLACES = [(80.0, 44.0), (80.1, 44.1), (80.2, 44.0), (82.0, 45.0)]
GRAPH = csr_array(([14.0, 14.0, 15.0, 15.0], ([0, 1, 1, 2], [1, 0, 2, 1])), shape=(4, 4))
HIGHWAYS = Ways(PLACES, GRAPH)


def section(**other: Any) -> dict[str, Any]:
    return {"basis": "schematic", "road_class": "primary", "speed_car_kmh": 80, **other}


@pytest.fixture
def ground(monkeypatch: pytest.MonkeyPatch) -> Ground:
    """Give ground without tiles: its highways are made up, and a trace goes by way of one bend."""
    made_up = Ground(cost=None, archive=Path("nowhere"))  # type: ignore[arg-type]
    made_up.__dict__["highways"] = HIGHWAYS
    monkeypatch.setattr(network, "trace", lambda _cost, ends: LineString([ends[0], (80.1, 44.05), ends[1]]))
    return made_up


def test_a_section_of_highways_goes_by_the_junctions_between(ground: Ground) -> None:
    line, measured = network.course(section(basis="osm"), (PLACES[0], PLACES[2]), ground)
    assert list(line.coords) == PLACES[:3]
    assert measured.graph_km == pytest.approx(29)


def test_its_ends_are_those_of_its_nodes_though_the_junctions_are_beside_them(ground: Ground) -> None:
    ends = ((80.0005, 44.0), (80.2, 44.0005))
    line, _ = network.course(section(basis="osm"), ends, ground)
    assert (line.coords[0], line.coords[-1]) == ends


def test_the_length_of_highways_is_at_least_what_is_drawn(ground: Ground) -> None:
    short = Ways(PLACES, csr_array(([1.0], ([0], [1])), shape=(4, 4)))
    ground.__dict__["highways"] = short
    line, measured = network.course(section(basis="osm"), (PLACES[0], PLACES[1]), ground)
    assert measured.graph_km == measured.line_km == pytest.approx(length_m(list(line.coords)) / 1000)


@pytest.mark.parametrize(("end", "reason"), [((81.0, 44.0), "no junction at"), (PLACES[3], "no way joins")])
def test_a_section_off_the_highways_is_refused(end: tuple[float, float], reason: str) -> None:
    with pytest.raises(DeriveError, match=reason):
        HIGHWAYS.between(PLACES[0], end, off_m=150)


def test_a_traced_section_follows_the_trace_and_a_schematic_one_goes_straight(ground: Ground) -> None:
    ends = (PLACES[0], PLACES[2])
    traced, along_trace = network.course(section(basis="traced"), ends, ground)
    straight, across = network.course(section(), ends, ground)
    assert list(traced.coords) == [PLACES[0], (80.1, 44.05), PLACES[2]]
    assert list(straight.coords) == list(ends)
    assert along_trace.line_km > across.line_km


@pytest.mark.parametrize(
    ("known", "stretching"),
    [
        (section(basis="osm"), STRETCHING["osm"]),
        (section(basis="traced"), STRETCHING["traced"]),
        (section(), STRETCHING["schematic"]),
        (section(speed_car_kmh=90), OPEN_COUNTRY),
    ],
)
def test_a_length_is_what_is_drawn_and_what_such_a_line_leaves_out(
    known: Mapping[str, Any], stretching: network.Stretching
) -> None:
    km, sigma_km = network.own_length(known, Measured(100, 100))
    assert km == pytest.approx(100 * stretching.factor)
    assert sigma_km == pytest.approx(np.hypot(km * stretching.sigma, ENDS_SIGMA_KM), abs=0.005)


def test_streets_are_known_no_better_than_where_a_town_begins() -> None:
    km, sigma_km = network.own_length(section(road_class="city"), Measured(2, 2))
    assert km == 2 * STREETS.factor
    assert sigma_km > network.TOWN_SIGMA_KM


def test_a_graph_that_has_more_than_is_drawn_may_be_wrong_by_half_of_that() -> None:
    """Nobody knows the course of the 10 km between, so the stated error reaches from one length to the other."""
    km, sigma_km = network.own_length(section(basis="osm"), Measured(90, 100))
    alone_km, alone_sigma_km = network.own_length(section(basis="osm"), Measured(100, 100))
    assert km == alone_km
    assert sigma_km**2 - alone_sigma_km**2 == pytest.approx(5**2, abs=0.1)


def test_a_long_line_of_which_only_the_ends_are_known_may_bend() -> None:
    """50 km between two junctions, said to be as long as the straight line, hid a mountain range."""
    km, sigma_km = network.own_length(section(basis="osm"), Measured(50, 50, is_straight=True))
    assert km + 2 * sigma_km >= 1.15 * 50 - 0.01
    assert sigma_km > network.own_length(section(basis="osm"), Measured(50, 50))[1]
    short = [network.own_length(section(basis="osm"), Measured(20, 20, is_straight=s)) for s in (True, False)]
    assert short[0] == short[1]


def test_the_highways_are_cut_to_the_box_of_the_network(tmp_path: Path) -> None:
    """One junction lies in Europe and is left out with its road."""
    module = (
        "graph = [{1: 14.0}, {0: 14.0, 2: 5000.0}, {1: 5000.0}]\n"
        "nodes = [[44.0, 80.0], [44.1, 80.1], [50.0, 8.0]]\n"
    )
    with zipfile.ZipFile(tmp_path / "graphs.whl", "w") as archive:
        archive.writestr("scgraph_data/world_highways.py", module)
    found = Ground(cost=None, archive=tmp_path / "graphs.whl").highways  # type: ignore[arg-type]
    assert found.places == PLACES[:2]
    assert found.between(*PLACES[:2])[1] == 14


def node(name: str, position: tuple[float, float]) -> dict[str, Any]:
    known = {
        "id": name, "name": None, "country": "CN", "kind": "junction", "uncertainty_m": 60, "sources": ["s"],
        "licence": "ODbL-1.0",
    }  # fmt: skip
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": position}, "properties": known}


def road(start: str, end: str, basis: str, **other: Any) -> dict[str, Any]:
    known = {
        "id": f"{start}-{end}", "start": start, "end": end, "country": "CN", "ref": "G1", "ref_old": None,
        "name": None, "road_class": "primary", "surface": "asphalt", "length_km": 1, "length_basis": "traced",
        "length_sigma_km": 1, "speed_car_kmh": 80, "speed_truck_kmh": 60, "speed_basis": "estimated",
        "opened": None, "basis": basis, "uncertainty_m": 60, "sources": ["s"], "licence": "ODbL-1.0", **other,
    }  # fmt: skip
    line = {"type": "LineString", "coordinates": [PLACES[0], PLACES[1]]}
    return {"type": "Feature", "geometry": line, "properties": known}


SECTIONS = [
    road("a", "b", "osm", length_adjusted_km=3),
    road("b", "c", "traced"),
    road("a", "c", "schematic", length_km=20, length_sigma_km=2, length_basis="published"),
]


def write(folder: Path, sections: Sequence[Mapping[str, Any]], *totals: str) -> Path:
    """Write a small network into a content folder and return that folder."""
    part = folder / "network"
    part.mkdir(exist_ok=True)
    network.write_features(part / "nodes.geojson", [node(n, p) for n, p in zip("abc", PLACES, strict=False)])
    network.write_features(part / "edges.geojson", sections)
    (part / "facts.csv").write_text("\n".join([",".join(COLUMNS), *totals, ""]), encoding="utf-8")
    return folder


def remade(folder: Path, ground: Ground) -> dict[str, Any]:
    network.remake_network(folder, ground)
    text = (folder / "network" / "edges.geojson").read_text(encoding="utf-8")
    return {f["properties"]["id"]: f for f in json.loads(text)["features"]}


def test_sections_get_course_and_length_and_what_is_published_stays(tmp_path: Path, ground: Ground) -> None:
    edges = remade(write(tmp_path, SECTIONS), ground)
    assert edges["a-b"]["geometry"]["coordinates"] == [list(p) for p in PLACES[:2]]
    assert edges["b-c"]["geometry"]["coordinates"][1] == [80.1, 44.05]
    lengths = {name: edge["properties"]["length_km"] for name, edge in edges.items()}
    assert lengths["a-b"] == pytest.approx(14 * STRETCHING["osm"].factor)
    assert lengths["a-c"] == 20
    assert not any("length_adjusted_km" in edge["properties"] for edge in edges.values())


def test_lengths_are_adjusted_to_the_totals_and_the_own_ones_stay(tmp_path: Path, ground: Ground) -> None:
    edges = remade(write(tmp_path, SECTIONS, "total,a,c,b,36,1,false,,s,,"), ground)
    for name in ("a-b", "b-c"):
        known = edges[name]["properties"]
        assert known["length_adjusted_km"] > known["length_km"]
    assert "length_adjusted_km" not in edges["a-c"]["properties"]


def test_two_runs_write_the_same_bytes(tmp_path: Path, ground: Ground) -> None:
    folder = write(tmp_path, SECTIONS, "total,a,c,b,36,1,false,,s,,")
    path = folder / "network" / "edges.geojson"
    remade(folder, ground)
    first = path.read_bytes()
    remade(folder, ground)
    assert path.read_bytes() == first
    assert [p.name for p in path.parent.glob("*.part")] == []


@pytest.mark.parametrize(
    ("sections", "total", "reason"),
    [
        ([road("a", "nowhere", "schematic")], "", "'a-nowhere': no node 'nowhere'"),
        ([road("a", "b", "osm")], "total,a,c,,36,1,false,,s,,", "no road leads from 'a' to 'c'"),
        ([road("a", "b", "osm", road_class="track")], "", "unknown value 'track'"),
    ],
)
def test_a_network_that_cannot_be_made_is_refused(
    tmp_path: Path, ground: Ground, sections: list[dict[str, Any]], total: str, reason: str
) -> None:
    with pytest.raises(DeriveError, match=reason):
        network.remake_network(write(tmp_path, sections, *filter(None, [total])), ground)


def test_the_schematic_sections_of_the_content_are_as_they_would_be_made(
    atlas: Atlas, ground: Ground
) -> None:
    """They need neither tiles nor highways, so their lines and lengths can be made here."""
    found = [e for e in atlas.network.edges.values() if e.properties.basis == "schematic"]
    assert found
    for edge in found:
        known = edge.properties.model_dump()
        nodes = [atlas.network.nodes[known[end]].geometry.coordinates for end in ("start", "end")]
        line, measured = network.course(known, ((*nodes[0],), (*nodes[1],)), ground)
        assert np.allclose(line.coords, edge.geometry.coordinates, atol=1e-6)
        if known["length_basis"] not in {"published", "derived"}:
            own = (known["length_km"], known["length_sigma_km"])
            assert network.own_length(known, measured) == pytest.approx(own, abs=0.006), known["id"]
