"""Tables with coordinates: columns of longitude and latitude, one with both, or one of well-known text."""

from __future__ import annotations

import csv
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, Protocol

import numpy as np
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from khorgos_map.errors import Note
from khorgos_map.measure.coordinates import PositionError, parse_position
from khorgos_map.measure.upload.columns import Columns, columns_in
from khorgos_map.measure.upload.numbers import number
from khorgos_map.measure.upload.records import (
    MAX_PROPERTIES,
    MAX_VALUES,
    Geometries,
    Layer,
    Properties,
    Read,
    Row,
    Taken,
    UploadError,
    UploadLimitError,
)
from khorgos_map.measure.upload.sound import told
from khorgos_map.measure.upload.text_code import encoding_of, lines_of
from khorgos_map.measure.upload.words import clean, name_in, words_of
from khorgos_map.measure.written import Axis, read_angles

_DELIMITERS = (",", ";", "\t", "|")
_NONE = "\x1f"
_LIMITS_DEG = (180.0, 90.0)
_MAX_DEPTH = 16
_BRACKET = re.compile(r"[()]")
_SAID_DELIMITER = re.compile(r"sep=(.)", re.IGNORECASE)
_COMMENTS = ("#", "//", "%")
# A title and an empty row or two may stand before the names of the columns.
_LINES_BEFORE = 10
# A cell takes some 100 ns to read; text with commas in its cells has as many as there are positions.
_MAX_CELLS = 5_000_000
_MAX_LINES = 1_000_000
_MOST_TOLD = 12


class _Reader(Protocol):
    """What the csv module gives."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


class _Begins(NamedTuple):
    """Where a table begins: its columns, its delimiter, and the lines before."""

    columns: Columns
    delimiter: str
    lines_before: int


def read_table(data: bytes, taken: Taken) -> Read | None:
    """Return the rows of a table whose first row names columns of coordinates; None if this is no table.

    Raises `UploadError` for a table in which none are named, or that is damaged, or whose coordinates cannot be
    degrees: a table has no place to declare another system.
    """
    if b"\0" in data[:1000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    codec, guess = encoding_of(data)
    first = [line[:100_000] for line in islice(lines_of(data, codec), _LINES_BEFORE + 2)]
    begins = _begin(first)
    if begins is None:
        _refuse_unnamed(first)
        return None
    if data.count(begins.delimiter.encode()) > _MAX_CELLS or data.count(b"\n") > _MAX_LINES:
        raise UploadLimitError("upload.error.values", limit=f"{MAX_VALUES:,}", characters=30)
    lines = islice(lines_of(data, codec), begins.lines_before, None)
    rows = csv.reader(lines, delimiter=begins.delimiter)
    layer, notes = layer_of(_numbered(rows, begins.lines_before), begins.columns, taken)
    if guess:
        notes = (Note("upload.encoding", {"encoding": guess}), *notes)
    return Read("CSV", (layer,), notes)


def _begin(lines: Sequence[str]) -> _Begins | None:
    """Return where the names of the columns stand: in the first line in which coordinates are named."""
    said: str | None = None
    for before, line in enumerate(lines[:_LINES_BEFORE]):
        text = line.strip("\r\n\ufeff")
        if (found := _SAID_DELIMITER.fullmatch(text)) and before == 0:
            said = found[1]
        elif text.strip() and not text.startswith(_COMMENTS):
            for delimiter in (said,) if said else (*_DELIMITERS, _NONE):
                names = [text] if delimiter == _NONE else _cells(text, delimiter)
                columns = columns_in(names)
                if columns and (len(names) > 1 or delimiter == _NONE or columns.text is not None):
                    return _Begins(columns, delimiter, before)
    return None


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _refuse_unnamed(lines: Sequence[str]) -> None:
    """Raise `UploadError` with the names of the columns, if lines are those of a table."""
    written = [line.strip("\r\n\ufeff") for line in lines if line.strip() and not line.startswith(_COMMENTS)]
    for delimiter in _DELIMITERS:
        rows = [_cells(line, delimiter) for line in written[:3]]
        if len(rows) > 1 and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1:
            raise unnamed(rows[0])


def unnamed(header: Sequence[str]) -> UploadError:
    """Return the refusal of a table in which no columns of coordinates are named."""
    told = [clean(name) or "–" for name in header[:_MOST_TOLD]] + ["…"] * (len(header) > _MOST_TOLD)
    return UploadError("upload.error.columns", columns=", ".join(told))


def _numbered(rows: _Reader, before: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the names of the columns, numbered as a spreadsheet counts them."""
    try:
        next(rows)
        for row_number, row in enumerate(rows, before + 2):
            if any(row) and not row[0].startswith("#"):
                yield row_number, row
    except csv.Error:
        raise UploadError(
            "upload.error.cell", line=before + rows.line_num, limit=f"{csv.field_size_limit():,}"
        ) from None


def layer_of(
    rows: Iterable[tuple[int, list[str]]], columns: Columns, taken: Taken
) -> tuple[Layer, tuple[Note, ...]]:
    """Return the rows of a table as shapes, and notes on what was left out; raises what `read_table` does."""
    if len(columns.header) > MAX_PROPERTIES:
        raise UploadLimitError("upload.error.many_columns", limit=f"{MAX_PROPERTIES:,}")
    found = _Rows(columns, taken)
    for row_number, row in rows:
        found.take(row_number, row)
    return found.layer()


class _Rows:
    """The rows of a table while it is being read."""

    def __init__(self, columns: Columns, taken: Taken) -> None:
        self._columns, self._taken = columns, taken
        self._numbers = array("q")
        self._rows: list[Row] = []
        self._texts: list[BaseGeometry | None] = []
        self._positions = array("d")

    def take(self, row_number: int, row: list[str]) -> None:
        self._taken.take_shapes()
        self._numbers.append(row_number)
        words = self._taken.take_properties(self._words(row))
        self._rows.append(Row(name_in(words), words))
        if self._columns.text is not None:
            text = _cell(row, self._columns.text)
            # between two positions, and between two parts, stands a comma
            self._taken.take_positions(text.count(",") + 1)
            self._texts.append(_from_text(text))
        else:
            self._taken.take_positions(1)
            self._positions.extend(self._position(row))

    def _words(self, row: list[str]) -> Properties:
        own = self._columns[1:5]
        cells = enumerate(zip(self._columns.header, row, strict=False))
        return words_of(cell for place, cell in cells if place not in own)

    def _position(self, row: list[str]) -> tuple[float, float]:
        """Return the position of a row: infinite where its cells are empty, NaN where they are something else."""
        if self._columns.both is not None:
            return _both(_cell(row, self._columns.both), longitude_first=self._columns.longitude_first)
        lon, lat = _cell(row, self._columns.longitude), _cell(row, self._columns.latitude)
        if not lon and not lat:
            return _NOWHERE
        return _angle(lon, "lon"), _angle(lat, "lat")

    def layer(self) -> tuple[Layer, tuple[Note, ...]]:
        numbers = self._numbers.tolist()
        if self._columns.text is not None:
            geometries: Geometries = np.empty(len(self._texts), dtype=object)
            geometries[:] = self._texts
        else:
            positions = np.frombuffer(self._positions).reshape(-1, 2) if self._positions else np.empty((0, 2))
            geometries = np.asarray(shapely.points(positions), dtype=object)
            geometries[np.isinf(positions).all(axis=1)] = Point()
            geometries[np.isnan(positions).any(axis=1)] = None
        beyond = self._beyond(geometries)
        geometries[beyond] = None
        notes: tuple[Note, ...] = ()
        if beyond:
            notes = (
                Note(
                    "upload.beyond_degrees",
                    {"count": len(beyond), "which": told([numbers[row] for row in beyond])},
                ),
            )
        return Layer(geometries, self._rows, numbers=numbers), notes

    def _beyond(self, geometries: Geometries) -> list[int]:
        """Return which rows are not in degrees; raises `UploadError` where they are more than one in ten."""
        positions, owners = shapely.get_coordinates(geometries, return_index=True)
        # what is not finite is left out later, as in any format
        wrong = np.isfinite(positions) & (np.abs(positions) > _LIMITS_DEG)
        if not wrong.any():
            return []
        beyond = np.unique(owners[wrong.any(axis=1)])
        if 10 * len(beyond) > len(geometries):
            first = wrong.any(axis=1).argmax()
            raise self._no_degrees(int(owners[first]), positions[first].tolist(), wrong[first].tolist())
        return [int(row) for row in beyond]

    def _no_degrees(self, row: int, position: Sequence[float], wrong: Sequence[bool]) -> UploadError:
        columns = self._columns
        lon, lat = (f"{value:.10g}" for value in position)
        if columns.text is not None or columns.both is not None:
            cells = {columns.text if columns.both is None else columns.both: f"{lon} {lat}"}
        else:
            both = zip((columns.longitude, columns.latitude), (lon, lat), wrong, strict=True)
            cells = {column: value for column, value, bad in both if bad}
        told = ", ".join(
            f"{clean(columns.header[column])} = {value}"
            for column, value in sorted((c, v) for c, v in cells.items() if c is not None)
        )
        return UploadError("upload.error.row_degrees", row=self._numbers[row], cells=told)


_NOWHERE, _UNREADABLE = (float("inf"), float("inf")), (float("nan"), float("nan"))


def _angle(cell: str, axis: Axis) -> float:
    """Return an angle in degrees, as a number or with signs and letters; NaN for what is none."""
    plain = number(cell)
    if plain is not None:
        # infinite stands for an empty cell
        return plain if np.isfinite(plain) else float("nan")
    angles = read_angles(cell)
    if not angles or len(angles) > 1 or angles[0].axis not in (axis, None):
        return float("nan")
    return angles[0].degrees


def _both(cell: str, *, longitude_first: bool) -> tuple[float, float]:
    if not cell:
        return _NOWHERE
    try:
        first, second = parse_position(cell)
    except PositionError as error:
        # "80.4, 95" can be longitude first only
        return _UNREADABLE if error.reason != "swapped" else _swapped(cell)
    named = any(angle.axis for angle in read_angles(cell) or ())
    return (second, first) if longitude_first and not named else (first, second)


def _swapped(cell: str) -> tuple[float, float]:
    angles = read_angles(cell)
    return (angles[0].degrees, angles[1].degrees) if angles and len(angles) == 2 else _UNREADABLE


def _cell(row: list[str], column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


def _from_text(text: str) -> BaseGeometry | None:
    if not text:
        return Point()
    depth = deepest = 0
    for bracket in _BRACKET.findall(text):
        depth += 1 if bracket == "(" else -1
        deepest = max(deepest, depth)
    # GEOS follows nesting as deep as it goes, to the end of the process
    if deepest > _MAX_DEPTH or "\0" in text:
        return None
    text = text.partition(";")[2] if text[:5].upper() == "SRID=" else text
    with np.errstate(
        over="ignore", invalid="ignore"
    ):  # a number too large is infinite, which is refused with all that are
        return shapely.from_wkt(text, on_invalid="ignore")
