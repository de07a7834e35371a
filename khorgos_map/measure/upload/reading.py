"""From the bytes of a file to its shapes: which reader takes it."""

from __future__ import annotations

from pathlib import PurePath

from khorgos_map.measure.upload.archive import read_archive
from khorgos_map.measure.upload.geojson import read_geojson
from khorgos_map.measure.upload.geopackage import MAGIC as DATABASE
from khorgos_map.measure.upload.geopackage import read_geopackage
from khorgos_map.measure.upload.gpx import read_gpx
from khorgos_map.measure.upload.kml import read_kml
from khorgos_map.measure.upload.records import MAX_FILE_BYTES, Read, Shapes, UploadError, UploadLimitError
from khorgos_map.measure.upload.sound import shapes_of
from khorgos_map.measure.upload.table import read_table
from khorgos_map.measure.upload.words import clean
from khorgos_map.measure.upload.xml import parsed_xml, tag

FORMATS = ("GeoJSON", "GPX", "KML", "KMZ", "GeoPackage", "Shapefile", "CSV")
_ARCHIVES = (b"PK\3\4", b"PK\5\6")
# what may stand before the first character of a text: byte order marks, the other half of UTF-16, blanks
_BEFORE_TEXT = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n\x1e"


def read_shapes(data: bytes, filename: str) -> Shapes:
    """Return the shapes in a user's file, in WGS 84 longitude/latitude in degrees, in the order of the file.

    The file is recognised by its content; its name is only for messages. Raises `UploadError`, whose text names
    the file and the reason, for whatever cannot be taken.
    """
    try:
        if len(data) > MAX_FILE_BYTES:
            raise UploadLimitError(
                "upload.error.size", size=len(data) // 10**6, limit=MAX_FILE_BYTES // 10**6
            )
        return shapes_of(_read(data))
    except UploadError as error:
        raise error.of(clean(PurePath(filename).name)) from None


def _read(data: bytes) -> Read:
    if data.startswith(_ARCHIVES):
        return read_archive(data)
    if data.startswith(DATABASE):
        return read_geopackage(data)
    begins = data[:1000].lstrip(_BEFORE_TEXT)[:1]
    if not begins:
        raise UploadError("upload.error.empty")
    if begins in (b"{", b"["):
        return read_geojson(data)
    if begins == b"<":
        return _read_xml(data)
    table = read_table(data)
    if table is None:
        raise UploadError("upload.error.unknown")
    return table


def _read_xml(data: bytes) -> Read:
    root = parsed_xml(data)
    if tag(root) == "gpx":
        return read_gpx(root)
    return read_kml(root)
