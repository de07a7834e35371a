"""The command `khorgos-map network`: the roads beside what is published, and an exit code for wrong lengths."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from khorgos_map.cli import main, network
from khorgos_map.errors import ContentError

EDGES = "network/edges.geojson"
FIVE = {
    "khorgos-almaty-361",
    "khorgos-taldykorgan-321",
    "khorgos-horgos-city-1",
    "khorgos-yining-90",
    "khorgos-urumqi-670",
}
WALKED = {"khorgos-horgos-city-1", "khorgos-yining-90", "khorgos-urumqi-670"}
REMARKABLE = {"khorgos-almaty-361", "khorgos-horgos-city-1", "khorgos-yining-90"}


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    network.add_words(parser)
    return network.run(parser.parse_args(arguments))


def printed(*arguments: str) -> str:
    """Return what the command prints about the real roads, which is no error."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert run(*arguments) == 0
    return out.getvalue()


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(printed("--json"))
    return told


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return printed().splitlines()


def test_it_counts_the_roads_by_where_their_lengths_come_from(found: dict[str, Any]) -> None:
    assert (found["edges"], found["nodes"]) == (308, 270)
    assert {basis: of["edges"] for basis, of in found["length_basis"].items()} == {
        "derived": 2,
        "estimated": 93,
        "published": 2,
        "traced": 211,
    }
    assert found["km"] == pytest.approx(sum(of["km"] for of in found["length_basis"].values()), abs=0.2)
    assert found["not_adjusted"] == []


def test_every_total_is_told_with_its_residual(found: dict[str, Any]) -> None:
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


def test_the_lines_say_the_same_in_words(lines: list[str]) -> None:
    assert lines[0].startswith("308 road sections between 270 nodes, ")
    assert sum(" adjusting: mean " in line for line in lines) == 6
    almaty = next(line for line in lines if line.strip().startswith("khorgos-almaty-361 "))
    assert almaty.split()[1] == "361.0"
    assert not almaty.endswith("(beyond the stated errors)")
    assert sum("(beyond the stated errors)" in line for line in lines) == 2


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


def test_a_total_over_the_walkers_link_says_so(found: dict[str, Any], lines: list[str]) -> None:
    over = {t["fact"]: t["not_by_car"] for t in found["totals"] if t["not_by_car"]}
    assert over == {name: ["icbc-link"] for name in WALKED}
    marked = [line for line in lines if line.endswith("(over the walkers’ link; by car: khorgos-map court)")]
    assert {line.split()[0] for line in marked} == WALKED


@pytest.mark.parametrize(
    "words",
    [
        ["matrix", "places.csv"],
        ["matrix", "places.csv", "-o", "out.csv"],
        ["matrix", "all", "--engine", "osrm", "--engine-url", "http://127.0.0.1:9"],
        ["court"],
        ["network", "--json"],
        ["export", "osm", "-o", "out.pbf"],
    ],
)
def test_without_roads_one_line_says_so(
    spoilt: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    folder = spoilt("claims.json", lambda document: document)
    shutil.rmtree(folder / "network")
    monkeypatch.setenv("KHORGOS_GEODATA", str(folder))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "places.csv").write_text("id,lat,lon\na,44.2,80.4\nb,43.3,76.9\n", encoding="utf-8")
    assert main(words) == 1
    told = capsys.readouterr()
    assert told.err == f"khorgos-map: this content has no road network: network/ is missing in {folder}\n"
    assert told.out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["geodata", "places.csv"]


def test_spoilt_content_is_refused(spoilt: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = spoilt(EDGES, lambda document: document["features"][0]["properties"].__setitem__("length_km", 0))
    monkeypatch.setenv("KHORGOS_GEODATA", str(folder))
    with pytest.raises(ContentError, match=r"network/edges\.geojson"):
        run()
