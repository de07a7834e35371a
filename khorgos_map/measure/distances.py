"""Published road distances held against the geodesic between the same two places."""

from __future__ import annotations

from dataclasses import dataclass

from geojson_pydantic import Point

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.atlas import REFERENCE_POINT, ROAD_DISTANCE
from khorgos_map.atlas.records import RANKS, Claim, Feature
from khorgos_map.geodesy import inverse

ORIGIN, ATTRIBUTE = REFERENCE_POINT, ROAD_DISTANCE


@dataclass(frozen=True)
class DistanceComparison:
    """A published road distance, the geodesic from the reference point, and their ratio."""

    claim: Claim
    published_km: float
    geodesic_km: float

    @property
    def detour_ratio(self) -> float:
        """Published distance over geodesic: 1 is a straight road, 1.2 is common, more means an obstacle."""
        return self.published_km / self.geodesic_km


def compare_distance(road: Feature, atlas: Atlas) -> DistanceComparison | None:
    """Return the comparison for a road route; ``None`` if no distance is published or a place is unknown."""
    claims = [c for c in atlas.claims_about.get(road.properties.id, []) if c.attribute == ATTRIBUTE]
    claim = min(claims, key=lambda c: RANKS.index(c.rank), default=None)
    origin, destination = (
        atlas.feature[i].geometry if i in atlas.feature else None
        for i in (ORIGIN, road.properties.destination or "")
    )
    if claim is None or isinstance(claim.value, str):
        return None
    if not (isinstance(origin, Point) and isinstance(destination, Point)):
        return None
    distance_m, _ = inverse(*origin.coordinates[:2], *destination.coordinates[:2])
    return DistanceComparison(claim, float(claim.value), distance_m / 1000)
