"""Engines by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.atlas.roads import RoadNetwork
from khorgos_map.errors import UsageError
from khorgos_map.measure.routing import osrm, valhalla
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.http_json import TIMEOUT_S, JsonServer
from khorgos_map.measure.routing.osrm import Osrm
from khorgos_map.measure.routing.records import Engine
from khorgos_map.measure.routing.valhalla import Valhalla
from khorgos_map.measure.routing.valhalla_here import InProcess

ENGINES = (Embedded.name, osrm.NAME, valhalla.NAME)


def engine_named(name: str, url: str | None, atlas: Atlas, *, timeout_s: float = TIMEOUT_S) -> Engine:
    """Return an engine: "embedded", or "osrm" or "valhalla" at the address of a server.

    For Valhalla the path of a configuration file, ending in .json, stands for the engine in this process.
    Raises `UsageError` for an unknown name, and for an address that is missing, not wanted or not one.
    """
    return make_engine(name, url, atlas.network, land_by_side(atlas), timeout_s=timeout_s)


def make_engine(
    name: str,
    url: str | None,
    network: RoadNetwork,
    land: Mapping[str, BaseGeometry],
    *,
    timeout_s: float = TIMEOUT_S,
) -> Engine:
    """Return an engine for a road network and the land by country, longitude/latitude on WGS 84; as `engine_named`."""
    if name not in ENGINES:
        raise UsageError(f"unknown engine {name!r}; it must be {', '.join(ENGINES[:-1])} or {ENGINES[-1]}")
    if name == Embedded.name:
        if url is not None:
            raise UsageError("the embedded engine has no address; --engine-url goes with osrm or valhalla")
        return Embedded(network, land)
    if url is None:
        raise UsageError(f"{name} needs the address of a server: --engine-url http://HOST:PORT")
    if name == osrm.NAME:
        return Osrm(url, network, land, timeout_s)
    if url.endswith(".json") and "://" not in url:
        return Valhalla(InProcess(Path(url)), network, land)
    return Valhalla(JsonServer(valhalla.NAME, url, timeout_s), network, land)
