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
from khorgos_map.page.opening import is_known, opening_page
from khorgos_map.text import catalogue
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
        ("/", {"accept-encoding": "identity"}),
        ("/static/none.js", {}),
        ("/static/../index.html", {}),
        (f"/{SCRIPTS[0]}", {"accept-encoding": "identity"}),
        (f"/{SCRIPTS[0]}", {"range": "bytes=0-9"}),
    ],
)
def test_everything_else_is_passed_on(get: Get, path: str, headers: dict[str, str]) -> None:
    assert get(path, headers).text == "passed on"


def test_streamlits_page_is_as_we_know_it() -> None:
    assert is_known((STATIC / "index.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("address", "spoken", "title"),
    [
        ("/", "", "Khorgos Map"),
        ("/", "de-DE,de;q=0.9,ru;q=0.5", "Карта Хоргоса"),
        ("/?lang=zh&sel=icbc", "ru", "霍尔果斯地图"),
        ("/?lang=%22%3E%3Cscript%3E", "kk", "Қорғас картасы"),
    ],
)
def test_before_anything_has_loaded_the_page_bears_name_and_picture(
    get: Get, address: str, spoken: str, title: str
) -> None:
    answer = get(address, {"accept-language": spoken})
    root = answer.text.partition('<div id="root">')[2]
    assert f"<title>{title}</title>" in answer.text
    assert f"<h1>{title}</h1>" in root
    assert "<svg" in root
    assert 'name="description" content="' in answer.text
    assert answer.headers["cache-control"] == "no-cache"


def test_a_page_of_another_streamlit_is_served_as_it_came() -> None:
    assert opening_page("<title>Other</title>", catalogue("en"), "") == "<title>Other</title>"
