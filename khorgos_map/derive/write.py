"""Writing GeoJSON as RFC 7946 asks, and the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from khorgos_map.derive.packages import DeriveError

DECIMALS = 6


def rfc7946(geometry: BaseGeometry) -> dict[str, Any]:
    """Return a geometry as GeoJSON: longitude, latitude, six decimals, outer rings counter-clockwise."""
    oriented = shapely.orient_polygons(geometry)
    return {"type": oriented.geom_type, "coordinates": _rounded(mapping(oriented)["coordinates"])}


def remake(path: Path, shapes: Mapping[str, BaseGeometry]) -> None:
    """Give features of a GeoJSON file new geometry, by id; what is said on them, and all others, stays.

    Raises `DeriveError` if the file has no feature of that id: its name and sources must be written first.
    """
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    missing = shapes.keys() - {feature["properties"]["id"] for feature in features}
    if missing:
        raise DeriveError(f"{path.name}: no feature {min(missing)!r}; write its properties first")
    for feature in features:
        identifier = feature["properties"]["id"]
        if identifier in shapes:
            feature["geometry"] = rfc7946(shapes[identifier])
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, sort_keys=True) for feature in features)
    path.write_text(f'{{"features": [\n{lines}\n], "type": "FeatureCollection"}}\n', encoding="utf-8")


def _rounded(value: Any) -> Any:
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else round(value, DECIMALS)
