"""The command as a test runs it, and tables of places."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from khorgos_map.cli import matrix as command
from khorgos_map.measure.matrix import job as jobs

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    parser = argparse.ArgumentParser()
    command.add_words(parser)

    def matrix(*words: object) -> tuple[int, str, str]:
        code = command.run(parser.parse_args([str(word) for word in words]))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return matrix


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: str, name: str = "places.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PAIRS_A_PART", 40)


def many(count: int) -> list[str]:
    chance = random.Random(1)
    rows = (f"p{n},{chance.uniform(43, 45.5):.5f},{chance.uniform(77, 83):.5f}" for n in range(count))
    return ["id,lat,lon", *rows]


SITES = ("id,lat,lon", "dry-port,44.23,80.3", "city,43.27,76.92", "desert,38.0,84.0")
