"""A user's own files: GeoJSON, GPX, KML and KMZ, GeoPackage, zipped shapefile, FlatGeobuf, GML, CSV and XLSX.

A file is hostile until shown otherwise. It is recognised by what it holds, not by its name; it is read from
memory, nothing is written to disk and nothing in it is followed, neither an address nor a path; there are limits
to its size, packed and unpacked, and to shapes and positions. What cannot be taken is an `UploadError`, what was
changed is a `Note`. A file in GCJ-02, the shifted datum of Chinese public maps, looks like one in WGS 84: a shift
of some 240 m at Khorgos cannot be seen by any program.
"""

from __future__ import annotations

from khorgos_map.errors import Note
from khorgos_map.measure.upload.reading import FORMATS, read_shapes
from khorgos_map.measure.upload.records import (
    MAX_FILE_BYTES,
    MAX_POSITIONS,
    MAX_SHAPES,
    MAX_UNPACKED_BYTES,
    Shape,
    Shapes,
    UploadError,
    UploadLimitError,
)

__all__ = [
    "FORMATS",
    "MAX_FILE_BYTES",
    "MAX_POSITIONS",
    "MAX_SHAPES",
    "MAX_UNPACKED_BYTES",
    "Note",
    "Shape",
    "Shapes",
    "UploadError",
    "UploadLimitError",
    "read_shapes",
]
