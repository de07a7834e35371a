"""Streamlit's own scripts and styles, packed once and answered without a thread.

A page asks for some sixty of them. Streamlit packs none, because it would do so again for every visitor, and a file
system is asked for each in a thread; packed they are less than a third, and what packs one keeps it.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from khorgos_map.page.offered import FOREVER

PREFIX = "/static/"
# What else there is, pictures and fonts, is packed already. On Windows a user's settings say what a suffix means.
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class Frontend:
    """ASGI middleware: answers for Streamlit's packed files, and passes on everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        folder = Path(str(files(st))) / "static" / "static"
        self._files = {
            PREFIX + path.relative_to(folder).as_posix(): path
            for path in folder.rglob("*")
            if path.suffix in MEDIA_TYPES
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass a request on."""
        path = self._files.get(scope["path"]) if scope["type"] == "http" else None
        headers = Headers(scope=scope) if path else Headers()
        packed = "gzip" in headers.get("accept-encoding", "") and "range" not in headers
        answer = response(path) if path and packed else self._app
        await answer(scope, receive, send)


@cache
def response(path: Path) -> Response:
    """Return the answer for a file whose name has a hash of its content, so that it never changes."""
    headers = {"content-encoding": "gzip", "vary": "Accept-Encoding", "cache-control": FOREVER}
    return Response(gzip.compress(path.read_bytes(), 9), media_type=MEDIA_TYPES[path.suffix], headers=headers)
