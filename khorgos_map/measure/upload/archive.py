"""Zip archives: read in memory, member by member, never by the path that a member claims for itself."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath, PureWindowsPath

from khorgos_map.errors import Note
from khorgos_map.measure.upload.records import (
    MAX_UNPACKED_BYTES,
    Layer,
    Read,
    Taken,
    UploadError,
    UploadLimitError,
)
from khorgos_map.measure.upload.shapefile import Parts, read_shapefile
from khorgos_map.measure.upload.sheets import SHEETS, read_sheets
from khorgos_map.measure.upload.words import clean

MAX_MEMBERS = 1000
MAX_RATIO = 200
_RATIO_COUNTS_ABOVE_BYTES = 1_000_000
_SHAPEFILE = ("shp", "dbf", "prj", "cpg")
_SINGLE = ("kml", "gpkg", "geojson", "geojsonl", "json", "fgb", "gpx", "gml", "csv")
_ARCHIVES = ("zip", "kmz", "7z", "rar", "gz", "tar", "bz2", "xz")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_KNOWN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read_archive(data: bytes, taken: Taken, read_one: Callable[[bytes, Taken], Read]) -> Read:
    """Return the shapefiles of a zip archive, or all files of the first other format, or the KML of a KMZ.

    ``read_one`` reads a file that is no archive. Raises `UploadError` for an archive that is damaged, encrypted,
    unpacks to too much, or has a member whose path leads out of it; for these nothing is unpacked at all.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _safe_members(archive)
            if any(member.filename == SHEETS for member in members):
                return read_sheets(data, taken)
            return _read_members(archive, members, taken, read_one)
    except _DAMAGED:
        raise UploadError("upload.error.archive") from None


def _safe_members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise UploadLimitError("upload.error.members", limit=MAX_MEMBERS)
    for member in members:
        if _leads_out(member):
            raise UploadError("upload.error.path", name=clean(member.orig_filename)[:60])
        if member.flag_bits & 0x1:
            raise UploadError("upload.error.encrypted")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES or unpacked > max(packed * MAX_RATIO, _RATIO_COUNTS_ABOVE_BYTES):
        raise UploadLimitError("upload.error.bomb", size=unpacked // 10**6, limit=MAX_UNPACKED_BYTES // 10**6)
    return [member for member in members if not _is_clutter(member)]


def _leads_out(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.orig_filename.replace("\\", "/"))
    on_drive = PureWindowsPath(member.orig_filename).drive != ""
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    return is_link or on_drive or path.is_absolute() or ".." in path.parts


def _is_clutter(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    return member.filename.endswith("/") or path.name.startswith(".") or "__MACOSX" in path.parts


def _read_members(
    archive: zipfile.ZipFile,
    members: list[zipfile.ZipInfo],
    taken: Taken,
    read_one: Callable[[bytes, Taken], Read],
) -> Read:
    nested = sum(_ending(member) in _ARCHIVES for member in members)
    notes = (Note("upload.nested", {"count": nested}),) if nested else ()
    shapefiles = _shapefiles(members)
    if shapefiles:
        read = [_shapefile(archive, parts, taken, is_one=len(shapefiles) == 1) for parts in shapefiles]
        own_notes = [note for _, layer_notes in read for note in layer_notes]
        return Read("Shapefile", tuple(layer for layer, _ in read), (*own_notes, *notes))
    endings = [ending for ending in _SINGLE if any(_ending(member) == ending for member in members)]
    if not endings:
        raise UploadError("upload.error.no_member")
    alike = [member for member in members if _ending(member) == endings[0]]
    if endings[0] == "kml":
        alike = alike[:1]  # of several in a KMZ the first is the document
    parts = [read_one(_unpacked(archive, member), taken) for member in alike]
    return Read(
        "KMZ" if endings[0] == "kml" else parts[0].format,
        tuple(layer for part in parts for layer in part.layers),
        (*(note for part in parts for note in part.notes), *notes),
        sum(part.positions_left_out for part in parts),
        parts[0].left_out_in,
    )


def _shapefiles(members: list[zipfile.ZipInfo]) -> list[dict[str, zipfile.ZipInfo]]:
    """Return the parts of each shapefile by their endings; parts belong together by their path, in any case."""
    by_path: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for member in members:
        if _ending(member) in _SHAPEFILE:
            stem = member.filename.rpartition(".")[0].casefold()
            by_path.setdefault(stem, {})[_ending(member)] = member
    return [parts for parts in by_path.values() if "shp" in parts]


def _shapefile(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], taken: Taken, *, is_one: bool
) -> tuple[Layer, tuple[Note, ...]]:
    parts: dict[str, bytes] = {ending: _unpacked(archive, member) for ending, member in members.items()}
    name = "" if is_one else clean(members["shp"].filename.rpartition(".")[0])
    return read_shapefile(
        Parts(parts["shp"], parts.get("dbf", b""), parts.get("prj", b""), parts.get("cpg", b"")), name, taken
    )


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.compress_type not in _KNOWN_METHODS:
        raise UploadError("upload.error.archive")
    # no more than the member declares is ever unpacked; that was counted before
    return archive.read(member)


def _ending(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).suffix.removeprefix(".").casefold()
