"""Streamlit's scripts and styles reach a browser packed, whole and for good."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import httpx
import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from khorgos_map.page.frontend import MEDIA_TYPES, Frontend
from tests.page.loop import loop

Get = Callable[..., httpx.Response]

STATIC = Path(str(files(st))) / "static"
NAMED = re.findall(r'(?:src|href)="\./(static/[^"]+)"', (STATIC / "index.html").read_text(encoding="utf-8"))
SCRIPTS = [name for name in NAMED if Path(name).suffix in MEDIA_TYPES]


@pytest.fixture(scope="module")
def get() -> Get:
    behind = Starlette(routes=[Route("/{path:path}", PlainTextResponse("passed on"))])
    transport = httpx.ASGITransport(Frontend(behind))

    async def ask(path: str, headers: dict[str, str]) -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path, headers={"accept-encoding": "gzip", **headers})

    def get(path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return asyncio.run_coroutine_threadsafe(ask(path, headers or {}), loop()).result()

    return get


def test_every_script_and_style_of_the_page_is_packed_and_whole(get: Get) -> None:
    assert SCRIPTS
    for name in SCRIPTS:
        answer = get(f"/{name}")
        assert answer.content == (STATIC / name).read_bytes()
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["content-type"].startswith(MEDIA_TYPES[Path(name).suffix])
        assert "immutable" in answer.headers["cache-control"]


def test_a_page_takes_less_than_a_third_of_the_line(get: Get) -> None:
    plain = sum(len((STATIC / name).read_bytes()) for name in SCRIPTS)
    packed = sum(int(get(f"/{name}").headers["content-length"]) for name in SCRIPTS)
    assert packed < plain / 3


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {}),
        ("/static/none.js", {}),
        ("/static/../index.html", {}),
        (f"/{SCRIPTS[0]}", {"accept-encoding": "identity"}),
        (f"/{SCRIPTS[0]}", {"range": "bytes=0-9"}),
    ],
)
def test_everything_else_is_passed_on(get: Get, path: str, headers: dict[str, str]) -> None:
    assert get(path, headers).text == "passed on"
