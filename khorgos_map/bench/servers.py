"""The pages that are timed, each on a server of its own: ours, and plain ones beside it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from khorgos_map.errors import KhorgosMapError

PATIENCE_S = 60
NAIVE, POLYGONS, BARE = "naive.py", "naive_polygons.py", "bare.py"
# A plain page's scripts come from this machine too, so that it is not the network that is timed.
PLAIN_APP = """
import folium, streamlit as st
from offlinefolium.elements import _res as carried
from starlette.responses import Response
from starlette.routing import Route

LINKS = folium.Map.default_js + folium.Map.default_css
BODIES = {{name: carried[url] for name, url in LINKS}}
folium.Map.default_js = [(name, f"/plain/{{name}}") for name, _ in folium.Map.default_js]
folium.Map.default_css = [(name, f"/plain/{{name}}") for name, _ in folium.Map.default_css]

def send(request):
    name = request.path_params["name"]
    return Response(BODIES[name], media_type="text/css" if "css" in name else "text/javascript")

app = st.App({script!r}, routes=[Route("/plain/{{name}}", send)])
"""
Command = Callable[[int], list[str]]


@dataclass(frozen=True)
class Server:
    """A page being served, and the process that does it."""

    url: str
    pid: int

    def cpu_s(self) -> float | None:
        """Return the processor seconds taken so far; ``None`` where the system does not say (only Linux does)."""
        if sys.platform != "linux":
            return None
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return None
        # user and system time, fields 14 and 15 of proc(5), counted from the third
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def own_command(port: int) -> list[str]:
    """Return the command that serves our page."""
    return [sys.executable, "-m", "khorgos_map.cli", "run", "--no-browser", "--port", str(port)]


def plain_command(folder: Path, port: int, script: str = NAIVE) -> list[str]:
    """Return the command that serves a plain page; its application is written into a folder."""
    app = folder / f"app_{script}"
    app.write_text(PLAIN_APP.format(script=str(Path(__file__).with_name(script))), encoding="utf-8")
    options = ["--server.headless=true", f"--server.port={port}", "--browser.gatherUsageStats=false"]
    return [sys.executable, "-m", "streamlit", "run", str(app), "--server.address=127.0.0.1", *options]


@contextmanager
def served(command: Command, **variables: str) -> Iterator[Server]:
    """Serve a page on a free port while the block runs, with some variables in its environment.

    Raises `KhorgosMapError` if it does not start.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(  # noqa: S603
        command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | variables
    )
    try:
        _await_health(url, process)
        yield Server(url, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)


def _await_health(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):  # noqa: S310
                return
        except (URLError, ConnectionError, TimeoutError):
            if process.poll() is not None or time.monotonic() > deadline:
                raise KhorgosMapError(f"a server for the bench does not start on {url}") from None
            time.sleep(0.1)
