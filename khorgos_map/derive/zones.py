"""The two parts of the ICBC: the border on one side, and an outer edge fitted to a published area."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from scipy.optimize import brentq
from shapely.geometry import Polygon

from khorgos_map.derive.border import Position, nearest_index
from khorgos_map.geodesy import area_ha

DECIMALS = 6
# The outer edge is looked for up to this far from the border: 8 km at the latitude of Khorgos.
REACH_DEG = 0.1


def fit_zone(
    border: Sequence[Position], north: Position, south: Position, side: Literal["west", "east"], ha: float
) -> Polygon:
    """Return the polygon of `ha` hectares between a border and a north-south edge on one side of it.

    The border vertices nearest to `north` and `south` are its corners on the border, and all border
    vertices between them are its own. The outer edge runs from the latitude of the one corner to that
    of the other. Positions are WGS 84 longitude/latitude with six decimals; the geodesic area is right
    to better than 0.01 ha.
    """
    stretch = _between(border, north, south)
    top, bottom = stretch[0][1], stretch[-1][1]

    def zone(top_lon: float, bottom_lon: float) -> Polygon:
        return Polygon([*stretch, (bottom_lon, bottom), (top_lon, top)])

    sign = -1.0 if side == "west" else 1.0
    outermost = sign * max(sign * lon for lon, _ in stretch)
    bounds = sorted((outermost + sign * 1e-6, outermost + sign * REACH_DEG))
    edge = _solve(lambda lon: area_ha(zone(lon, lon)) - ha, bounds)
    # One corner is rounded and the other fitted again, because rounding both would cost 0.02 ha.
    top_lon = round(edge, DECIMALS)
    bottom_lon = _solve(lambda lon: area_ha(zone(top_lon, lon)) - ha, bounds)
    return zone(top_lon, round(bottom_lon, DECIMALS))


def _between(border: Sequence[Position], north: Position, south: Position) -> list[Position]:
    first, last = nearest_index(border, north), nearest_index(border, south)
    stretch = list(border[min(first, last) : max(first, last) + 1])
    return stretch if first <= last else stretch[::-1]


def _solve(excess: Callable[[float], float], bounds: Sequence[float]) -> float:
    return float(brentq(excess, bounds[0], bounds[1], xtol=1e-12))
