"""Published distances against an independent geodesic."""

from __future__ import annotations

import pytest
from geographiclib.geodesic import Geodesic

from khorgos_map.atlas import Atlas
from khorgos_map.measure.distances import compare_distance

ROADS = ["almaty", "taldykorgan", "horgos-city", "yining", "urumqi"]


@pytest.mark.parametrize("destination", ROADS)
def test_the_straight_line_agrees_with_geographiclib(atlas: Atlas, destination: str) -> None:
    comparison = compare_distance(atlas.feature[f"road-khorgos-{destination}"], atlas)
    assert comparison
    (lon1, lat1), (lon2, lat2) = (
        atlas.feature[i].geometry.coordinates[:2]  # type: ignore[union-attr, misc]
        for i in ("khorgos", destination)
    )
    expected_m = Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2)["s12"]
    assert comparison.geodesic_km * 1000 == pytest.approx(expected_m, abs=0.001)
    assert comparison.detour_ratio == pytest.approx(comparison.published_km / (expected_m / 1000))


def test_what_is_no_road_has_no_comparison(atlas: Atlas) -> None:
    assert compare_distance(atlas.feature["zharkent"], atlas) is None
