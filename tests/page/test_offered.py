"""The files that can be downloaded: each is there, and says how long a browser may keep it."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.page.offered import FILES, address
from khorgos_map.text import catalogue
from tests.page.asking import Server

BEGINNINGS = {
    "khorgos-claims.csv": b"id,",
    "khorgos-claims.json": b"[",
    "khorgos-sources.csv": b"id,",
    "khorgos-layers.geojson": b"{",
    "khorgos-layers.gpkg": b"SQLite format 3",
    "khorgos-data-package.zip": b"PK",
    "khorgos-matrix-car.csv": b"\xef\xbb\xbffrom,",
    "khorgos-matrix-truck.csv": b"\xef\xbb\xbffrom,",
}


def test_all_are_tried() -> None:
    assert set(FILES) == set(BEGINNINGS)


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_given_in_its_format(server: Server, name: str) -> None:
    answer = server.get(address(name, catalogue("zh")))
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(BEGINNINGS[name])
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert "immutable" in answer.headers["cache-control"]


def test_under_an_earlier_year_a_file_holds_what_had_been_said_by_then(server: Server, atlas: Atlas) -> None:
    answer = server.get(address("khorgos-claims.json", catalogue("en"), 2016))
    said = json.loads(answer.content)
    assert 0 < len(said) < len(atlas.claims)
    assert all(fact["as_of"][:4] <= "2016" for fact in said)


def test_the_matrix_has_a_row_a_pair(server: Server) -> None:
    text = server.get(address("khorgos-matrix-truck.csv", catalogue("ru"))).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len({row["from"] for row in rows}) ** 2
    assert list(rows[0]) == [
        "from", "to", "km", "plus_minus_km", "access_from_km", "access_to_km", "whole_low_km", "whole_high_km",
        "minutes", "crossings",
    ]  # fmt: skip
    abroad = next(row for row in rows if "nur-zholy-horgos" in row["crossings"])
    assert 1 < float(abroad["plus_minus_km"]) < 60


def test_the_package_speaks_the_language_asked_for(server: Server) -> None:
    packed = server.get(address("khorgos-data-package.zip", catalogue("zh"))).content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        (readme,) = (name for name in archive.namelist() if name.endswith("README.md"))
        assert archive.read(readme).decode()


def test_what_is_made_of_another_content_is_not_kept(server: Server) -> None:
    answer = server.get("/khorgos/files/khorgos-claims.csv?lang=en&v=of-another")
    assert answer.headers["cache-control"] == "no-cache"
    assert server.get("/khorgos/files/nothing.csv").status_code == 404
