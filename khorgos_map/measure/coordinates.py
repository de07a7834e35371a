"""Positions as people type and read them: decimal degrees, degrees-minutes-seconds, UTM.

People write latitude first, as on paper maps; records and functions have (longitude, latitude). This module
and the address bar are where the order changes. All positions are WGS 84.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Literal

from pyproj import Transformer

from khorgos_map.errors import UsageError
from khorgos_map.measure.written import Reading, read_angles

Position = tuple[float, float]
Reason = Literal["empty", "one-number", "unreadable", "too-far", "swapped", "utm"]
# A metre of latitude is never less than this part of a degree: the meridian is longest at the poles.
M_PER_DEG = 111_694.0
# Six decimals are 0.1 m, the most that records and the address bar keep.
MOST_DIGITS = 6
UTM_SOUTH, UTM_NORTH = -80.0, 84.0
UTM_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_UTM = re.compile(
    r"(\d{1,2})\s*([A-Z])[\s,;]+(\d{3,9}(?:[.,]\d{1,9})?)\s*M?\s*E?[\s,;]+(\d{1,9}(?:[.,]\d{1,9})?)\s*M?\s*N?"
)
# Band S is 32 to 40 degrees north, and these are its northings.
_BAND_S_NORTHINGS_M = (3_540_000.0, 4_440_000.0)


class PositionError(UsageError):
    """The position typed cannot be understood; ``reason`` is the kind of mistake, for other languages."""

    def __init__(self, reason: Reason, message: str) -> None:
        self.reason = reason
        super().__init__(message)


def parse_position(text: str) -> Position:
    """Return the (longitude, latitude) in WGS 84 degrees of a position as typed, latitude first.

    Understood are decimal degrees with point or comma, degrees with minutes and seconds, any order where
    letters (N S E W, or those of Kazakh, Russian and Chinese) say which is which, and UTM with a zone and
    N, S or the letter of the latitude band. Raises `PositionError`, a `KhorgosMapError`, with what is wrong.
    """
    shown = _shown(text)
    if not text.strip():
        raise PositionError("empty", "no position typed; type a latitude and a longitude: 44.198, 80.397")
    if match := _UTM.fullmatch(text.strip().upper().removeprefix("UTM").strip()):
        return _from_utm(match, shown)
    readings = read_angles(text)
    if readings is None or len(readings) > 2:
        raise PositionError(
            "unreadable",
            f"{shown} is no position; type a latitude and a longitude: 44.198, 80.397 or 44°11′53″ N 80°23′49″ E",
        )
    if len(readings) == 1:
        raise PositionError(
            "one-number",
            f"{shown} is only one of latitude and longitude; type both: 44.198, 80.397",
        )
    return _checked(*_latitude_first(readings[0], readings[1], shown), shown)


def digits_for(uncertainty_m: float) -> int:
    """Return how many decimals of a degree say a position known to some metres, and no more: 0 to 6.

    With them rounding moves the position by no more than its uncertainty, north or south.
    """
    if not uncertainty_m > 0:
        return MOST_DIGITS
    return min(MOST_DIGITS, max(0, math.ceil(math.log10(M_PER_DEG / 2 / uncertainty_m))))


def format_decimal(lon: float, lat: float, digits: int = 5) -> str:
    """Return a position in decimal degrees, latitude first; `parse_position` reads it back."""
    return f"{_fixed(lat, digits)}, {_fixed(lon, digits)}"


def format_dms(lon: float, lat: float, digits: int = 5) -> str:
    """Return a position in degrees, minutes and seconds, latitude first: 44°11′52.80″ N, 80°23′49.20″ E.

    ``digits`` are decimals of a degree, as for `format_decimal`; the seconds are written as finely.
    """
    latitude = f"{_sexagesimal(lat, digits)} {'S' if lat < 0 else 'N'}"
    return f"{latitude}, {_sexagesimal(lon, digits)} {'W' if lon < 0 else 'E'}"


def format_utm(lon: float, lat: float) -> str:
    """Return a position in UTM on WGS 84: zone with N or S, easting and northing in whole metres.

    The zone is the one of six degrees that the longitude lies in (44 at Khorgos), without the exceptions of
    Norway and Svalbard. Raises `PositionError` north of 84 or south of 80 degrees, where UTM ends.
    """
    if not UTM_SOUTH <= lat <= UTM_NORTH:
        raise PositionError("utm", f"UTM reaches from 80° S to 84° N; {lat:g} is beyond")
    zone = int((lon + 180.0) % 360.0 // 6) + 1
    easting_m, northing_m = _utm(zone, south=lat < 0).transform(lon, lat)
    return f"{zone}{'S' if lat < 0 else 'N'} {easting_m:.0f} {northing_m:.0f}"


def _latitude_first(first: Reading, second: Reading, shown: str) -> tuple[Reading, Reading]:
    axes = {first.axis, second.axis} - {None}
    if first.axis is not None and first.axis == second.axis:
        both = "latitudes" if first.axis == "lat" else "longitudes"
        raise PositionError(
            "unreadable", f"{shown} has two {both}; type a latitude and a longitude: 44.198, 80.397"
        )
    swapped = axes and (first.axis == "lon" or second.axis == "lat")
    return (second, first) if swapped else (first, second)


def _checked(latitude: Reading, longitude: Reading, shown: str) -> Position:
    lat, lon = latitude.degrees, longitude.degrees
    if abs(lat) > 90 and abs(lon) <= 90 and abs(lat) <= 180 and latitude.axis is None:
        raise PositionError(
            "swapped",
            f"{shown}: latitude comes first and {lat:g} is more than 90; did you mean {lon:g}, {lat:g}?",
        )
    if abs(lat) > 90:
        raise PositionError("too-far", f"{shown}: a latitude lies between -90 and 90, not at {lat:g}")
    if abs(lon) > 180:
        raise PositionError("too-far", f"{shown}: a longitude lies between -180 and 180, not at {lon:g}")
    return lon, lat


def _from_utm(match: re.Match[str], shown: str) -> Position:
    zone, letter = int(match[1]), match[2]
    easting_m, northing_m = (float(match[i].replace(",", ".")) for i in (3, 4))
    if not 1 <= zone <= 60:
        raise PositionError("utm", f"{shown}: UTM has the zones 1 to 60, not {zone}; Khorgos lies in 44N")
    if letter not in UTM_BANDS:
        raise PositionError("utm", f"{shown}: after the zone comes N, S or a band from C to X, not {letter}")
    if not (100_000 <= easting_m <= 900_000 and northing_m <= 10_000_000):
        raise PositionError(
            "utm", f"{shown}: an easting has 6 digits and a northing at most 7, as in 44N 612345 4895432"
        )
    if letter == "S" and _BAND_S_NORTHINGS_M[0] <= northing_m <= _BAND_S_NORTHINGS_M[1]:
        raise PositionError(
            "utm",
            f"{shown} can be band S (32 to 40 degrees north) or the southern half; type {zone}N, or degrees",
        )
    south = letter == "S" or letter < "N"
    lon, lat = _utm(zone, south=south).transform(easting_m, northing_m, direction="INVERSE")
    if not (math.isfinite(lat) and UTM_SOUTH - 0.1 <= lat <= UTM_NORTH + 0.1 and _in_band(letter, lat)):
        raise PositionError("utm", f"{shown}: the northing {northing_m:.0f} does not lie in {zone}{letter}")
    return (lon + 180.0) % 360.0 - 180.0, lat


def _in_band(letter: str, lat: float) -> bool:
    if letter in "NS":
        return (lat < 0) == (letter == "S") or abs(lat) < 1e-6
    south = UTM_SOUTH + 8.0 * UTM_BANDS.index(letter)
    return south - 1e-6 <= lat <= south + (12.0 if letter == "X" else 8.0) + 1e-6


@cache
def _utm(zone: int, *, south: bool) -> Transformer:
    return Transformer.from_crs("EPSG:4326", f"EPSG:{(32700 if south else 32600) + zone}", always_xy=True)


def _fixed(degrees: float, digits: int) -> str:
    # adding zero turns the negative zero that rounding leaves into zero
    return f"{round(degrees, digits) + 0.0:.{digits}f}"


def _sexagesimal(degrees: float, digits: int) -> str:
    decimals = max(0, digits - 3)
    units = round(abs(degrees) * 3600 * 10**decimals)
    minutes, seconds = divmod(units, 60 * 10**decimals)
    whole, minutes = divmod(minutes, 60)
    width = 3 + decimals if decimals else 2
    return f"{whole}°{minutes:02d}′{seconds / 10**decimals:0{width}.{decimals}f}″"


def _shown(text: str) -> str:
    line = re.sub(r"[^\w.,;:°'\"′″+\-]+", " ", text).strip()
    return repr(line if len(line) <= 40 else f"{line[:40]}…")
