"""Tables with coordinates: columns of longitude and latitude, of x and y, or of well-known text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from khorgos_map.errors import Note
from khorgos_map.measure.upload.numbers import number
from khorgos_map.measure.upload.records import MAX_SHAPES, Layer, Read, UploadError, UploadLimitError
from khorgos_map.measure.upload.text_code import decoded
from khorgos_map.measure.upload.words import clean, name_in, words_of

_DELIMITERS = (",", ";", "\t", "|")
_LONGITUDES = ("lon", "lng", "long", "longitude", "x", "easting", "бойлық", "долгота", "经度")
_LATITUDES = ("lat", "latitude", "y", "northing", "ендік", "широта", "纬度")
_TEXTS = ("wkt", "geometry", "geom", "the_geom", "wkt_geom")
_LIMITS_DEG = (180.0, 90.0)
_MAX_DEPTH = 16
_BRACKET = re.compile(r"[()]")


class _Columns(NamedTuple):
    delimiter: str
    header: list[str]
    longitude: int | None
    latitude: int | None
    text: int | None


def read_table(data: bytes) -> Read | None:
    """Return the rows of a table whose first row names columns of coordinates; None if these are not there.

    Raises `UploadError` for a table that has them but is damaged, or whose coordinates cannot be degrees: a table
    has no place to declare another system.
    """
    if b"\0" in data[:1000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    text, encoding = decoded(data)
    first_line = text.lstrip("\r\n").partition("\n")[0].strip("\r")
    columns = next(filter(None, (_columns(first_line, delimiter) for delimiter in _DELIMITERS)), None)
    if columns is None:
        return None
    notes = (Note("upload.encoding", {"encoding": encoding}),) if encoding else ()
    return Read("CSV", (_layer(text, columns),), notes)


def _columns(line: str, delimiter: str) -> _Columns | None:
    try:
        header = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return None
    names = [name.strip().casefold() for name in header]
    found = [_first(names, known) for known in (_LONGITUDES, _LATITUDES, _TEXTS)]
    if found[2] is None and None in found[:2]:
        return None
    return _Columns(delimiter, header, *found)


def _first(names: Sequence[str], known: Sequence[str]) -> int | None:
    return next((names.index(name) for name in known if name in names), None)


def _layer(text: str, columns: _Columns) -> Layer:
    geometries: list[BaseGeometry | None] = []
    properties: list[dict[str, str]] = []
    row_numbers: list[int] = []
    rows = csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=columns.delimiter)
    try:
        next(rows)
        # rows as a spreadsheet counts them: the names of the columns are row 1
        for row_number, row in enumerate(rows, 2):
            if not any(row):
                continue
            geometries.append(_geometry(row, columns))
            row_numbers.append(row_number)
            properties.append(_words(row, columns))
            if len(geometries) > MAX_SHAPES:
                raise UploadLimitError("upload.error.shapes", limit=f"{MAX_SHAPES:,}")
    except csv.Error:
        raise UploadError(
            "upload.error.cell", line=rows.line_num, limit=f"{csv.field_size_limit():,}"
        ) from None
    _all_degrees(geometries, row_numbers, columns)
    return Layer(geometries, [name_in(words) for words in properties], properties)


def _words(row: list[str], columns: _Columns) -> dict[str, str]:
    own = (columns.longitude, columns.latitude, columns.text)
    cells = enumerate(zip(columns.header, row, strict=False))
    return words_of(cell for place, cell in cells if place not in own)


def _geometry(row: list[str], columns: _Columns) -> BaseGeometry | None:
    """Return the geometry of a row, empty where its cells are, None where they are something else."""
    if columns.text is not None:
        return _from_text(_cell(row, columns.text))
    cells = _cell(row, columns.longitude), _cell(row, columns.latitude)
    if not any(cells):
        return Point()
    lon, lat = map(number, cells)
    return None if lon is None or lat is None else Point(lon, lat)


def _all_degrees(geometries: list[BaseGeometry | None], row_numbers: list[int], columns: _Columns) -> None:
    positions, owners = shapely.get_coordinates(geometries, return_index=True)
    # what is not finite is refused later, as in any format
    wrong = np.isfinite(positions) & (np.abs(positions) > _LIMITS_DEG)
    if not wrong.any():
        return
    first = wrong.any(axis=1).argmax()
    lon, lat = (f"{value:.10g}" for value in positions[first])
    if columns.text is not None:
        cells = {columns.text: f"{lon} {lat}"}
    else:
        both = zip((columns.longitude, columns.latitude), (lon, lat), wrong[first], strict=True)
        cells = {column: value for column, value, bad in both if bad and column is not None}
    told = ", ".join(f"{clean(columns.header[column])} = {value}" for column, value in sorted(cells.items()))
    raise UploadError("upload.error.row_degrees", row=row_numbers[owners[first]], cells=told)


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
    with np.errstate(over="ignore"):  # a number too large is infinite, which is refused with all that are
        return shapely.from_wkt(text, on_invalid="ignore")
