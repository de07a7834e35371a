"""From the bytes of a file to its shapes: which reader takes it."""

from __future__ import annotations

from pathlib import PurePath

from khorgos_map.measure.upload.archive import read_archive
from khorgos_map.measure.upload.geojson import read_geojson
from khorgos_map.measure.upload.geopackage import MAGIC as DATABASE
from khorgos_map.measure.upload.geopackage import read_geopackage
from khorgos_map.measure.upload.gpx import read_gpx
from khorgos_map.measure.upload.kml import read_kml
from khorgos_map.measure.upload.ogr import FLATGEOBUF, read_flatgeobuf, read_gml
from khorgos_map.measure.upload.records import (
    MAX_FILE_BYTES,
    Read,
    Shapes,
    Taken,
    UploadError,
    UploadLimitError,
)
from khorgos_map.measure.upload.sound import shapes_of
from khorgos_map.measure.upload.table import read_table
from khorgos_map.measure.upload.words import clean
from khorgos_map.measure.upload.xml import root_name

FORMATS = ("GeoJSON", "GPX", "KML", "KMZ", "GeoPackage", "FlatGeobuf", "GML", "Shapefile", "CSV", "XLSX")
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
        taken = Taken()
        if data.startswith(_ARCHIVES):
            return shapes_of(read_archive(data, taken, _read), taken)
        return shapes_of(_read(data, taken), taken)
    except UploadError as error:
        raise error.of(clean(PurePath(filename).name)) from None


def _read(data: bytes, taken: Taken) -> Read:
    if data.startswith(DATABASE):
        return read_geopackage(data, taken)
    if data.startswith(FLATGEOBUF):
        return read_flatgeobuf(data, taken)
    begins = data[:1000].lstrip(_BEFORE_TEXT)[:1]
    if not begins:
        raise UploadError("upload.error.empty")
    if begins in (b"{", b"["):
        return read_geojson(data, taken)
    if begins == b"<":
        return _read_xml(data, taken)
    table = read_table(data, taken)
    if table is None:
        raise UploadError("upload.error.unknown")
    return table


def _read_xml(data: bytes, taken: Taken) -> Read:
    root = root_name(data)
    if root == "gpx":
        return read_gpx(data, taken)
    if root == "kml":
        return read_kml(data, taken)
    if root == "FeatureCollection":
        return read_gml(data, taken)
    raise UploadError("upload.error.unknown")
