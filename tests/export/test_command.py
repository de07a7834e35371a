"""The command that writes files: the right content in each format, one plain line for what cannot be."""

from __future__ import annotations

import csv
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.cli import main
from khorgos_map.measure.sketch import Sketch, encode_sketches

FORMATS = ["html", "geojson", "gpkg", "csv", "package"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: object) -> tuple[int, str, str]:
        try:
            code = main(["export", *map(str, words)])
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def test_each_format_is_what_it_says(run: Run, atlas: Atlas, tmp_path: Path) -> None:
    for name in FORMATS:
        code, out, err = run(name, "-o", tmp_path / name)
        assert (code, err) == (0, "")
        assert out.startswith(f"{tmp_path / name}: ")
    assert (tmp_path / "html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    collection = json.loads((tmp_path / "geojson").read_text(encoding="utf-8"))
    assert {f["id"] for f in collection["features"]} == set(atlas.feature)
    with sqlite3.connect(tmp_path / "gpkg") as package:
        named = package.execute("SELECT table_name FROM gpkg_contents").fetchall()
    package.close()
    assert {"points", "lines", "areas"} <= {name for (name,) in named}
    with (tmp_path / "csv").open(encoding="utf-8", newline="") as file:
        assert {row["id"] for row in csv.DictReader(file)} == set(atlas.claims)
    assert "datapackage.json" in zipfile.ZipFile(tmp_path / "package").namelist()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FORMATS)


@pytest.mark.parametrize(("name", "said"), [("kml", "Buffer"), ("gpx", "Buffer"), ("pdf", "Bufferof5km")])
def test_a_measurement_is_saved_with_what_lies_around_it(
    run: Run, tmp_path: Path, name: str, said: str
) -> None:
    measured, file = encode_sketches([Sketch("points", ((80.4, 44.2),))]), tmp_path / name
    code, _, err = run(name, "-o", file, "--view", f"m={measured}&around=5")
    assert (code, err) == (0, "")
    if name == "pdf":
        assert said in "".join(pypdf.PdfReader(file).pages[0].extract_text().split())
    else:
        assert said in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["geojson", "gpkg", "csv"])
def test_a_measurement_that_a_format_does_not_take_is_noted(run: Run, tmp_path: Path, name: str) -> None:
    measured = encode_sketches([Sketch("points", ((80.4, 44.2),))])
    code, _, err = run(name, "-o", tmp_path / name, "--view", f"m={measured}")
    assert code == 0
    assert err.startswith("khorgos-map: note: the ")
    assert "kml, gpx and pdf take what is measured" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("words", [("--lang", "zh"), ("--view", "?lang=zh")])
def test_claims_are_written_in_the_language_asked_for(
    run: Run, atlas: Atlas, tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert run("csv", "-o", tmp_path / "claims.csv", *words)[0] == 0
    text = (tmp_path / "claims.csv").read_text(encoding="utf-8")
    assert next(iter(atlas.claims.values())).statement.in_language("zh") in text


@pytest.mark.parametrize("name", [*FORMATS, "cite"])
def test_a_file_of_mine_is_replaced_only_with_force(run: Run, tmp_path: Path, name: str) -> None:
    target = tmp_path / "mine.txt"
    target.write_text("mine")
    code, out, err = run(name, "-o", target)
    assert (code, out) == (2, "")
    assert err == f"khorgos-map: {target} exists; give --force to replace it\n"
    assert target.read_text() == "mine"
    assert run(name, "-o", target, "--force")[0] == 0
    assert target.read_bytes() != b"mine"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", [*FORMATS, "cite"])
def test_a_missing_folder_leaves_nothing(run: Run, tmp_path: Path, name: str) -> None:
    code, out, err = run(name, "-o", tmp_path / "missing" / "map.txt")
    assert (code, out) == (2, "")
    assert "is no folder" in err
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_citation_is_printed_or_written_as_its_file_ends(run: Run, tmp_path: Path) -> None:
    words = ("cite", "--view", "sel=icbc-kz", "--address", "https://khorgos.example/")
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    assert "https://khorgos.example/?lang=en&sel=icbc-kz (accessed " in out
    for ending in ("txt", "bib", "JSON"):
        assert run(*words, "-o", tmp_path / f"cited.{ending}")[0] == 0
    assert (tmp_path / "cited.txt").read_text(encoding="utf-8") == out
    assert (tmp_path / "cited.bib").read_text(encoding="utf-8").startswith("@misc{khorgos-map-view-")
    (item,) = json.loads((tmp_path / "cited.JSON").read_text(encoding="utf-8"))
    assert item["URL"] == "https://khorgos.example/?lang=en&sel=icbc-kz"


def test_a_claim_is_cited_with_its_source(run: Run, atlas: Atlas) -> None:
    claim = atlas.claims["icbc-area-560"]
    code, out, _ = run("cite", "--claim", claim.id, "--lang", "ru")
    assert code == 0
    source, shown = out.splitlines()
    assert atlas.sources[claim.source].title in source
    assert claim.statement.in_language("ru") in shown


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["cite", "--claim", "icbc-area-56"], "unknown claim 'icbc-area-56'; did you mean icbc-area-560"),
        (
            ["cite", "-o", "map.pdf"],
            "map.pdf: a citation is written to a file that ends in .bib or .json or .txt",
        ),
        (["cite", "--address", "khorgos.example"], "--address 'khorgos.example': must begin with https://"),
        (["cite", "--address", "http://[::1"], "--address 'http://[::1': must begin with https://"),
        (["cite", "--view", "sel=atlantis"], "--view: unknown sel 'atlantis'"),
        (["csv", "--view", "sel=atlantis", "-o", "x.csv"], "--view: unknown sel 'atlantis'"),
        (["csv"], "export csv needs a file to write: -o FILE"),
        (["csv", "-o", "x.csv", "--claim", "icbc-area-560"], "--claim goes with export cite only"),
        (["gpkg", "-o", "x.gpkg", "--address", "https://a.example"], "--address goes with export cite only"),
        (["csv", "-o", "x" * 300], "cannot be written: file name too long"),
        (["csv", "-o", "", "--force"], "cannot be written"),
        (["shp", "-o", "x.shp"], "invalid choice: 'shp'"),
        (["cite", "--chart", "cargoo"], "unknown chart 'cargoo'; did you mean cargo"),
        (["cite", "--chart", "cargo", "--claim", "icbc-area-560"], "cite one of them at a time"),
        (["csv", "-o", "x.csv", "--chart", "cargo"], "--chart goes with export cite only"),
        (["csv", "-o", "x.csv", "--view", "asof=1999"], "--view: unknown asof '1999'"),
    ],
)
def test_wrong_usage_is_one_line_and_2(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], answer: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert answer in err
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [*FORMATS, "cite"])
def test_faulty_content_is_answered_with_1_and_nothing_written(
    run: Run, spoilt: Callable[..., Path], tmp_path: Path, name: str
) -> None:
    folder = spoilt("claims.json", lambda d: d["claims"][0].__setitem__("status", "rumoured"))
    code, _, err = run(name, "-o", tmp_path / "out.txt", "--geodata", folder)
    assert code == 1
    assert "claims.json" in err
    assert not (tmp_path / "out.txt").exists()


def test_help_has_an_example(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert "example: khorgos-map export" in out
