"""The fonts of a measurement sheet: Noto Sans, and Noto Sans SC for what that lacks (SIL Open Font License 1.1).

To read a whole font takes longer than to write a sheet. So what sheets write again and again is cut out of each
once a process; what only one sheet writes, such as a rare letter in a name, is cut out for that one.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from khorgos_map.text import catalogue, languages

Family = Literal["NotoSans", "NotoSansSC"]
FAMILIES: tuple[Family, ...] = ("NotoSans", "NotoSansSC")
# stands for a letter that neither has
MISSING = "□"
# of Unicode: Latin and Cyrillic letters that users name sketches with, and signs that numbers are written with
_BLOCKS = (range(0x20, 0x7F), range(0xA0, 0x180), range(0x400, 0x500), range(0x2000, 0x2070), [0x2212])
# nothing on a sheet is shaped or set from top to bottom
_UNUSED_TABLES = ["BASE", "DSIG", "GDEF", "GPOS", "GSUB", "STAT", "VORG", "meta", "vhea", "vmtx"]
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Font:
    """A font with some letters only: its content as of a file, in OpenType."""

    family: Family
    letters: frozenset[str]
    content: bytes


_usual: dict[Family, Font] = {}


def fonts_for(letters: AbstractSet[str], usual: AbstractSet[str]) -> Iterator[Font]:
    """Yield fonts that together have each of the letters that either family has, none of them twice.

    ``usual`` are letters that other sheets need as well; those of the interface always are.
    """
    for family in FAMILIES:
        had = letters & _letters(family)
        letters -= had
        font = _usual_font(family, had, usual)
        if had & font.letters:
            yield font
        if rare := frozenset(had - font.letters):
            yield Font(family, rare, _cut(family, rare))


def prepare_fonts(usual: AbstractSet[str]) -> None:
    """Cut out of each family what is usual on sheets, as the first sheets that need it would."""
    for family in FAMILIES:
        _usual_font(family, _own(family, usual | _interface_letters()), usual)


def _usual_font(family: Family, had: AbstractSet[str], usual: AbstractSet[str]) -> Font:
    """Return the font with what is usual on sheets, made anew where other content brings others of the letters."""
    with _ONE_AT_A_TIME:
        known = _usual.get(family, Font(family, frozenset(), b""))
        if not had <= known.letters and (
            letters := _own(family, usual | _interface_letters()) - known.letters
        ):
            letters |= known.letters
            known = _usual[family] = Font(family, letters, _cut(family, letters))
        return known


def _own(family: Family, letters: AbstractSet[str]) -> frozenset[str]:
    """Return the letters that a sheet takes from a family: those that it has and none before it."""
    before = FAMILIES[: FAMILIES.index(family)]
    return frozenset(letters & _letters(family)).difference(*map(_letters, before))


@cache
def _interface_letters() -> AbstractSet[str]:
    messages = (message for code in languages() for message in catalogue(code).messages.values())
    return frozenset(MISSING).union(*messages, *(map(chr, block) for block in _BLOCKS))


@cache
def _letters(family: Family) -> AbstractSet[str]:
    with TTFont(_file(family), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


def _cut(family: Family, letters: AbstractSet[str]) -> bytes:
    """Return a font with nothing but some letters, as they are drawn where no weight or width is asked for."""
    options = subset.Options(
        layout_features=[], glyph_names=True, notdef_outline=True, recommended_glyphs=True
    )
    options.drop_tables += _UNUSED_TABLES
    # what the whole font says of itself stays, so that the cut of a cut is that of the whole
    with TTFont(_file(family), lazy=True, recalcTimestamp=False, recalcBBoxes=False) as font:
        cutter = subset.Subsetter(options)
        # fpdf2 takes the first letter of a font for the glyph of what is missing, and its width for nothing
        cutter.populate(unicodes=map(ord, {*letters, " "}))
        cutter.subset(font)
        if "fvar" in font:
            instancer.instantiateVariableFont(
                font, {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}, inplace=True
            )
        written = io.BytesIO()
        font.save(written)
    return written.getvalue()


def _file(family: Family) -> Path:
    if family == "NotoSans":
        return Path(str(files("fontpkg_noto_sans"))) / "files" / "NotoSans[wdth,wght].ttf"
    return Path(str(files("pylopdf_fonts_zh_cn"))) / "NotoSansSC-Regular.otf"
