"""The load balancer of deploy/: with a server killed at work, every request is still answered."""

from __future__ import annotations

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from khorgos_map.measure.routing.http_json import JsonServer
from khorgos_map.measure.routing.osrm import Osrm
from khorgos_map.measure.routing.records import Engine, Question, Stop
from khorgos_map.measure.routing.valhalla import Valhalla
from tests.measure.engines.conftest import PATIENCE_S, ROOT, Servers, build, free_port
from tests.measure.engines.network import LAND, NETWORK
from tests.needs import need

CONFIGURATION = ROOT / "deploy" / "routing.conf"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
AROUND = """
daemon off;
worker_processes 2;
pid nginx.pid;
error_log stderr;
events {{}}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  include {configuration};
}}
"""
REQUESTS, KILL_AT = 400, 100
QUESTION = Question((Stop((79.7, 44.256)), Stop((81.0, 44.27))))


@pytest.fixture(scope="module")
def truck_data(engines: Path, roads: Path) -> Path:
    return build("osrm", roads, roads.parent / "truck", ROOT / "deploy" / "osrm-truck.lua")


@pytest.fixture(scope="module")
def behind(servers: Servers, osrm_data: Path, truck_data: Path, valhalla_data: Path) -> dict[str, str]:
    """The addresses of servers for each port that the configuration names."""
    starts = {
        "5001": lambda: servers.osrm(osrm_data),
        "5002": lambda: servers.osrm(osrm_data),
        "5003": lambda: servers.osrm(truck_data),
        "5004": lambda: servers.osrm(truck_data),
        "8002": lambda: servers.valhalla(valhalla_data),
        "8003": lambda: servers.valhalla(valhalla_data),
    }
    return {port: start() for port, start in starts.items()}


@pytest.fixture(scope="module")
def balancer(behind: dict[str, str], servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> str:
    need(NGINX, "nginx")
    folder = tmp_path_factory.mktemp("nginx")
    own = free_port()
    ports = {port: url.rpartition(":")[2] for port, url in behind.items()} | {"8080": str(own)}
    text = re.sub(
        r"127\.0\.0\.1:(\d+)", lambda m: f"127.0.0.1:{ports[m[1]]}", CONFIGURATION.read_text("utf-8")
    )
    (folder / "routing.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(configuration=folder / "routing.conf"), encoding="utf-8")
    return servers.run([str(NGINX), "-p", folder, "-c", folder / "nginx.conf"], own)


def assert_all_answered(engine: Engine, kill: str, servers: Servers) -> None:
    expected = engine.route(QUESTION).distance_m

    def ask(number: int) -> float:
        if number == KILL_AT:
            servers.processes[kill].kill()
        return engine.route(QUESTION).distance_m

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(ask, range(REQUESTS)))
    assert servers.processes[kill].wait(PATIENCE_S) != 0
    assert found == pytest.approx([expected] * REQUESTS)


def test_osrm_is_answered_by_the_other_server(
    balancer: str, behind: dict[str, str], servers: Servers
) -> None:
    with closing(Osrm(f"{balancer}/osrm", NETWORK, LAND)) as engine:
        assert_all_answered(engine, behind["5001"], servers)


def test_valhalla_is_answered_by_the_other_server(
    balancer: str, behind: dict[str, str], servers: Servers
) -> None:
    with closing(Valhalla(JsonServer("valhalla", f"{balancer}/valhalla"), NETWORK, LAND)) as engine:
        assert_all_answered(engine, behind["8002"], servers)


def test_lorries_have_servers_of_their_own(balancer: str) -> None:
    with closing(Osrm(f"{balancer}/osrm", NETWORK, LAND)) as engine:
        car, truck = (engine.route(Question(QUESTION.stops, profile)) for profile in ("car", "truck"))
    assert truck.distance_m == pytest.approx(car.distance_m, rel=0.002)
    assert truck.drive.low_s > 1.2 * car.drive.low_s
