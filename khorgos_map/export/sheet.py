"""The measurement sheet: one A4 page as PDF with a map, all numbers, method, link and credits."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.draw import quantities
from khorgos_map.draw.measured import digits_of
from khorgos_map.draw.totals import told_legs
from khorgos_map.draw.words import number
from khorgos_map.errors import UsageError
from khorgos_map.export.measured_report import SOFTWARE, Report, report_of
from khorgos_map.export.sheet_frame import Box, Frame
from khorgos_map.export.sheet_map import draw_map
from khorgos_map.export.sheet_paper import HEIGHT_MM, WIDTH_MM, Paper
from khorgos_map.export.sheet_words import Block, sheet_blocks
from khorgos_map.geodesy import pixel_m
from khorgos_map.measure.coordinates import UTM_NORTH, UTM_SOUTH, format_decimal, format_utm
from khorgos_map.measure.sketch import Sketch
from khorgos_map.text import Catalogue

_MARGIN, _MAP_TOP, _GAP, _FOOT_TOP, _LOWEST = 12.0, 29.0, 7.0, 262.0, 8.0
_LOWEST_MAP, _HIGHEST_MAP = 90.0, 175.0
_INNER = WIDTH_MM - 2 * _MARGIN
_ROW, _TEXT_PT, _SMALL_PT, _TITLE_PT = 4.1, 7.0, 6.2, 15.0
_INK, _SOFT, _SKETCH, _LINK = "1c2329", "56606a", "d4006a", "0b5a8a"
# columns of the table of points: where numbers end and texts begin
_COLUMNS = {"number": 8.0, "position": 12.0, "utm": 62.0, "leg": 132.0, "azimuth": 155.0, "total": _INNER}
_POINT_COLUMNS, _TEXT_COLUMNS = ("number", "position", "utm"), ("position", "utm")
_FEWEST_ROWS = 4
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
    pixels_m: Sequence[float] | None = None,
) -> bytes:
    """Return one A4 page as PDF: a map of the sketches, what was measured, how, and the link to the view.

    ``time`` is when, with its time zone; ``link`` the address that shows the sketches. ``pixels_m`` is for each
    sketch the size in metres of the pixel that its points were set to, 0 where they were typed or snapped;
    without it the one at the zoom of the link is taken. Where points or sketches are too many for the page,
    those in the middle are left out, which the page says; totals hold all. Equal input makes equal bytes.
    Raises `UsageError` where nothing has been drawn.
    """
    if not sketches:
        raise UsageError("nothing has been drawn: there is no sketch to put on a sheet")
    report = report_of(sketches, land_by_side(atlas), time=time, link=link, language=language)
    off_m = [_pixel_m(report.link)] * len(sketches) if pixels_m is None else pixels_m
    blocks = list(sheet_blocks(report, off_m, atlas))
    title = report.text("sheet.title")
    paper = Paper(title=title, language=language, time=time, program=report.program)
    wanted_mm = _ROW * sum(block.rows + block.point_rows for block in blocks)
    height = min(max(_FOOT_TOP - _MAP_TOP - _GAP - wanted_mm - _SLACK, _LOWEST_MAP), _HIGHEST_MAP)
    window = Box(_MARGIN, _MAP_TOP, _INNER, height)
    marked = [(block.mark, block.measurement) for block in blocks]
    frame = draw_map(paper, window, marked, atlas, report.text)
    page = _Page(paper, report.text)
    _write_head(page, report, frame, title)
    _write_blocks(page, blocks, window.bottom + _GAP)
    _write_foot(page, report)
    return paper.content()


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
    paper.text((_MARGIN, 24.5), named, size_pt=9, width=_INNER * 0.7, colour=_SKETCH)
    paper.text((right, 15), report.program, size_pt=8, right=True)
    written = report.time.replace("T", " ").replace("Z", " UTC")
    paper.text((right, 19), written, size_pt=_TEXT_PT, colour=_SOFT, right=True)
    scale = page.text("sheet.scale", denominator=number(frame.denominator, page.text))
    paper.text((right, 24.5), scale, size_pt=_TEXT_PT, colour=_SOFT, right=True)


def _write_blocks(page: _Page, blocks: Sequence[Block], y: float) -> None:
    """Write as many sketches as there is room for, and of their points what then still fits."""
    rows = int((_FOOT_TOP - y) / _ROW)
    kept = list(blocks)
    while len(kept) > 1 and sum(block.rows for block in kept) + (len(kept) < len(blocks)) > rows:
        kept.pop()
    missing = len(blocks) - len(kept)
    shares = _shared([block.point_rows for block in kept], rows - sum(b.rows for b in kept) - bool(missing))
    for block, share in zip(kept, shares, strict=True):
        _write_totals(page, block, y)
        y += block.rows * _ROW
        y += _write_points(page, block, y, share) * _ROW
    if missing:
        words = page.text("sheet.more", count=number(missing, page.text))
        page.paper.text((_MARGIN, y), words, size_pt=_TEXT_PT, width=_INNER, colour=_SKETCH)


def _shared(wanted: Sequence[int], rows: int) -> list[int]:
    """Return how many rows each gets: as many as it wants, or as those that want more get as well."""
    shares = [0] * len(wanted)
    for done, place in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        shares[place] = max(0, min(wanted[place], rows // (len(wanted) - done)))
        rows -= shares[place]
    return shares


def _write_totals(page: _Page, block: Block, y: float) -> None:
    paper, half = page.paper, _INNER / 2
    if block.title:
        paper.text((_MARGIN, y + 0.6 * _ROW), block.title, size_pt=9, width=_INNER, colour=_SKETCH)
        y += 2 * _ROW
    for place, (label, value) in enumerate(block.totals):
        x, row = _MARGIN + (place % 2) * (half + 3), y + place // 2 * _ROW
        value_width = min(paper.width(value, _TEXT_PT), half * 0.65)
        paper.text((x, row), label, size_pt=_TEXT_PT, width=half - 6 - value_width, colour=_SOFT)
        paper.text((x + half - 3, row), value, size_pt=_TEXT_PT, width=half * 0.65, right=True)
    y += math.ceil(len(block.totals) / 2) * _ROW
    for row, note in enumerate(block.notes):
        paper.text((_MARGIN, y + row * _ROW), note, size_pt=_TEXT_PT, width=_INNER)


def _write_points(page: _Page, block: Block, y: float, share: int) -> int:
    """Write the points in no more rows than their share, and return how many these took."""
    measured = block.measurement
    if share < min(_FEWEST_ROWS, block.point_rows):
        return 0
    listed = _listed(len(measured.positions), share)
    for name in _COLUMNS if measured.kind != "points" else _POINT_COLUMNS:
        words = "UTM" if name == "utm" else page.text(f"measure.{name}")
        _write_cell(page, name, y, words, size_pt=_SMALL_PT, colour=_SOFT)
    for row, i in enumerate(listed, start=1):
        if i is None:
            skipped = number(len(measured.positions) - len(listed) + 1, page.text)
            words = page.text("sheet.elided", count=skipped)
            _write_cell(page, "position", y + row * _ROW, words, size_pt=_SMALL_PT, colour=_SKETCH)
        else:
            for name, words in _cells(page, block, i):
                _write_cell(page, name, y + row * _ROW, words, size_pt=_TEXT_PT, colour=_INK)
    return len(listed) + 1


def _listed(count: int, share: int) -> list[int | None]:
    """Return which points are listed in so many rows, one of them for the heads; None for what is left out."""
    if count < share:
        return list(range(count))
    first = share // 2 - 1
    return [*range(first), None, *range(count - (share - 2 - first), count)]


def _cells(page: _Page, block: Block, i: int) -> Iterator[tuple[str, str]]:
    measured, text = block.measurement, page.text
    lon, lat = measured.positions[i]
    yield "number", f"{block.mark}{i + 1}"
    yield "position", format_decimal(lon, lat, digits_of(block.off_m))
    if UTM_SOUTH <= lat <= UTM_NORTH:
        yield "utm", format_utm(lon, lat)
    legs = told_legs(measured)
    if i < len(legs):
        yield "leg", quantities.length_to_sign(legs[i].length_m, text)
        yield "azimuth", quantities.azimuth(legs[i].azimuth_deg, text)
    if measured.cumulative_m:
        yield "total", quantities.length_to_sign(measured.cumulative_m[i], text)


def _write_cell(page: _Page, name: str, y: float, words: str, *, size_pt: float, colour: str) -> None:  # noqa: PLR0913
    right = name not in _TEXT_COLUMNS
    page.paper.text((_MARGIN + _COLUMNS[name], y), words, size_pt=size_pt, colour=colour, right=right)


def _write_foot(page: _Page, report: Report) -> None:
    paper, text = page.paper, page.text
    notes = [text("measured.method", software=SOFTWARE), text("sheet.map")]
    if any(one.measurement.beyond_land for one in report.sketches):
        notes.append(text("measured.beyond"))
    y = paper.paragraph((_MARGIN, _FOOT_TOP), " ".join(notes), size_pt=_SMALL_PT, width=_INNER)
    y = paper.paragraph((_MARGIN, y + 0.6), text("sheet.credits"), size_pt=_SMALL_PT, width=_INNER) + 0.6
    target = report.link if report.link.startswith(("http://", "https://")) else ""
    lines = int((HEIGHT_MM - _LOWEST - y) / (1.3 * _SMALL_PT * 25.4 / 72))
    words = paper.cut(report.link, _SMALL_PT, 0.97 * _INNER * lines)
    paper.paragraph((_MARGIN, y), words, size_pt=_SMALL_PT, width=_INNER, colour=_LINK, link=target)
