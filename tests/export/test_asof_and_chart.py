"""Exports as of a year, and the citation of one chart."""

from __future__ import annotations

import csv
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: object) -> tuple[int, str, str]:
        code = main(["export", *map(str, words)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def test_claims_of_a_year_are_those_that_had_been_made(run: Run, atlas: Atlas, tmp_path: Path) -> None:
    assert run("csv", "-o", tmp_path / "claims.csv", "--view", "asof=2014")[0] == 0
    with (tmp_path / "claims.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert set(rows) == {i for i, claim in atlas.claims.items() if claim.as_of[:4] <= "2014"}
    assert "icbc-area-528" in rows
    assert "icbc-area-560" not in " ".join(row["rivals"] for row in rows.values())


def test_layers_of_a_year_are_what_was_there(run: Run, tmp_path: Path) -> None:
    assert run("geojson", "-o", tmp_path / "then.geojson", "--view", "asof=2016")[0] == 0
    features = json.loads((tmp_path / "then.geojson").read_text(encoding="utf-8"))["features"]
    status = {f["id"]: f["properties"]["status"] for f in features}
    assert status["old-gate-cn"] == "existing"
    assert status["old-checkpoint-kz"] == "undated"
    assert "nur-zholy" not in status
    assert "airport-skyhansa" not in status
    assert run("gpkg", "-o", tmp_path / "then.gpkg", "--view", "asof=2016")[0] == 0
    with sqlite3.connect(tmp_path / "then.gpkg") as package:
        points = {identifier for (identifier,) in package.execute("SELECT id FROM points")}
    package.close()
    assert "old-checkpoint-kz" in points
    assert "nur-zholy" not in points


def test_a_package_of_a_year_says_so_and_holds_only_that(run: Run, tmp_path: Path) -> None:
    assert run("package", "-o", tmp_path / "then.zip", "--view", "asof=2014")[0] == 0
    with zipfile.ZipFile(tmp_path / "then.zip") as package:
        descriptor = json.loads(package.read("datapackage.json"))
        readme = package.read("README.md").decode()
        sources = package.read("sources.csv").decode()
    assert descriptor["title"].endswith("as of 2014")
    assert "as of 2014" in readme
    assert "zakon-2025-11" not in sources


def test_a_chart_is_cited_with_its_sources_and_the_link_that_shows_it(run: Run, atlas: Atlas) -> None:
    chart = next(chart for chart in atlas.charts if chart.id == "cargo")
    code, out, _ = run("cite", "--chart", "cargo", "--lang", "kk", "--address", "https://khorgos.example/")
    assert code == 0
    assert chart.title.in_language("kk") in out.splitlines()[0]
    assert "https://khorgos.example/?lang=kk&mode=evidence&chart=cargo" in out
    for point in chart.points:
        assert atlas.sources[atlas.claims[point.claim].source].title in out


def test_a_chart_of_a_year_is_cited_with_its_year(run: Run, tmp_path: Path) -> None:
    assert run("cite", "--chart", "jobs", "--view", "asof=2021", "-o", tmp_path / "jobs.json")[0] == 0
    first, *_ = json.loads((tmp_path / "jobs.json").read_text(encoding="utf-8"))
    assert first["id"] == "khorgos-map-chart-jobs"
    assert "asof=2021" in first["URL"]
