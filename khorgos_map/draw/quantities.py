"""What was measured, in words: lengths, areas, directions and times in one language and in the unit asked for.

Values come in metres, square metres, degrees and seconds.
"""

from __future__ import annotations

import math

from khorgos_map.draw.words import number
from khorgos_map.measure.routing.records import Range
from khorgos_map.measure.units import AreaUnit, LengthUnit, convert_area, convert_length
from khorgos_map.text import Catalogue

LENGTH_DECIMALS: dict[LengthUnit, int] = {"m": 1, "km": 3, "mi": 3, "nmi": 3}
AREA_DECIMALS: dict[AreaUnit, int] = {"m2": 0, "ha": 2, "km2": 4, "mu": 2}
# From these values on decimals say nothing any more.
WHOLE_FROM: dict[AreaUnit, float] = {"m2": 0.0, "ha": 10_000.0, "km2": 10_000.0, "mu": 1000.0}
MINUTE_S, ROUND_TO_MIN = 60.0, 5


def length(
    length_m: float,
    text: Catalogue,
    unit: LengthUnit | None = None,
    *,
    like: float | None = None,
    off_m: float | None = None,
) -> str:
    """Return a length in a unit, or in the one that suits it: metres below a kilometre, kilometres above.

    An uncertainty or a difference of another length, ``like`` in metres, has two digits, in the unit of that. A
    length that may be off by ``off_m`` ends at the last of the two digits that this is told with.
    """
    if like is not None:
        chosen = unit or unit_of_length(like)
        return text(f"unit.{chosen}", value=_two_digits(convert_length(length_m, chosen), text))
    if off_m:
        chosen = unit or unit_of_length(length_m)
        value = _ended(convert_length(length_m, chosen), convert_length(off_m, chosen), text)
        return text(f"unit.{chosen}", value=value)
    if unit:
        return text(
            f"unit.{unit}", value=number(convert_length(length_m, unit), text, decimals=LENGTH_DECIMALS[unit])
        )
    if length_m < 1000:
        return text("unit.m", value=number(length_m, text, decimals=1))
    decimals = 3 if length_m < 10_000 else 2 if length_m < 100_000 else 1
    return text("unit.km", value=number(length_m / 1000, text, decimals=decimals))


def unit_of_length(length_m: float) -> LengthUnit:
    """Return the unit that suits a length: metres below a kilometre, kilometres above."""
    return "m" if length_m < 1000 else "km"


def length_to_sign(length_m: float, text: Catalogue, *, off_m: float | None = None) -> str:
    """Return a length to the same digits at any size: metres to a tenth below a kilometre, kilometres to the metre.

    One that may be off by ``off_m`` ends at the last of the two digits that this is told with.
    """
    return length(length_m, text, unit_of_length(length_m), off_m=off_m)


def area(  # noqa: PLR0913  # the area, in which words and unit, beside which others
    area_m2: float,
    text: Catalogue,
    unit: AreaUnit | None = None,
    *,
    like: float | None = None,
    off_m2: float | None = None,
    whole_m2: float | None = None,
) -> str:
    """Return an area in a unit, or in the one that suits it, or the whole that it is part of: m², ha, km².

    An uncertainty or a difference of another area, ``like`` in square metres, has two digits, in the unit of
    that. An area that may be off by ``off_m2`` ends at the last of the two digits that this is told with.
    """
    suits = area_m2 if whole_m2 is None else whole_m2
    chosen = unit or unit_of_area(suits if like is None else like)
    value = convert_area(area_m2, chosen)
    if like is not None:
        return text(f"unit.{chosen}", value=_two_digits(value, text))
    if off_m2:
        return text(f"unit.{chosen}", value=_ended(value, convert_area(off_m2, chosen), text))
    decimals = 1 if unit is None and chosen == "km2" else AREA_DECIMALS[chosen]
    return text(
        f"unit.{chosen}", value=number(value, text, decimals=0 if value >= WHOLE_FROM[chosen] else decimals)
    )


def unit_of_area(area_m2: float) -> AreaUnit:
    """Return the unit that suits an area: square metres below a hectare, square kilometres from a hundred on."""
    return "m2" if area_m2 < 10_000 else "ha" if area_m2 < 1e8 else "km2"


def _two_digits(value: float, text: Catalogue) -> str:
    return _ended(value, value, text)


def _ended(value: float, off: float, text: Catalogue) -> str:
    """Return a number that ends where the two digits of another end, which may be at the tens or above."""
    two_digits = abs(float(f"{off:.1e}"))
    decimals = 1 - math.floor(math.log10(two_digits)) if two_digits else 0
    return number(round(value, decimals), text, decimals=max(0, decimals))


def azimuth(azimuth_deg: float, text: Catalogue) -> str:
    """Return a direction clockwise from north in degrees to a tenth."""
    return f"{number(round(azimuth_deg, 1) % 360, text, decimals=1)}°"


def unbroken(told: str) -> str:
    """Return a quantity in words whose spaces do not break."""
    return told.replace(" ", "\u00a0")


def duration(seconds: float, text: Catalogue) -> str:
    """Return a time in hours and minutes, to five minutes, or to one minute below a quarter of an hour.

    Its spaces do not break.
    """
    minutes = seconds / MINUTE_S
    step = ROUND_TO_MIN if minutes >= 15 else 1
    hours, rest = divmod(round(minutes / step) * step, 60)
    if not hours:
        told = text("unit.minutes", value=number(rest, text))
    elif not rest:
        told = text("unit.hours", value=number(hours, text))
    else:
        told = text("unit.hours_minutes", hours=number(hours, text), minutes=number(rest, text))
    return unbroken(told)


def duration_range(time: Range, text: Catalogue) -> str:
    """Return a time of which the limits are known; one value where they read the same."""
    low, high = duration(time.low_s, text), duration(time.high_s, text)
    return low if low == high else f"{low} – {high}"
