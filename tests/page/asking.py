"""The routes of the page, asked without a network, and how a measurement is asked for."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from starlette.applications import Starlette

from khorgos_map.measure.sketch import Sketch, encode_sketches
from khorgos_map.page.guard import Doors
from khorgos_map.page.server import ROUTES, middleware
from tests.page.loop import loop

ALMATY, KHORGOS = (76.9115, 43.2525), (80.397, 44.198)


class Server:
    """The routes behind their guard, asked without a network."""

    def __init__(self, doors: Doors | None = None) -> None:
        app = Starlette(routes=ROUTES, middleware=middleware(doors or Doors()))
        self._transport = httpx.ASGITransport(app)

    def get(self, path: str, **words: Any) -> httpx.Response:
        return self.ask("GET", path, **words)

    def post(self, path: str, **words: Any) -> httpx.Response:
        headers = {"content-type": "application/octet-stream"} | words.pop("headers", {})
        return self.ask("POST", path, headers=headers, **words)

    def ask(self, method: str, path: str, **words: Any) -> httpx.Response:
        return asyncio.run_coroutine_threadsafe(self._ask(method, path, **words), loop()).result()

    async def _ask(self, method: str, path: str, **words: Any) -> httpx.Response:
        async with httpx.AsyncClient(transport=self._transport, base_url="http://localhost") as client:
            return await client.request(method, path, timeout=60, **words)


def measured(server: Server, *sketches: Sketch, **asked: str) -> list[dict[str, object]]:
    answer = server.post("/khorgos/measure", params=asked, content=encode_sketches(sketches))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["sketches"]
    return found
