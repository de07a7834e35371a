"""How a question to the server is answered: here, in a thread, or in a process of its own, but never without bounds."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import IO

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from khorgos_map.errors import KhorgosMapError
from khorgos_map.page import content
from khorgos_map.page.refusals import refusal
from khorgos_map.page.workers import BusyError, OverLimitError, Workers
from khorgos_map.text import Catalogue, catalogue, languages

TOO_LARGE, TOO_BUSY = 413, 503
RETRY_AFTER_S = 5
# What is sent must arrive within this time; longer than that a stalled client holds nothing.
BODY_S = 60.0
# A body of more is kept in a temporary file without a name while it arrives.
MOST_IN_MEMORY_BYTES = 1_000_000
# Threads for what takes milliseconds; Streamlit's own files have threads of their own.
THREADS, MOST_WAITING = 4, 64
JSON_TYPE = "application/json"
WORKERS = Workers(content.load)
Query = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What is sent back, as it crosses between processes."""

    body: bytes
    media_type: str = JSON_TYPE
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """Return it as a response."""
        return Response(self.body, self.status, self.headers, self.media_type)


Work = Callable[..., Answer]


class Body:
    """What was sent, in memory or in a temporary file without a name; in another process it is its bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self) -> bytes:
        """Return all of it."""
        self._file.seek(0)
        return self._file.read()

    def __reduce__(self) -> tuple[type[bytes], tuple[bytes]]:
        # read no sooner than a process takes it, so that those that wait hold no memory
        return bytes, (self.read(),)


class TooMuchSentError(KhorgosMapError):
    """More is sent than the number of bytes given, which are taken at most."""

    def __init__(self, most_bytes: int) -> None:
        self.most_mb = f"{most_bytes / 1e6:g}"
        super().__init__(f"more than {self.most_mb} MB")


@contextlib.asynccontextmanager
async def body_of(request: Request, most_bytes: int) -> AsyncIterator[Body]:
    """Give what is sent, for as long as the block runs.

    Raises `TooMuchSentError` as soon as it is more than is taken, `ClientDisconnect` if it does not come in time.
    """
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > most_bytes:
        raise TooMuchSentError(most_bytes)
    with tempfile.SpooledTemporaryFile(MOST_IN_MEMORY_BYTES) as file:
        size = 0
        try:
            async with asyncio.timeout(BODY_S):
                async for part in request.stream():
                    size += len(part)
                    if size > most_bytes:
                        raise TooMuchSentError(most_bytes)
                    file.write(part)
        except TimeoutError:
            raise ClientDisconnect from None
        yield Body(file)


async def bytes_of(request: Request, most_bytes: int) -> bytes:
    """Return something short that is sent; raises what `body_of` does."""
    async with body_of(request, most_bytes) as body:
        return body.read()


def json_answer(value: object, status: int = 200) -> Answer:
    """Return an answer in JSON."""
    return Answer(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), status=status)


def language_of(query: Query) -> Catalogue:
    """Return the catalogue of the language asked for, or the English one."""
    code = query.get("lang", "en")
    return catalogue(code if code in languages() else "en")


def refuse(error: KhorgosMapError, query: Query) -> Answer:
    """Return an answer that says why not, in the language asked for."""
    text = language_of(query)
    if isinstance(error, TooMuchSentError):
        return json_answer({"error": text("request.too_long", most=error.most_mb)}, TOO_LARGE)
    refused = refusal(error, text)
    return Answer(bytes(refused.body), status=refused.status_code)


def _answered(work: Work, query: Query, arguments: tuple[object, ...]) -> Answer:
    try:
        return work(query, *arguments)
    except KhorgosMapError as error:
        return refuse(error, query)


class _Threads:
    """A few threads and a bound on how many wait for one."""

    def __init__(self) -> None:
        self._limiter: anyio.CapacityLimiter | None = None

    async def run(self, work: Work, query: Query, *arguments: object) -> Answer:
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(THREADS)
        if self._limiter.statistics().tasks_waiting >= MOST_WAITING:
            raise BusyError
        return await anyio.to_thread.run_sync(_answered, work, query, arguments, limiter=self._limiter)


_threads = _Threads()


async def light(request: Request, work: Work, *arguments: object) -> Response:
    """Answer with what takes milliseconds: ``work`` is called with the query, in a thread."""
    query = dict(request.query_params)
    try:
        answer = await _threads.run(work, query, *arguments)
    except BusyError:
        answer = _busy(query)
    return answer.response()


async def heavy(request: Request, work: Work, *arguments: object) -> Response:
    """Answer with what takes longer: ``work``, a function of a module, is called with the query in a worker process.

    A client that goes away ends it.
    """
    query = dict(request.query_params)
    running = asyncio.ensure_future(_in_process(work, query, arguments))
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({running, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            raise ClientDisconnect
        return running.result().response()
    finally:
        running.cancel()
        leaving.cancel()


async def _in_process(work: Work, query: Query, arguments: tuple[object, ...]) -> Answer:
    try:
        return await WORKERS.run(_answered, work, query, arguments)
    except BusyError:
        return _busy(query)
    except OverLimitError:
        text = language_of(query)
        return json_answer({"error": text("request.too_costly")}, TOO_LARGE)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _busy(query: Query) -> Answer:
    answer = json_answer({"error": language_of(query)("request.busy")}, TOO_BUSY)
    answer.headers["retry-after"] = str(RETRY_AFTER_S)
    return answer
