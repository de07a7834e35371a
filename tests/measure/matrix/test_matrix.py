"""Matrices from the command line: what is printed, what is written, what is kept, what is refused."""

from __future__ import annotations

import csv
import json
import math
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.roads import RoadNetwork
from khorgos_map.errors import UsageError
from khorgos_map.measure.matrix import job as jobs
from khorgos_map.measure.matrix import run as runs
from khorgos_map.measure.routing.engines import engine_named
from khorgos_map.measure.routing.records import Question, Stop
from tests.measure.matrix.conftest import SITES, Run, many


def test_a_small_matrix_is_printed_in_kilometres(run: Run, table: Any) -> None:
    code, out, err = run(table(*SITES))
    assert code == 0
    assert err.splitlines() == [
        "khorgos-map: times are driving times, without waiting at the border",
        "khorgos-map: no way for 1 of 3 places, farther than 25 km from any road: desert",
    ]
    rows = [re.split(r"  +", line) for line in out.splitlines()]
    assert rows[0] == ["from", "to", "road km", "±", "off the road km", "whole way km", "driving", "border"]
    there = next(row for row in rows if row[:2] == ["dry-port", "city"])
    assert 290 < float(there[2]) < 380
    assert 1 < float(there[3]) < 40
    assert len(rows) == 1 + 3 * 2
    assert rows[-1][:3] == ["desert", "city", "no way"]


def test_a_place_off_the_road_has_its_way_to_it_in_every_row(run: Run, table: Any) -> None:
    """Both meet the road in Zharkent, or near it: neither way is nothing long, nor as short as the road alone."""
    places = table("id,lat,lon", "hills,44.30,79.95", "fields,44.28,80.05", "zharkent,44.16619,80.00736")
    code, out, _ = run(places, "--json")
    assert code == 0
    found = json.loads(out)
    assert found["access_from_m"][:2] == pytest.approx([15_559, 12_681], abs=30)
    assert found["distance_m"][0][2] is None
    assert found["low_m"][0][2] == pytest.approx(15_559, abs=30)
    for row, column in ((0, 2), (1, 2), (0, 1)):
        assert found["high_m"][row][column] > found["low_m"][row][column] > 8_000
    assert all(found["low_m"][n][n] == found["high_m"][n][n] == 0 for n in range(3))
    assert "0.0      0.0" not in run(places)[1]


def test_a_way_over_the_border_names_its_crossing(run: Run, table: Any, tmp_path: Path) -> None:
    places = table(
        "id,lat,lon", "zharkent,44.16619,80.00736", "yining,43.91515,81.32151", "koktal,44.123,79.802"
    )
    found = json.loads(run(places, "--json")[1])
    assert found["crossings"][0] == [[], ["nur-zholy-horgos"], []]
    run(places, "-o", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["origin"], row["destination"]): row for row in csv.DictReader(file)}
    assert rows["zharkent", "yining"]["crossings"] == "nur-zholy-horgos"
    assert rows["zharkent", "koktal"]["crossings"] == ""
    assert 1000 < float(rows["zharkent", "yining"]["sigma_m"]) < 20_000


def test_json_has_metres_seconds_and_null_for_no_way(run: Run, table: Any) -> None:
    code, out, _ = run(table(*SITES), "--json")
    assert code == 0
    answer = json.loads(out)
    assert set(answer) == {
        "engine", "profile", "origins", "destinations", "distance_m", "sigma_m", "low_m", "high_m", "access_from_m",
        "access_to_m", "crossings", "duration_note", "duration_s", "meanings",
    }  # fmt: skip
    assert answer["duration_note"] == "times are driving times, without waiting at the border"
    assert answer["origins"][0] == {"id": "dry-port", "lat": 44.23, "lon": 80.3}
    assert answer["distance_m"][2] == [None, None, None]
    assert answer["duration_s"][0][1] > 3 * 3600 / 2


def test_all_places_are_those_near_a_road_and_agree_with_single_routes(run: Run, atlas: Atlas) -> None:
    code, out, _ = run("all", "--json", "--profile", "truck")
    assert code == 0
    answer = json.loads(out)
    ids = [place["id"] for place in answer["origins"]]
    assert {"khorgos", "almaty", "yining", "urumqi"} <= set(ids)
    assert "pole" not in ids
    engine = engine_named("embedded", None, atlas)
    here, there = ids.index("khorgos"), ids.index("almaty")
    stops = tuple(
        Stop((answer["origins"][n]["lon"], answer["origins"][n]["lat"]), id=ids[n]) for n in (here, there)
    )
    route = engine.route(Question(stops, "truck"))
    assert answer["distance_m"][here][there] == pytest.approx(route.distance_m, abs=0.1)


def test_many_destinations_are_printed_line_by_line(run: Run, table: Any) -> None:
    code, out, _ = run(table(*SITES[:2]), "--to", "all")
    assert code == 0
    assert any(re.match(r"dry-port +almaty +3\d\d\.", line) for line in out.splitlines())


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_file_has_every_pair_once(
    run: Run, table: Any, tmp_path: Path, ending: str, small_parts: None
) -> None:
    places, out = table(*many(12)), tmp_path / f"out.{ending}"
    code, said, err = run(places, "-o", out)
    assert code == 0
    assert said.startswith(f"{out}: 144 pairs, ")
    assert err.splitlines()[-1].startswith("4 of 4 parts, 144 of 144 pairs")
    if ending == "csv":
        with out.open(encoding="utf-8", newline="") as file:
            rows = [(r["origin"], r["destination"], r["distance_m"]) for r in csv.DictReader(file)]
        found = {(a, b): float(m) if m else math.nan for a, b, m in rows}
    else:
        read = pq.read_table(out)
        assert b"ODbL-1.0" in read.schema.metadata[b"licence"]
        found = {(r["origin"], r["destination"]): r["distance_m"] for r in read.to_pylist()}
    assert len(found) == 144
    printed = json.loads(run(places, "--json")[1])
    for row in range(12):
        for column in range(12):
            expected, value = printed["distance_m"][row][column], found[f"p{row}", f"p{column}"]
            assert value == expected or (expected is None and (value is None or math.isnan(value)))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out." + ending, "places.csv"]


def test_of_many_far_places_five_are_named(run: Run, table: Any) -> None:
    _, _, err = run(table("id,lat,lon", *(f"far{n},{30 + n},84" for n in range(7)), "near,43.27,76.92"))
    assert err.splitlines()[1].endswith(
        "no way for 7 of 8 places, farther than 25 km from any road: far0, far1, far2, far3, far4, …"
    )


def test_no_name_is_a_formula_in_a_spreadsheet(run: Run, table: Any, tmp_path: Path) -> None:
    names = ["=1+1", "+a", "-a", "@a", "'=a", "a=b"]
    places, out = (
        table("id,lat,lon", *(f"{n},44.2,80.{i}" for i, n in enumerate(names))),
        tmp_path / "out.csv",
    )
    assert run(places, "-o", out)[0] == 0
    with out.open(encoding="utf-8", newline="") as file:
        written = [row["destination"] for row in csv.DictReader(file)][: len(names)]
    assert written == ["'=1+1", "'+a", "'-a", "'@a", "''=a", "a=b"]
    run(places, "-o", tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet")["destination"].to_pylist()[: len(names)] == names


class Stopped(Exception):  # noqa: N818
    """What ends a run in its middle."""


@pytest.fixture
def stop_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[str]]:
    """Give a function that lets so many parts be computed and then ends the run; the list tells
    the first origin of each."""

    def limit(parts: int) -> list[int]:
        computed: list[str] = []

        def compute(engine: Any, origins: Any, destinations: Any, profile: Any) -> Any:
            if len(computed) == parts:
                raise Stopped
            computed.append(origins[0].name)
            return jobs.compute(engine, origins, destinations, profile)

        monkeypatch.setattr(runs, "compute", compute)
        return computed

    return limit


@pytest.mark.usefixtures("small_parts")
def test_a_run_goes_on_where_it_was_interrupted(
    run: Run, table: Any, tmp_path: Path, stop_after: Any
) -> None:
    places, out, whole = table(*many(20)), tmp_path / "out.parquet", tmp_path / "whole.parquet"
    run(places, "-o", whole)
    stop_after(4)
    with pytest.raises(Stopped):
        run(places, "-o", out)
    assert not out.exists()
    # a half-written part, and one that was cut short after it was written
    parts = tmp_path / ".out.parquet.parts"
    (parts / "unfinished-1").write_bytes(b"PAR1 half")
    cut = parts / "part-000002.parquet"
    cut.write_bytes(cut.read_bytes()[:50])
    computed = stop_after(100)
    code, _, err = run(places, "-o", out)
    assert code == 0
    assert computed == [f"p{2 * part}" for part in (2, 4, 5, 6, 7, 8, 9)]
    assert "3 of 10 parts (3 kept from before), 120 of 400 pairs, 0 s" in err.splitlines()
    assert out.read_bytes() == whole.read_bytes()
    assert not parts.exists()


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("change", ["places", "profile", "force"])
def test_parts_of_another_job_are_not_taken(
    run: Run, table: Any, tmp_path: Path, stop_after: Any, change: str
) -> None:
    out = tmp_path / "out.parquet"
    stop_after(4)
    with pytest.raises(Stopped):
        run(table(*many(20)), "-o", out)
    computed = stop_after(100)
    lines = many(20)
    words: list[str] = []
    if change == "places":
        lines[7] = "p6,44.0,80.0"
    else:
        words = ["--profile", "truck"] if change == "profile" else ["--force"]
    assert run(table(*lines), "-o", out, *words)[0] == 0
    assert computed == [f"p{2 * part}" for part in range(10)]


def test_a_file_of_mine_is_replaced_only_with_force(run: Run, table: Any, tmp_path: Path) -> None:
    out = tmp_path / "mine.csv"
    out.write_text("mine")
    with pytest.raises(UsageError, match=r"mine\.csv exists; give --force to replace it"):
        run(table(*SITES), "-o", out)
    assert out.read_text() == "mine"
    assert run(table(*SITES), "-o", out, "--force")[0] == 0
    with out.open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == [
            "origin", "destination", "distance_m", "sigma_m", "access_from_m", "access_to_m", "low_m", "high_m",
            "duration_s", "crossings",
        ]  # fmt: skip


def test_a_server_that_fails_is_told_in_one_line(run: Run, table: Any, tmp_path: Path) -> None:
    code, _, err = run(
        table(*SITES), "-o", tmp_path / "out.csv", "--engine", "osrm", "--engine-url", "http://127.0.0.1:9"
    )
    assert code == 1
    assert "osrm at http://127.0.0.1:9 cannot be reached: connection refused" in err
    assert "--engine embedded" in err


def test_ctrl_c_says_that_the_command_can_go_on(
    run: Run, table: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*words: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "compute", interrupted)
    code, _, err = run(table(*SITES), "-o", tmp_path / "out.csv")
    assert code == 130
    assert err.splitlines()[-1] == "khorgos-map: interrupted; the same command goes on from here"


def test_parts_cover_each_pair_once_and_none_is_large() -> None:
    stops = [Stop((80.0, 44.0), str(n)) for n in range(2345)]
    job = jobs.Job(jobs.Recipe("embedded", None, RoadNetwork(), {}), "car", stops, stops[:1234])
    assert sum(part.pairs for part in job.parts) == job.pairs == 2345 * 1234
    assert max(part.pairs for part in job.parts) <= jobs.PAIRS_A_PART
    corners = {(part.rows[0], part.columns[0]) for part in job.parts}
    assert len(corners) == len(job.parts)
    assert {len(places) for part in job.parts for places in job.places(part)} <= {250, 95, 1000, 234}


def test_four_million_pairs_take_little_more_memory_than_few(table: Any, tmp_path: Path) -> None:
    program = (
        "import argparse, resource, sys; from khorgos_map.cli import matrix; p = argparse.ArgumentParser();"
        "matrix.add_words(p); assert matrix.run(p.parse_args(sys.argv[1:])) == 0;"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )

    def most_mb(count: int) -> int:
        words = [table(*many(count), name=f"{count}.csv"), "-o", tmp_path / f"{count}.parquet"]
        ended = subprocess.run(
            [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True
        )
        return int(ended.stdout.split()[-1])

    few, millions = most_mb(20), most_mb(2000)
    assert pq.read_metadata(tmp_path / "2000.parquet").num_rows == 4_000_000
    assert millions - few < 150
