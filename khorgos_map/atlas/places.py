"""Faults of where things are: banks of the border, overlaps, areas away from their claims, lost datums."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.records import Feature, shape_of
from khorgos_map.errors import Fault
from khorgos_map.geodesy import area_ha, area_m2, wgs84_from_gcj02

AREA_TOLERANCE = 0.005
OVERLAP_TOLERANCE_M2 = 1.0
WRONG_BANK_SHARE = 0.001
OTHER_SIDE = {"KZ": "CN", "CN": "KZ"}
COUNTRY = {"KZ": "Kazakhstan", "CN": "China", "KG": "Kyrgyzstan"}


def geometry_of(feature: Any) -> BaseGeometry:
    """Return a record's geometry as `shape_of` does, of the caller's own, who may prepare it."""
    return shape_of(feature.geometry)


def land_by_side(atlas: Atlas) -> dict[str, BaseGeometry]:
    """Return the land of Kazakhstan and of China ("KZ", "CN") as drawn, as `Atlas.land` has it."""
    return dict(atlas.land)


def faults(atlas: Atlas) -> Iterator[Fault]:
    """Yield the faults of geometry that show only against the border, a neighbour or a claim."""
    land = land_by_side(atlas)
    for layer in atlas.layers:
        features = atlas.features[layer.id]
        for feature in features:
            yield from _shape_faults(layer.file, feature)
            yield from _area_faults(layer.file, feature, atlas)
            yield from _bank_faults(layer.file, feature, land)
        yield from _overlap_faults(layer.file, features)


def _shape_faults(file: str, feature: Feature) -> Iterator[Fault]:
    properties, geometry = feature.properties, feature.geometry
    if geometry is not None and properties.uncertainty_m is None:
        yield Fault(file, properties.id, "uncertainty_m", "missing: how far off may the drawn place be?")
    if properties.basis == "schematic" and geometry is not None and not properties.uncertainty_m:
        yield Fault(
            file, properties.id, "uncertainty_m", "a schematic shape is never exact: must be more than 0"
        )
    parts = len(geometry.coordinates) if geometry is not None and geometry.type == "MultiLineString" else 0
    if properties.sections and len(properties.sections) != parts:
        reason = f"{len(properties.sections)} sections described, {parts} drawn"
        yield Fault(file, properties.id, "sections", reason)


def _area_faults(file: str, feature: Feature, atlas: Atlas) -> Iterator[Fault]:
    claim = atlas.claims.get(feature.properties.area_fitted_to or "")
    if claim is None or not isinstance(claim.value, int | float) or feature.geometry is None:
        return
    drawn = area_ha(geometry_of(feature))
    if abs(drawn - claim.value) > AREA_TOLERANCE * claim.value:
        reason = f"drawn {drawn:.1f} ha, away from its claim {claim.id!r} of {claim.value:g} {claim.unit}"
        yield Fault(file, feature.properties.id, "geometry", reason)


def _bank_faults(file: str, feature: Feature, land: dict[str, BaseGeometry]) -> Iterator[Fault]:
    properties, place = feature.properties, geometry_of(feature)
    opposite = land.get(OTHER_SIDE.get(properties.side, ""))
    if opposite is None or place.is_empty or properties.kind in {"road-route", "railway"}:
        return
    if isinstance(place, Point):
        if opposite.contains(place):
            yield Fault(file, properties.id, "geometry", _wrong_bank(place, properties.side, land))
    elif area_m2(place.intersection(opposite)) > WRONG_BANK_SHARE * area_m2(place):
        reason = f"on the wrong bank: part of it lies in {COUNTRY[OTHER_SIDE[properties.side]]}"
        yield Fault(file, properties.id, "geometry", reason)


def _wrong_bank(place: Point, side: str, land: dict[str, BaseGeometry]) -> str:
    reason = (
        f"on the wrong bank: {place.x}, {place.y} lies in {COUNTRY[OTHER_SIDE[side]]}, not in {COUNTRY[side]}"
    )
    shifted = Point(*wgs84_from_gcj02(place.x, place.y))
    if land[side].contains(shifted):
        reason += f"; read as GCJ-02 it would be {shifted.x:.6f}, {shifted.y:.6f} on the right bank"
    return reason


def _overlap_faults(file: str, features: tuple[Feature, ...]) -> Iterator[Fault]:
    zones = [f for f in features if f.properties.kind == "zone" and f.geometry is not None]
    for first, second in combinations(zones, 2):
        overlap = shapely.intersection(geometry_of(first), geometry_of(second))
        if area_m2(overlap) > OVERLAP_TOLERANCE_M2:
            reason = f"overlaps {first.properties.id!r} by {area_ha(overlap):.2f} ha"
            yield Fault(file, second.properties.id, "geometry", reason)
