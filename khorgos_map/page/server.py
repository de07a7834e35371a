"""What the server does beside running the page script: serve the published files and keep its memory tidy."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from khorgos_map.page import content, measuring, roads
from khorgos_map.view import read_view

PREFIX = "/khorgos/"
TAKE_ALONG = "khorgos-map.html"
FOREVER, NOT_AT_ALL = "public, max-age=31536000, immutable", "no-cache"


def send_file(request: Request) -> Response:
    """Answer with a published file, or 404."""
    file = content.published().files.get(request.path_params["name"])
    if file is None:
        return Response("not found", status_code=404, media_type="text/plain")
    headers = {
        "content-encoding": "gzip",
        "cache-control": FOREVER if file.immutable else NOT_AT_ALL,
        "x-content-type-options": "nosniff",
    }
    return Response(file.body, media_type=file.media_type, headers=headers)


def send_map(request: Request) -> Response:
    """Answer with the whole map in one file, opening with the view of the address it was asked for under."""
    view, _ = read_view(dict(request.query_params), content.vocabulary())
    headers = {
        "content-encoding": "gzip",
        "content-disposition": f'attachment; filename="{TAKE_ALONG}"',
        "cache-control": NOT_AT_ALL,
    }
    return Response(content.whole_map().packed(view), media_type="text/html", headers=headers)


ROUTES = [
    Route(f"{PREFIX}{TAKE_ALONG}", send_map),
    *(
        Route(f"{PREFIX}{route.path.removeprefix('/')}", route.endpoint, methods=route.methods)
        for route in (*measuring.ROUTES, *roads.ROUTES)
    ),
    Route(f"{PREFIX}{{name}}", send_file),
]


@contextlib.asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Publish before the first visitor, then take all that lives as long as the process out of collection.

    Streamlit collects garbage after every script run; without this it walks all imported modules each time.
    """
    content.published()
    content.vocabulary()
    gc.collect()
    gc.freeze()
    yield {}
