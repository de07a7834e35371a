"""The whole content as one immutable value with the look-ups that drawing and the commands need."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas.arrangement import Chart, Correction, Group, Home, Introduction, Layer, Pair
from khorgos_map.atlas.records import (
    UNPROVEN,
    BasemapFeature,
    Claim,
    Claimant,
    Feature,
    Source,
    shape_of,
)
from khorgos_map.atlas.roads import RoadNetwork

# Where the published roads begin, and what is published of them.
REFERENCE_POINT, ROAD_DISTANCE = "khorgos", "road-distance"


@dataclass(frozen=True)
class Atlas:
    """All records of a content folder; ``features`` maps each layer's id to its features in file order."""

    home: Home
    groups: tuple[Group, ...]
    layers: tuple[Layer, ...]
    features: dict[str, tuple[Feature, ...]]
    basemap: dict[str, tuple[BasemapFeature, ...]]
    claims: dict[str, Claim]
    claimants: dict[str, Claimant]
    sources: dict[str, Source]
    introduction: Introduction
    charts: tuple[Chart, ...]
    corrections: tuple[Correction, ...]
    pairs: tuple[Pair, ...] = ()
    network: RoadNetwork = field(default_factory=RoadNetwork)

    @cached_property
    def feature(self) -> dict[str, Feature]:
        """Features by id."""
        return {f.properties.id: f for group in self.features.values() for f in group}

    @cached_property
    def layer_of(self) -> dict[str, str]:
        """The layer's id for each feature's id."""
        return {f.properties.id: layer for layer, group in self.features.items() for f in group}

    @cached_property
    def claims_about(self) -> dict[str, list[Claim]]:
        """Claims by the id of their subject, in the order of the ledger."""
        by_subject: defaultdict[str, list[Claim]] = defaultdict(list)
        for claim in self.claims.values():
            by_subject[claim.subject].append(claim)
        return dict(by_subject)

    @cached_property
    def said_of(self) -> dict[str, list[Claim]]:
        """What is said of each feature: the claims about it, and the published distances of the roads that end there.

        All published roads begin at the reference point, so that it has every published distance.
        """
        said = {identifier: list(claims) for identifier, claims in self.claims_about.items()}
        for feature in self.feature.values():
            destination = feature.properties.destination
            if destination is None:
                continue
            published = [
                c for c in self.claims_about.get(feature.properties.id, []) if c.attribute == ROAD_DISTANCE
            ]
            for end in (destination, REFERENCE_POINT):
                said[end] = said.get(end, []) + published
        return said

    @cached_property
    def land(self) -> dict[str, BaseGeometry]:
        """The land of Kazakhstan and of China ("KZ", "CN") as drawn, longitude/latitude on WGS 84.

        Threads share it, and some prepare it: whoever asks a predicate of it takes a turn (`measure.prepared`).
        """
        land = self.basemap.get("land", ())
        return {f.properties.side: shape_of(f.geometry) for f in land if f.properties.side}

    @cached_property
    def known_until(self) -> int:
        """The last year of which anybody has said anything but plans."""
        said = (claim for claim in self.claims.values() if claim.status not in UNPROVEN)
        return max((int(claim.as_of[:4]) for claim in said), default=0)

    @cached_property
    def shown_layers(self) -> tuple[str, ...]:
        """Ids of the layers shown at first."""
        return tuple(layer.id for layer in self.layers if layer.shown)
