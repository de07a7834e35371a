"""Faults of a raw GeoJSON geometry, found before it becomes a record so that the reason is plain.

Positions are ``[longitude, latitude]`` in decimal degrees.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from shapely import LinearRing, Polygon, is_valid_reason
from shapely.geometry import shape

# the map's own world: outside it a coordinate is a mistake, not a place
WEST, EAST, SOUTH, NORTH = 56.0, 106.0, 35.0, 55.0
DECIMALS = 6


def geometry_faults(feature: Any) -> list[str]:
    """Return the reasons why a feature's geometry cannot be used; none for a missing location."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return ["is not a GeoJSON feature"]
    geometry = feature.get("geometry")
    if geometry is None:
        return []
    if not isinstance(geometry, dict) or not isinstance(geometry.get("coordinates"), list):
        return ["is not a GeoJSON geometry"]
    try:
        positions = list(_positions(geometry["coordinates"]))
    except (TypeError, ValueError):
        return ["coordinates must be lists of numbers"]
    reasons = list(dict.fromkeys(reason for position in positions for reason in _position_faults(position)))
    return reasons or list(_ring_faults(geometry))


def _positions(coordinates: list[Any]) -> Iterator[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], list):
        for part in coordinates:
            yield from _positions(part)
    else:
        longitude, latitude = coordinates
        yield float(longitude), float(latitude)


def _position_faults(position: tuple[float, float]) -> Iterator[str]:
    longitude, latitude = position
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        yield "a coordinate is NaN or infinite"
    elif SOUTH <= longitude <= NORTH and WEST <= latitude <= EAST:
        yield f"coordinates are swapped: {longitude}, {latitude} should be longitude, latitude"
    elif not (WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH):
        yield (
            f"out of range: {longitude}, {latitude} is outside the map "
            f"({WEST:g}..{EAST:g} east, {SOUTH:g}..{NORTH:g} north)"
        )
    elif any(abs(value - round(value, DECIMALS)) > 1e-12 for value in position):
        yield f"more than {DECIMALS} decimals in {longitude}, {latitude}"


def _ring_faults(geometry: dict[str, Any]) -> Iterator[str]:
    kind, coordinates = geometry.get("type"), geometry["coordinates"]
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(kind), [])
    for rings in polygons:
        for number, ring in enumerate(rings):
            if len(ring) < 4 or ring[0] != ring[-1]:
                yield "a ring is open: its first and last position must be the same, and four at least"
                return
            if LinearRing(ring).is_ccw != (number == 0):
                yield "a ring runs the wrong way round: outer rings counter-clockwise, holes clockwise"
        if not Polygon(rings[0], rings[1:]).is_valid:
            yield f"self-intersecting: {is_valid_reason(shape(geometry))}"
