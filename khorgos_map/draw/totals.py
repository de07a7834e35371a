"""The totals of a measurement in words: length, area, shares by country, and how sure they are.

A row is a label and a value. The page, the files and the measurement sheet put them together in their own ways.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from khorgos_map.draw import quantities
from khorgos_map.draw.words import number
from khorgos_map.measure.measurement import Leg, Measurement
from khorgos_map.measure.sides import Side
from khorgos_map.measure.uncertainty import area_uncertainty_m2, length_uncertainty_m
from khorgos_map.measure.units import AreaUnit, LengthUnit
from khorgos_map.text import Catalogue

Form = Literal["decimal", "dms", "utm"]
Row = tuple[str, str]
IN_COUNTRY: dict[Side, str] = {"KZ": "measure.in_kz", "CN": "measure.in_cn", "other": "measure.in_other"}


@dataclass(frozen=True)
class Choices:
    """How a user wants to read, and what else is asked for.

    Units (``None``: what suits), the form of coordinates, the size in metres of the pixel that the points were
    set to (0: typed or snapped), and how far around each sketch the area is wanted, in metres (0: not).
    """

    length: LengthUnit | None = None
    area: AreaUnit | None = None
    form: Form = "decimal"
    pixel_m: float = 0.0
    around_m: float = 0.0


def to_sign(measured: Measurement, *, pixel_m: float = 0.0) -> Choices:
    """Return the choices for what is put on paper: in one unit each, and to the same digits at any size."""
    return Choices(
        length="km" if (measured.course_m or 0.0) >= 1000 else "m",
        area="km2" if (measured.area_m2 or 0.0) >= 1e8 else "ha",
        pixel_m=pixel_m,
    )


def is_unfinished(measured: Measurement) -> bool:
    """Tell whether an area has too few corners to have an outline."""
    return measured.kind == "area" and len(measured.positions) < 3


def told_legs(measured: Measurement) -> Sequence[Leg]:
    """Return the legs as drawn: that which closes an outline only where there is one."""
    return measured.legs[: len(measured.positions) - 1] if is_unfinished(measured) else measured.legs


def off_length_m(measured: Measurement, pixel_m: float) -> float | None:
    """Return how far off a length or a perimeter may be if each point is by a pixel; ``None`` where not known."""
    return length_uncertainty_m(measured, pixel_m) or None


def off_area_m2(measured: Measurement, pixel_m: float) -> float | None:
    """Return how far off an area may be if each point is by a pixel; ``None`` where not known."""
    return area_uncertainty_m2(measured, pixel_m) or None


def length_rows(measured: Measurement, text: Catalogue, choices: Choices) -> list[Row]:
    """Return the length of a line, the perimeter of an area or what is drawn of one; nothing for points."""
    if measured.kind == "points":
        return []
    label, value_m = text("measure.length"), measured.length_m or 0.0
    if is_unfinished(measured):
        value_m = math.fsum(leg.length_m for leg in told_legs(measured))
    elif measured.perimeter_m is not None:
        label, value_m = text("measure.perimeter"), measured.perimeter_m
    off_m = off_length_m(measured, choices.pixel_m)
    return [(label, quantities.length(value_m, text, choices.length, off_m=off_m))]


def area_rows(
    measured: Measurement, text: Catalogue, *units: AreaUnit | None, pixel_m: float = 0.0
) -> list[Row]:
    """Return the size of an area in some units (``None``: what suits), in one row; nothing for what has none.

    ``pixel_m`` is the size of the pixel that its points were set to, as in `Choices`.
    """
    if measured.area_m2 is None or is_unfinished(measured):
        return []
    off_m2 = off_area_m2(measured, pixel_m)
    values = [quantities.area(measured.area_m2, text, unit, off_m2=off_m2) for unit in units]
    return [(text("measure.area"), " = ".join(values))]


def share_rows(measured: Measurement, text: Catalogue, choices: Choices) -> list[Row]:
    """Return what lies in each country of an area, else of a length; nothing for points."""
    if is_unfinished(measured):
        return []
    if measured.area_by_country_m2 is not None:
        off_m2 = off_area_m2(measured, choices.pixel_m)
        return area_shares(measured.shares, text, choices.area, off_m2=off_m2)
    off_m = off_length_m(measured, choices.pixel_m)
    unit = choices.length or (quantities.unit_of_length(measured.course_m or 0.0) if off_m else None)
    return [
        (text(IN_COUNTRY[side]), quantities.length(share, text, unit, off_m=off_m))
        for side, share in measured.shares.items()
    ]


def area_shares(
    shares: Mapping[Side, float], text: Catalogue, unit: AreaUnit | None, *, off_m2: float | None = None
) -> list[Row]:
    """Return the parts of an area in square metres by country, in the unit of the whole."""
    whole_m2 = math.fsum(shares.values())
    return [
        (text(IN_COUNTRY[side]), quantities.area(share, text, unit, off_m2=off_m2, whole_m2=whole_m2))
        for side, share in shares.items()
    ]


def sphere_rows(measured: Measurement, text: Catalogue, choices: Choices) -> list[Row]:
    """Return how much more a sphere would make of it; nothing for what has no size."""
    more_m2, more_m = measured.sphere_difference_m2, measured.sphere_difference_m
    if more_m2 is not None and measured.area_m2:
        value = quantities.area(abs(more_m2), text, choices.area, like=measured.area_m2)
        return [(text("measure.sphere"), f"{_sign(more_m2)}{value}")]
    if more_m:
        value = quantities.length(abs(more_m), text, choices.length, like=measured.course_m)
        return [(text("measure.sphere"), f"{_sign(more_m)}{value}")]
    return []


def off_by(measured: Measurement, text: Catalogue, choices: Choices) -> str | None:
    """Return how far off the size may be if each point is by a pixel; ``None`` where that says nothing."""
    if off_m2 := off_area_m2(measured, choices.pixel_m):
        return f"± {quantities.area(off_m2, text, choices.area, like=measured.area_m2)}"
    off_m = off_length_m(measured, choices.pixel_m)
    return f"± {quantities.length(off_m, text, choices.length, like=measured.course_m)}" if off_m else None


def point_rows(measured: Measurement, text: Catalogue) -> list[Row]:
    """Return how many points there are."""
    return [(text("measure.points"), number(len(measured.positions), text))]


def _sign(value: float) -> str:
    return "+" if value > 0 else "−" if value < 0 else ""
