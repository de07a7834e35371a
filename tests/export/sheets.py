"""Measurement sheets to look at: how they are made and read again."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import math
import re

import pypdf

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.draw.totals import Choices
from khorgos_map.export.measured_report import report_of
from khorgos_map.export.measured_words import UNASKED
from khorgos_map.export.sheet import measurement_sheet
from khorgos_map.export.sheet_frame import Box, Frame
from khorgos_map.export.sheet_map import draw_map
from khorgos_map.export.sheet_paper import Paper
from khorgos_map.export.sheet_words import sheet_blocks
from khorgos_map.measure.measurement import Measurement, measure_sketch
from khorgos_map.measure.sketch import Sketch

TIME = dt.datetime(2026, 3, 4, 5, 6, tzinfo=dt.UTC)
LINK = "https://example.org/?lang=en&at=44.2,80.4,14&m=Pgk4p0Cgonr5E"
YARD = Sketch("area", ((80.385, 44.2), (80.43, 44.195), (80.435, 44.222), (80.41, 44.23)), "Dry port")
ROAD = Sketch("line", tuple((80.4 - 0.05 * i, 44.2 - 0.02 * i) for i in range(70)), "Way west")
WAVES = tuple((80.3 + 0.003 * i, 44.18 + 0.02 * math.sin(i / 4)) for i in range(60))
GATES = Sketch("points", ((80.41, 44.21), (80.0, 44.17)))
WINDOW = Box(12, 29, 186, 118)
MM_PER_PT = 25.4 / 72


def sheet(
    atlas: Atlas,
    *sketches: Sketch,
    language: str = "en",
    link: str = LINK,
    asked: Choices = UNASKED,
) -> bytes:
    return measurement_sheet(sketches, atlas, time=TIME, link=link, language=language, asked=asked)


def set_to(pixel_m: float, sketch: Sketch) -> Sketch:
    """The sketch with its points set to pixels of a size in metres, 0 for typed ones."""
    return dataclasses.replace(sketch, pixel_m=pixel_m)


def page_of(content: bytes) -> pypdf.PageObject:
    (page,) = pypdf.PdfReader(io.BytesIO(content), strict=True).pages
    return page


def bare(text: str) -> str:
    """A text without spaces, as PDF knows places rather than spaces, and half letters, which pypdf leaves."""
    return re.sub(r"[\s\0]", "", text)


def words(content: bytes) -> str:
    return bare(page_of(content).extract_text())


def measured(sketch: Sketch, atlas: Atlas) -> Measurement:
    return measure_sketch(sketch, land_by_side(atlas))


PAPER = Paper(title="", language="en", time=TIME, program="")


def map_of(atlas: Atlas, *sketches: Sketch, code: str = "en") -> tuple[Frame, bytes]:
    """The map of a sheet alone, and its window."""
    report = report_of(sketches, land_by_side(atlas), time=TIME, link=LINK, language=code)
    paper = Paper(title="", language=code, time=TIME, program="")
    blocks = list(sheet_blocks(report, [0.0] * len(sketches), atlas))
    return draw_map(paper, WINDOW, blocks, atlas, report.text), paper.content()


def spots(content: bytes) -> list[tuple[str, float, float, float]]:
    """Texts, where their base lines begin in millimetres from the upper left corner, and their size in points."""
    found: list[tuple[str, float, float, float]] = []

    def keep(text: str, _: object, matrix: list[float], __: object, size_pt: float) -> None:
        if shown := text.replace("\0", "").strip():
            found.append((shown, matrix[4] * MM_PER_PT, 297 - matrix[5] * MM_PER_PT, size_pt))

    page_of(content).extract_text(visitor_text=keep)
    return found


STRANGE = [
    ("", ""),
    ("x" * 70, "https://example.org/" + "x" * 5000),
    ("霍尔果斯 Құрғақ порт <b>", "https://example.org/?m=霍尔果斯"),
    ("قورغاس हिन्दी 👩‍👩‍👧 e\u0301\u0303 \u202eabc\x00", "not an address\r\n/URI (x)"),
    ("()\\%<>[]{}/#", "http://[half"),
    ("\U0010ffff\ufffe\ufeff𠀀", "file:///etc/passwd"),
]


def written(content: bytes) -> list[tuple[float, float]]:
    """Where pieces of text begin, in points from the lower left corner."""
    places: list[tuple[float, float]] = []

    def keep(text: str, _: object, matrix: list[float], *__: object) -> None:
        if text.strip("\0 \n"):
            places.append((matrix[4], matrix[5]))

    page_of(content).extract_text(visitor_text=keep)
    return places
