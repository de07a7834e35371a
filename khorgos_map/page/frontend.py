"""Streamlit's own page, scripts and styles: the page with our opening picture, all of it packed once, without a thread.

A page asks for some sixty scripts. Streamlit packs none, because it would do so again for every visitor, and a file
system is asked for each in a thread; packed they are less than a third, and what packs one keeps it.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qs

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from khorgos_map.page import content
from khorgos_map.page.offered import FOREVER, NOT_AT_ALL
from khorgos_map.page.opening import opening_page, picture_of
from khorgos_map.text import catalogue, languages

PREFIX = "/static/"
# What else there is, pictures and fonts, is packed already. On Windows a user's settings say what a suffix means.
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class Frontend:
    """ASGI middleware: answers for Streamlit's page and what it is made of, and passes on everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._folder = Path(str(files(st))) / "static"
        folder = self._folder / "static"
        self._files = {
            PREFIX + path.relative_to(folder).as_posix(): path
            for path in folder.rglob("*")
            if path.suffix in MEDIA_TYPES
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass a request on."""
        await (self._answer(scope) or self._app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        if scope["type"] != "http":
            return None
        headers = Headers(scope=scope)
        if "gzip" not in headers.get("accept-encoding", "") or "range" in headers:
            return None
        if scope["path"] == "/":
            return page(self._folder / "index.html", language_of(scope["query_string"], headers))
        path = self._files.get(scope["path"])
        return file(path) if path else None


def language_of(query: bytes, headers: Headers) -> str:
    """Return the language that an address asks for, else the first that the browser asks for, else English."""
    asked = parse_qs(query.decode("latin-1")).get("lang", [])
    spoken = headers.get("accept-language", "")[:200].replace(";", ",").split(",")
    wanted = [*asked, *(tag.strip().partition("-")[0].lower() for tag in spoken)]
    return next((code for code in wanted if code in languages()), "en")


@cache
def page(path: Path, language: str) -> Response:
    """Return the answer that is the page, with its opening picture in a language."""
    picture = picture_of(content.land()["CN"])
    html = opening_page(path.read_text(encoding="utf-8"), catalogue(language), picture)
    return _packed(html.encode(), "text/html", NOT_AT_ALL, "Accept-Encoding, Accept-Language")


@cache
def file(path: Path) -> Response:
    """Return the answer for a file whose name has a hash of its content, so that it never changes."""
    return _packed(path.read_bytes(), MEDIA_TYPES[path.suffix], FOREVER, "Accept-Encoding")


def _packed(body: bytes, media_type: str, kept: str, vary: str) -> Response:
    headers = {"content-encoding": "gzip", "vary": vary, "cache-control": kept}
    return Response(gzip.compress(body, 9), media_type=media_type, headers=headers)
