"""GeoJSON: collections, features and bare geometries, and the ``crs`` member of the format's first edition."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from shapely import GeometryCollection
from shapely.geometry.base import BaseGeometry

from khorgos_map.errors import Note
from khorgos_map.measure.upload.crs import crs_from_code
from khorgos_map.measure.upload.records import (
    MAX_POSITIONS,
    MAX_PROPERTIES,
    MAX_SHAPES,
    Geometries,
    Layer,
    Read,
    UploadError,
    UploadLimitError,
)
from khorgos_map.measure.upload.words import name_in, words_of

_SIMPLE = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
# how many lists deep the rings of an outline are found
_RINGS_AT = {"Polygon": 2, "MultiPolygon": 3}
_MAX_DEPTH = 16
# every list, object and number costs memory: as many as the greatest number of positions and shapes can need
_MAX_BRACKETS = MAX_POSITIONS + 6 * MAX_SHAPES
_MAX_COMMAS = 3 * MAX_POSITIONS + MAX_PROPERTIES * MAX_SHAPES
_MAX_INTEGER_DIGITS = 300


def read_geojson(data: bytes) -> Read:
    """Return the features of a GeoJSON text; raises `UploadError` for JSON that is something else."""
    document = _parsed(data)
    if not isinstance(document, dict):
        raise UploadError("upload.error.geojson", type="JSON")
    features = list(_features(document))
    if len(features) > MAX_SHAPES:
        raise UploadLimitError("upload.error.shapes", limit=f"{MAX_SHAPES:,}")
    geometries, closed = _geometries([geometry for geometry, _ in features])
    properties = [words_of(values.items()) for _, values in features]
    layer = Layer(geometries, [name_in(words) for words in properties], properties, _crs(document))
    notes = (Note("upload.closed", {"count": closed}),) if closed else ()
    return Read("GeoJSON", (layer,), notes)


def _parsed(data: bytes) -> Any:
    if data.count(b"[") + data.count(b"{") > _MAX_BRACKETS or data.count(b",") > _MAX_COMMAS:
        raise UploadLimitError("upload.error.positions", limit=f"{MAX_POSITIONS:,}")
    try:
        return json.loads(data, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise UploadError("upload.error.json", line=error.lineno, column=error.colno) from None
    except UnicodeDecodeError:
        raise UploadError("upload.error.encoding") from None
    except RecursionError:
        raise UploadError("upload.error.deep") from None


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MAX_INTEGER_DIGITS else float("inf")


def _features(document: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    kind = document.get("type")
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        for feature in document["features"]:
            yield _feature(feature if isinstance(feature, dict) else {})
    elif kind == "Feature":
        yield _feature(document)
    elif kind in (*_SIMPLE, "GeometryCollection"):
        yield document, {}
    else:
        raise UploadError(
            "upload.error.geojson", type=next(iter(words_of([("type", kind)]).values()), "JSON")
        )


def _feature(feature: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    properties = feature.get("properties")
    values = properties if isinstance(properties, dict) else {}
    own_id = feature.get("id")
    return feature.get("geometry"), {**values} if own_id is None or "id" in values else {
        **values,
        "id": own_id,
    }


def _geometries(documents: list[Any]) -> tuple[Geometries, int]:
    """Return the geometries, None where one cannot be read, and how many had outlines that were not closed."""
    texts = np.array([_text(document, number) for number, document in enumerate(documents, 1)], dtype=object)
    read: Geometries = shapely.from_geojson(texts, on_invalid="ignore")
    closed = 0
    for number in np.flatnonzero(shapely.is_missing(read)):
        read[number], was_open = _one(documents[number], int(number) + 1)
        closed += was_open
    return read, closed


def _text(document: Any, number: int) -> str | None:
    """Return a geometry that is no collection as text, with nothing in it but its coordinates."""
    kind = document.get("type") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in _SIMPLE:
        return None
    try:
        return json.dumps({"type": kind, "coordinates": document.get("coordinates")}, allow_nan=False)
    except ValueError:
        raise UploadError("upload.error.finite", shape=number) from None


def _one(document: Any, number: int, depth: int = 0) -> tuple[BaseGeometry | None, bool]:
    """Return a geometry that may be missing, a collection or open, and whether it had to be closed."""
    if document is None:
        return GeometryCollection(), False
    if not isinstance(document, dict) or depth > _MAX_DEPTH:
        return None, False
    if document.get("type") == "GeometryCollection":
        return _collection(document.get("geometries"), number, depth)
    as_it_is = shapely.from_geojson(_text(document, number), on_invalid="ignore")
    if as_it_is is not None:
        return as_it_is, False
    rings_at = _RINGS_AT.get(str(document.get("type")))
    if rings_at is None:
        return None, False
    rings = _closed(document.get("coordinates"), rings_at)
    closed = shapely.from_geojson(_text({**document, "coordinates": rings}, number), on_invalid="ignore")
    return closed, closed is not None


def _closed(coordinates: Any, rings_at: int) -> Any:
    """Return coordinates with every ring, found so many lists deep, ending where it begins."""
    if not isinstance(coordinates, list):
        return coordinates
    if rings_at > 1:
        return [_closed(part, rings_at - 1) for part in coordinates]
    is_open = len(coordinates) > 2 and coordinates[0] != coordinates[-1]
    return [*coordinates, coordinates[0]] if is_open else coordinates


def _collection(members: Any, number: int, depth: int) -> tuple[BaseGeometry | None, bool]:
    if not isinstance(members, list):
        return None, False
    parts = [_one(member, number, depth + 1) for member in members]
    if any(part is None for part, _ in parts):
        return None, False
    return GeometryCollection([part for part, _ in parts]), any(was_open for _, was_open in parts)


def _crs(document: dict[str, Any]) -> CRS | None:
    declared = document.get("crs")
    if declared is None:
        return None
    properties = declared.get("properties") if isinstance(declared, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        raise UploadError("upload.error.crs", crs="crs")
    return crs_from_code(name)
