"""The routes of the page, asked without a network, and how a measurement is asked for."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from starlette.applications import Starlette

from khorgos_map.measure.sketch import Sketch, encode_sketches
from khorgos_map.page.server import ROUTES

ALMATY, KHORGOS = (76.9115, 43.2525), (80.397, 44.198)


class Server:
    """The routes, asked without a network, from a thread of their own: the browser tests keep a loop in this one."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._transport = httpx.ASGITransport(Starlette(routes=ROUTES))

    def get(self, path: str, **words: Any) -> httpx.Response:
        return self._thread.submit(lambda: asyncio.run(self._ask("GET", path, **words))).result()

    def post(self, path: str, **words: Any) -> httpx.Response:
        return self._thread.submit(lambda: asyncio.run(self._ask("POST", path, **words))).result()

    async def _ask(self, method: str, path: str, **words: Any) -> httpx.Response:
        async with httpx.AsyncClient(transport=self._transport, base_url="http://map.test") as client:
            return await client.request(method, path, timeout=60, **words)


def measured(server: Server, *sketches: Sketch, **asked: str) -> list[dict[str, object]]:
    answer = server.post("/khorgos/measure", params=asked, content=encode_sketches(sketches))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["sketches"]
    return found
