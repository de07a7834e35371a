"""From a job to its file: what is finished is kept, and only the rest is computed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from khorgos_map.errors import UsageError
from khorgos_map.measure.matrix.cluster import computed_on
from khorgos_map.measure.matrix.files import Parts
from khorgos_map.measure.matrix.job import Job, Part, Values, compute
from khorgos_map.output import refuse_output

ENDINGS = (".parquet", ".csv")


@dataclass(frozen=True)
class Progress:
    """How far a job is; `kept` parts were there already."""

    parts: int
    of_parts: int
    kept: int
    pairs: int
    of_pairs: int
    seconds: float


def run_job(
    job: Job, output: Path, *, client: Any | None, force: bool, tell: Callable[[Progress], None]
) -> int:
    """Compute a matrix into a Parquet or CSV file and return how many of its pairs have no way.

    Runs here, or on the cluster of a Dask client. What an earlier run of the same job has finished is kept,
    unless forced. Raises `UsageError` for a file that exists or cannot be written, `RoutingError` where the
    engine fails.
    """
    refuse_file(output, force=force)
    parts = Parts(job, output, anew=force)
    missing = parts.missing()
    started, kept = time.monotonic(), len(job.parts) - len(missing)
    done, pairs = kept, job.pairs - sum(part.pairs for part in missing)

    def tell_now() -> None:
        tell(Progress(done, len(job.parts), kept, pairs, job.pairs, time.monotonic() - started))

    tell_now()
    for part, values in _computed(job, missing, client):
        parts.add(part, values)
        done, pairs = done + 1, pairs + part.pairs
        tell_now()
    return parts.join()


def _computed(job: Job, parts: Sequence[Part], client: Any | None) -> Iterator[tuple[Part, Values]]:
    if client is not None:
        yield from computed_on(client, job, parts)
    elif parts:
        engine = job.recipe.make()
        for part in parts:
            yield part, compute(engine, *job.places(part), job.profile)


def refuse_file(output: Path, *, force: bool) -> None:
    """Raise `UsageError` for a file that a matrix cannot be written to."""
    if output.suffix.lower() not in ENDINGS:
        raise UsageError(f"{output}: a matrix is written to a file that ends in {' or '.join(ENDINGS)}")
    refuse_output(output, force=force)
