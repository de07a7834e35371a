"""The command `khorgos-map network`: the roads beside what is published, and an exit code for wrong lengths."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from khorgos_map.cli import network
from khorgos_map.errors import ContentError

EDGES = "network/edges.geojson"
FIVE = {
    "khorgos-almaty-361",
    "khorgos-taldykorgan-321",
    "khorgos-horgos-city-1",
    "khorgos-yining-90",
    "khorgos-urumqi-670",
}
REMARKABLE = {"khorgos-almaty-361", "khorgos-horgos-city-1", "khorgos-yining-90"}


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    network.add_words(parser)
    return network.run(parser.parse_args(arguments))


def as_json(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    run("--json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_it_counts_the_roads_by_where_their_lengths_come_from(capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys)
    assert (found["edges"], found["nodes"]) == (298, 262)
    assert {basis: of["edges"] for basis, of in found["length_basis"].items()} == {
        "estimated": 84,
        "published": 2,
        "traced": 212,
    }
    assert found["km"] == pytest.approx(sum(of["km"] for of in found["length_basis"].values()), abs=0.2)
    assert found["not_adjusted"] == []


def test_every_total_is_told_with_its_residual(capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys)
    told = {total["fact"]: total for total in found["totals"]}
    assert len(told) == 62
    assert {name for name in told if told[name]["held_out"]} >= FIVE
    for total in told.values():
        assert total["residual_km"] == pytest.approx(total["computed_km"] - total["published_km"], abs=0.006)
        assert total["residual_percent"] == pytest.approx(
            total["residual_km"] / total["published_km"] * 100, abs=0.5 / total["published_km"] + 0.006
        )
        assert total["computed_sigma_km"] > 0
        assert total["edges"]
    assert {t["fact"] for t in found["remarkable"]} == REMARKABLE
    assert all(t["reason"] for t in found["remarkable"])
    assert set(found["residuals"]) == {"used", "left_out", "held_out"}


def test_the_lines_say_the_same_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("298 road sections between 262 nodes, ")
    assert sum(" adjusting: mean " in line for line in lines) == 6
    almaty = next(line for line in lines if line.strip().startswith("khorgos-almaty-361 "))
    assert almaty.split()[1] == "361.0"
    assert not almaty.endswith("(beyond the stated errors)")
    assert sum(line.endswith("(beyond the stated errors)") for line in lines) == 7


def test_a_length_that_is_not_the_adjusted_one_is_an_error(
    spoilt: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def longer(document: dict[str, Any]) -> None:
        known = next(f for f in document["features"] if f["properties"]["id"] == "wenquan-bole")["properties"]
        known["length_adjusted_km"] = known["length_km"] + 1

    monkeypatch.setenv("KHORGOS_GEODATA", str(spoilt(EDGES, longer)))
    assert run() == 1
    assert "wenquan-bole: " in capsys.readouterr().out.splitlines()[-1]
    assert run("--json") == 1
    assert [x["edge"] for x in json.loads(capsys.readouterr().out)["not_adjusted"]] == ["wenquan-bole"]


def test_without_roads_there_is_nothing_to_tell(
    spoilt: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = spoilt("claims.json", lambda document: document)
    shutil.rmtree(folder / "network")
    monkeypatch.setenv("KHORGOS_GEODATA", str(folder))
    assert run() == 0
    assert capsys.readouterr().out.startswith("0 road sections between 0 nodes, 0 km\n")
    assert run("--json") == 0


def test_spoilt_content_is_refused(spoilt: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = spoilt(EDGES, lambda document: document["features"][0]["properties"].__setitem__("length_km", 0))
    monkeypatch.setenv("KHORGOS_GEODATA", str(folder))
    with pytest.raises(ContentError, match=r"network/edges\.geojson"):
        run()
