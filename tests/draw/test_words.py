"""Values in words: digits, dates and units as each language writes them."""

from __future__ import annotations

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.draw import words
from khorgos_map.text import catalogue


@pytest.mark.parametrize(
    ("code", "claim", "expected"),
    [
        ("en", "khorgos-trade-2024", "US$12.5 billion"),
        ("zh", "khorgos-trade-2024", "125 亿美元"),
        ("zh", "cargo-2025-h1", "2,220 万吨"),
        ("ru", "cargo-2025-h1", "22,2 млн т"),
        ("zh", "sez-eastern-gate-investment-2035", "7,155 亿坚戈"),
        ("kk", "dry-port-area-129", "129,8 га"),
        ("en", "energy-complex-heat", "108,208 Gcal"),
    ],
)
def test_a_value_reads_as_the_language_counts(atlas: Atlas, code: str, claim: str, expected: str) -> None:
    shown = words.value(atlas.claims[claim], catalogue(code))
    assert shown
    assert shown.replace("\xa0", " ") == expected


@pytest.mark.parametrize(
    ("code", "partial", "expected"),
    [
        ("en", "2012", "2012"),
        ("en", "2012-04", "April 2012"),
        ("en", "2011-11-29", "November 29, 2011"),
        ("zh", "2011-11-29", "2011年11月29日"),
        ("ru", "2011-11-29", "29 ноября 2011 г."),
    ],
)
def test_a_date_is_no_more_precise_than_given(code: str, partial: str, expected: str) -> None:
    assert words.date(partial, catalogue(code)).replace("\xa0", " ").replace("\u202f", " ") == expected
