"""Processes for heavy work: a few, started once, each within bounds of memory and time.

A process that takes too long, or whose client has gone away, is killed and replaced; so is one that has grown. The
memory limit is the system's own: where the system knows none (Windows), the bounds on what is asked remain.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from typing import Any, TypeVar

from khorgos_map.errors import KhorgosMapError
from khorgos_map.page.system import end_process, give_way, held_bytes, limit_memory, limit_processor

T = TypeVar("T")
MEMORY_BYTES = 256_000_000
"""What one piece of work may take beyond what a process holds at rest."""
GROWN_BYTES = 64_000_000
"""A process that holds so much more than at rest is replaced once its work is done."""
PROCESSOR_S = 10
"""How long one piece of work may use the processor; the clock may go on for `DEADLINE_S` on a busy machine."""
DEADLINE_S = 30.0
WAIT_S = 10.0
START_S = 180.0
MOST_WAITING = 16
WORKERS = 2


class BusyError(KhorgosMapError):
    """All processes are at work and enough wait already."""


class OverLimitError(KhorgosMapError):
    """A piece of work needed more time or memory than one may take."""


@dataclass(frozen=True)
class _Done:
    result: Any
    grown: bool


class _Worker:
    """One process, from its start until it is killed."""

    def __init__(self, prepare: Callable[[], None]) -> None:
        self._executor = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        self._pid: Future[int] = self._executor.submit(_begin)
        self.ready: Future[None] = self._executor.submit(_prepare, prepare)

    def submit(self, work: Callable[..., T], *arguments: object) -> Future[_Done]:
        """Return the result to come."""
        return self._executor.submit(_run, work, arguments)

    def end(self) -> None:
        """End the process at once, whatever it does."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._pid.add_done_callback(_end)


class Workers:
    """A fixed number of processes, a short queue before them, and bounds on each piece of work.

    ``count`` pieces of work run at once and ``waiting`` more wait, for ``wait_s`` seconds at most; a piece that
    takes longer than ``deadline_s`` is ended. Each process calls ``prepare`` before its first piece of work, a function
    of a module. Belongs to one event loop, the one it is first used on.
    """

    def __init__(
        self,
        prepare: Callable[[], None],
        count: int = WORKERS,
        *,
        waiting: int = MOST_WAITING,
        wait_s: float = WAIT_S,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._prepare = prepare
        self._count, self._most_waiting = count, waiting
        self._wait_s, self._deadline_s = wait_s, deadline_s
        self._idle: asyncio.Queue[_Worker] | None = None
        self._all: set[_Worker] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._waiting = 0

    async def ready(self) -> None:
        """Wait until all processes are there, each with the content loaded."""
        self.begin()
        await asyncio.gather(*self._starting)

    def stop(self) -> None:
        """End all processes at once."""
        for task in self._starting:
            task.cancel()
        for worker in self._all:
            worker.end()
        self._all.clear()
        self._idle = None

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """Return what a function of a module returns for arguments that can be pickled.

        Cancelling ends the process at work on it. Raises `BusyError` if it would wait too long, `OverLimitError` if it
        takes too much time or memory, and whatever the function raises.
        """
        worker = await self._free_worker()
        try:
            async with asyncio.timeout(self._deadline_s):
                done = await asyncio.wrap_future(worker.submit(work, *arguments))
        except MemoryError:
            self._replace(worker)
            raise OverLimitError from None
        except (TimeoutError, BrokenProcessPool):
            self._replace(worker)
            raise OverLimitError from None
        except asyncio.CancelledError:
            self._replace(worker)
            raise
        except BaseException:
            self._put_back(worker)
            raise
        if done.grown:
            self._replace(worker)
        else:
            self._put_back(worker)
        result: T = done.result
        return result

    async def _free_worker(self) -> _Worker:
        idle = self.begin()
        if idle.empty() and self._waiting >= self._most_waiting:
            raise BusyError
        self._waiting += 1
        try:
            # while the first are being started there is nobody to wait behind
            async with asyncio.timeout(START_S if len(self._starting) == self._count else self._wait_s):
                return await idle.get()
        except TimeoutError:
            raise BusyError from None
        finally:
            self._waiting -= 1

    def begin(self) -> asyncio.Queue[_Worker]:
        """Start the processes, if they are not yet; return those that are idle."""
        if self._idle is None:
            self._idle = asyncio.Queue()
            for _ in range(self._count):
                self._start_one()
        return self._idle

    def _start_one(self) -> None:
        task = asyncio.get_running_loop().create_task(self._started())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _started(self) -> None:
        worker = _Worker(self._prepare)
        self._all.add(worker)
        await asyncio.wrap_future(worker.ready)
        self._put_back(worker)

    def _put_back(self, worker: _Worker) -> None:
        if self._idle is not None:
            self._idle.put_nowait(worker)

    def _replace(self, worker: _Worker) -> None:
        worker.end()
        self._all.discard(worker)
        if self._idle is not None:
            self._start_one()


def _end(pid: Future[int]) -> None:
    if not pid.cancelled() and pid.exception() is None:
        end_process(pid.result())


def _begin() -> int:
    """Do what comes first in a new process, and return its number."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's, which then ends its processes
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return os.getpid()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _prepare(prepare: Callable[[], None]) -> None:
    """Load what is needed once, and from then on hold the process to its limit of memory."""
    prepare()
    give_way()
    gc.collect()
    gc.freeze()
    _rest.bytes = held_bytes()
    limit_memory(MEMORY_BYTES)


class _Rest:
    """How much a process holds before its first piece of work."""

    bytes = 0


_rest = _Rest()


def _run(work: Callable[..., T], arguments: tuple[object, ...]) -> _Done:
    limit_processor(PROCESSOR_S)
    result = work(*arguments)
    return _Done(result, held_bytes() - _rest.bytes > GROWN_BYTES)
