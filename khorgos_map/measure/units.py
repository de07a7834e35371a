"""Units of length and area: what a metre and a square metre are in each."""

from __future__ import annotations

from typing import Literal

LengthUnit = Literal["m", "km", "mi", "nmi"]
AreaUnit = Literal["m2", "ha", "km2", "mu"]

# The international mile of 1959; the nautical mile as in the SI Brochure (9th edition, table 8).
METRES: dict[LengthUnit, float] = {"m": 1.0, "km": 1000.0, "mi": 1609.344, "nmi": 1852.0}
# The mu of mainland China is 60 square zhang of 10/3 m (Weights and Measures Act of 16 February 1929), 1/15 ha.
SQUARE_METRES: dict[AreaUnit, float] = {"m2": 1.0, "ha": 10_000.0, "km2": 1_000_000.0, "mu": 2000.0 / 3.0}


def convert_length(length_m: float, unit: LengthUnit) -> float:
    """Return a length in metres in kilometres, miles (mi) or nautical miles (nmi)."""
    return length_m / METRES[unit]


def convert_area(area_m2: float, unit: AreaUnit) -> float:
    """Return an area in square metres in hectares, square kilometres or Chinese mu (15 to the hectare)."""
    return area_m2 / SQUARE_METRES[unit]
