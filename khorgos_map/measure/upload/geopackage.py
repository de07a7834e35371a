"""GeoPackage: all layers of features, after OGC 12-128r19, read by GDAL once SQLite has looked at how much they hold.

SQLite looks from a copy in memory, as it advises for files from strangers: no schema is trusted, work and memory are
bounded, and of the functions of SQL only those that count are allowed.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import NamedTuple

from pyproj import CRS

from khorgos_map.errors import Note
from khorgos_map.measure.upload import ogr
from khorgos_map.measure.upload.crs import crs_from_code, crs_from_wkt
from khorgos_map.measure.upload.records import (
    MAX_FILE_BYTES,
    MAX_POSITIONS,
    MAX_SHAPES,
    MAX_UNPACKED_BYTES,
    Read,
    Taken,
    UploadError,
    UploadLimitError,
)
from khorgos_map.measure.upload.wkb import Parts
from khorgos_map.measure.upload.words import clean

MAGIC = b"SQLite format 3\0"
_DAMAGED = "upload.error.database"
_MAX_STEPS = 100_000_000
_STEPS_BETWEEN_LOOKS = 1_000_000
_MAX_LAYERS = 200
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA)
_FUNCTIONS = ("count", "sum", "length", "max", "total")
# GDAL makes all parts of a geometry before it can be counted here.
_LARGE_BYTES = 100_000
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_UNDEFINED = (-1, 0)
_OWN_TABLES = {"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"}


class _Found(NamedTuple):
    table: str
    geometry: str
    is_view: bool
    crs: CRS | None


def read_geopackage(data: bytes, taken: Taken) -> Read:
    """Return the feature layers of a GeoPackage; raises `UploadError` for a database that is damaged or another."""
    # a database that was written with a log beside it says so in two bytes; its log is not here
    if data[18:20] != b"\1\1":
        data = b"".join((memoryview(data)[:18], b"\1\1", memoryview(data)[20:]))
    notes: list[Note] = []
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            _open(database, data)
            found = _looked_at(database, notes)
            if notes:
                data = _without_views(database, [str(note.values["layer"]) for note in notes])
    except MemoryError:  # SQLite says so of a value that is too long
        raise _too_large(MAX_UNPACKED_BYTES) from None
    except (sqlite3.Error, OverflowError, UnicodeDecodeError, UnicodeEncodeError):
        raise UploadError(_DAMAGED) from None
    layers = [
        ogr.read_layer(
            ogr.table_in(data, one.table, geometry=one.geometry, damaged=_DAMAGED),
            taken,
            name=one.table if len(found) > 1 else "",
            crs=one.crs,
            numbered=not one.is_view,
        )
        for one in found
    ]
    told = [Note(note.key, {"layer": clean(str(note.values["layer"]))}) for note in notes]
    return Read("GeoPackage", tuple(layers), tuple(told))


def _open(database: sqlite3.Connection, data: bytes) -> None:
    database.deserialize(data)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "query_only = ON"):
        database.execute(f"PRAGMA {pragma}")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_FILE_BYTES)
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    looks = iter(range(_MAX_STEPS // _STEPS_BETWEEN_LOOKS))
    database.set_progress_handler(lambda: next(looks, None) is None, _STEPS_BETWEEN_LOOKS)

    def authorized(action: int, _: str | None, name: str | None, *__: str | None) -> int:
        counts = action == sqlite3.SQLITE_FUNCTION and name in _FUNCTIONS
        return sqlite3.SQLITE_OK if counts or action in _ALLOWED else sqlite3.SQLITE_DENY

    database.set_authorizer(authorized)


def _looked_at(database: sqlite3.Connection, notes: list[Note]) -> list[_Found]:
    """Return the layers that can be read; raises `UploadLimitError` for those that hold too much."""
    kinds = dict(
        database.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
    )
    if any(kinds.get(name) != "table" for name in _OWN_TABLES):
        raise UploadError(_DAMAGED)
    listed = database.execute(
        "SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents c JOIN gpkg_geometry_columns g "
        "ON g.table_name = c.table_name WHERE c.data_type = 'features' LIMIT ?",
        (_MAX_LAYERS,),
    ).fetchall()
    found = []
    for table, column, srs in listed:
        is_view = kinds.get(table) == "view"
        try:
            _bound(database, str(table), str(column))
        except sqlite3.Error:
            if not is_view:
                raise
            notes.append(Note("upload.view", {"layer": str(table)}))
        else:
            found.append(_Found(str(table), str(column), is_view, _crs(database, srs)))
    return found


def _without_views(database: sqlite3.Connection, views: list[str]) -> bytes:
    """Return the database without some views: GDAL has functions for them that reach out."""
    database.set_authorizer(None)
    database.execute("PRAGMA query_only = OFF")
    for view in views:
        database.execute(f"DROP VIEW {_quoted(view)}")
    database.commit()
    return bytes(database.serialize())


def _bound(database: sqlite3.Connection, table: str, geometry: str) -> None:
    """Raise `UploadLimitError` for a layer that holds too much; generated columns count by what they make."""
    info = database.execute(f"PRAGMA table_xinfo({_quoted(table)})").fetchall()
    words = " + ".join(f"total(length({_quoted(str(row[1]))}))" for row in info if row[1] != geometry) or "0"
    rows, geometry_bytes, characters = database.execute(
        f"SELECT count(*), total(length({_quoted(geometry)})), {words} "  # noqa: S608 - quoted
        f"FROM (SELECT * FROM {_quoted(table)} LIMIT {MAX_SHAPES + 1})"
    ).fetchone()
    if rows > MAX_SHAPES:
        raise UploadLimitError("upload.error.shapes", limit=f"{MAX_SHAPES:,}")
    if geometry_bytes > ogr.MAX_GEOMETRY_BYTES:
        raise UploadLimitError("upload.error.positions", limit=f"{MAX_POSITIONS:,}")
    if characters > MAX_UNPACKED_BYTES:
        raise _too_large(characters)
    parts = Parts()
    for (large,) in database.execute(
        f"SELECT {_quoted(geometry)} FROM {_quoted(table)} WHERE length({_quoted(geometry)}) > {_LARGE_BYTES} "  # noqa: S608 - quoted
    ):
        if isinstance(large, bytes) and len(large) > 8:
            parts.count(large, 8 + _ENVELOPE_BYTES[min(large[3] >> 1 & 0b111, 4)])


def _too_large(size_bytes: float) -> UploadLimitError:
    limit = MAX_UNPACKED_BYTES // 10**6
    return UploadLimitError("upload.error.bomb", size=int(size_bytes) // 10**6, limit=limit)


def _crs(database: sqlite3.Connection, srs: object) -> CRS | None:
    if srs in _UNDEFINED or not isinstance(srs, int):
        return None
    found = database.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (srs,),
    ).fetchone()
    if found is None:
        raise UploadError("upload.error.crs", crs=str(srs))
    organization, code, definition = (str(value) for value in found)
    if organization.upper() in ("EPSG", "ESRI"):
        return crs_from_code(f"{organization}:{code}")
    return crs_from_wkt(definition)


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
