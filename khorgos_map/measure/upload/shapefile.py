"""Shapefiles: what GDAL needs beside the shapes is made here, an index of the records and the encoding of the words.

After "ESRI Shapefile Technical Description" (Esri, July 1998) and the description of the table file at the Library of
Congress (dBASE Table File Format, DBF).
"""

from __future__ import annotations

import io
import struct
import zipfile
from array import array
from dataclasses import dataclass

from pyproj import CRS

from khorgos_map.errors import Note
from khorgos_map.measure.upload import ogr
from khorgos_map.measure.upload.crs import crs_from_wkt
from khorgos_map.measure.upload.records import MAX_POSITIONS, Layer, Taken, UploadError, UploadLimitError
from khorgos_map.measure.upload.text_code import guessed

_MAGIC = 9994
_HEADER_BYTES = 100
_MANY_PARTS = (3, 5, 13, 15, 23, 25, 31)
# GDAL compares every hole with the outlines round it.
_MAX_PARTS = 100_000
_MAX_PARTS_TOGETHER = 5_000
_DBF_HEADER_BYTES = 32
# what files say in their .cpg or the byte for the language, as Python calls it
_CODECS = {
    "UTF-8": "utf-8", "UTF8": "utf-8", "65001": "utf-8", "1251": "cp1251", "CP1251": "cp1251", "ANSI 1251": "cp1251",
    "WINDOWS-1251": "cp1251", "936": "gb18030", "CP936": "gb18030", "GBK": "gb18030", "GB2312": "gb18030",
    "GB18030": "gb18030", "ISO-8859-1": "latin-1", "88591": "latin-1", "1252": "cp1252", "CP1252": "cp1252",
    "866": "cp866", "CP866": "cp866",
}  # fmt: skip
_LANGUAGE_CODECS = {0x26: "cp866", 0x4D: "gb18030", 0x65: "cp866", 0xC9: "cp1251"}


@dataclass(frozen=True)
class Parts:
    """The files of one shapefile; all but the first may be empty."""

    shp: bytes
    dbf: bytes = b""
    prj: bytes = b""
    cpg: bytes = b""


def read_shapefile(parts: Parts, name: str, taken: Taken) -> tuple[Layer, tuple[Note, ...]]:
    """Return the shapes of a shapefile with their rows, without those whose row is deleted.

    Raises `UploadError` where it is damaged; one that ends too soon is read as far as it goes, and a note says so.
    """
    if len(parts.shp) > ogr.MAX_GEOMETRY_BYTES:
        raise UploadLimitError("upload.error.positions", limit=f"{MAX_POSITIONS:,}")
    index, is_cut = _index(parts.shp)
    members = {"a.shp": parts.shp, "a.shx": index}
    table = _table(parts.dbf)
    if table:
        members["a.dbf"] = table
    codec = _codec(parts.cpg, parts.dbf) if table else None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for member, body in members.items():
            archive.writestr(member, body)
    read = ogr.table_in(packed.getvalue(), 0, encoding="ISO-8859-1", damaged="upload.error.shapefile")
    if not table:
        read = read._replace(fields=(), columns=())
    layer = ogr.read_layer(read, taken, name=name, crs=_crs(parts.prj), codec=codec)
    return layer, (Note("upload.cut", {"layer": name or "shp"}),) if is_cut else ()


def _crs(prj: bytes) -> CRS | None:
    text = prj.decode("utf-8-sig", errors="replace").strip()
    return crs_from_wkt(text) if text else None


def _index(shp: bytes) -> tuple[bytes, bool]:
    """Return the index of the records that are whole, and whether the file ends within one."""
    if len(shp) < _HEADER_BYTES or struct.unpack_from(">i", shp)[0] != _MAGIC:
        raise UploadError("upload.error.shapefile")
    rows, parts = array("i"), 0
    at, is_cut = _HEADER_BYTES, False
    while at + 8 <= len(shp):
        (words,) = struct.unpack_from(">i", shp, at + 4)
        end = at + 8 + 2 * words
        if words < 2 or end > len(shp):
            is_cut = True
            break
        parts += _parts(shp, at + 8, words)
        if parts > _MAX_PARTS:
            raise UploadLimitError("upload.error.parts", limit=f"{_MAX_PARTS:,}")
        rows.extend((at // 2, words))
        at = end
    if not rows and is_cut:
        raise UploadError("upload.error.shapefile")
    rows.byteswap()
    size = (_HEADER_BYTES + len(rows) * rows.itemsize) // 2
    return shp[:24] + struct.pack(">i", size) + shp[28:_HEADER_BYTES] + rows.tobytes(), is_cut


def _parts(shp: bytes, at: int, words: int) -> int:
    """Return how many lines or rings a record has, of which there is a limit."""
    if words < 22 or struct.unpack_from("<i", shp, at)[0] not in _MANY_PARTS:
        return 0
    count: int = struct.unpack_from("<i", shp, at + 36)[0]
    if count > _MAX_PARTS_TOGETHER:
        raise UploadLimitError("upload.error.parts", limit=f"{_MAX_PARTS_TOGETHER:,}")
    return max(count, 0)


def _table(dbf: bytes) -> bytes:
    """Return a table that says nothing of its encoding, or nothing for one that is damaged.

    The words beside a shape matter less than the shape: a damaged table costs the words only.
    """
    if len(dbf) < _DBF_HEADER_BYTES:
        return b""
    header_bytes, row_bytes = struct.unpack_from("<HH", dbf, 8)
    if row_bytes < 2 or header_bytes < _DBF_HEADER_BYTES + 1 or header_bytes > len(dbf):
        return b""
    return dbf[:29] + b"\0" + dbf[30:]


def _codec(cpg: bytes, dbf: bytes) -> str:
    said = cpg.decode("ascii", errors="replace").strip().upper()
    known = _CODECS.get(said) or _LANGUAGE_CODECS.get(dbf[29])
    if known:
        return known
    try:
        dbf[_DBF_HEADER_BYTES:].decode()
    except UnicodeDecodeError:
        return guessed(dbf[_DBF_HEADER_BYTES:]).replace(" ", "")
    return "utf-8"
