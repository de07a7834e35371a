"""What was measured, in the words of a language: for descriptions in files and for the measurement sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from khorgos_map.draw.words import number
from khorgos_map.measure.measurement import Measurement
from khorgos_map.measure.sides import Side
from khorgos_map.measure.units import convert_area, convert_length
from khorgos_map.text import Catalogue

_TITLES = {"points": "measured.points", "line": "measured.line", "area": "measured.area"}
_NOTHING = 1e-9


def titles(measurements: Sequence[Measurement], text: Catalogue) -> list[str]:
    """Return a title for each measurement: its name, or what it is and the how-manieth of all."""
    return [m.name or text(_TITLES[m.kind], number=place) for place, m in enumerate(measurements, start=1)]


def told(measurement: Measurement, text: Catalogue) -> Iterator[str]:
    """Yield what was measured of points, a line or an area, one plain line each; nothing for points."""
    if measurement.length_m is not None:
        yield text("measured.length", value=length(measurement.length_m, text))
    if measurement.perimeter_m is not None:
        yield text("measured.perimeter", value=length(measurement.perimeter_m, text))
    if measurement.area_m2 is not None:
        yield text("measured.size", value=area(measurement.area_m2, text))
    if measurement.self_crossing:
        yield text("measured.crossing")
    yield from _shares(measurement, text)
    if measurement.beyond_land:
        yield text("measured.beyond")


def length(length_m: float, text: Catalogue) -> str:
    """Return a length with its unit: metres to a tenth below a kilometre, kilometres to the metre above."""
    if length_m < 1000:
        return text("unit.m", value=number(length_m, text, decimals=1))
    return text("unit.km", value=number(convert_length(length_m, "km"), text, decimals=3))


def area(area_m2: float, text: Catalogue) -> str:
    """Return an area with its unit: hectares to two decimals, from 10,000 ha on square kilometres."""
    if convert_area(area_m2, "ha") < 10_000:
        return text("unit.ha", value=number(convert_area(area_m2, "ha"), text, decimals=2))
    return text("unit.km2", value=number(convert_area(area_m2, "km2"), text, decimals=1))


def country(side: Side, text: Catalogue) -> str:
    """Return the name of a country, or that it is elsewhere."""
    return text("measured.elsewhere") if side == "other" else text(f"side.{side}")


def _shares(measurement: Measurement, text: Catalogue) -> Iterator[str]:
    """Yield the shares of an area, or else of a line, that lie on more than one side of the border."""
    shares_m2 = measurement.area_by_country_m2
    shares = measurement.length_by_country_m if shares_m2 is None else shares_m2
    write = length if shares_m2 is None else area
    for side, share in shares.items():
        # what the arithmetic leaves of nothing is not told
        if share > _NOTHING * sum(shares.values()):
            yield text("measured.side", country=country(side, text), value=write(share, text))
