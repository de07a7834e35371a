"""The measurement sheet: one A4 page as PDF with a map, all numbers, method, link and credits."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from khorgos_map.atlas import Atlas
from khorgos_map.draw.totals import Choices, Row
from khorgos_map.draw.words import number
from khorgos_map.errors import UsageError
from khorgos_map.export.cite import map_version
from khorgos_map.export.measured_report import SOFTWARE, Report, report_of
from khorgos_map.export.measured_words import UNASKED
from khorgos_map.export.sheet_fonts import prepare_fonts
from khorgos_map.export.sheet_frame import Box, Frame
from khorgos_map.export.sheet_map import draw_map
from khorgos_map.export.sheet_names import letters_of_names
from khorgos_map.export.sheet_paper import HEIGHT_MM, LINK, SKETCH, SOFT, WIDTH_MM, Paper
from khorgos_map.export.sheet_points import Table, tables_of, write_table
from khorgos_map.export.sheet_words import Block, sheet_blocks
from khorgos_map.geodesy import pixel_m
from khorgos_map.measure.sketch import Sketch
from khorgos_map.text import Catalogue

_MARGIN, _MAP_TOP, _GAP, _FOOT_TOP, _LOWEST = 12.0, 29.0, 7.0, 262.0, 8.0
_LOWEST_MAP, _HIGHEST_MAP = 90.0, 175.0
_INNER = WIDTH_MM - 2 * _MARGIN
# between the two columns of totals
_GUTTER = 6.0
_ROW, _TEXT_PT, _SMALL_PT, _TITLE_PT = 4.1, 7.0, 6.2, 15.0
# so that rows that just fit are not one too few when they are counted
_SLACK = 0.1


@dataclass(frozen=True)
class _Page:
    """Where to write, and in which language."""

    paper: Paper
    text: Catalogue


def measurement_sheet(  # noqa: PLR0913  # what is shown, and when, from where and in which words
    sketches: Sequence[Sketch],
    atlas: Atlas,
    *,
    time: dt.datetime,
    link: str,
    language: str,
    asked: Choices = UNASKED,
) -> bytes:
    """Return one A4 page as PDF: a map of the sketches, what was measured, how, and the link to the view.

    ``time`` is when, with its time zone; ``link`` the address that shows the sketches. A sketch that does not say
    to what pixel its points were set is taken to be as sure as one at the zoom of the link. ``asked`` are the
    units, the form of coordinates and how far around each sketch the area is wanted. Where points or sketches are
    too many for the page, those in the middle are left out, which the page says; totals hold all. Equal input
    makes equal bytes. Raises `UsageError` where nothing has been drawn.
    """
    if not sketches:
        raise UsageError("nothing has been drawn: there is no sketch to put on a sheet")
    report = report_of(sketches, atlas.land, time=time, link=link, language=language, asked=asked)
    of_link_m = _pixel_m(report.link) if report.link else None
    off_m = [of_link_m if sketch.pixel_m is None else sketch.pixel_m for sketch in sketches]
    blocks = list(sheet_blocks(report, off_m, atlas))
    title = report.text("sheet.title")
    paper = Paper(
        title=title, language=language, time=time, program=report.program, usual=letters_of_names(atlas)
    )
    page = _Page(paper, report.text)
    most_mm = _FOOT_TOP - _MAP_TOP - _GAP - _SLACK
    tables = _listed(blocks, most_mm - _LOWEST_MAP)
    height = min(most_mm - _height_mm(tables, len(blocks)), _HIGHEST_MAP)
    window = Box(_MARGIN, _MAP_TOP, _INNER, height)
    frame = draw_map(page.paper, window, blocks, atlas, report.text)
    _write_head(page, report, frame, title)
    _write_blocks(page, tables, len(blocks) - len(tables), window.bottom + _GAP)
    _write_foot(page, report)
    return page.paper.content()


def prepare_sheets(atlas: Atlas) -> None:
    """Make what all sheets of an atlas share, which the first one would make else: the letters they are written in."""
    prepare_fonts(letters_of_names(atlas))


def _pixel_m(link: str) -> float | None:
    """Return the size of a pixel at the zoom that a link names, None where it names none."""
    try:
        lat, _, zoom = (float(part) for part in parse_qs(urlsplit(link).query)["at"][0].split(","))
    except (KeyError, ValueError):
        return None
    return pixel_m(lat, zoom) if abs(lat) < 90 and 0 <= zoom <= 25 else None


def _write_head(page: _Page, report: Report, frame: Frame, title: str) -> None:
    paper, right = page.paper, WIDTH_MM - _MARGIN
    paper.text((_MARGIN, 18), title, size_pt=_TITLE_PT)
    named = " · ".join(one.title for one in report.sketches)
    paper.text((_MARGIN, 24.5), named, size_pt=9, width=_INNER * 0.7, colour=SKETCH)
    program = " ".join(filter(None, (page.text("page.title"), map_version())))
    paper.text((right, 15), program, size_pt=8, right=True)
    written = report.time.replace("T", " ").replace("Z", " UTC")
    paper.text((right, 19), written, size_pt=_TEXT_PT, colour=SOFT, right=True)
    scale = page.text("sheet.scale", denominator=number(frame.denominator, page.text))
    paper.text((right, 24.5), scale, size_pt=_TEXT_PT, colour=SOFT, right=True)


def _listed(blocks: Sequence[Block], room_mm: float) -> list[Table]:
    """Return the points of as many sketches as there is room for the totals of, as far as these leave room."""
    kept = list(blocks)
    while len(kept) > 1 and _totals_mm(kept, len(blocks)) > room_mm:
        kept.pop()
    return tables_of(kept, room_mm - _totals_mm(kept, len(blocks)))


def _totals_mm(kept: Sequence[Block], count: int) -> float:
    """Return how high the totals of sketches are, with the row that tells of those left out of so many."""
    return _ROW * (sum(block.rows for block in kept) + (len(kept) < count))


def _height_mm(tables: Sequence[Table], count: int) -> float:
    points_mm = math.fsum(table.height_mm for table in tables)
    return _totals_mm([table.block for table in tables], count) + points_mm


def _write_blocks(page: _Page, tables: Sequence[Table], missing: int, y: float) -> None:
    """Write the totals and points of sketches below each other, and how many others are missing."""
    for table in tables:
        _write_totals(page, table.block, y)
        y += table.block.rows * _ROW
        if table.rows:
            write_table(page.paper, table, (_MARGIN, y), page.text)
        y += table.height_mm
    if missing:
        words = page.text("sheet.more", count=number(missing, page.text))
        page.paper.text((_MARGIN, y), words, size_pt=_TEXT_PT, width=_INNER, colour=SKETCH)


def _write_totals(page: _Page, block: Block, y: float) -> None:
    paper, width = page.paper, (_INNER - _GUTTER) / 2
    if block.title:
        paper.text((_MARGIN, y + 0.6 * _ROW), block.title, size_pt=9, width=_INNER, colour=SKETCH)
        y += 2 * _ROW
    columns = [_MARGIN, _MARGIN + width + _GUTTER]
    for x, rows in zip(columns, (block.sizes, block.others), strict=True):
        for place, row in enumerate(rows):
            _write_row(paper, row, (x, y + place * _ROW), width)
    y += max(len(block.sizes), len(block.others)) * _ROW
    for place, words in enumerate(block.compared):
        down, column = divmod(place, 2)
        paper.text((columns[column], y + down * _ROW), words, size_pt=_TEXT_PT, width=width)
    y += math.ceil(len(block.compared) / 2) * _ROW
    for place, note in enumerate(block.notes):
        paper.text((_MARGIN, y + place * _ROW), note, size_pt=_TEXT_PT, width=_INNER)


def _write_row(paper: Paper, row: Row, place: tuple[float, float], width: float) -> None:
    (label, value), (x, y) = row, place
    value_width = min(paper.width(value, _TEXT_PT), 0.7 * width)
    paper.text((x, y), label, size_pt=_TEXT_PT, width=width - 3 - value_width, colour=SOFT)
    paper.text((x + width, y), value, size_pt=_TEXT_PT, width=0.7 * width, right=True)


def _write_foot(page: _Page, report: Report) -> None:
    paper, text = page.paper, page.text
    notes = [text("measured.method", software=SOFTWARE), text("sheet.map")]
    if any(one.measurement.beyond_land for one in report.sketches):
        notes.append(text("measured.beyond"))
    y = paper.paragraph((_MARGIN, _FOOT_TOP), " ".join(notes), size_pt=_SMALL_PT, width=_INNER)
    y = paper.paragraph((_MARGIN, y + 0.6), text("sheet.credits"), size_pt=_SMALL_PT, width=_INNER) + 0.6
    if not report.link:
        return
    lines = int((HEIGHT_MM - _LOWEST - y) / (1.3 * _SMALL_PT * 25.4 / 72))
    words = paper.cut(report.link, _SMALL_PT, 0.97 * _INNER * lines)
    paper.paragraph((_MARGIN, y), words, size_pt=_SMALL_PT, width=_INNER, colour=LINK, link=report.link)
