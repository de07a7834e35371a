"""Quantities in words: an uncertainty reads like its total, and no total has more digits than say something."""

from __future__ import annotations

import pytest

from khorgos_map.draw import quantities
from khorgos_map.measure.units import AreaUnit
from khorgos_map.text import catalogue


@pytest.mark.parametrize(
    ("off_m2", "total_m2", "shown"),
    [
        (851_300, 104.1e6, "0.85 km²"),
        (1_595_200, 6e7, "160 ha"),
        (5_757, 2_819_100, "0.58 ha"),
        (9_960, 2_819_100, "1.0 ha"),
        (0.042, 500, "0.042 m²"),
        (0, 500, "0 m²"),
    ],
)
def test_an_uncertain_area_has_two_digits_and_the_unit_of_its_total(
    off_m2: float, total_m2: float, shown: str
) -> None:
    assert quantities.area(off_m2, catalogue("en"), like=total_m2) == shown


def test_an_uncertain_length_has_two_digits_and_the_unit_of_its_total() -> None:
    text = catalogue("ru")
    assert quantities.length(19.7, text, like=49_020) == "0,020 км"
    assert quantities.length(19.7, text, like=490) == "20 м"
    assert quantities.length(1852 * 1.234, text, "nmi", like=490) == "1,2 м. мили"


@pytest.mark.parametrize(
    ("area_m2", "off_m2", "unit", "shown"),
    [
        (24_788_400, 390_000, None, "2,479 ha"),
        (24_788_400, 1_600_000, None, "2,480 ha"),
        (24_788_400, 390_000, "km2", "24.79 km²"),
        (24_788_400, 390_000, "mu", "37,180 mu"),
        (24_788_400, 99_600, "ha", "2,479 ha"),
        (24_788_400, 43, "ha", "2,478.8400 ha"),
        (3_000, 390_000, "ha", "0 ha"),
        (24_788_400, 0, None, "2,478.84 ha"),
    ],
)
def test_an_area_ends_where_the_two_digits_of_its_uncertainty_end(
    area_m2: float, off_m2: float, unit: AreaUnit | None, shown: str
) -> None:
    assert quantities.area(area_m2, catalogue("en"), unit, off_m2=off_m2) == shown


def test_a_length_ends_where_the_two_digits_of_its_uncertainty_end() -> None:
    text = catalogue("en")
    assert quantities.length(49_020.44, text, off_m=19.2) == "49.020 km"
    assert quantities.length(490.44, text, off_m=19.2) == "490 m"
    assert quantities.length(49_020.44, text, "mi", off_m=1_900) == "30.5 mi"
    assert quantities.length_to_sign(490.44, text, off_m=2.4) == "490.4 m"
    assert quantities.length_to_sign(490.44, text) == "490.4 m"


def test_large_areas_have_no_decimals() -> None:
    text = catalogue("en")
    assert quantities.area(666.6667 * 601_618.1, text, "mu") == "601,618 mu"
    assert quantities.area(666.6667 * 12.345, text, "mu") == "12.35 mu"
    assert quantities.area(123_456_789, text, "ha") == "12,346 ha"
