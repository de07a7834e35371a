"""The command ``khorgos-map run``: serve the page."""

from __future__ import annotations

import argparse
import os
import re

from khorgos_map.atlas import content_folder, sound_atlas
from khorgos_map.measure.routing.engines import ENGINES, engine_named
from khorgos_map.page import content
from khorgos_map.page.guard import Doors, host_name
from khorgos_map.page.serve import serve


def add_words(command: argparse.ArgumentParser) -> None:
    """Add what the command understands to its parser."""
    command.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    command.add_argument("--port", type=_port, default=8501, help="port to listen on (default: 8501)")
    command.add_argument("--no-browser", action="store_true", help="do not open the page in a browser")
    command.add_argument(
        "--allow-host",
        metavar="NAME",
        action="append",
        default=[],
        type=_name_of_host,
        help="a name this server is reached by, such as map.example.org (its addresses and localhost always work)",
    )
    command.add_argument(
        "--embed",
        metavar="ORIGIN",
        action="append",
        default=[],
        type=_origin,
        help="let pages of this origin show the map in a frame, such as https://example.org",
    )
    command.add_argument(
        "--engine",
        choices=ENGINES,
        default=ENGINES[0],
        help="who finds the ways of the roads panel (default: embedded)",
    )
    command.add_argument("--engine-url", metavar="URL", help="where that engine is served")


def run(options: argparse.Namespace) -> int:
    """Serve the page until it is ended; raises `KhorgosMapError` for faulty content or an engine that is not there."""
    engine_named(options.engine, options.engine_url, sound_atlas(content_folder()))
    os.environ[content.ENGINE] = options.engine
    if options.engine_url:
        os.environ[content.ENGINE_URL] = options.engine_url
    names = frozenset(map(host_name, (*options.allow_host, options.host))) - {""}
    serve(options.host, options.port, Doors(names, tuple(options.embed)), browser=not options.no_browser)
    return 0


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port; a number from 1 to 65535 is needed")


def _name_of_host(text: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*", text):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is no name of a host; such as map.example.org is needed")


def _origin(text: str) -> str:
    if re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?", text):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is no origin; such as https://example.org is needed")
