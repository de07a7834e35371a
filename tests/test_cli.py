"""The command line keeps its contract: exit codes, one or two plain lines, JSON that other programs rely on."""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from khorgos_map.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str) -> tuple[int, str, str]:
        try:
            code = main(words)
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def facts(run: Run, *words: str) -> list[dict[str, Any]]:
    code, out, err = run("facts", "--json", *words)
    assert (code, err) == (0, "")
    listed: list[dict[str, Any]] = json.loads(out)
    return listed


@pytest.mark.parametrize(
    ("subject", "attribute", "value", "unit"),
    [
        ("icbc-kz", "area", 217, "ha"),
        ("icbc-cn", "area", 343, "ha"),
        ("icbc", "area", 560, "ha"),
        ("road-khorgos-taldykorgan", "road-distance", 321, "km"),
        ("road-khorgos-almaty", "road-distance", 361, "km"),
        ("road-khorgos-horgos-city", "road-distance", 1, "km"),
        ("road-khorgos-yining", "road-distance", 90, "km"),
        ("road-khorgos-urumqi", "road-distance", 670, "km"),
    ],
)
def test_the_published_figures_have_claimant_and_source(
    run: Run, subject: str, attribute: str, value: float, unit: str
) -> None:
    (fact,) = (
        f
        for f in facts(run, "--subject", subject)
        if f["attribute"] == attribute and f["rank"] == "preferred"
    )
    assert (fact["value"], fact["unit"]) == (value, unit)
    assert fact["claimant"]
    assert fact["source"]["title"]
    assert fact["statement"]


def test_facts_have_the_fields_of_the_contract(run: Run) -> None:
    fields = "id subject attribute value unit as_of status rank rank_reason claimant statement source locator rivals"
    for fact in facts(run):
        assert set(fact) == set(fields.split())
        assert set(fact["source"]) == {"id", "title", "publisher", "published", "url"}


def test_facts_as_of_a_date_are_those_said_by_then(run: Run) -> None:
    then, now = facts(run, "--as-of", "2012-06-01"), facts(run, "--as-of", "2025-09-01")
    assert {f["id"] for f in then} < {f["id"] for f in now}
    assert all(f["as_of"] <= "2012-06-01" for f in then)


def test_facts_speak_the_language_asked_for(run: Run) -> None:
    english, chinese = (facts(run, "--subject", "icbc-kz", "--lang", code)[0] for code in ("en", "zh"))
    assert english["statement"] != chinese["statement"]
    assert english["value"] == chinese["value"]


def test_facts_without_json_are_one_line_each(run: Run) -> None:
    code, out, _ = run("facts", "--subject", "icbc-cn")
    assert code == 0
    assert "icbc-cn: area: 343 ha" in out


def test_check_says_that_the_content_is_sound(run: Run) -> None:
    code, out, err = run("check")
    assert (code, err) == (0, "")
    assert "no faults" in out
    assert json.loads(run("check", "--json")[1]) == []


def test_check_computes_what_is_computed_again(run: Run, spoilt: Callable[..., Path]) -> None:
    def grown(document: dict[str, Any]) -> None:
        claims = {claim["id"]: claim for claim in document["claims"]}
        claims["trains-growth-2018"]["value"] = 46
        claims["icbc-sum-560"]["computed_by"] = "khorgos_map.measure.checks.guess"

    code, out, _ = run("check", "--geodata", str(spoilt("claims.json", grown)))
    assert code == 1
    lines = out.splitlines()
    assert any("trains-2017-implied: value: 835 is not what" in line for line in lines)
    assert any("icbc-sum-560: computed_by: cannot be computed again" in line for line in lines)
    assert len(lines) == 2


@pytest.mark.parametrize("command", ["check", "facts", "run"])
def test_faulty_content_is_answered_with_its_lines_and_1(
    run: Run, spoilt: Callable[..., Path], command: str
) -> None:
    folder = spoilt(
        "layers/places.geojson", lambda d: d["features"][0]["properties"].__setitem__("status", "rumoured")
    )
    code, out, err = run(command, "--geodata", str(folder))
    assert code == 1
    assert "layers/places.geojson: khorgos-village: status: unknown value 'rumoured'" in out + err
    assert "Traceback" not in out + err


@pytest.mark.parametrize("command", ["check", "facts", "run"])
def test_a_missing_content_folder_is_answered_with_1(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("KHORGOS_GEODATA", str(tmp_path / "nowhere"))
    code, out, err = run(command)
    folder = tmp_path / "nowhere"
    assert (code, out, err) == (1, "", f"khorgos-map: the content folder {folder} does not exist\n")


def test_many_faults_are_two_lines_but_for_check(run: Run, spoilt: Callable[..., Path]) -> None:
    def rumours(document: Any) -> None:
        for feature in document["features"]:
            feature["properties"]["status"] = "rumoured"

    folder = spoilt("layers/places.geojson", rumours)
    faults = run("check", "--geodata", str(folder))[1].splitlines()
    code, out, err = run("facts", "--geodata", str(folder))
    assert (code, out) == (1, "")
    first, more = err.splitlines()
    assert first in faults
    assert "unknown value 'rumoured'" in first
    assert more == f"{len(faults) - 1} more: khorgos-map check"


def test_two_whole_degrees_with_a_comma_are_a_place(run: Run) -> None:
    code, out, err = run("route", "44,80", "almaty", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["distance_m"] > 250_000


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["facts", "--as-of", "yesterday"], "--as-of 'yesterday': a date is YYYY, YYYY-MM or YYYY-MM-DD"),
        (["facts", "--as-of", "2012-13"], "a date is YYYY, YYYY-MM or YYYY-MM-DD"),
        (["facts", "--subject", "icbc-kaz"], "unknown subject 'icbc-kaz'; did you mean icbc-kz"),
        (["facts", "--lang", "tlh"], "invalid choice: 'tlh'"),
        (["run", "--port", "http"], "'http' is no port"),
        (["run", "--port", "70000"], "'70000' is no port"),
        (["dance"], "invalid choice: 'dance'"),
        (["measure", "."], ". is a folder, not a file"),
        (["matrix", "."], ". is a folder, not a file"),
        (["export", "cite", "--chart", "zzz"], "unknown chart 'zzz'; the charts are trade, "),
        (["export", "cite", "--claim", "#"], "unknown claim '#'; khorgos-map facts --json lists all claims"),
        (["facts", "--subject", "#"], "unknown subject '#'; khorgos-map facts lists all subjects"),
        ([], "the following arguments are required: COMMAND"),
    ],
)
def test_wrong_usage_is_one_line_and_2(run: Run, words: list[str], answer: str) -> None:
    code, out, err = run(*words)
    assert code == 2
    assert out == ""
    assert answer in err
    assert len(err.splitlines()) <= 2


def test_a_port_in_use_is_one_line_and_2(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, out, err = run("run", "--port", str(port), "--no-browser")
    assert code == 2
    assert out == ""
    assert f"cannot listen on 127.0.0.1:{port}: address already in use" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("command", ["run", "check", "facts"])
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert f"example: khorgos-map {command}" in out


@pytest.mark.parametrize(
    ("reason", "code", "said"),
    [
        (errno.ENOSPC, 1, "khorgos-map: the output: No space left on device\n"),
        (errno.EPIPE, 0, ""),
    ],
)
def test_an_output_that_takes_no_more_ends_the_command_in_a_line(
    reason: int, code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read by ``head``, or written to a full disk: the words are still there when the program ends."""
    with (tmp_path / "out").open("w") as out, (tmp_path / "err").open("w+") as err:

        def refuse(_text: str) -> int:
            raise OSError(reason, os.strerror(reason))

        monkeypatch.setattr(out, "write", refuse, raising=False)
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        assert main(["facts"]) == code
        err.seek(0)
        assert err.read() == said
