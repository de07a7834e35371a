"""GeoJSON: collections, features, bare geometries, sequences of them, and the ``crs`` member of the first edition.

Geometry is taken out of the JSON while that is read, into rows of numbers.
"""

from __future__ import annotations

import json
import math
import re
from array import array
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import shapely
from pyproj import CRS
from shapely import GeometryCollection, GeometryType
from shapely.geometry.base import BaseGeometry

from khorgos_map.errors import Note
from khorgos_map.measure.upload.crs import crs_from_code
from khorgos_map.measure.upload.records import (
    MAX_POSITIONS,
    MAX_SHAPES,
    MAX_UNPACKED_BYTES,
    MAX_VALUES,
    Geometries,
    Layer,
    Read,
    Row,
    Taken,
    UploadError,
    UploadLimitError,
)
from khorgos_map.measure.upload.words import clean, name_in, words_of

# how deep the lists of each kind are, beyond a position
_DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_AREAS = ("Polygon", "MultiPolygon")
_LEAST = {kind: 4 if kind in _AREAS else 2 if "Line" in kind else 1 for kind in _DEPTHS}
_KINDS = (*_DEPTHS, "GeometryCollection", "Feature", "FeatureCollection")
_MAX_DEPTH = 16
# Lists take some 80 bytes, objects 200, texts 60: as many as the greatest number of positions and values can need.
_MAX_LISTS = MAX_POSITIONS + 3 * MAX_SHAPES
_MAX_OBJECTS = 4 * MAX_SHAPES
_MAX_COMMAS = 3 * MAX_POSITIONS + MAX_VALUES
_MAX_INTEGER_DIGITS = 300
# Between the texts of a sequence (RFC 8142, and one a line)
_BETWEEN = re.compile(r"[ \t\r\n\x1e]*")
_CONTINUES, _BELOW_WIDE = bytes(range(0x80, 0xC0)), bytes(range(0xF0))


def read_geojson(data: bytes, taken: Taken) -> Read:
    """Return the features of a GeoJSON text; raises `UploadError` for JSON that is something else."""
    gathered = _Gathered(taken)
    documents = _documents(data, gathered)
    features = [feature for document in documents for feature in _features(document, gathered)]
    geometries = gathered.geometries(feature.geometry for feature in features)
    crs = None if gathered.crs is None else _crs(gathered.crs)
    notes = (Note("upload.closed", {"count": gathered.closed}),) if gathered.closed else ()
    layer = Layer(geometries, [feature.row for feature in features], crs)
    left_out_in = tuple(
        number for number, feature in enumerate(features, 1) if _lacks_positions(feature.geometry)
    )
    return Read("GeoJSON", (layer,), notes, gathered.left_out, left_out_in)


class _Piece(NamedTuple):
    """Where a geometry's numbers are: in the rows of its kind, by its number there."""

    kind: str
    dimensions: int
    number: int
    left_out: int


class _Collection(NamedTuple):
    members: tuple[Any, ...]
    depth: int


class _Feature(NamedTuple):
    geometry: Any
    row: Row


class _BrokenError(Exception):
    """A geometry that cannot be one."""


class _Rows:
    """The numbers of all geometries of one kind, and where each part of each begins."""

    def __init__(self, depth: int) -> None:
        self.values = array("d")
        self.begins = [array("q", [0]) for _ in range(depth)]


class _Gathered:
    """Takes the geometries out of a JSON text as its objects end."""

    def __init__(self, taken: Taken) -> None:
        self.taken = taken
        self.closed = self.left_out = 0
        self.crs: object = None
        self._rows: dict[tuple[str, int], _Rows] = {}

    def take(self, found: dict[str, Any]) -> Any:
        """Return what is kept of an object: of a geometry where its numbers are, of a feature its row."""
        kind = found.get("type")
        if not isinstance(kind, str):
            return found
        if "crs" in found and kind in _KINDS and self.crs is None:
            self.crs = found["crs"]
        if kind in _DEPTHS and "coordinates" in found:
            return self._piece(kind, found["coordinates"])
        if kind == "GeometryCollection" and isinstance(found.get("geometries"), list):
            return _collection(found["geometries"])
        if kind == "Feature" and "geometry" in found:
            return self._feature(found)
        return found

    def _feature(self, feature: dict[str, Any]) -> _Feature:
        properties = feature.get("properties")
        words = words_of(properties.items()) if isinstance(properties, dict) else {}
        own_id = feature.get("id")
        if isinstance(own_id, str):
            own_id = clean(own_id)
        elif not isinstance(own_id, int) or isinstance(own_id, bool):
            own_id = None
        if feature["geometry"] is None:
            self.taken.take_shapes()
        name = name_in(words) or ("" if own_id is None else str(own_id))
        layer = words.get("layer", "")
        row = Row(name, self.taken.take_properties(words), layer if isinstance(layer, str) else "", own_id)
        return _Feature(feature.get("geometry"), row)

    def _piece(self, kind: str, coordinates: Any) -> Any:
        self.taken.take_shapes()
        parts = _Parts(self.taken, is_area=kind in _AREAS, least=_LEAST[kind])
        try:
            found = parts.read(coordinates, _DEPTHS[kind])
        except _BrokenError:
            return _BROKEN
        if not found:
            return _EMPTY
        self.closed += parts.is_closed
        self.left_out += parts.left_out
        dimensions = 3 if parts.dimensions == {3} else 2
        rows = self._rows.setdefault((kind, dimensions), _Rows(_DEPTHS[kind]))
        number = len(rows.begins[-1]) - 1 if rows.begins else len(rows.values) // dimensions
        self._append(rows, found, dimensions, _DEPTHS[kind])
        return _Piece(kind, dimensions, number, parts.left_out)

    def _append(self, rows: _Rows, parts: Any, dimensions: int, depth: int) -> None:
        if depth > 1:
            for part in parts:
                self._append(rows, part, dimensions, depth - 1)
        else:
            values, own = parts
            rows.values.extend(values if own == dimensions else _flat(values))
        if depth:
            below = rows.begins[depth - 2] if depth > 1 else None
            end = len(rows.values) // dimensions if below is None else len(below) - 1
            rows.begins[depth - 1].append(end)

    def geometries(self, kept: Iterable[Any]) -> Geometries:
        """Return the geometries kept, None for those that could not be read."""
        made = {key: _made(*key, rows) for key, rows in self._rows.items()}

        def one(what: Any) -> BaseGeometry | None:
            if isinstance(what, _Piece):
                geometry: BaseGeometry = made[what.kind, what.dimensions][what.number]
                return geometry
            if isinstance(what, _Collection):
                parts = [one(member) for member in what.members]
                return None if what.depth > _MAX_DEPTH or None in parts else GeometryCollection(parts)
            return GeometryCollection() if what is None else None

        every = [one(what) for what in kept]
        found = np.empty(len(every), dtype=object)
        found[:] = every
        return found


_BROKEN, _EMPTY = object(), _Collection((), 0)


class _Parts:
    """Reads the coordinates of one geometry; positions that are none are left out and counted."""

    def __init__(self, taken: Taken, *, is_area: bool, least: int) -> None:
        self._taken = taken
        self._is_area, self._least = is_area, least
        self.is_closed = False
        self.left_out = 0
        self.dimensions: set[int] = set()

    def read(self, coordinates: Any, depth: int) -> Any:
        """Return nested lists of rows of numbers, the innermost of a line, a ring, several points, or a point."""
        if not isinstance(coordinates, list):
            raise _BrokenError
        if not coordinates:
            return []
        if depth > 1:
            return [part for part in (self.read(one, depth - 1) for one in coordinates) if part]
        return self._path(coordinates) if depth else self._path([coordinates])

    def _path(self, positions: list[Any]) -> tuple[array[float], int]:
        self._taken.take_positions(len(positions))
        values, dimensions = self._values(positions)
        count = len(values) // dimensions
        if self._is_area and count > 2 and values[:dimensions] != values[-dimensions:]:
            values.extend(values[:dimensions])
            self.is_closed = True
            count += 1
        if count < self._least:
            raise _BrokenError
        self.dimensions.add(dimensions)
        return values, dimensions

    def _values(self, positions: list[Any]) -> tuple[array[float], int]:
        try:
            lengths = set(map(len, positions))
            if lengths in ({2}, {3}):
                values = array("d", chain.from_iterable(positions))
                if math.isfinite(sum(values)):
                    return values, lengths.pop()
        except (TypeError, OverflowError):  # words or nothing instead of numbers, or instead of positions
            pass
        sound = [position for position in positions if _is_position(position)]
        self.left_out += len(positions) - len(sound)
        has_heights = all(len(position) > 2 and _is_number(position[2]) for position in sound)
        dimensions = 3 if sound and has_heights else 2
        return array("d", chain.from_iterable(position[:dimensions] for position in sound)), dimensions


def _is_position(found: Any) -> bool:
    return isinstance(found, list) and len(found) > 1 and all(_is_number(value) for value in found[:2])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


def _flat(values: array[float]) -> Iterator[float]:
    """Return positions with heights without them."""
    return (value for at, value in enumerate(values) if at % 3 < 2)


def _made(kind: str, dimensions: int, rows: _Rows) -> Geometries:
    positions = np.frombuffer(rows.values).reshape(-1, dimensions)
    begins = tuple(np.frombuffer(begin, dtype=np.int64) for begin in rows.begins)
    found: Geometries = shapely.from_ragged_array(GeometryType[kind.upper()], positions, begins or None)
    return found


def _collection(members: list[Any]) -> _Collection:
    depth = 1 + max((member.depth for member in members if isinstance(member, _Collection)), default=0)
    return _Collection(tuple(members), depth)


def _documents(data: bytes, gathered: _Gathered) -> Iterator[Any]:
    """Yield the JSON texts of a file, one as a rule, several of a sequence."""
    text = _decoded(data)
    decoder = json.JSONDecoder(object_hook=gathered.take, parse_int=_integer)
    at = _begin(text, 0)
    try:
        while at < len(text):
            document, at = decoder.raw_decode(text, at)
            at = _begin(text, at)
            yield document
    except json.JSONDecodeError as error:
        raise UploadError("upload.error.json", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise UploadError("upload.error.deep") from None


def _begin(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MAX_INTEGER_DIGITS else float("inf")


def _decoded(data: bytes) -> str:
    """Return a JSON text; one that would take too much memory as text or as lists and objects is refused."""
    if data.count(b"[") > _MAX_LISTS:
        raise UploadLimitError("upload.error.positions", limit=f"{MAX_POSITIONS:,}")
    if data.count(b"{") > _MAX_OBJECTS or data.count(b",") > _MAX_COMMAS:
        raise UploadLimitError("upload.error.much", shapes=f"{MAX_SHAPES:,}", positions=f"{MAX_POSITIONS:,}")
    # one character beyond the first 65,536 makes all of a text four bytes wide
    if data.translate(None, _BELOW_WIDE) and 4 * len(data.translate(None, _CONTINUES)) > MAX_UNPACKED_BYTES:
        limit = MAX_UNPACKED_BYTES // 4 // 10**6
        raise UploadLimitError("upload.error.size", size=len(data) // 10**6, limit=limit)
    try:
        return data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else json.detect_encoding(data))
    except UnicodeDecodeError:
        raise UploadError("upload.error.encoding") from None


def _features(document: Any, gathered: _Gathered) -> Iterator[_Feature]:
    """Yield the features of a JSON text; raises `UploadError` where it is something else."""
    if isinstance(document, _Feature):
        yield document
    elif isinstance(document, _Piece | _Collection) or document is _BROKEN:
        yield _Feature(document, Row("", {}))
    elif isinstance(document, list) and any(isinstance(one, _Feature) for one in document):
        yield from _members(document, gathered)
    elif isinstance(document, dict) and isinstance(features := document.get("features"), list):
        yield from _members(features, gathered)
    else:
        kind = document.get("type") if isinstance(document, dict) else None
        raise UploadError("upload.error.geojson", type=clean(kind) if isinstance(kind, str) else "JSON")


def _members(features: list[Any], gathered: _Gathered) -> Iterator[_Feature]:
    for feature in features:
        if isinstance(feature, _Feature):
            yield feature
        else:
            gathered.taken.take_shapes()
            yield _Feature(None if feature is None or isinstance(feature, dict) else feature, Row("", {}))


def _lacks_positions(geometry: Any) -> bool:
    if isinstance(geometry, _Collection):
        return any(map(_lacks_positions, geometry.members))
    return isinstance(geometry, _Piece) and geometry.left_out > 0


def _crs(declared: object) -> CRS:
    """Return the system that the member of the first edition names, or that of the draft before it numbers."""
    properties = declared.get("properties") if isinstance(declared, dict) else None
    if isinstance(declared, str):
        return crs_from_code(declared)
    if isinstance(properties, dict):
        if isinstance(name := properties.get("name"), str):
            return crs_from_code(name)
        if isinstance(code := properties.get("code"), int | str):
            return crs_from_code(f"EPSG:{code}")
    raise UploadError("upload.error.crs", crs="crs")
