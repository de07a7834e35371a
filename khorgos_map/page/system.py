"""What the operating system offers to bound a process: each is used where it is there, and its absence is no fault."""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import signal
import sys
import time
from types import ModuleType

# Enough for a server to answer small questions first; more would starve work beside other programs.
_WORK_GIVES_WAY_BY = 3


def held_bytes() -> int:
    """Return the memory that this process holds in bytes; 0 where the system does not say (only Linux does)."""
    return _pages(1)


def limit_memory(more_bytes: int) -> None:
    """Let this process allot so many bytes beyond what it has now; without effect where there is no such limit.

    Programs and libraries that it loads do not count, what they write to does.
    """
    resource, allotted = _resource(), _pages(5)
    if resource is not None and allotted:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (allotted + more_bytes, hard))


def limit_processor(more_s: int) -> None:
    """Let this process use the processor for so many seconds from now, then be ended by the system, where it does that.

    Unlike time on the clock this is the same on a busy machine.
    """
    resource = _resource()
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + more_s, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def allow_files(count: int) -> None:
    """Let this process have so many files and connections open, or as many as the system allows it."""
    resource = _resource()
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # some systems promise more than they give
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def give_way() -> None:
    """Let other processes go first when the processor is busy."""
    if sys.platform != "win32":
        os.nice(_WORK_GIVES_WAY_BY)


def end_process(pid: int) -> None:
    """End a process at once; one that has ended already is no fault."""
    if sys.platform == "win32":
        at_once = signal.SIGTERM  # which ends it there as SIGKILL does elsewhere
    else:
        at_once = signal.SIGKILL
    with contextlib.suppress(ProcessLookupError, PermissionError):  # Windows refuses for one that has ended
        os.kill(pid, at_once)


def _resource() -> ModuleType | None:
    try:
        return importlib.import_module("resource")
    except ImportError:
        return None


def _pages(field: int) -> int:
    """Return a field of ``/proc/self/statm`` (proc(5)) in bytes: 1 is what is in memory, 5 what it has for its data."""
    if sys.platform == "win32":
        return 0
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123  # read after each piece of work
            return int(statm.read().split()[field]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
