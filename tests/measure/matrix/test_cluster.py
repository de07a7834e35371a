"""A matrix on a real cluster of two processes: exactly the same, and a worker may be killed at it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import distributed
import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.errors import UsageError
from khorgos_map.measure.matrix import job as jobs
from khorgos_map.measure.matrix.cluster import cluster_client
from khorgos_map.measure.matrix.job import Job, Recipe
from khorgos_map.measure.matrix.run import Progress, run_job
from khorgos_map.measure.routing.records import RoutingError, Stop
from tests.measure.matrix.conftest import many

KILL_AFTER = 5


@pytest.fixture
def job(atlas: Atlas, monkeypatch: pytest.MonkeyPatch) -> Job:
    monkeypatch.setattr(jobs, "PAIRS_A_PART", 12_000)
    chance = random.Random(2)
    stops = [Stop((chance.uniform(77, 83), chance.uniform(43, 45.5)), f"p{n}") for n in range(600)]
    return Job(Recipe("embedded", None, atlas.network, land_by_side(atlas)), "car", stops, stops)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    folder = tmp_path_factory.mktemp("dask")
    with distributed.LocalCluster(**options, local_directory=str(folder)) as local:
        yield local


def quiet(_: Progress) -> None:
    """Tell nobody."""


def test_a_killed_worker_changes_nothing(job: Job, cluster: Any, tmp_path: Path) -> None:
    here, there = tmp_path / "here.parquet", tmp_path / "there.parquet"
    run_job(job, here, client=None, force=False, tell=quiet)
    assert len(job.parts) == 30
    killed: list[int] = []

    def kill(now: Progress) -> None:
        if now.parts == KILL_AFTER:
            killed.append(cluster.workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    with cluster_client(cluster.scheduler_address, None) as client:
        run_job(job, there, client=client, force=False, tell=kill)
    assert killed
    assert there.read_bytes() == here.read_bytes()


def test_ctrl_c_ends_the_workers_and_what_is_done_is_kept(tmp_path: Path) -> None:
    """A terminal sends it to the workers too, which say nothing."""
    places, table = tmp_path / "places.csv", tmp_path / "table.parquet"
    places.write_text("\n".join(many(3000)), encoding="utf-8")
    words = ["matrix", str(places), "-o", str(table), "--workers", "2"]
    command = [sys.executable, "-m", "khorgos_map.cli", *words]
    # a process started in the background may have been told to ignore Ctrl-C, and would hand that down
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    signal.signal(signal.SIGINT, before)
    with running:
        assert running.stderr
        said = []
        for line in running.stderr:
            said.append(line)
            if line.startswith(tuple("123456789")):
                os.killpg(running.pid, signal.SIGINT)
                said += running.stderr
    assert running.returncode == 130
    assert said[-1] == "khorgos-map: interrupted; the same command goes on from here\n"
    assert "Traceback" not in "".join(said)
    assert not table.exists()


def test_an_engine_that_fails_on_a_worker_is_one_line(job: Job, cluster: Any, tmp_path: Path) -> None:
    recipe = Recipe("osrm", "http://127.0.0.1:9", job.recipe.network, job.recipe.land)
    failing = Job(recipe, "car", job.origins[:2], job.destinations[:2])
    with (
        cluster_client(cluster.scheduler_address, None) as client,
        pytest.raises(
            RoutingError, match=r"osrm at http://127.0.0.1:9 cannot be reached: connection refused"
        ),
    ):
        run_job(failing, tmp_path / "out.parquet", client=client, force=False, tell=quiet)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "tcp://", "ftp://127.0.0.1:1", ""])
def test_no_scheduler_there(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khorgos_map.measure.matrix.cluster.CONNECT_S", 0.5)
    with (
        pytest.raises(
            UsageError, match=r"no Dask scheduler answers at .*; one is started by: dask scheduler"
        ),
        cluster_client(address, None),
    ):
        pass


def test_without_dask_one_line_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(UsageError, match=r"need Dask: pip install 'khorgos-map\[cluster\]'"),
        cluster_client(None, 2),
    ):
        pass
