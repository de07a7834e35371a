"""What the server does beside running the page script: serve the published files, answer the tools, guard them all."""

from __future__ import annotations

import contextlib
import gc
import gzip
import importlib
import logging
from collections.abc import AsyncIterator
from importlib.resources import files
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit.runtime import get_instance

from khorgos_map.draw.basemaps import ONLINE, tile_options
from khorgos_map.draw.files import HTML
from khorgos_map.page import content, measuring, offered, roads
from khorgos_map.page.answers import WORKERS, Answer, Query, light
from khorgos_map.page.frontend import Frontend
from khorgos_map.page.guard import OWN_PREFIX, Doors, Guard
from khorgos_map.page.offered import FOREVER, NOT_AT_ALL
from khorgos_map.page.policies import Policies
from khorgos_map.view import read_view

TAKE_ALONG = "khorgos-map.html"


async def send_file(request: Request) -> Response:
    """Answer with a published file, or 404."""
    file = content.published().files.get(request.path_params["name"])
    if file is None:
        return Response("not found", status_code=404, media_type="text/plain")
    headers = {
        "content-encoding": "gzip",
        "cache-control": FOREVER if file.immutable else NOT_AT_ALL,
    }
    return Response(file.body, media_type=file.media_type, headers=headers)


async def send_map(request: Request) -> Response:
    """Answer with the whole map in one file, opening with the view of the address it was asked for under."""
    return await light(request, whole_map)


def whole_map(query: Query) -> Answer:
    """Return the whole map in one file, packed."""
    view, _ = read_view(query, content.vocabulary())
    headers = {
        "content-encoding": "gzip",
        "content-disposition": f'attachment; filename="{TAKE_ALONG}"',
        "cache-control": NOT_AT_ALL,
    }
    return Answer(content.whole_map().packed(view), "text/html", headers=headers)


ROUTES = [
    Route(f"{OWN_PREFIX}{TAKE_ALONG}", send_map),
    *(
        Route(f"{OWN_PREFIX}{route.path.removeprefix('/')}", route.endpoint, methods=route.methods)
        for route in (*measuring.ROUTES, *roads.ROUTES, *offered.ROUTES)
    ),
    Route(f"{OWN_PREFIX}{{name}}", send_file),
]


@contextlib.asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Publish before the first visitor, then take all that lives as long as the process out of collection.

    Collecting would walk all imported modules again and again.
    """
    content.published()
    content.vocabulary()
    content.engine()
    # what the page script imports, and the first visitor would wait for
    importlib.import_module("khorgos_map.page.evidence")
    _declare_component()
    gc.collect()
    gc.freeze()
    WORKERS.begin()
    try:
        yield {}
    finally:
        WORKERS.stop()


def _declare_component() -> None:
    """Make the files of streamlit-folium known, which a server of several is asked for before it draws a page.

    Streamlit itself does that only for what is imported while a page is drawn.
    """
    log = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    level = log.level
    log.setLevel(logging.ERROR)  # Streamlit wonders that nobody's page is being drawn
    component = importlib.import_module("streamlit_folium")._component_func
    log.setLevel(level)
    get_instance().component_registry.register_component(component)


def policies(frames: tuple[str, ...] = ()) -> Policies:
    """Return what browsers may do with each answer of this server, shown in frames of the origins given."""
    documents = {
        OWN_PREFIX + name: gzip.decompress(file.body).decode()
        for name, file in content.published().files.items()
        if file.media_type == HTML
    }
    page = files(st).joinpath("static", "index.html").read_text(encoding="utf-8")
    tiles = [str(tile_options(provider)["url"]) for provider in ONLINE.values()]
    return Policies(page, documents, frames, tiles)


def middleware(doors: Doors) -> list[Middleware]:
    """Return what stands before Streamlit."""
    posts = frozenset(route.path for route in ROUTES if "POST" in (route.methods or ()))
    guard = Middleware(Guard, doors=doors, posts=posts, policies=policies(doors.frames))
    return [guard, Middleware(Frontend)]
