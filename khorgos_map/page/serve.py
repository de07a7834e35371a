"""Serving the page: uvicorn with our bounds, who is told what about it, and its end."""

from __future__ import annotations

import contextlib
import socket
import sys
import webbrowser

import streamlit as st
import uvicorn
from streamlit import config

from khorgos_map.atlas.folder import bundled
from khorgos_map.errors import UsageError
from khorgos_map.page import SCRIPT
from khorgos_map.page.guard import Doors
from khorgos_map.page.server import ROUTES, lifespan, middleware
from khorgos_map.page.system import allow_files

# Connections and requests at once, among them one of each open page and up to six that a browser keeps.
MOST_CONNECTIONS = 2000
MOST_FILES = 8192
END_WITHIN_S = 5
# What a page tells the server of itself is a few hundred bytes.
MOST_MESSAGE_BYTES = 1_000_000
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # asked for by its user, and told


class _Server(uvicorn.Server):
    """uvicorn, that says where the page is as soon as it is there."""

    def __init__(self, settings: uvicorn.Config, *, browser: bool) -> None:
        super().__init__(settings)
        self._browser = browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            address = _address(
                "localhost" if self.config.host in EVERYWHERE else self.config.host, self.config.port
            )
            print(f"Khorgos Map is at {address}; Ctrl-C ends it", flush=True)
            if self._browser:
                webbrowser.open(address)


def serve(host: str, port: int, doors: Doors, *, browser: bool) -> None:
    """Serve the page until the process is told to end; raises `UsageError` if the port is taken."""
    _refuse_taken_port(host, port)
    allow_files(MOST_FILES)
    if host in EVERYWHERE:
        told = f"every machine that reaches this one may use the page and have it compute, at port {port}"
        sys.stderr.write(f"khorgos-map: {told}; there are no accounts\n")
    # as `streamlit run app.py` does: the settings stand beside app.py, wherever the server is started
    config._main_script_path = str(bundled("app.py"))  # pinned, and held by a test
    app = st.App(SCRIPT, routes=ROUTES, lifespan=lifespan, middleware=middleware(doors))
    settings = uvicorn.Config(
        app,
        host=host,
        port=port,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=END_WITHIN_S,
        ws_max_size=MOST_MESSAGE_BYTES,
        access_log=False,
        log_level="warning",
        server_header=False,
    )
    _Server(settings, browser=browser).run()


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _refuse_taken_port(host: str, port: int) -> None:
    with contextlib.closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
        # on Windows it would let two servers listen on one port
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = f"cannot listen on {host}:{port}: {(error.strerror or str(error)).lower()}; choose another --port"
            raise UsageError(reason) from None
