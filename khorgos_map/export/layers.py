"""The layers of the map for other map programs: GeoJSON and GeoPackage, flat properties, nothing restyled.

Positions are longitude/latitude in decimal degrees on WGS 84 (EPSG:4326, in GeoJSON as in RFC 7946), exactly
as in the records; ``uncertainty_m`` is in metres. What has no published location is there without a geometry.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import geometry_of
from khorgos_map.atlas.records import Feature, Licence
from khorgos_map.errors import UsageError
from khorgos_map.export.save import save
from khorgos_map.export.table import SEPARATOR

# layer of the GeoPackage by type of geometry: not every program reads a layer of several types
TABLES = {
    "Point": "points",
    "LineString": "lines",
    "MultiLineString": "lines",
    "Polygon": "areas",
    "MultiPolygon": "areas",
    None: "unlocated",
}
OURS = "Khorgos Map"
LICENCE_NAMES: dict[Licence, str] = {
    "ODbL-1.0": "ODbL 1.0",
    "CC-BY-4.0": "CC BY 4.0",
    "CC-BY-SA-4.0": "CC BY-SA 4.0",
}


def layers_geojson(atlas: Atlas) -> str:
    """Return the features of all layers as one GeoJSON FeatureCollection (RFC 7946), a feature a line.

    Every feature has the same properties, ``null`` where nothing is known; names are given once in English as
    ``name`` and once a language as ``name_kk`` and so on, ``name_basis`` says how each is known.
    """
    features = [
        {
            "type": "Feature",
            "id": feature.properties.id,
            "geometry": feature.geometry.model_dump(exclude_none=True) if feature.geometry else None,
            "properties": properties,
        }
        for feature, properties in _records(atlas)
    ]
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, allow_nan=False, sort_keys=True) for f in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'


def layers_geopackage(atlas: Atlas, path: Path, *, force: bool = False) -> None:
    """Write the features of all layers to a GeoPackage, whole or not at all.

    Its layers are ``points``, ``lines``, ``areas`` and ``unlocated``, the fields those of `layers_geojson`.
    Raises `UsageError` if the file exists and is not forced, or cannot be written.
    """
    save(geopackage(atlas), path, force=force)


def geopackage(atlas: Atlas) -> bytes:
    """Return the features of all layers as the content of a GeoPackage file.

    Raises `UsageError` if the folder for temporary files cannot hold it.
    """
    # slow to import, and nothing else of the map needs it
    from geopandas import GeoDataFrame  # noqa: PLC0415

    tables: dict[str, list[dict[str, Any]]] = {}
    for feature, properties in _records(atlas):
        located = feature.geometry is not None
        row = {**properties, "geometry": geometry_of(feature) if located else None}
        tables.setdefault(TABLES[feature.geometry.type if feature.geometry else None], []).append(row)
    try:
        with tempfile.TemporaryDirectory(prefix="khorgos-map-") as folder:
            path = Path(folder) / "layers.gpkg"
            for name in sorted(tables):
                # without the type, a layer in which no uncertainty is known would hold text
                frame = GeoDataFrame(tables[name], crs="EPSG:4326").astype({"uncertainty_m": float})
                frame.to_file(path, layer=name, driver="GPKG", promote_to_multi=name in {"areas", "lines"})
            return path.read_bytes()
    except (OSError, RuntimeError) as error:  # pyogrio's errors are RuntimeErrors
        raise UsageError(f"the GeoPackage cannot be made in {tempfile.gettempdir()}: {error}") from None


def credit_of(feature: Feature, atlas: Atlas) -> str:
    """Return whom to name when the drawing of a feature is passed on, and its licence."""
    licence = feature.properties.licence
    if licence == "ODbL-1.0":
        makers = ["© OpenStreetMap contributors"]
    else:
        sources = [atlas.sources[identifier] for identifier in feature.properties.sources]
        makers = [s.publisher for s in sources if s.licence == licence and s.kind == "dataset"]
    return f"{', '.join(dict.fromkeys(makers)) or OURS} ({LICENCE_NAMES[licence]})"


def _records(atlas: Atlas) -> Iterator[tuple[Feature, dict[str, Any]]]:
    codes = sorted({code for feature in atlas.feature.values() for code in feature.properties.name.root})
    for layer in atlas.layers:
        for feature in atlas.features[layer.id]:
            yield feature, _flat(feature, layer.id, codes, atlas)


def _flat(feature: Feature, layer: str, codes: list[str], atlas: Atlas) -> dict[str, Any]:
    known = feature.properties
    names = {code: name for code in codes if (name := known.name.root.get(code))}
    return {
        "id": known.id,
        "layer": layer,
        "name": known.name.in_language("en")[0],
        **{f"name_{code}": names[code].text if code in names else None for code in codes},
        "name_basis": SEPARATOR.join(f"{code} {name.basis}" for code, name in names.items()),
        "kind": known.kind,
        "status": known.status,
        "side": known.side,
        "valid_from": known.valid_from,
        "valid_to": known.valid_to,
        "basis": known.basis,
        "uncertainty_m": known.uncertainty_m,
        "precision": known.precision.in_language("en"),
        "sources": SEPARATOR.join(known.sources),
        "licence": known.licence,
        "credit": credit_of(feature, atlas),
    }
