"""The Data Package: Frictionless finds nothing wrong with it, and would if there were something."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import frictionless
import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.load import read_folder
from khorgos_map.errors import ContentError
from khorgos_map.export.layers import layers_geojson
from khorgos_map.export.package import data_package
from khorgos_map.export.table import claims_csv, sources_csv
from tests.conftest import GEODATA


@pytest.fixture(scope="module")
def packed(atlas: Atlas) -> bytes:
    return data_package(atlas, GEODATA)


@pytest.fixture
def unpacked(packed: bytes, tmp_path: Path) -> Path:
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path / "package")
    return tmp_path / "package"


def test_frictionless_finds_it_valid_packed_and_unpacked(
    packed: bytes, unpacked: Path, tmp_path: Path
) -> None:
    (tmp_path / "package.zip").write_bytes(packed)
    for form in (tmp_path / "package.zip", unpacked / "datapackage.json"):
        report = frictionless.validate(str(form))
        assert report.flatten(["title", "message"]) == []
        assert report.valid
        assert [task.name for task in report.tasks] == ["claims", "sources", "layers"]


@pytest.mark.parametrize("spoil", ["source", "status", "bytes"])
def test_frictionless_would_find_a_fault(unpacked: Path, spoil: str) -> None:
    """A source that is not there, a word no status has, a file that is not the one described."""
    table = unpacked / "claims.csv"
    rows = list(csv.reader(io.StringIO(table.read_bytes().decode(), newline="")))
    if spoil == "bytes":
        rows.pop()
    else:
        rows[1][rows[0].index(spoil)] = "no-such-thing"
        manifest = json.loads((unpacked / "datapackage.json").read_text(encoding="utf-8"))
        for check in ("bytes", "hash"):
            del manifest["resources"][0][check]
        (unpacked / "datapackage.json").write_text(json.dumps(manifest), encoding="utf-8")
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert not frictionless.validate(str(unpacked / "datapackage.json")).valid


def test_it_holds_the_tables_the_layers_and_what_to_know_about_them(atlas: Atlas, unpacked: Path) -> None:
    assert (unpacked / "claims.csv").read_bytes().decode() == claims_csv(atlas, "en")
    assert (unpacked / "sources.csv").read_bytes().decode() == sources_csv(atlas)
    assert (unpacked / "layers.geojson").read_text(encoding="utf-8") == layers_geojson(atlas)
    assert (unpacked / "content.md").read_bytes() == (GEODATA / "README.md").read_bytes()
    readme = (unpacked / "README.md").read_text(encoding="utf-8")
    for credited in ("© OpenStreetMap contributors (ODbL 1.0)", "GeoNames (CC BY 4.0)"):
        assert credited in readme


def test_columns_are_described_one_by_one_with_licences_and_contributors(unpacked: Path) -> None:
    manifest = json.loads((unpacked / "datapackage.json").read_text(encoding="utf-8"))
    own = json.loads((GEODATA / "datapackage.json").read_text(encoding="utf-8"))
    assert manifest["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert manifest["licenses"] == own["licenses"]
    assert manifest["contributors"] == own["contributors"]
    for resource in manifest["resources"]:
        assert {licence["name"] for licence in resource["licenses"]} <= {x["name"] for x in own["licenses"]}
        if resource.get("type") == "table":
            header = (unpacked / resource["path"]).read_text(encoding="utf-8").splitlines()[0]
            assert [field["name"] for field in resource["schema"]["fields"]] == header.split(",")
            assert all(field["description"] for field in resource["schema"]["fields"])


def test_equal_content_gives_equal_bytes(atlas: Atlas, packed: bytes) -> None:
    assert data_package(read_folder(GEODATA)[0], GEODATA) == packed
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(packed)).infolist()} == {
        (1980, 1, 1, 0, 0, 0)
    }


def test_it_speaks_the_language_asked_for(atlas: Atlas) -> None:
    archive = zipfile.ZipFile(io.BytesIO(data_package(atlas, GEODATA, language="kk")))
    assert archive.read("claims.csv").decode() == claims_csv(atlas, "kk")
    assert "қазақша" in archive.read("README.md").decode().casefold()


def test_another_content_folder_needs_neither_manifest_nor_readme(atlas: Atlas, tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(data_package(atlas, tmp_path))
    assert frictionless.validate(str(path)).valid
    manifest = json.loads(zipfile.ZipFile(path).read("datapackage.json"))
    assert manifest["licenses"]
    assert manifest["contributors"]


@pytest.mark.parametrize("text", ["{", "[]", "\udcff"])
def test_a_manifest_that_cannot_be_read_is_a_fault_of_the_content(
    atlas: Atlas, spoilt: Callable[..., Path], text: str
) -> None:
    folder = spoilt("claims.json", lambda _: None)
    (folder / "datapackage.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ContentError, match=r"^datapackage\.json: "):
        data_package(atlas, folder)
