"""Parts of a matrix on a cluster of Dask; a worker that dies loses nothing but its time."""

from __future__ import annotations

import logging
import pickle
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from typing import Any

from khorgos_map.errors import UsageError
from khorgos_map.measure.matrix.job import Job, Part, Recipe, Values, compute
from khorgos_map.measure.routing.records import Engine, Profile, RoutingError, Stop

# So many parts wait at each worker: it never idles, and no more than these are held in memory.
AT_ONCE = 2
RETRIES = 3
CONNECT_S, WORKERS_S = 10, 30

_engines: dict[str, Engine] = {}


@contextmanager
def cluster_client(address: str | None, workers: int | None) -> Iterator[Any]:
    """Give a client of the cluster at an address, or of a new one with some worker processes on this machine.

    Raises `UsageError` where Dask is not installed, or no scheduler or no worker answers.
    """
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise UsageError("--cluster and --workers need Dask: pip install 'khorgos-map[cluster]'") from None
    if address is None:
        with _deaf_to_interrupts():
            local = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            )
        with local, distributed.Client(local) as client:
            yield client
        return
    try:
        client = distributed.Client(address, timeout=CONNECT_S)
    except (OSError, ValueError, TypeError):
        raise UsageError(
            f"no Dask scheduler answers at {address!r}; one is started by: dask scheduler"
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKERS_S)
        except TimeoutError:
            raise UsageError(
                f"the cluster at {address} has no workers; one is started by: dask worker {address}"
            ) from None
        yield client


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let processes that are started meanwhile never hear Ctrl-C, which ends them by way of this one."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def computed_on(client: Any, job: Job, parts: Sequence[Part]) -> Iterator[tuple[Part, Values]]:
    """Yield parts with their values in the order in which they are finished; raises `RoutingError`.

    Parts of a worker that dies are computed by another. Raises `UsageError` where workers lack this package.
    """
    distributed = import_module("distributed")
    limit = AT_ONCE * max(1, sum(client.nthreads().values()))
    waiting, by_key = iter(parts), {}

    def submit(part: Part) -> Any:
        words = (job.key, *job.places(part), job.profile)
        future = client.submit(_compute, *words, pure=False, retries=RETRIES)
        by_key[future.key] = part
        return future

    try:
        client.register_plugin(_plugin(distributed, job))
        running = distributed.as_completed(
            [submit(part) for part in islice(waiting, limit)], with_results=True
        )
        for future, values in running:
            yield by_key.pop(future.key), values
            for part in islice(waiting, 1):
                running.add(submit(part))
    except (ImportError, AttributeError) as error:
        raise UsageError(
            f"the workers cannot do this; is the same khorgos-map installed there? ({error})"
        ) from None
    except distributed.KilledWorker as error:
        raise RoutingError(
            f"every worker that was given part {error.task} died; have they enough memory?"
        ) from None


def _plugin(distributed: Any, job: Job) -> Any:
    recipe = pickle.dumps(job.recipe)

    class MakeEngine(distributed.WorkerPlugin):  # type: ignore[misc]  # of an optional package
        """Makes the engine on each worker, and on those that join later."""

        name = f"khorgos-{job.key}"

        def setup(self, worker: Any) -> None:  # noqa: ARG002  # Dask's signature
            _make(job_key, recipe)

    job_key = job.key
    return MakeEngine()


def _make(key: str, recipe: bytes) -> None:
    made: Recipe = pickle.loads(recipe)  # noqa: S301  # from the client whose code the worker runs anyway
    _engines[key] = made.make()


def _compute(key: str, origins: Sequence[Stop], destinations: Sequence[Stop], profile: Profile) -> Values:
    return compute(_engines[key], origins, destinations, profile)
