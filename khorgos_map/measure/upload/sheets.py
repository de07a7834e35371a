"""Workbooks of spreadsheet programs (XLSX): the first sheet in which columns of coordinates are named."""

from __future__ import annotations

from collections.abc import Iterator

from khorgos_map.measure.upload import ogr
from khorgos_map.measure.upload.columns import columns_in
from khorgos_map.measure.upload.records import Read, Taken, UploadError
from khorgos_map.measure.upload.table import layer_of, unnamed
from khorgos_map.measure.upload.words import text_of

SHEETS = "xl/workbook.xml"
_DAMAGED = "upload.error.damaged"
_MAX_SHEETS = 20
_ROWS_BEFORE = 10


def read_sheets(data: bytes, taken: Taken) -> Read:
    """Return the rows of the first sheet whose columns of coordinates are named.

    Raises `UploadError` for a workbook that is damaged or has no such sheet, with the columns of its first.
    """
    first: list[str] = []
    for sheet in ogr.sheets_in(data, damaged=_DAMAGED)[:_MAX_SHEETS]:
        table = ogr.table_in(data, sheet, damaged=_DAMAGED)
        rows = list(_rows(table))
        first = first or next((row for row in rows if any(row)), [])
        for before, row in enumerate(rows[:_ROWS_BEFORE]):
            columns = columns_in(row)
            if columns:
                numbered = (
                    (number, row) for number, row in enumerate(rows[before + 1 :], before + 2) if any(row)
                )
                layer, notes = layer_of(numbered, columns, taken)
                return Read("XLSX", (layer,), notes)
    raise unnamed(first) if first else UploadError("upload.error.empty")


def _rows(table: ogr.Table) -> Iterator[list[str]]:
    """Yield the rows of a sheet as texts, the names of its columns, as GDAL takes them, first."""
    yield [name if not name.startswith("Field") else "" for name in table.fields]
    for row in ogr.rows_of(table):
        yield ["" if value is None else text_of(value) for value in row]
