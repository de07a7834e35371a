"""The map in one file: small, whole, the same every time, and saved whole or not at all."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import Any

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.cli import main
from khorgos_map.draw.files import Published
from khorgos_map.export import html
from khorgos_map.export.html import WholeMap, export_html
from khorgos_map.view import Position, View


def test_one_file_holds_everything_far_under_3_mb(atlas: Atlas, published: Published) -> None:
    page = export_html(atlas, published, View())
    assert len(page.encode()) < 2_200_000
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", page)
    for name, file in published.files.items():
        if file.media_type.endswith("json"):
            assert name in page


def test_equal_content_gives_an_equal_file(atlas: Atlas, published: Published) -> None:
    view = View(lang="zh", sel="icbc-kz")
    assert export_html(atlas, published, view) == export_html(atlas, published, view)


VIEWS = [
    View(),
    View(lang="zh", sel="icbc-kz"),
    View(lang="ru", r="script-;facts-", m="L~" + "霍尔果斯" * 9),
    View(lang="kk", at=Position(44.2, 80.4, 12)),
]


def test_packed_it_is_the_same_file_for_any_view(atlas: Atlas, published: Published) -> None:
    whole = WholeMap(atlas, published)
    for view in VIEWS:
        packed = whole.packed(view)
        # a browser reads one member of a stream and no more
        reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
        assert reader.decompress(packed).decode() == export_html(atlas, published, view)
        assert (reader.eof, reader.unused_data) == (True, b"")
        assert len(packed) < 750_000


def test_for_another_view_nothing_large_is_packed_again(
    atlas: Atlas, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = WholeMap(atlas, published)
    whole.packed(View(lang="ru"))
    sizes: list[int] = []

    def noted(text: str) -> Any:
        sizes.append(len(text))
        return piece(text)

    piece = html._piece
    monkeypatch.setattr(html, "_piece", noted)
    whole.packed(View(lang="ru", sel="icbc-kz"))
    assert sum(sizes) < 20_000


def test_nothing_inside_ends_the_script_early(atlas: Atlas, published: Published) -> None:
    page = export_html(atlas, published, View())
    head = page.split("<head>", 1)[1].split("</head>", 1)[0]
    assert head.count("<script>") == head.count("</script>")


def test_an_existing_file_needs_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "map.html"
    target.write_text("mine")
    assert main(["export", "html", "-o", str(target)]) == 2
    assert "exists; give --force" in capsys.readouterr().err
    assert target.read_text() == "mine"
    assert main(["export", "html", "-o", str(target), "--force", "--lang", "ru"]) == 0
    assert 'lang": "ru"' in target.read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["missing/map.html", "file.txt/map.html"])
def test_a_missing_folder_is_one_line_and_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], target: str
) -> None:
    (tmp_path / "file.txt").write_text("")
    before = sorted(tmp_path.iterdir())
    assert main(["export", "html", "-o", str(tmp_path / target)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


def test_a_write_that_fails_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    assert main(["export", "html", "-o", str(tmp_path / "map.html")]) == 2
    assert "cannot be written: permission denied" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_view_is_one_line_and_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "html", "-o", str(tmp_path / "map.html"), "--view", "?sel=atlantis"]) == 2
    assert "--view: unknown sel 'atlantis'" in capsys.readouterr().err


def test_the_reader_may_zoom(atlas: Atlas, published: Published) -> None:
    head = export_html(atlas, published, View()).split("<head>", 1)[1].split("</head>", 1)[0]
    (viewport,) = re.findall(r'<meta name="viewport"[^>]*>', head)
    assert "width=device-width" in viewport
    assert "maximum-scale" not in viewport
    assert "user-scalable" not in viewport
