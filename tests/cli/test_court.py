"""The command `khorgos-map court`: a table in four languages, and JSON that other programs rely on."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
from functools import cache
from typing import Any

import pytest

from khorgos_map.cli import court

FIVE_KM = {"almaty": 361, "taldykorgan": 321, "horgos-city": 1, "yining": 90, "urumqi": 670}


@cache
def run(*arguments: str) -> str:
    """Return what the command prints about the real roads and published distances."""
    parser = argparse.ArgumentParser()
    court.add_words(parser)
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        assert court.run(parser.parse_args(arguments)) == 0
    assert err.getvalue() == ""
    return out.getvalue()


def test_the_json_has_each_published_distance_with_both_roads() -> None:
    verdicts: list[dict[str, Any]] = json.loads(run("--json"))
    five = {v["to"]: v for v in verdicts if v["from"] == "khorgos"}
    assert {to: v["published_km"] for to, v in five.items()} == FIVE_KM
    for verdict in verdicts:
        assert verdict["held_against"] in {"today", "before"}
        way = verdict[verdict["held_against"]]
        expected = (way["distance_km"] / verdict["published_km"] - 1) * 100
        assert way["difference_percent"] == pytest.approx(expected, abs=0.2)
        assert way["sigma_km"] > 0
        assert verdict["detour_ratio"] == pytest.approx(
            verdict["published_km"] / verdict["geodesic_km"], abs=0.001
        )
        assert verdict["reason"]
    assert five["taldykorgan"]["detour_ratio"] == pytest.approx(1.74, abs=0.005)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["published", "Almaty", "361 km", "Kokpek", "1.74"]),
        ("kk", ["жарияланған", "Талдықорған", "361 км", "Көкпек", "1,74"]),
        ("ru", ["опубликовано", "Талдыкорган", "361 км", "Кокпек", "1,74"]),
        ("zh", ["公布", "塔尔迪库尔干", "361 公里", "科克佩克", "1.74"]),
    ],
)
def test_the_table_speaks_the_language_asked_for(language: str, words: list[str]) -> None:
    table = run("--lang", language)
    assert [word for word in words if word not in table] == []


def test_the_columns_stand_below_their_heads() -> None:
    lines = run().splitlines()
    rows = [line for line in lines[1:-1] if not line.startswith(" ")]
    at = lines[0].index("published")
    assert len(rows) >= len(FIVE_KM)
    assert all(row[at - 2 : at] == "  " and row[at] != " " for row in rows)


def test_what_cannot_be_compared_is_null() -> None:
    verdicts = {v["claim"]: v for v in json.loads(run("--json"))}
    before = verdicts["distance-horgos-city-1"]["before"]
    assert (before["difference_percent"], before["covered"]) == (None, None)
    assert before["distance_km"] > 0
    assert verdicts["distance-almaty-motorway-306"]["before"] is None


def test_a_figure_that_no_error_covers_is_marked() -> None:
    rows = [line for line in run().splitlines() if not line.startswith(" ")]
    (city,) = (row for row in rows if "Horgos city" in row or "Horgos (" in row)
    assert city.endswith("beyond the stated error")
    assert re.search(r"\(× \d+\)", city)


def test_a_difference_has_a_sign_and_no_hyphen() -> None:
    table = run()
    assert re.search(r"\(−\d", table)
    assert not re.search(r"\(-\d", table)
