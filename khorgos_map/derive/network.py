"""The road network: the course and the lengths of its sections, made anew from their records.

What a section is - its ends, its road, its sources, a published length - is written by hand in
geodata/network/. How it is drawn follows from its ``basis``: ``osm`` along the junctions of a graph of the
world's highways, ``traced`` on the map tiles, ``schematic`` straight from one end to the other. A length that
is not published is measured on what is drawn and lengthened by what such a line is known to leave out; then all
lengths are adjusted together to the published totals that are not held out.
Positions are longitude, latitude in WGS 84 degrees; lengths are kilometres.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry import LineString

from khorgos_map.atlas.load import read_network
from khorgos_map.atlas.road_limits import COVERED, DETOUR_ALLOWED, LONG_STRAIGHT_KM
from khorgos_map.derive.border import Bounds, Position, positions
from khorgos_map.derive.packages import DeriveError, member
from khorgos_map.derive.tiles import Grid, trace
from khorgos_map.derive.ways import Ways, parse, within
from khorgos_map.errors import Fault
from khorgos_map.geodesy import length_m
from khorgos_map.measure.adjust import AdjustmentError, adjusted_lengths

HIGHWAYS_BOX: Bounds = (75.5, 42.0, 89.0, 47.6)
# An end of a section that is farther from every junction of the graph does not lie on it.
ON_GRAPH_M = 150.0


@dataclass(frozen=True)
class Stretching:
    """What a kind of line leaves out: the road is ``factor`` times as long, give or take ``sigma`` of itself."""

    factor: float
    sigma: float


# Measured on sections and totals of published length that are not held out; see geodata/README.md.
STRETCHING: Mapping[str, Stretching] = {
    "osm": Stretching(1.01, 0.03),
    "traced": Stretching(1.04, 0.05),
    "schematic": Stretching(1.15, 0.08),
}
# A chain through open country bends less than one through hills, where nobody drives fast.
OPEN_COUNTRY, OPEN_COUNTRY_KMH = Stretching(1.08, 0.05), 90.0
# The middle of a town and the junction outside it are joined by streets that turn corners.
STREETS = Stretching(1.2, 0.25)
# One standard deviation of where a section's ends lie along the road; a town is kilometres across, and a
# published distance may be counted from anywhere in it.
ENDS_SIGMA_KM, TOWN_SIGMA_KM = 0.5, 4.0


@dataclass(frozen=True)
class Ground:
    """What sections are drawn from: the cost of crossing each sub-pixel of the tiles, and the highways."""

    cost: Grid
    archive: Path

    @cached_property
    def highways(self) -> Ways:
        """The graph of highways in the box of the network."""
        return within(*parse(member(self.archive, "scgraph_data/world_highways.py").decode()), HIGHWAYS_BOX)


@dataclass(frozen=True)
class Measured:
    """The length of a section in kilometres: of its line, and that of the graph of highways, which is no shorter.

    ``is_straight`` says that nothing is known between its ends.
    """

    line_km: float
    graph_km: float
    is_straight: bool = False


def course(
    section: Mapping[str, Any], ends: tuple[Position, Position], ground: Ground
) -> tuple[LineString, Measured]:
    """Return a section's line, from one end to the other, and how long it is."""
    start, end = ends
    inner: Sequence[Position] = ()
    graph_km = 0.0
    if section["basis"] == "osm":
        way, graph_km = ground.highways.between(start, end, off_m=ON_GRAPH_M)
        inner = way[1:-1]
    elif section["basis"] == "traced":
        inner = positions(trace(ground.cost, ends))[1:-1]
    line = LineString([start, *inner, end])
    line_km = length_m(positions(line)) / 1000
    return line, Measured(line_km, max(graph_km, line_km), is_straight=not inner)


def own_length(section: Mapping[str, Any], measured: Measured) -> tuple[float, float]:
    """Return the length of a section without a published one, and one standard deviation of it, in kilometres."""
    stretching, ends_km = STRETCHING[section["basis"]], ENDS_SIGMA_KM
    if section["road_class"] == "city":
        stretching, ends_km = STREETS, TOWN_SIGMA_KM
    elif section["basis"] == "schematic" and section["speed_car_kmh"] >= OPEN_COUNTRY_KMH:
        stretching = OPEN_COUNTRY
    length_km = measured.graph_km * stretching.factor
    # where the graph has more than is drawn, the road may be as long as either
    unseen_km = (measured.graph_km - measured.line_km) / 2
    sigma_km = math.hypot(length_km * stretching.sigma, ends_km, unseen_km)
    if measured.is_straight and measured.line_km > LONG_STRAIGHT_KM:
        # nobody has seen that it has no bends
        sigma_km = max(sigma_km, (DETOUR_ALLOWED * measured.line_km - length_km) / COVERED)
    return round(length_km, 2), round(sigma_km, 2)


def remake_network(out: Path, ground: Ground) -> None:
    """Give every road section of the content folder ``out`` its course, its length and its adjusted length.

    Raises `DeriveError` if a section has no nodes, or if the lengths cannot be adjusted.
    """
    folder = out / "network"
    nodes = _features(folder / "nodes.geojson")
    places = {node["properties"]["id"]: tuple(node["geometry"]["coordinates"]) for node in nodes}
    edges = _features(folder / "edges.geojson")
    for edge in edges:
        section = edge["properties"]
        missing = {section["start"], section["end"]} - places.keys()
        if missing:
            raise DeriveError(f"edges.geojson: {section['id']!r}: no node {min(missing)!r}")
        line, measured = course(section, (places[section["start"]], places[section["end"]]), ground)
        edge["geometry"] = {"type": "LineString", "coordinates": np.round(positions(line), 6).tolist()}
        if section["length_basis"] not in {"published", "derived"}:
            section["length_km"], section["length_sigma_km"] = own_length(section, measured)
        section.pop("length_adjusted_km", None)
    write_features(folder / "edges.geojson", edges)
    lengths = _adjusted(out)
    for edge in edges:
        section = edge["properties"]
        if lengths[section["id"]] != section["length_km"]:
            section["length_adjusted_km"] = lengths[section["id"]]
    write_features(folder / "edges.geojson", edges)


def _adjusted(out: Path) -> dict[str, float]:
    faults: list[Fault] = []
    network = read_network(out, faults)
    if faults:
        raise DeriveError(str(faults[0]))
    try:
        return adjusted_lengths(network)
    except AdjustmentError as error:
        raise DeriveError(str(error)) from error


def write_features(path: Path, features: Sequence[Mapping[str, Any]]) -> None:
    """Write features one a line, keys sorted, in one step, so that nobody reads half a file."""
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, sort_keys=True) for feature in features)
    half = path.with_suffix(".part")
    half.write_text(f'{{"features": [\n{lines}\n], "type": "FeatureCollection"}}\n', encoding="utf-8")
    half.replace(path)


def _features(path: Path) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return features
