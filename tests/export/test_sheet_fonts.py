"""The fonts of measurement sheets: cut down once a process, and yet each sheet as if it were the only one."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.asof import atlas_as_of
from khorgos_map.export import sheet_fonts
from khorgos_map.measure.sketch import Sketch
from khorgos_map.text import languages
from tests.export.sheets import GATES, YARD, sheet, words

# letters that are neither in the interface nor in the content
RARE = Sketch("points", ((80.41, 44.21),), "饕餮 हिन्दी Ꙗже")
SHEETS = [(code, sketch) for sketch in (YARD, RARE) for code in languages()]
ALONE = "from tests.export.test_sheet_fonts import print_sums; print_sums()"


def sums(atlas: Atlas) -> list[str]:
    return [hashlib.sha256(sheet(atlas, sketch, language=code)).hexdigest() for code, sketch in SHEETS]


def print_sums() -> None:
    print(*sums(sound_atlas(content_folder())))


def test_sheets_at_once_and_one_after_the_other_are_those_of_a_fresh_process(atlas: Atlas) -> None:
    fresh = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    # content of another year, which may have fewer letters, and names with others come first
    sheet(atlas_as_of(atlas, 2006), Sketch("points", GATES.positions, "龘"), language="zh")
    with ThreadPoolExecutor(3) as threads:
        at_once = list(threads.map(lambda _: sums(atlas), range(3)))
    assert at_once == [fresh.stdout.split()] * 3


def test_letters_of_no_language_of_the_map_are_written(atlas: Atlas) -> None:
    for code in languages():
        said = words(sheet(atlas, RARE, language=code))
        assert [word for word in ("饕餮", "हिन्दी", "Ꙗже") if word not in said] == []


def test_a_letter_that_no_font_has_is_a_box(atlas: Atlas) -> None:
    assert "a□b" in words(sheet(atlas, Sketch("points", GATES.positions, "a👩b")))


@pytest.mark.parametrize("code", languages())
def test_no_whole_font_is_read_for_another_sheet(
    atlas: Atlas, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet(atlas, YARD, language=code)
    monkeypatch.setattr(sheet_fonts, "TTFont", None)
    assert sheet(atlas, Sketch("points", GATES.positions, "Құрғақ порт: ворота"), language=code)
