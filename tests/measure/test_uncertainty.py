"""What the noise of clicks does to a length and an area; units; a site beside the published areas."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import MultiPolygon, Polygon, box

from khorgos_map.atlas import Atlas
from khorgos_map.geodesy import along, area_m2, length_m
from khorgos_map.measure.areas import compare_area
from khorgos_map.measure.measurement import measure_geometry, measure_sketch
from khorgos_map.measure.sketch import Sketch
from khorgos_map.measure.uncertainty import area_uncertainty_m2, length_uncertainty_m
from khorgos_map.measure.units import convert_area, convert_length

HERE = (80.39, 44.2)
SIGMA_M = 5.0


def polygon(*corners_m: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """Return positions at metres to the east and north of a place near Khorgos."""
    positions = []
    for east_m, north_m in corners_m:
        bearing, away_m = np.degrees(np.arctan2(east_m, north_m)), np.hypot(east_m, north_m)
        positions.append(tuple(along(*HERE, bearing, [away_m])[0]))
    return tuple(positions)


SITE = polygon((0, 0), (1400, 0), (1500, 1000), (700, 1800), (0, 1200))


def shaken(positions: tuple[tuple[float, float], ...], count: int) -> np.ndarray:
    chance = np.random.default_rng(4)
    noise = chance.normal(0, SIGMA_M, (count, len(positions), 2))
    metres = np.array([1 / 79_900, 1 / 111_100])  # degrees in a metre, east and north, at 44.2 degrees
    return np.array(positions) + noise * metres


def test_the_uncertainty_of_an_area_is_what_shaken_corners_show():
    areas = [area_m2(Polygon(ring)) for ring in shaken(SITE, 2000)]
    told = area_uncertainty_m2(measure_sketch(Sketch("area", SITE), {}), SIGMA_M)
    assert told == pytest.approx(np.std(areas), rel=0.05)


def test_the_uncertainty_of_a_length_is_what_shaken_positions_show():
    lengths = [length_m(line) for line in shaken(SITE, 2000)]
    told = length_uncertainty_m(measure_sketch(Sketch("line", SITE), {}), SIGMA_M)
    assert told == pytest.approx(np.std(lengths), rel=0.05)
    rounds = [length_m([*ring, ring[0]]) for ring in shaken(SITE, 2000)]
    told = length_uncertainty_m(measure_sketch(Sketch("area", SITE), {}), SIGMA_M)
    assert told == pytest.approx(np.std(rounds), rel=0.05)


def test_what_has_no_area_or_length_has_no_uncertainty():
    points, line = (measure_sketch(Sketch(kind, SITE), {}) for kind in ("points", "line"))
    assert area_uncertainty_m2(line, SIGMA_M) is None
    assert length_uncertainty_m(points, SIGMA_M) is None
    assert length_uncertainty_m(measure_sketch(Sketch("line", SITE[:1]), {}), SIGMA_M) is None
    (parts,) = measure_geometry(MultiPolygon([box(80, 44, 80.1, 44.1), box(81, 44, 81.1, 44.1)]), {})
    assert parts.parts == 2
    assert area_uncertainty_m2(parts, SIGMA_M) is length_uncertainty_m(parts, SIGMA_M) is None


def test_units_are_what_they_are_defined_as():
    assert convert_length(1852, "nmi") == 1
    assert convert_length(1609.344, "mi") == 1
    assert convert_length(2500, "km") == 2.5
    assert convert_length(7, "m") == 7
    assert convert_area(2_170_000, "ha") == 217
    assert convert_area(2_170_000, "km2") == 2.17
    assert convert_area(10_000, "mu") == pytest.approx(15)
    assert convert_area(7, "m2") == 7


def test_a_site_is_told_in_published_areas_nearest_first(atlas: Atlas):
    found = compare_area(217, atlas)
    assert (found[0].feature, found[0].ratio) == ("icbc-kz", 1)
    by_feature = {comparison.feature: comparison for comparison in found}
    assert by_feature["icbc-cn"].ratio == pytest.approx(217 / 343)
    assert by_feature["icbc"].ratio == pytest.approx(217 / 560)
    assert by_feature["zhetisu-region"].published_ha == 11_850_000
    assert all(c.claim.rank == "preferred" and c.claim.status != "superseded" for c in found)
    assert compare_area(560, atlas)[0].feature == "icbc"
    assert compare_area(0, atlas) == ()
