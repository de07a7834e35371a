"""The tables of points on a measurement sheet: in one row a point while there is room, else in two columns."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from khorgos_map.draw import quantities
from khorgos_map.draw.measured import position_words
from khorgos_map.draw.totals import off_length_m, told_legs
from khorgos_map.draw.words import number
from khorgos_map.export.sheet_paper import INK, SKETCH, SOFT, Paper, Place
from khorgos_map.export.sheet_words import Block
from khorgos_map.measure.uncertainty import leg_uncertainty_m
from khorgos_map.measure.units import LengthUnit
from khorgos_map.text import Catalogue

_TEXT_FIELDS = ("position", "second")
# heads, the first and the last point, and what tells of those between
_FEWEST_ROWS = 3


@dataclass(frozen=True)
class _Style:
    """How points are set: in how many columns, how wide these are and how high a row is.

    Of each field it has where texts begin and numbers end in the column, and how wide they may be.
    """

    columns: int
    width_mm: float
    gutter_mm: float
    row_mm: float
    size_pt: float
    head_pt: float
    fields: Mapping[str, tuple[float, float]]


_ROOMY = _Style(
    columns=1,
    width_mm=186.0,
    gutter_mm=0.0,
    row_mm=4.1,
    size_pt=7.0,
    head_pt=6.2,
    fields={
        "number": (8, 12),
        "position": (12, 48),
        "second": (62, 44),
        "leg": (132, 26),
        "azimuth": (155, 22),
        "total": (186, 30),
    },
)
_DENSE = _Style(
    columns=2,
    width_mm=89.0,
    gutter_mm=8.0,
    row_mm=3.4,
    size_pt=6.2,
    head_pt=5.5,
    fields={
        "number": (6, 8),
        "position": (8, 33),
        "leg": (58.5, 17),
        "azimuth": (67.5, 8.5),
        "total": (89, 21),
    },
)
_DENSE_POINTS = dataclasses.replace(
    _DENSE, fields={"number": (6, 8), "position": (8, 42), "second": (52, 37)}
)


@dataclass(frozen=True)
class Table:
    """The points of a sketch in so many rows a column, below their heads; no row: they are not listed."""

    block: Block
    style: _Style
    rows: int

    @property
    def height_mm(self) -> float:
        """How high it is with its heads."""
        return (self.rows + 1) * self.style.row_mm if self.rows else 0.0


def tables_of(blocks: Sequence[Block], room_mm: float) -> list[Table]:
    """Return a table a block that fit into so many millimetres together: as roomy as may be, else as many points."""
    tables = [Table(block, _ROOMY, len(block.measurement.positions)) for block in blocks]
    for place in sorted(range(len(tables)), key=lambda i: tables[i].rows, reverse=True):
        if _height_mm(tables) <= room_mm:
            return tables
        tables[place] = _dense(blocks[place])
    return tables if _height_mm(tables) <= room_mm else _shortened(tables, room_mm)


def _height_mm(tables: Sequence[Table]) -> float:
    return math.fsum(table.height_mm for table in tables)


def _dense(block: Block) -> Table:
    style = _DENSE_POINTS if block.measurement.kind == "points" else _DENSE
    return Table(block, style, math.ceil(len(block.measurement.positions) / style.columns))


def _shortened(tables: Sequence[Table], room_mm: float) -> list[Table]:
    """Return dense tables with rows left out; the last ones have none if each had too few."""
    wanted = [table.rows + 1 for table in tables]
    for listed in range(len(tables), 0, -1):
        shares = _shared(wanted[:listed], int(room_mm / _DENSE.row_mm))
        if all(share >= min(_FEWEST_ROWS, want) for share, want in zip(shares, wanted, strict=False)):
            break
    else:
        shares = []
    shares += [1] * (len(tables) - len(shares))
    return [Table(table.block, table.style, share - 1) for table, share in zip(tables, shares, strict=True)]


def _shared(wanted: Sequence[int], rows: int) -> list[int]:
    """Return how many rows each gets: as many as it wants, or as those that want more get as well."""
    shares = [0] * len(wanted)
    for done, place in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        shares[place] = max(0, min(wanted[place], rows // (len(wanted) - done)))
        rows -= shares[place]
    return shares


def write_table(paper: Paper, table: Table, place: Place, text: Catalogue) -> None:
    """Write a table from its upper left corner, column by column; those left out are told of in the middle."""
    style, count = table.style, len(table.block.measurement.positions)
    left, y = place
    listed = _listed(count, table.rows * style.columns)
    for slot, i in enumerate(listed):
        column, row = divmod(slot, table.rows)
        x, base = left + column * (style.width_mm + style.gutter_mm), y + (row + 1) * style.row_mm
        if not row:
            _write_heads(paper, table, (x, y), text)
        if i is None:
            words = text("sheet.elided", count=number(count - len(listed) + 1, text))
            begins, _ = style.fields["position"]
            room_mm = style.width_mm - begins
            paper.text((x + begins, base), words, size_pt=style.head_pt, width=room_mm, colour=SKETCH)
        else:
            for field, words in _cells(table.block, i, text):
                _write_cell(paper, style, field, (x, base), words, size_pt=style.size_pt, colour=INK)


def _listed(count: int, slots: int) -> list[int | None]:
    """Return which points are listed in so many places, a row each; None for what is left out."""
    if count <= slots:
        return list(range(count))
    first = slots // 2
    return [*range(first), None, *range(count - (slots - 1 - first), count)]


def _write_heads(paper: Paper, table: Table, place: Place, text: Catalogue) -> None:
    style, measured = table.style, table.block.measurement
    position, second = text("measure.position"), "UTM"
    if table.block.asked.form == "utm":
        position, second = second, position
    heads = {"number": text("measure.number"), "position": position, "second": second}
    if measured.kind != "points":
        heads |= {field: text(f"measure.{field}") for field in ("leg", "azimuth", "total")}
    for field, words in heads.items():
        _write_cell(paper, style, field, place, words, size_pt=style.head_pt, colour=SOFT)


def _cells(block: Block, i: int, text: Catalogue) -> Iterator[tuple[str, str]]:
    measured, unit = block.measurement, block.asked.length
    lon, lat = measured.positions[i]
    yield "number", f"{block.mark}{i + 1}"
    yield from zip(_TEXT_FIELDS, _forms(block, lon, lat), strict=False)
    pixel_m, legs = block.off_m or 0.0, told_legs(measured)
    if i < len(legs):
        leg = legs[i]
        yield "leg", _length(leg.length_m, unit, leg_uncertainty_m(pixel_m), text)
        yield "azimuth", quantities.azimuth(leg.azimuth_deg, text)
    if measured.cumulative_m:
        yield "total", _length(measured.cumulative_m[i], unit, off_length_m(measured, pixel_m), text)


def _length(length_m: float, unit: LengthUnit | None, off_m: float | None, text: Catalogue) -> str:
    if unit:
        return quantities.length(length_m, text, unit, off_m=off_m)
    return quantities.length_to_sign(length_m, text, off_m=off_m)


def _forms(block: Block, lon: float, lat: float) -> list[str]:
    """Return a position in the form asked for and in another one, as far as UTM reaches."""
    asked = dataclasses.replace(block.asked, pixel_m=block.off_m or 0.0)
    other = dataclasses.replace(asked, form="decimal" if asked.form == "utm" else "utm")
    return list(dict.fromkeys(position_words(lon, lat, choices) for choices in (asked, other)))


def _write_cell(  # noqa: PLR0913  # a text, where, and how it is set
    paper: Paper, style: _Style, field: str, place: Place, words: str, *, size_pt: float, colour: str
) -> None:
    if field in style.fields:
        (x, y), (offset, width) = place, style.fields[field]
        right = field not in _TEXT_FIELDS
        paper.text((x + offset, y), words, size_pt=size_pt, width=width, colour=colour, right=right)
