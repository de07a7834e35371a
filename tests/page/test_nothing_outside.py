"""The server asks nothing of other machines: not when it starts, not for a page, not for a question that is refused."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import websockets

from khorgos_map.bench.load import session
from khorgos_map.bench.servers import Server
from tests.browser.conftest import await_health, free_port

# in every process of the server: who asks for the address of another machine, or connects to it, is written down
WATCH = """
import ipaddress, os, socket, traceback

def note(host):
    try:
        if host is None or ipaddress.ip_address(host).is_loopback or ipaddress.ip_address(host).is_unspecified:
            return
    except ValueError:
        if host in ("localhost", "", b""):
            return
    with open(os.environ["KHORGOS_TEST_LOG"], "a") as log:
        log.write(f"{host} {traceback.format_stack(limit=4)}\\n")

def watched(real, host_of):
    def call(*words, **named):
        note(host_of(*words, **named))
        return real(*words, **named)
    return call

socket.getaddrinfo = watched(socket.getaddrinfo, lambda host, *_, **__: host)
socket.gethostbyname = watched(socket.gethostbyname, lambda host: host)

class Watched(socket.socket):
    def connect(self, address):
        if isinstance(address, tuple):
            note(address[0])
        return super().connect(address)

socket.socket = Watched
"""


async def refused(server: Server, origin: str) -> None:
    with pytest.raises(websockets.InvalidStatus, match="403"):
        async with websockets.connect(
            server.url.replace("http", "ws", 1) + "/_stcore/stream", origin=origin, subprotocols=["streamlit"]
        ):
            pass


async def use(server: Server) -> None:
    async with session(server, 1) as opened:
        for kind in ("measure", "route", "language", "evidence", "pdf"):
            await opened.act(kind)
    await refused(server, "https://elsewhere.example")
    async with httpx.AsyncClient(base_url=server.url) as client:
        foreign = {"host": "elsewhere.example", "origin": "https://elsewhere.example"}
        assert (await client.get("/", headers=foreign)).status_code == 403


def test_no_other_machine_is_asked(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    log = tmp_path / "log"
    port = free_port()
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]),
        "KHORGOS_TEST_LOG": str(log),
    }
    asks = "import contextlib, socket\nwith contextlib.suppress(OSError): socket.getaddrinfo('elsewhere.invalid', 80)"
    subprocess.run([sys.executable, "-c", asks], env=environment, check=True)
    assert "elsewhere.invalid" in log.read_text(), "what is asked is not written down"
    log.unlink()
    everywhere = "0.0.0.0"  # noqa: S104  # the way of starting that asked for the machine's own address
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "khorgos_map.cli",
            "run",
            "--no-browser",
            "--host",
            everywhere,
            "--port",
            str(port),
        ],
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        await_health(url, process)
        asyncio.run(use(Server(url, process.pid)))
    finally:
        process.terminate()
        out, err = process.communicate(timeout=60)
    assert not log.exists(), log.read_text()
    assert f"http://localhost:{port}" in out
    assert "every machine that reaches this one" in err
