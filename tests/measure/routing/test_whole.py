"""The whole way, with what lies between the places and the road."""

from __future__ import annotations

import numpy as np
import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.geodesy import WGS84
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.records import Stop
from khorgos_map.measure.routing.whole import DETOUR_AT_MOST, access_span


def test_nine_in_ten_pairs_of_places_near_each_other_have_no_longer_detour(atlas: Atlas) -> None:
    """What the longest way to a road is taken for is counted on this network, and is not far from that."""
    places = [node for node in atlas.network.nodes.values() if node.properties.kind != "junction"]
    lons, lats = np.array([node.geometry.coordinates[:2] for node in places]).T
    stops = [Stop((lon, lat), id=n.properties.id) for lon, lat, n in zip(lons, lats, places, strict=True)]
    road_m = Embedded(atlas.network, land_by_side(atlas)).matrix(stops, stops, "car").distance_m
    one, other = np.triu_indices(len(places), k=1)
    countries = np.array([node.properties.country for node in places])
    straight_m = WGS84.inv(lons[one], lats[one], lons[other], lats[other])[2]
    near = (straight_m >= 2_000) & (straight_m <= 25_000) & (countries[one] == countries[other])
    detours = road_m[one, other][near] / straight_m[near]
    assert near.sum() > 25
    assert np.percentile(detours, 90) <= DETOUR_AT_MOST <= np.percentile(detours, 90) + 0.2


def test_a_way_to_the_road_is_at_least_the_straight_line() -> None:
    assert access_span(1000).low_m == 1000
    assert access_span(1000).high_m == pytest.approx(1000 * DETOUR_AT_MOST)
