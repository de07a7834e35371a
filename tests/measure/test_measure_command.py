"""The command measure: what it prints, and how it refuses."""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from geographiclib.geodesic import Geodesic

from khorgos_map.cli import measure
from khorgos_map.errors import UsageError

LINE = {"type": "LineString", "coordinates": [[80.3, 44.2], [80.5, 44.2]]}
SITE = {"type": "Polygon", "coordinates": [[[80.38, 44.18], [80.42, 44.18], [80.42, 44.22], [80.38, 44.18]]]}
DESIGNED = {"kind", "length_m", "perimeter_m", "area_m2", "area_ha", "sphere_difference_m"}


def document(*geometries: Any) -> str:
    features = [
        {"type": "Feature", "properties": {"name": f"shape {i}"}, "geometry": geometry}
        for i, geometry in enumerate(geometries, start=1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    measure.add_words(parser)
    return measure.run(parser.parse_args(words))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.geojson"
    path.write_text(document(LINE, SITE), encoding="utf-8")
    return path


def test_json_has_the_fields_of_the_contract_and_the_figures_of_geographiclib(file, capsys):
    assert run(str(file), "--json") == 0
    line, site = json.loads(capsys.readouterr().out)
    assert set(line) >= DESIGNED
    assert (line["kind"], site["kind"], line["name"]) == ("line", "area", "shape 1")
    expected = Geodesic.WGS84.Inverse(44.2, 80.3, 44.2, 80.5)["s12"]
    assert line["length_m"] == pytest.approx(expected, abs=1e-3)
    assert line["per_country_m"]["KZ"] + line["per_country_m"]["CN"] == pytest.approx(expected, abs=1e-3)
    assert [c["enters"] for c in line["border_crossings"]] == ["CN"]
    assert (line["perimeter_m"], line["area_m2"], line["per_country_m2"]) == (None, None, None)
    assert site["area_ha"] == pytest.approx(site["area_m2"] / 10_000)
    assert sum(site["per_country_m2"].values()) == pytest.approx(site["area_m2"], rel=1e-9)
    assert line["sphere_difference_m"] == pytest.approx(-0.00275 * expected, rel=0.01)


def test_words_say_the_same_in_a_line_a_shape(file, capsys):
    assert run(str(file)) == 0
    line, site = capsys.readouterr().out.splitlines()
    assert line.startswith(
        "shape 1: line; Length: 15.987 km; of this in Kazakhstan: 7.769 km; of this in China: 8.218 km;"
    )
    assert "Area: 710." in site
    assert "Perimeter: " in site


def test_points_are_told_latitude_first_with_their_side(tmp_path, capsys):
    path = tmp_path / "points.geojson"
    path.write_text(document({"type": "MultiPoint", "coordinates": [[80.3, 44.2], [80.5, 44.2]]}))
    assert run(str(path)) == 0
    assert "44.200000, 80.300000 (KZ), 44.200000, 80.500000 (CN)" in capsys.readouterr().out


def test_standard_input_is_read(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(document(SITE).encode())))
    assert run("-", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)) == 1


def test_what_was_done_to_the_file_is_said_beside_the_data(tmp_path, capsys):
    path = tmp_path / "high.geojson"
    path.write_text(
        document(
            {"type": "LineString", "coordinates": [[80.3, 44.2, 900], ["x", 1], [80.5, 44.2, 950]]}, None
        )
    )
    assert run(str(path), "--json") == 0
    printed = capsys.readouterr()
    (line,) = json.loads(printed.out)
    assert line["heights_m"] == {"lowest": 900, "highest": 950}
    assert printed.err.count("khorgos-map: note: ") == 2


def test_an_outline_that_crosses_itself_has_no_area(tmp_path, capsys):
    ring = [[80.38, 44.18], [80.42, 44.22], [80.42, 44.18], [80.38, 44.22], [80.38, 44.18]]
    path = tmp_path / "bow.geojson"
    path.write_text(document({"type": "Polygon", "coordinates": [ring]}))
    assert run(str(path), "--json") == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert record["self_crossing"] is True
    assert record["area_ha"] is None


@pytest.mark.parametrize("text", ["{", "[]", "", '{"type": "FeatureCollection", "features": []}', "no data"])
def test_a_file_without_shapes_is_refused_in_one_line(tmp_path, capsys, text):
    path = tmp_path / "wrong.geojson"
    path.write_text(text)
    assert run(str(path)) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("khorgos-map: wrong.geojson: ")
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("name", ["missing.geojson", "nul\0.geojson", "."])
def test_a_file_that_cannot_be_read_is_wrong_usage(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"cannot be read|is a folder, not a file") as raised:
        run(name)
    assert "\n" not in str(raised.value)
