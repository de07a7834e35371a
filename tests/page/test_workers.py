"""Heavy work: in processes of its own, within bounds of time and memory, and ended when nobody waits for it."""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import psutil
import pytest

from khorgos_map.errors import UsageError
from khorgos_map.page.system import allow_files, limit_memory, limit_processor
from khorgos_map.page.workers import GROWN_BYTES, MEMORY_BYTES, BusyError, OverLimitError, Workers
from tests.page.loop import loop

ENDLESS_S = 3600.0
T = TypeVar("T")


def ask(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run_coroutine_threadsafe(work, loop()).result()


def nothing() -> None:
    """Prepare nothing."""


def hold(size_bytes: int) -> int:
    """Take memory and write to it."""
    return int(np.ones(size_bytes, dtype=np.uint8)[-1])


def compute(seconds: float) -> None:
    """Use the processor."""
    limit_processor(1)
    until_s = time.process_time() + seconds
    while time.process_time() < until_s:
        pass


def keep(size_bytes: int) -> None:
    """Take memory and never give it back."""
    kept.append(bytes(bytearray(size_bytes)))


def refuse() -> None:
    raise UsageError("no")


kept: list[bytes] = []


@pytest.fixture
def make() -> Iterator[Callable[..., Workers]]:
    made: list[Workers] = []

    def start(**bounds: Any) -> Workers:
        made.append(Workers(nothing, 1, **bounds))
        return made[-1]

    yield start
    for workers in made:
        loop().call_soon_threadsafe(workers.stop)


Make = Callable[..., Workers]


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_work_is_done_in_another_process_that_is_kept(make: Make) -> None:
    workers = make()
    first = ask(workers.run(os.getpid))
    assert first not in (os.getpid(), None)
    assert ask(workers.run(os.getpid)) == first


def test_a_reason_arrives_and_the_process_goes_on(make: Make) -> None:
    workers = make()
    first = ask(workers.run(os.getpid))
    with pytest.raises(UsageError, match="no"):
        ask(workers.run(refuse))
    assert ask(workers.run(os.getpid)) == first


@pytest.mark.parametrize(
    ("work", "argument"),
    [(time.sleep, ENDLESS_S), (compute, ENDLESS_S), (hold, 2 * MEMORY_BYTES), (os._exit, 3)],
    ids=["time", "processor", "memory", "crash"],
)
def test_what_takes_too_much_is_ended_and_the_next_is_answered(
    make: Make, work: Callable[..., Any], argument: float
) -> None:
    workers = make(deadline_s=30.0 if work is compute else 3.0)
    first = ask(workers.run(os.getpid))
    with pytest.raises(OverLimitError):
        ask(workers.run(work, argument))
    assert ask(workers.run(os.getpid)) != first
    until(lambda: not is_running(first))


def test_what_takes_less_than_the_limit_is_not_ended(make: Make) -> None:
    assert ask(make().run(hold, MEMORY_BYTES // 2)) == 1


def test_a_process_that_has_grown_is_replaced(make: Make) -> None:
    workers = make()
    first = ask(workers.run(os.getpid))
    ask(workers.run(keep, GROWN_BYTES + 20_000_000))
    assert ask(workers.run(os.getpid)) != first


def test_whoever_goes_away_ends_the_work(make: Make) -> None:
    workers = make(deadline_s=ENDLESS_S)
    first = ask(workers.run(os.getpid))
    asked = asyncio.run_coroutine_threadsafe(workers.run(time.sleep, ENDLESS_S), loop())
    until(lambda: ask(is_busy(workers)))
    asked.cancel()
    until(lambda: not is_running(first))
    assert ask(workers.run(os.getpid)) != first


async def is_busy(workers: Workers) -> bool:
    return workers.begin().empty()


def test_only_a_few_wait_and_not_for_ever(make: Make) -> None:
    workers = make(waiting=1, wait_s=0.05, deadline_s=ENDLESS_S)
    ask(workers.run(os.getpid))
    asked = [asyncio.run_coroutine_threadsafe(workers.run(time.sleep, ENDLESS_S), loop())]
    until(lambda: ask(is_busy(workers)))
    with pytest.raises(BusyError):
        ask(workers.run(os.getpid))
    asked[0].cancel()


def test_a_queue_that_is_full_is_told_at_once(make: Make) -> None:
    workers = make(waiting=0, wait_s=ENDLESS_S, deadline_s=ENDLESS_S)
    ask(workers.ready())
    asked = asyncio.run_coroutine_threadsafe(workers.run(time.sleep, ENDLESS_S), loop())
    until(lambda: ask(is_busy(workers)))
    with pytest.raises(BusyError):
        ask(workers.run(os.getpid))
    asked.cancel()


ORPHANS = """
import asyncio, os, signal, sys
from khorgos_map.page.workers import Workers
from tests.page.test_workers import nothing

async def main():
    print(await Workers(nothing, 1).run(os.getpid), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_no_process_outlives_a_server_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "server.py"
    script.write_text(ORPHANS)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env=environment, check=False
    )
    worker = int(ended.stdout)
    until(lambda: not is_running(worker))


def test_without_limits_of_the_system_all_else_still_works(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.setitem(sys.modules, "fcntl", None)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    allow_files(before[0] + 1)
    limit_memory(0)
    limit_processor(0)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
    assert hold(MEMORY_BYTES) == 1
