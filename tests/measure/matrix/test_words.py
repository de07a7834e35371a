"""Tables and words that do not fit: one line says which and what would be right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from khorgos_map.errors import UsageError
from tests.measure.matrix.conftest import Run, many


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], r"its first line must name the columns id,lat,lon"),
        (["id,x,y", "a,1,2"], r"its first line must name the columns id,lat,lon"),
        (["id,lat,lon"], r"has no places"),
        (["id,lat,lon", "a,44,80", "a,44,81"], r"line 3: 'a' stands twice"),
        (["id,lat,lon", ",44,80"], r"line 2: the id is missing"),
        (
            ["id,lat,lon", "a,80.3,44.2", "b,91,80"],
            r"line 3: lat '91' is no number of degrees from -90 to 90",
        ),
        (["id,lat,lon", "a,44,here"], r"line 2: lon 'here' is no number of degrees"),
        (["id,lat,lon", "a,nan,80"], r"line 2: lat 'nan' is no number"),
        (["id,lat,lon", "a,44"], r"line 2 has no lon"),
    ],
)
def test_a_table_that_cannot_be_used(run: Run, table: Any, lines: list[str], reason: str) -> None:
    with pytest.raises(UsageError, match=reason) as caught:
        run(table(*lines))
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["missing.csv"], r"missing\.csv is missing"),
        (["."], r"\. is a folder, not a file"),
        (["binary.csv"], r"binary\.csv is not UTF-8 text"),
        (["all", "-o", "out.xlsx"], r"ends in \.parquet or \.csv"),
        (["all", "-o", "nowhere/out.csv"], r"nowhere is no folder"),
        (["all", "-o", "folder.csv", "--force"], r"folder\.csv cannot be written: it is a folder"),
        (["all", "-o", "out.csv", "--json"], r"--json prints"),
        (["all", "--workers", "2"], r"go with -o FILE"),
        (["all", "--engine", "osrm"], r"osrm needs the address of a server"),
        (["many.csv"], r"10201 pairs are too many to print"),
    ],
)
def test_words_that_do_not_fit(
    run: Run, table: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe")
    table(*many(101), name="many.csv")
    with pytest.raises(UsageError, match=reason) as caught:
        run(*words)
    assert len(str(caught.value).splitlines()) == 1
