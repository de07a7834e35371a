"""Many people at once: sessions that are really open and do what people do, and how long each waits for an answer.

A session is what a browser has: the page's files, one connection that Streamlit's messages come over, and requests of
the tools beside it. No browser runs, which would take the processor from the server that is measured.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from khorgos_map.bench import Figure, absent
from khorgos_map.bench.servers import Server, own_command, served
from khorgos_map.measure.sketch import Sketch, encode_sketches

ACT_EVERY_S, FOR_S = 10.0, 60.0
SESSIONS = (100, 200)
P95_TO_REACH_S = 1.0
OPENED, AT_ONCE = 1000, 20
# as many as a browser opens to one host
CONNECTIONS = 6
MEMORY_TO_REACH_MB = 150.0
PATIENCE_S = 60.0
# what one in so many acts is; a person draws and points more often than they print
ACTS = {"measure": 30, "position": 20, "route": 15, "place": 10, "language": 10, "evidence": 5, "pdf": 10}
PLACES = ("khorgos", "almaty", "zharkent", "taldykorgan", "yining", "urumqi")
LANGUAGES = ("en", "kk", "ru", "zh")
_FILES = re.compile(r"(?:src|href)=\"\./([^\"]+)\"")


@dataclass
class Tally:
    """How long each act took, by kind, and what failed with which reason."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failed: Counter[str] = field(default_factory=Counter)

    @property
    def all_s(self) -> list[float]:
        """All times."""
        return [second for kind in self.seconds.values() for second in kind]

    def p(self, share: float) -> float:
        """Return the time that a share of all acts did not exceed."""
        return percentile(self.all_s, share)

    def told(self) -> str:
        """Return the middle and the 95th percentile of each kind, and what failed."""
        kinds = ", ".join(
            f"{kind} {statistics.median(times):.2f}/{percentile(times, 0.95):.2f}"
            for kind, times in sorted(self.seconds.items())
        )
        reasons = ", ".join(f"{count} x {reason}" for reason, count in self.failed.most_common(3))
        return f"p50/p95 in s: {kinds}; failed {self.failed.total()}" + (f" ({reasons})" if reasons else "")


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that a share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Session:
    """One open page: its connection, and the requests of its tools."""

    def __init__(self, client: httpx.AsyncClient, socket: Any, chance: random.Random) -> None:
        self._client, self._socket, self._chance = client, socket, chance
        self._widgets: dict[str, str] = {}
        self._chosen = {"lang": 0, "mode": 0}

    async def run_page(self) -> None:
        """Have the page's script run, and take in all that it sends until it has ended."""
        message = importlib.import_module("streamlit.proto.BackMsg_pb2").BackMsg()
        message.rerun_script.query_string = ""
        for key, index in self._chosen.items():
            if key in self._widgets:
                widget = message.rerun_script.widget_states.widgets.add()
                widget.id = self._widgets[key]
                widget.int_array_value.data.append(index)
        await self._socket.send(message.SerializeToString())
        forward = importlib.import_module("streamlit.proto.ForwardMsg_pb2").ForwardMsg
        while True:
            told = forward()
            told.ParseFromString(await self._socket.recv())
            kind = told.WhichOneof("type")
            if kind == "script_finished":
                return
            if kind == "delta" and told.delta.new_element.WhichOneof("type") == "button_group":
                name = told.delta.new_element.button_group.id
                self._widgets[name.rpartition("-")[2]] = name

    async def act(self, kind: str) -> None:
        """Do one thing, and wait until it is answered; raises `httpx.HTTPError` if it is not."""
        if kind == "language":
            self._chosen["lang"] = (self._chosen["lang"] + 1) % len(LANGUAGES)
            await self.run_page()
        elif kind == "evidence":
            self._chosen["mode"] = 1 - self._chosen["mode"]
            await self.run_page()
        else:
            await self._ask(kind)

    async def _ask(self, kind: str) -> None:
        language = {"lang": LANGUAGES[self._chosen["lang"]]}
        sent = {"content": self._sketch(), "headers": {"content-type": "application/octet-stream"}}
        near, far = self._chance.sample(PLACES, 2)
        where = {"lat": f"{self._chance.uniform(43, 45):.5f}", "lon": f"{self._chance.uniform(79, 82):.5f}"}
        requests: dict[str, tuple[str, str, dict[str, str], dict[str, Any]]] = {
            "measure": ("POST", "measure", {}, sent),
            "pdf": ("POST", "measured", {"format": "pdf"}, sent),
            "position": ("GET", "position", where, {}),
            "place": ("GET", "place", {"q": near}, {}),
            "route": ("GET", "route", {"r": f"{near};{far}"}, {}),
        }
        method, path, query, words = requests[kind]
        answer = await self._client.request(method, f"/khorgos/{path}", params=query | language, **words)
        answer.raise_for_status()

    def _sketch(self) -> str:
        lon, lat = self._chance.uniform(80.2, 80.5), self._chance.uniform(44.1, 44.3)
        corners = ((lon, lat), (lon + 0.03, lat), (lon + 0.03, lat + 0.02), (lon, lat + 0.02))
        return encode_sketches([Sketch("area", corners, "Site")])


@asynccontextmanager
async def session(server: Server, seed: int) -> AsyncIterator[Session]:
    """Open a page as a browser does, for as long as the block runs."""
    websockets = importlib.import_module("websockets")
    address = server.url.replace("http", "ws", 1) + "/_stcore/stream"
    async with (
        httpx.AsyncClient(base_url=server.url, timeout=PATIENCE_S) as client,
        websockets.connect(
            address, origin=server.url, subprotocols=["streamlit"], max_size=None, open_timeout=PATIENCE_S
        ) as socket,
    ):
        made = Session(client, socket, random.Random(seed))  # noqa: S311
        await asyncio.wait_for(made.run_page(), PATIENCE_S)
        yield made


async def at_work(server: Server, count: int) -> Tally:
    """Return how long each act took while so many sessions each do one every ten seconds."""
    tally = Tally()
    started = asyncio.Event()

    async def one(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311
        async with session(server, seed) as opened:
            await started.wait()
            await asyncio.sleep(chance.uniform(0, ACT_EVERY_S))
            until = time.monotonic() + FOR_S
            while time.monotonic() < until:
                (kind,) = chance.choices(list(ACTS), list(ACTS.values()))
                begun = time.monotonic()
                await _timed(opened.act(kind), kind, tally)
                await asyncio.sleep(max(0.0, ACT_EVERY_S - (time.monotonic() - begun)))

    async with asyncio.TaskGroup() as group:
        for seed in range(count):
            group.create_task(one(seed))
            await asyncio.sleep(0.05)  # people do not all come in the same instant
        await asyncio.sleep(2.0)
        started.set()
    return tally


async def _timed(act: Awaitable[None], kind: str, tally: Tally) -> None:
    begun = time.monotonic()
    try:
        await asyncio.wait_for(act, PATIENCE_S)
    except (httpx.HTTPError, ConnectionError, TimeoutError) as error:
        response = getattr(error, "response", None)
        tally.failed[f"{kind} {response.status_code if response else type(error).__name__}"] += 1
    else:
        tally.seconds.setdefault(kind, []).append(time.monotonic() - begun)


async def opened_and_closed(server: Server, count: int) -> Tally:
    """Open and close so many sessions, ten at a time."""
    tally, few = Tally(), asyncio.Semaphore(10)

    async def one(seed: int) -> None:
        async with few:
            await _timed(_visit(server, seed), "session", tally)

    await asyncio.gather(*(one(seed) for seed in range(count)))
    return tally


async def _visit(server: Server, seed: int) -> None:
    async with session(server, seed):
        pass


async def loaded_at_once(server: Server, count: int) -> Tally:
    """Return how long it takes until so many who come at once have the page, its files and a session."""
    tally = Tally()

    async def one(seed: int) -> None:
        (page,) = await fetched(server, ["/"])
        scripts = [f"/{name}" for name in _FILES.findall(page.decode()) if name.startswith("static/")]
        await asyncio.gather(*(fetched(server, scripts[first::CONNECTIONS]) for first in range(CONNECTIONS)))
        await _visit(server, seed)

    await asyncio.gather(*(_timed(one(seed), "load", tally) for seed in range(count)))
    return tally


async def fetched(server: Server, paths: Sequence[str]) -> list[bytes]:
    """Return what is at some paths, asked for one after the other over one connection.

    A client of a library takes more of the processor for a file than the server that is measured.
    """
    where = urlsplit(server.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    bodies = []
    try:
        for path in paths:
            request = f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\nAccept-Encoding: gzip\r\n\r\n"
            writer.write(request.encode("ascii"))
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = re.search(r"^content-length: (\d+)", head, re.IGNORECASE | re.MULTILINE)
            if " 200 " not in head.partition("\r\n")[0] or not length:
                raise ConnectionError(f"{path}: {head.partition(chr(13))[0]}")
            bodies.append(await reader.readexactly(int(length[1])))
    finally:
        writer.close()
    return bodies


def measure() -> Iterator[Figure]:
    """Yield the figures for many people at once, on a server of its own."""
    try:
        importlib.import_module("websockets")
    except ImportError:
        yield absent("many at once", "needs websockets: pip install websockets")
        return
    with served(own_command) as server:
        asyncio.run(at_work_once(server))
        rest_mb = memory_mb(server.pid)
        tally = asyncio.run(loaded_at_once(server, AT_ONCE))
        yield Figure(
            f"{AT_ONCE} load the page at once, slowest", "s", tally.p(1.0), None, "", None, tally.told()
        )
        for count in SESSIONS:
            tally = asyncio.run(at_work(server, count))
            promised = P95_TO_REACH_S if count == SESSIONS[0] else None
            yield Figure(
                f"{count} sessions at work, p95",
                "s",
                tally.p(0.95),
                P95_TO_REACH_S,
                "promised" if promised else "the stretch",
                1.0 if promised else None,
                f"p50 {tally.p(0.5):.3f} s; {tally.told()}; {memory_mb(server.pid):.0f} MB",
            )
        asyncio.run(opened_and_closed(server, OPENED))
        more_mb = memory_mb(server.pid) - rest_mb
        what = f"memory after {OPENED} sessions opened and closed, more than at rest"
        yield Figure(what, "MB", more_mb, MEMORY_TO_REACH_MB, "promised", 1.0, f"at rest {rest_mb:.0f} MB")


async def at_work_once(server: Server) -> None:
    """Have each act done once, so that what is made once is made."""
    async with session(server, 0) as opened:
        for kind in ACTS:
            await opened.act(kind)


def memory_mb(pid: int) -> float:
    """Return the memory that a process and those it started hold, in megabytes; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0.0
    process = Path(f"/proc/{pid}")
    try:
        held = int((process / "statm").read_text(encoding="ascii").split()[1])
        threads = [(task / "children").read_text(encoding="ascii").split() for task in process.glob("task/*")]
    except OSError:
        return 0.0
    started = {int(child) for children in threads for child in children}
    return held * os.sysconf("SC_PAGE_SIZE") / 1e6 + sum(map(memory_mb, started))
