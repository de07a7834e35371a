"""GeoPackage: all layers of features, after OGC 12-128r19.

The database is read by SQLite itself, from a copy in memory, as SQLite advises for files from strangers: no schema
is trusted, no function of SQL is allowed, work and memory are bounded. A view is not read, as it can compute.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import shapely
from pyproj import CRS
from shapely import Point
from shapely.geometry.base import BaseGeometry

from khorgos_map.errors import Note
from khorgos_map.measure.upload.crs import crs_from_code, crs_from_wkt
from khorgos_map.measure.upload.records import (
    MAX_FILE_BYTES,
    MAX_PROPERTIES,
    MAX_SHAPES,
    MAX_UNPACKED_BYTES,
    Layer,
    Read,
    UploadError,
    UploadLimitError,
)
from khorgos_map.measure.upload.wkb import is_plain_wkb
from khorgos_map.measure.upload.words import clean, name_in, words_of

MAGIC = b"SQLite format 3\0"
_MAX_STEPS = 400_000_000
_STEPS_BETWEEN_LOOKS = 1_000_000
_MAX_LAYERS = 200
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA)
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_UNDEFINED = (-1, 0)


def read_geopackage(data: bytes) -> Read:
    """Return the feature layers of a GeoPackage; raises `UploadError` for a database that is damaged or another."""
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            _open(database, data)
            return _read(database)
    except (sqlite3.Error, OverflowError, UnicodeDecodeError, UnicodeEncodeError):
        raise UploadError("upload.error.database") from None


def _open(database: sqlite3.Connection, data: bytes) -> None:
    # a database that was written with a log beside it says so in two bytes; its log is not here
    database.deserialize(data[:18] + b"\1\1" + data[20:])
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "query_only = ON"):
        database.execute(f"PRAGMA {pragma}")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_FILE_BYTES)
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    looks = iter(range(_MAX_STEPS // _STEPS_BETWEEN_LOOKS))
    database.set_progress_handler(lambda: next(looks, None) is None, _STEPS_BETWEEN_LOOKS)
    database.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
    )


def _read(database: sqlite3.Connection) -> Read:
    tables = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    if not {"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} <= set(tables):
        raise UploadError("upload.error.database")
    listed = database.execute(
        "SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents c JOIN gpkg_geometry_columns g "
        "ON g.table_name = c.table_name WHERE c.data_type = 'features' LIMIT ?",
        (_MAX_LAYERS,),
    ).fetchall()
    layers: list[Layer] = []
    notes: list[Note] = []
    for table, column, srs in listed:
        if str(tables.get(table, "")).upper().startswith("CREATE TABLE"):
            layers.append(_layer(database, str(table), str(column), srs))
        else:
            notes.append(Note("upload.view", {"layer": clean(str(table))}))
    return Read("GeoPackage", tuple(layers), tuple(notes))


def _layer(database: sqlite3.Connection, table: str, geometry: str, srs: object) -> Layer:
    info = database.execute(f"PRAGMA table_info({_quoted(table)})").fetchall()
    others = [str(row[1]) for row in info if row[1] != geometry][:MAX_PROPERTIES]
    names = ", ".join(_quoted(name) for name in (geometry, *others))
    rows = database.execute(f"SELECT {names} FROM {_quoted(table)} LIMIT {MAX_SHAPES + 1}")  # noqa: S608 - quoted
    geometries: list[BaseGeometry | None] = []
    properties: list[dict[str, str]] = []
    for blob, *values in _bounded(rows):
        geometries.append(_geometry(blob))
        properties.append(words_of(zip(others, values, strict=True)))
    return Layer(geometries, [name_in(words) for words in properties], properties, _crs(database, srs))


def _bounded(rows: Iterator[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    """Yield rows as long as all that they hold is no more than a file may unpack to; they can share their bytes."""
    size_bytes = 0
    for row in rows:
        size_bytes += sum(len(value) for value in row if isinstance(value, bytes | str))
        if size_bytes > MAX_UNPACKED_BYTES:
            limit = MAX_UNPACKED_BYTES // 10**6
            raise UploadLimitError("upload.error.bomb", size=size_bytes // 10**6, limit=limit)
        yield row


def _geometry(blob: object) -> BaseGeometry | None:
    """Return the geometry behind the header of section 2.1.3 of the standard; None where it is broken."""
    if blob is None:
        return Point()
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        return None
    flags = blob[3]
    envelope = flags >> 1 & 0b111
    if flags & 0b100000 or envelope >= len(_ENVELOPE_BYTES):
        return None
    wkb = blob[8 + _ENVELOPE_BYTES[envelope] :]
    return shapely.from_wkb(wkb, on_invalid="ignore") if is_plain_wkb(wkb) else None


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
