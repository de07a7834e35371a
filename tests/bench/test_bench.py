"""The bench: each figure with what it is held against; what cannot be measured here says why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.bench import Figure, absent, browser, geodesy, roads
from khorgos_map.cli import bench
from tests.needs import engines_folder

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], atlas: Atlas, monkeypatch: pytest.MonkeyPatch) -> Run:
    def command(figures: list[Figure], *words: str) -> tuple[int, str]:
        monkeypatch.setattr(bench, "_figures", lambda only: iter(figures))
        parser = argparse.ArgumentParser()
        bench.add_words(parser)
        code = bench.run(parser.parse_args(words))
        return code, capsys.readouterr().out

    return command


REACHED = Figure("a route", "ms", 0.01, 0.2, "OSRM", 0.1)
MISSED = Figure("a table", "s", 0.1, 0.2, "OSRM", 0.2)
FREE = Figure("a line", "ms", 3.0, 0.2, "OSRM", None, "with names")


def test_each_figure_is_a_line_with_its_ratio(run: Run) -> None:
    code, out = run([REACHED, FREE, absent("the browser", "no Chromium")])
    assert code == 0
    assert out.splitlines() == [
        "a route: 0.01 ms; OSRM 0.2 ms; ratio 0.05, to reach 0.1: reached",
        "a line: 3 ms; OSRM 0.2 ms; ratio 15, nothing promised (with names)",
        "the browser: not measured: no Chromium",
    ]


def test_a_figure_that_is_not_reached_is_said_and_answers_1(run: Run) -> None:
    code, out = run([REACHED, MISSED])
    assert code == 1
    assert out.splitlines()[1].endswith("ratio 0.5, to reach 0.2: NOT reached")


def test_json_has_the_same(run: Run) -> None:
    code, out = run([MISSED, absent("the browser", "no Chromium")], "--json")
    assert code == 1
    missed, missing = json.loads(out)
    assert (missed["value"], missed["ratio"], missed["reached"]) == (0.1, pytest.approx(0.5), False)
    assert (missing["value"], missing["reached"], missing["note"]) == (None, None, "no Chromium")


def test_lengths_and_areas_agree_with_geographiclib() -> None:
    assert [figure.reached for figure in geodesy.measure()] == [True, True]


def test_without_geographiclib_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "geographiclib.geodesic", None)
    (figure,) = geodesy.measure()
    assert figure.value is None
    assert "pip install geographiclib" in figure.note


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roads, "SIDE", 60)
    monkeypatch.setattr(roads, "PAIRS", 30)


@pytest.mark.usefixtures("few")
def test_without_osrm_only_our_own_times_are_told(atlas: Atlas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KHORGOS_ENGINES", raising=False)
    (figure,) = roads.measure(atlas)
    assert figure.value is None
    assert "no OSRM: .ci/engines FOLDER, then KHORGOS_ENGINES=FOLDER" in figure.note


@pytest.mark.usefixtures("few")
def test_beside_osrm_the_distances_are_the_same_and_sooner(atlas: Atlas) -> None:
    engines_folder()
    figures = {figure.what: figure for figure in roads.measure(atlas)}
    assert figures[roads.SAME].reached
    assert figures[roads.ONE].ratio is not None
    assert figures[roads.WHOLE].to_reach == 0.1
    print("", *map(bench._line, figures.values()), sep="\n")


def test_without_a_browser_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "BROWSERS", ("no-such-browser",))
    (figure,) = browser.measure()
    assert "needs Chromium" in figure.note
