"""Records to the GeoJSON that the browser draws: geometry, classes, halos and label anchors, no words.

Geometry is longitude/latitude on WGS 84 as in the records. Every drawn part carries the id of its record
and its ``role``: shape, halo (where it may lie), corridor (where a road may run).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import shapely
from shapely.geometry import LineString, MultiLineString, Point, mapping
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import geometry_of
from khorgos_map.atlas.records import BasemapFeature, Feature
from khorgos_map.draw.symbols import HALO_KINDS, is_extent, mark_of, shape_classes
from khorgos_map.geodesy import buffer

DRAWN_DECIMALS = 5
Part = dict[str, Any]


def layer_shapes(features: tuple[Feature, ...], land: dict[str, BaseGeometry]) -> bytes:
    """Return a layer as the GeoJSON text that the browser fetches.

    ``land`` is the land of each side: which bank something is on is known even where its place is not, so the
    area it may lie in ends at the border.
    """
    parts = [part for feature in features for part in _parts(feature, land)]
    return _collection([*parts, *_names_of_wholes(features), *_ends(features)])


def basemap_shapes(features: tuple[BasemapFeature, ...]) -> bytes:
    """Return one part of the tile-free basemap as the GeoJSON text that the browser fetches."""
    return _collection([_basemap_part(f) for f in features])


def outline_of(feature: Feature) -> BaseGeometry:
    """Return what is drawn of a feature, longitude/latitude on WGS 84; a point becomes the area it may lie in."""
    geometry = geometry_of(feature)
    if geometry.is_empty or feature.properties.uncertainty_m is None:
        return geometry
    if is_extent(feature) or isinstance(geometry, Point):
        return buffer(geometry, feature.properties.uncertainty_m)
    return geometry


def bounds_of(feature: Feature, atlas: Atlas) -> list[float] | None:
    """Return west, south, east, north of what a feature's card should show; ``None`` where nothing is located.

    A feature without a location is shown by its parts, or by what it lies within.
    """
    parts = [f for f in atlas.feature.values() if f.properties.within == feature.properties.id]
    outline = outline_of(feature)
    if outline.is_empty:
        outline = shapely.union_all([outline_of(part) for part in parts])
    if not outline.is_empty:
        return [round(value, DRAWN_DECIMALS) for value in outline.bounds]
    parent = atlas.feature.get(feature.properties.within or "")
    return bounds_of(parent, atlas) if parent else None


def _parts(feature: Feature, land: dict[str, BaseGeometry]) -> Iterator[Part]:
    geometry = geometry_of(feature)
    if geometry.is_empty:
        return iter(())
    if is_extent(feature):
        return _extent_parts(feature, land)
    if isinstance(geometry, MultiLineString) and feature.properties.sections:
        return _road_parts(feature, geometry)
    return _plain_parts(feature, geometry, land)


def _names_of_wholes(features: tuple[Feature, ...]) -> Iterator[Part]:
    """Yield a label for what is drawn by its parts alone, in the middle of them."""
    for whole in features:
        within = [geometry_of(f) for f in features if f.properties.within == whole.properties.id]
        drawn = [geometry for geometry in within if not geometry.is_empty]
        if whole.geometry is None and drawn:
            middle = shapely.union_all(drawn).centroid
            label = _label(whole, middle)
            yield _part(
                whole.properties.id, "label", middle, cls=shape_classes(whole.properties), label=label
            )


def _ends(features: tuple[Feature, ...]) -> Iterator[Part]:
    """Yield a label for each end of a line that goes on beyond the map."""
    for feature in features:
        for number, end in enumerate(feature.properties.continues):
            point = Point(end.position)
            label = {**_label(feature, point), "rank": 4, "kind": "continuation", "end": number}
            yield _part(
                feature.properties.id, "label", point, cls=shape_classes(feature.properties), label=label
            )


def _extent_parts(feature: Feature, land: dict[str, BaseGeometry]) -> Iterator[Part]:
    classes = shape_classes(feature.properties) + " extent"
    yield _part(feature.properties.id, "shape", _may_lie(feature, land), cls=classes, label=_label(feature))


def _road_parts(feature: Feature, lines: MultiLineString) -> Iterator[Part]:
    properties = feature.properties
    sections = list(zip(lines.geoms, properties.sections, strict=True))
    for line, section in sections:
        if section.basis in {"osm", "straight"}:
            continue
        corridor = buffer(line, section.uncertainty_m)
        yield _part(properties.id, "corridor", corridor, cls=f"{shape_classes(properties, section)} corridor")
    for number, (line, section) in enumerate(sections):
        label = {} if number else {"label": _label(feature)}
        yield _part(properties.id, "shape", line, cls=shape_classes(properties, section), **label)


def _plain_parts(feature: Feature, geometry: BaseGeometry, land: dict[str, BaseGeometry]) -> Iterator[Part]:
    properties = feature.properties
    classes = shape_classes(properties)
    if properties.uncertainty_m and properties.kind in HALO_KINDS:
        yield _part(properties.id, "halo", _may_lie(feature, land), cls=classes + " halo")
    mark = mark_of(feature)
    marked = {"mark": mark} if mark else {}
    yield _part(properties.id, "shape", geometry, cls=classes, label=_label(feature), **marked)


def _may_lie(feature: Feature, land: dict[str, BaseGeometry]) -> BaseGeometry:
    area = buffer(geometry_of(feature), feature.properties.uncertainty_m or 0)
    bank = land.get(feature.properties.side)
    return area if bank is None else area.intersection(bank)


def _label(feature: Feature, at: BaseGeometry | None = None) -> Part:
    properties = feature.properties
    anchor = _anchor(geometry_of(feature) if at is None else at)
    return {"rank": properties.label_rank, "anchor": anchor, "kind": properties.kind}


def _basemap_part(feature: BasemapFeature) -> Part:
    properties, geometry = feature.properties, geometry_of(feature)
    classes = f"kb kb-{properties.kind} side-{properties.side}"
    return _part(properties.id, "base", geometry, cls=classes, anchor=_anchor(geometry))


def _anchor(geometry: BaseGeometry) -> list[float]:
    if isinstance(geometry, MultiLineString):
        geometry = max(geometry.geoms, key=lambda line: line.length)
    point = (
        geometry.interpolate(0.5, normalized=True)
        if isinstance(geometry, LineString)
        else geometry.representative_point()
    )
    return [round(point.x, DRAWN_DECIMALS), round(point.y, DRAWN_DECIMALS)]


def _part(identifier: str, role: str, geometry: BaseGeometry, **properties: object) -> Part:
    rounded = shapely.transform(geometry, lambda positions: positions.round(DRAWN_DECIMALS))
    return {
        "type": "Feature",
        "properties": {"id": identifier, "role": role, **properties},
        "geometry": mapping(rounded),
    }


def _collection(parts: list[Part]) -> bytes:
    text = json.dumps({"type": "FeatureCollection", "features": parts}, separators=(",", ":"))
    return text.encode()
