"""Streamlit's scripts and styles reach a browser packed, whole and for good."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from khorgos_map.page.frontend import MEDIA_TYPES, Frontend

STATIC = Path(str(files(st))) / "static"
NAMED = re.findall(r'(?:src|href)="\./(static/[^"]+)"', (STATIC / "index.html").read_text(encoding="utf-8"))
SCRIPTS = [name for name in NAMED if Path(name).suffix in MEDIA_TYPES]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    behind = Starlette(routes=[Route("/{path:path}", PlainTextResponse("passed on"))])
    with TestClient(Frontend(behind)) as made:
        yield made


def test_every_script_and_style_of_the_page_is_packed_and_whole(client: TestClient) -> None:
    assert SCRIPTS
    for name in SCRIPTS:
        answer = client.get(f"/{name}", headers={"accept-encoding": "gzip"})
        assert answer.content == (STATIC / name).read_bytes()
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["content-type"].startswith(MEDIA_TYPES[Path(name).suffix])
        assert "immutable" in answer.headers["cache-control"]


def test_a_page_takes_less_than_a_third_of_the_line(client: TestClient) -> None:
    plain = sum(len((STATIC / name).read_bytes()) for name in SCRIPTS)
    packed = sum(
        int(client.get(f"/{name}", headers={"accept-encoding": "gzip"}).headers["content-length"])
        for name in SCRIPTS
    )
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
def test_everything_else_is_passed_on(client: TestClient, path: str, headers: dict[str, str]) -> None:
    assert client.get(path, headers={"accept-encoding": "gzip", **headers}).text == "passed on"
