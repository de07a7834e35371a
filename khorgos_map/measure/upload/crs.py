"""The coordinate system a file declares, and the way from it to WGS 84."""

from __future__ import annotations

import re

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from khorgos_map.measure.upload.records import Geometries, UploadError
from khorgos_map.measure.upload.words import clean

WGS84 = CRS.from_authority("OGC", "CRS84")
_MAX_WKT_CHARACTERS = 20_000
_CODE = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:)?(EPSG|ESRI|OGC)(?::[\d.]*)?:(\w{1,10})", re.IGNORECASE)
# a definition may name files of shifts for PROJ to open; "null" is the shift of nothing
_NAMES_A_FILE = re.compile(
    r"(nad|geoid)grids\s*=\s*(?!@null)|PARAMETERFILE|\+init|file:|https?:", re.IGNORECASE
)


def crs_from_code(code: str) -> CRS:
    """Return the coordinate system of a code such as ``EPSG:32644`` or ``urn:ogc:def:crs:OGC:1.3:CRS84``."""
    found = _CODE.fullmatch(code.strip())
    if not found:
        raise _unknown(code)
    try:
        return CRS.from_authority(found[1].upper(), found[2].upper())
    except CRSError:
        raise _unknown(code) from None


def crs_from_wkt(wkt: str) -> CRS:
    """Return the coordinate system of a well-known text; one that names a file or an address is refused."""
    if len(wkt) > _MAX_WKT_CHARACTERS or "\0" in wkt or _NAMES_A_FILE.search(wkt):
        raise _unknown(wkt)
    try:
        return CRS.from_wkt(wkt)
    except CRSError:
        raise _unknown(wkt) from None


def to_wgs84(geometries: Geometries, crs: CRS) -> Geometries:
    """Return two-dimensional geometries of a coordinate system in WGS 84 longitude/latitude, in degrees.

    Raises `UploadError` where the system has no way to WGS 84, or a position is outside what it can express.
    """
    if not (crs.is_geographic or crs.is_projected):
        raise _unknown(crs.name)
    try:
        transformer = Transformer.from_crs(crs, WGS84, always_xy=True)
    except ProjError:
        raise _unknown(crs.name) from None

    def move(positions: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(positions[:, 0], positions[:, 1]))

    try:
        moved: Geometries = shapely.transform(geometries, move)
    except ProjError:
        raise _unknown(crs.name) from None
    positions, owners = shapely.get_coordinates(moved, return_index=True)
    outside = ~np.isfinite(positions).all(axis=1)
    if outside.any():
        first = int(owners[outside.argmax()])
        x, y = shapely.get_coordinates(geometries)[outside.argmax()]
        raise UploadError("upload.error.beyond", shape=first + 1, crs=clean(crs.name), x=f"{x:g}", y=f"{y:g}")
    return moved


def _unknown(declared: str) -> UploadError:
    return UploadError("upload.error.crs", crs=clean(declared)[:60])
