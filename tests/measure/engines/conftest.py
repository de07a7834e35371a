"""The real engines, built with deploy/build on our own roads; fetched by .ci/engines."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.roads import RoadNetwork
from khorgos_map.measure.routing.osm_file import osm_pbf
from tests.needs import engines_folder

ROOT = Path(__file__).parents[3]
PLAIN = ROOT / "khorgos_map" / "bench" / "plain.lua"
PATIENCE_S = 180
Start = Callable[..., str]


@pytest.fixture(scope="session")
def engines() -> Path:
    return engines_folder()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def build(engine: str, roads: Path, folder: Path, *profile: Path) -> Path:
    command = [ROOT / "deploy" / "build", engine, roads, folder, *profile]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    return folder


def await_answer(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers anything at all."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server for {url} ended by itself"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError as error:
            error.close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    pytest.fail(f"no answer from {url} in {PATIENCE_S} s")


class Servers:
    """Servers of engines on this machine, each stopped when the tests end."""

    def __init__(self, engines: Path) -> None:
        self._engines = engines
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def osrm(self, data: Path) -> str:
        port = free_port()
        routed = self._engines / "osrm" / "bin" / "osrm-routed"
        options = ["--algorithm", "mld", "--ip", "127.0.0.1", "--port", str(port)]
        return self.run([routed, *options, data / "roads.osrm"], port)

    def valhalla(self, data: Path) -> str:
        port = free_port()
        text = (data / "valhalla.json").read_text(encoding="utf-8")
        own = data / f"valhalla-{port}.json"
        own.write_text(text.replace("127.0.0.1:8002", f"127.0.0.1:{port}"), encoding="utf-8")
        return self.run([self._engines / "valhalla" / "bin" / "valhalla_service", own, "1"], port)

    def run(self, command: list[str | Path], port: int) -> str:
        url = f"http://127.0.0.1:{port}"
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.processes[url] = process
        await_answer(f"{url}/status", process)
        return url

    def stop(self) -> None:
        for process in self.processes.values():
            # nginx ends its workers when it is asked to end; Valhalla would first wait for half a minute
            process.terminate() if "nginx" in str(process.args) else process.kill()
            process.wait(PATIENCE_S)


@pytest.fixture(scope="session")
def servers(engines: Path) -> Iterator[Servers]:
    running = Servers(engines)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def network(atlas: Atlas) -> RoadNetwork:
    return atlas.network


@pytest.fixture(scope="session")
def roads(network: RoadNetwork, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("roads") / "roads.osm.pbf"
    file.write_bytes(osm_pbf(network))
    return file


@pytest.fixture(scope="session")
def osrm_data(engines: Path, roads: Path) -> Path:
    return build("osrm", roads, roads.parent / "osrm", PLAIN)


@pytest.fixture(scope="session")
def valhalla_data(engines: Path, roads: Path) -> Path:
    return build("valhalla", roads, roads.parent / "valhalla")
