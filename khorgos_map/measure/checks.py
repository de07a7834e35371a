"""Computed checks of the ledger: sums, growth, implied values, exchange rates and waits, lengths, areas, roads.

A claim with the status ``computed`` names one of these functions in ``computed_by`` and the claims that go
into it in ``computed_from``; `recompute` does the computation again, so that no computed claim can drift away
from what it was computed from. Values go in and come out in base units: metres, square metres, hectares,
tenge, dollars, tonnes, people; a unit with a multiple in its name is turned into its base unit by `quantity`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import shapely
from geojson_pydantic import Point
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import geometry_of
from khorgos_map.atlas.records import Claim
from khorgos_map.errors import Fault, KhorgosMapError
from khorgos_map.geodesy import area_m2, inverse
from khorgos_map.measure import court
from khorgos_map.measure.distances import ORIGIN, compare_distance
from khorgos_map.measure.routing.records import Engine

HERE = __name__
BORDER = "state-border"
UNIT_SCALE: dict[str, float] = {
    "km": 1e3,
    "km2": 1e6,
    "usd_million": 1e6,
    "usd_billion": 1e9,
    "kzt_billion": 1e9,
    "cny_billion": 1e9,
    "t_million": 1e6,
    "m3_million_per_day": 1e6,
    "kwh_million": 1e6,
    "people_million": 1e6,
    "teu_thousand": 1e3,
}


def total(*parts: float) -> float:
    """Return the sum of the parts, in their common unit."""
    return math.fsum(parts)


def difference(whole: float, part: float) -> float:
    """Return the whole less the part, in their common unit."""
    return whole - part


def remainder(whole: float, *parts: float) -> float:
    """Return what is left of the whole when all parts are taken away, in their common unit."""
    return whole - math.fsum(parts)


def growth_percent(earlier: float, later: float) -> float:
    """Return the growth from the earlier to the later value, in per cent of the earlier one."""
    return (later / earlier - 1) * 100


def implied_base(later: float, growth: float) -> float:
    """Return the earlier value that a later value and its growth in per cent imply, in the unit of the later."""
    return later / (1 + growth / 100)


def exchange_rate(local: float, foreign: float) -> float:
    """Return units of the local currency for one unit of the foreign one, from one sum given in both."""
    return local / foreign


def converted(local: float, rate: float) -> float:
    """Return a sum of the local currency in the foreign one, at a rate of local for one foreign unit."""
    return local / rate


def multiple(value: float, factor: float) -> float:
    """Return the value times the factor, in the unit of the value."""
    return value * factor


def clearing_hours(queue: float, per_day: float) -> float:
    """Return the hours in which a queue is cleared of which a given number is let through a day."""
    return queue / per_day * 24


def distance_to_border_m(identifier: str, atlas: Atlas) -> float:
    """Return the geodesic distance in metres from a point feature to the nearest point of the border line."""
    return _to_line_m(geometry_of(atlas.feature[identifier]), geometry_of(atlas.feature[BORDER]))


def distance_to_khorgos_m(identifier: str, atlas: Atlas) -> float:
    """Return the geodesic distance in metres from a point feature to the reference point `khorgos`."""
    here, there = atlas.feature[identifier].geometry, atlas.feature[ORIGIN].geometry
    if not (isinstance(here, Point) and isinstance(there, Point)):
        raise TypeError(f"{identifier!r} or {ORIGIN!r} is not a point")
    distance_m, _ = inverse(*here.coordinates[:2], *there.coordinates[:2])
    return distance_m


def drawn_area_m2(identifier: str, atlas: Atlas) -> float:
    """Return the geodesic area in square metres of a feature's outline as it is drawn."""
    return area_m2(geometry_of(atlas.feature[identifier]))


def detour_ratio(identifier: str, atlas: Atlas) -> float:
    """Return a road's published distance over the geodesic between its two ends."""
    comparison = compare_distance(atlas.feature[identifier], atlas)
    if comparison is None:
        raise ValueError(f"{identifier!r} has no published distance or no ends")
    return comparison.detour_ratio


OF_CLAIMS: dict[str, Callable[..., float]] = {
    f.__name__: f
    for f in (
        total,
        difference,
        remainder,
        growth_percent,
        implied_base,
        exchange_rate,
        converted,
        multiple,
        clearing_hours,
    )
}
OF_FEATURES: dict[str, Callable[[str, Atlas], float]] = {
    f.__name__: f for f in (distance_to_border_m, distance_to_khorgos_m, drawn_area_m2, detour_ratio)
}


def quantity(claim: Claim) -> float:
    """Return a claim's value in its base unit; raises TypeError if it is a date or words."""
    if isinstance(claim.value, str):
        raise TypeError(f"{claim.id!r} is no number")
    return claim.value * UNIT_SCALE.get(claim.unit, 1.0)


def recompute(claim: Claim, atlas: Atlas, engine: Engine) -> float | None:
    """Return a computed claim's value, computed anew, in the claim's own unit; roads are asked of the engine.

    ``None`` if ``computed_by`` names no function of this module or of the distance court: the claim then says
    there how it was computed.
    """
    module, _, name = (claim.computed_by or "").rpartition(".")
    if module == court.__name__:
        value = court.OF_ROADS[name](claim.computed_from[0], atlas, engine)
    elif module != HERE:
        return None
    elif name in OF_FEATURES:
        value = OF_FEATURES[name](claim.subject, atlas)
    else:
        value = OF_CLAIMS[name](*(quantity(atlas.claims[i]) for i in claim.computed_from))
    return value / UNIT_SCALE.get(claim.unit, 1.0)


def half_a_digit(claim: Claim) -> float:
    """Return half of the last decimal place that a claim's value is given to: what rounding may take away."""
    decimals = len(repr(claim.value).partition(".")[2]) if isinstance(claim.value, float) else 0
    return 0.5 * 10.0**-decimals


def drifted(atlas: Atlas, engine: Engine) -> list[Fault]:
    """Return a fault for each computed claim that is not what its function makes of what it was computed from."""
    found = []
    for claim in atlas.claims.values():
        if claim.status != "computed":
            continue
        try:
            value = recompute(claim, atlas, engine)
        except (KhorgosMapError, KeyError, TypeError, ValueError) as error:
            why = f"nothing is named {error}" if isinstance(error, KeyError) else str(error)
            found.append(Fault("claims.json", claim.id, "computed_by", f"cannot be computed again: {why}"))
            continue
        if value is not None and abs(value - float(claim.value)) > half_a_digit(claim) + 1e-12 * abs(value):
            reason = f"{claim.value} is not what {claim.computed_by} makes of it: {value:g}"
            found.append(Fault("claims.json", claim.id, "value", reason))
    return found


def _to_line_m(point: BaseGeometry, line: BaseGeometry) -> float:
    """Return the distance in metres to a line; the nearest point is found with degrees of longitude shortened."""
    (lon, lat), shorten = point.coords[0][:2], math.cos(math.radians(point.coords[0][1]))
    flat = shapely.transform(line, lambda positions: positions * [shorten, 1.0])
    nearest = flat.interpolate(flat.project(shapely.Point(lon * shorten, lat)))
    distance_m, _ = inverse(lon, lat, nearest.x / shorten, nearest.y)
    return distance_m
