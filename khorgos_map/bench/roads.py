"""The embedded engine beside OSRM, on the same roads, the same places, in the same run."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import shapely

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.bench import Figure, absent
from khorgos_map.errors import KhorgosMapError
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.osm_file import drawn, line_of, osm_pbf
from khorgos_map.measure.routing.osrm import Osrm
from khorgos_map.measure.routing.records import Question, RoutingError, Stop

VARIABLE = "KHORGOS_ENGINES"
PAIRS, SIDE = 300, 1000
PATIENCE_S = 30
SAME_WITHIN = 0.002
ONE = "distance and time between two places known to the table"
WHOLE = "whole route from coordinates: met roads, line, steps, countries"
MANY, SAME = f"{SIDE} x {SIDE} distances", "route distance, median difference"
# bindings for Python 3.12 and newer come in the same wheel as the executables
PYTHONS = ("python3.12", "python3.13", "python3.14")
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Theirs:
    """What OSRM was measured at: milliseconds a route, seconds a table, and the metres of each route."""

    how: str
    route_ms: float
    table_s: float | None
    metres: Sequence[float | None]


def measure(atlas: Atlas) -> Iterator[Figure]:
    """Yield the times of the embedded engine beside OSRM's, which needs the folder named by KHORGOS_ENGINES."""
    land = land_by_side(atlas)
    # OSRM measures roads as they are drawn and drives them in all months, so ours must here
    network = replace(
        atlas.network,
        edges={i: edge for i, edge in atlas.network.edges.items() if not edge.properties.limits},
    )
    atlas = replace(atlas, network=network)
    engine = Embedded(drawn(network), land)
    places = _places(engine, atlas)
    pairs = list(zip(places[:PAIRS], places[PAIRS : 2 * PAIRS], strict=True))
    table_s = min(_timed(engine.matrix, places, places, "car")[0] for _ in range(3))
    ours = [_timed(_metres, engine, pair) for pair in pairs]
    journeys = engine.journeys(Question(()))
    snaps = [[journeys.snapper.snap(stop) for stop in pair] for pair in pairs]
    one_ms = 1000 * statistics.median(_timed(journeys.way, *pair)[0] for pair in snaps)
    whole_ms = 1000 * statistics.median(seconds for seconds, _ in ours)
    engines = Path(os.environ.get(VARIABLE, "nowhere"))
    if not (engines / "osrm" / "bin" / "osrm-extract").exists():
        times = f"ours: {one_ms:.4f} ms, {whole_ms:.3f} ms, {table_s:.3f} s"
        yield absent(
            f"{ONE}; {WHOLE}; {MANY}", f"{times}; no OSRM: .ci/engines FOLDER, then {VARIABLE}=FOLDER"
        )
        return
    with tempfile.TemporaryDirectory() as folder:
        data = _built(engines, Path(folder), atlas)
        theirs = _in_process(engines, data, pairs, places) or _over_http(engines, data, pairs, atlas)
    yield Figure(WHOLE, "ms", whole_ms, theirs.route_ms, theirs.how, 1 / 10)
    yield Figure(ONE, "ms", one_ms, theirs.route_ms, theirs.how, None, "a look-up beside a whole route")
    if theirs.table_s is None:
        yield absent(MANY, f"ours {table_s:.3f} s; OSRM in process needs one of {', '.join(PYTHONS)}")
    else:
        yield Figure(MANY, "s", table_s, theirs.table_s, theirs.how, 1 / 5)
    off = [abs(a / b - 1) for (_, a), b in zip(ours, theirs.metres, strict=True) if a and b]
    beyond = [one for one in off if one > SAME_WITHIN]
    other = (
        f"{len(beyond)} of {len(off)} pairs differ by more, up to {max(off):.0%}: another way"
        if beyond
        else ""
    )
    yield Figure(SAME, "", statistics.median(off), SAME_WITHIN, "promised", 1.0, other)


def _places(engine: Embedded, atlas: Atlas) -> list[Stop]:
    chance = random.Random(361)  # noqa: S311
    # where roads are met is ours to say: at the exits of a motorway, and everywhere on other roads
    edges = [
        edge
        for edge in engine.journeys(Question(())).graph.edges
        if edge.properties.crossing is None and edge.properties.road_class != "motorway"
    ]
    lines = [shapely.LineString(line_of(edge, atlas.network)) for edge in edges]
    points = (chance.choice(lines).interpolate(chance.random(), normalized=True) for _ in range(SIDE))
    return [Stop((round(p.x, 6), round(p.y, 6))) for p in points]


def _metres(engine: Embedded | Osrm, pair: tuple[Stop, Stop]) -> float | None:
    try:
        return engine.route(Question(pair)).distance_m
    except RoutingError:
        return None


def _timed(act: Callable[..., Any], *words: Any) -> tuple[float, Any]:
    started = time.perf_counter()
    result = act(*words)
    return time.perf_counter() - started, result


def _built(engines: Path, folder: Path, atlas: Atlas) -> Path:
    roads, data = folder / "roads.osm.pbf", folder / "roads.osrm"
    roads.write_bytes(osm_pbf(atlas.network))
    environment = os.environ | {"LUA_PATH": f"{engines}/osrm/share/profiles/?.lua;;"}
    for words in (
        ["osrm-extract", "--profile", str(HERE / "plain.lua"), "--output", str(data), str(roads)],
        ["osrm-contract", str(data)],
    ):
        command = [str(engines / "osrm" / "bin" / words[0]), *words[1:]]
        ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)  # noqa: S603
        if ended.returncode:
            raise KhorgosMapError(f"{words[0]} failed: {(ended.stderr or ended.stdout).strip()[-200:]}")
    return data


def _in_process(
    engines: Path, data: Path, pairs: Sequence[tuple[Stop, Stop]], places: Sequence[Stop]
) -> Theirs | None:
    asked = {
        "data": str(data),
        "pairs": [[stop.position for stop in pair] for pair in pairs],
        "places": [stop.position for stop in places],
    }
    environment = os.environ | {"PYTHONPATH": str(engines)}
    for python in (found for found in (sys.executable, *map(shutil.which, PYTHONS)) if found):
        command = [python, str(HERE / "osrm_in_process.py")]
        ended = subprocess.run(  # noqa: S603
            command, input=json.dumps(asked), capture_output=True, text=True, env=environment, check=False
        )
        if ended.returncode == 0:
            return Theirs("OSRM in process (CH)", **json.loads(ended.stdout))
    return None


def _over_http(engines: Path, data: Path, pairs: Sequence[tuple[Stop, Stop]], atlas: Atlas) -> Theirs:
    with _served(engines, data) as url:
        osrm = Osrm(url, atlas.network, land_by_side(atlas))
        found = [_timed(_metres, osrm, pair) for pair in pairs]
        osrm.close()
    how = "OSRM over HTTP (CH), our records made of it"
    return Theirs(how, 1000 * statistics.median(s for s, _ in found), None, [metres for _, metres in found])


@contextmanager
def _served(engines: Path, data: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        str(engines / "osrm" / "bin" / "osrm-routed"),
        "--ip",
        "127.0.0.1",
        "--port",
        str(port),
        str(data),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise KhorgosMapError("osrm-routed does not start") from None
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
