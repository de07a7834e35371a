"""Lines in the encoded polyline format with six decimals, as Valhalla writes them.

The format: per position the change of latitude and longitude in units of 1e-6 degrees, the sign in the lowest
bit, in groups of five bits from the lowest, 32 added to each group but the last, 63 to all.
"""

from __future__ import annotations

from collections.abc import Iterator

from khorgos_map.measure.routing.records import Position

UNITS_PER_DEG = 1_000_000


def decoded(shape: str) -> list[Position]:
    """Return the longitudes/latitudes of an encoded line; empty where it makes no sense."""
    numbers = list(_numbers(shape))
    lat = lon = 0
    positions: list[Position] = []
    for d_lat, d_lon in zip(numbers[::2], numbers[1::2], strict=False):
        lat, lon = lat + d_lat, lon + d_lon
        positions.append((lon / UNITS_PER_DEG, lat / UNITS_PER_DEG))
    sound = len(numbers) % 2 == 0 and all(abs(x) <= 180 and abs(y) <= 90 for x, y in positions)
    return positions if sound else []


def _numbers(shape: str) -> Iterator[int]:
    value = shift = 0
    for letter in shape:
        bits = ord(letter) - 63
        value |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            yield ~(value >> 1) if value & 1 else value >> 1
            value = shift = 0
