"""Workbooks of spreadsheet programs (XLSX): the first sheet in which columns of coordinates are named."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from khorgos_map.measure.upload.columns import columns_in
from khorgos_map.measure.upload.records import MAX_PROPERTIES, Read, Taken, UploadError, UploadLimitError
from khorgos_map.measure.upload.table import layer_of, unnamed
from khorgos_map.measure.upload.words import text_of

SHEETS = "xl/workbook.xml"
# A cell has some 30 bytes, and takes some 5 microseconds to read.
MAX_SHEETS_BYTES = 30_000_000
_MAX_SHEETS = 20
_ROWS_BEFORE = 10
_DAMAGED = (
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    SyntaxError,
    OSError,
)


def read_sheets(data: bytes, taken: Taken) -> Read:
    """Return the rows of the first sheet whose columns of coordinates are named.

    Raises `UploadError` for a workbook that is damaged or has no such sheet, with the columns of its first.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > MAX_SHEETS_BYTES:
        limit = MAX_SHEETS_BYTES // 10**6
        raise UploadLimitError("upload.error.bomb", size=unpacked // 10**6, limit=limit)
    try:
        return _read(data, taken)
    except UploadError:
        raise
    except _DAMAGED:  # whatever openpyxl meets in a part that is not as it should be
        raise UploadError("upload.error.damaged") from None


def _read(data: bytes, taken: Taken) -> Read:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    first: list[str] = []
    for sheet in book.worksheets[:_MAX_SHEETS]:
        rows = _rows(sheet)
        begins = list(islice(rows, _ROWS_BEFORE))
        first = first or next((row for _, row in begins if any(row)), [])
        for place, (_, row) in enumerate(begins):
            columns = columns_in(row)
            if columns:
                below = chain(begins[place + 1 :], rows)
                layer, notes = layer_of(((n, cells) for n, cells in below if any(cells)), columns, taken)
                return Read("XLSX", (layer,), notes)
    raise unnamed(first) if first else UploadError("upload.error.empty")


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a sheet as texts, each with its number."""
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_PROPERTIES + 1), 1):
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        yield number, cells


def _text(value: object) -> str:
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return text_of(value) if isinstance(value, str | int | float) else ""
