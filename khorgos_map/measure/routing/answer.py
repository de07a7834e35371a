"""A route as the JSON object that the command prints and the page saves."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from khorgos_map.atlas import Atlas
from khorgos_map.geodesy import inverse
from khorgos_map.measure.routing.records import Position, Range, Route, Step, Stop
from khorgos_map.measure.routing.verdict import compare_published
from khorgos_map.text import Catalogue


def route_object(route: Route, atlas: Atlas, words: Catalogue) -> dict[str, Any]:
    """Return a route as an object of numbers and texts.

    Lengths are metres, times seconds, positions longitude, latitude; ``duration_s`` is the middle of the
    driving time without the wait at the border, ``total_s`` driving and wait, ``null`` where the wait is
    not known. ``difference_percent`` is that of the route from the published distance, in per cent of it.
    ``geodesic_m`` is from stop to stop, and ``detour_ratio`` that of the road with the ways to it to the geodesic,
    ``null`` where all stops are one place. ``supposed_wait_s`` is what crossings without a known wait counted.
    """
    published, ratio = compare_published(route, atlas), detour_ratio(route)
    return {
        "from": called(route.stops[0]),
        "to": called(route.stops[-1]),
        "via": [called(stop) for stop in route.stops[1:-1]],
        "engine": route.engine,
        "profile": route.profile,
        "distance_m": round(route.distance_m, 1),
        "sigma_m": None if route.sigma_m is None else round(route.sigma_m, 1),
        "duration_s": round(route.drive.middle_s),
        "drive_s": _range(route.drive),
        "wait_s": _range(route.wait),
        "supposed_wait_s": None if route.supposed_wait_s is None else round(route.supposed_wait_s),
        "total_s": _range(route.drive + route.wait if route.wait else None),
        "access_m": [round(access.length_m, 1) for access in route.access],
        "geodesic_m": round(straight_m(route), 3),
        "detour_ratio": None if ratio is None else round(ratio, 4),
        "published_km": published.published_m / 1000 if published else None,
        "published_claim": published.claim.id if published else None,
        "difference_percent": round(published.difference_percent, 2) if published else None,
        "verdict": published.sentence(atlas, words) if published else None,
        "reason": published.reason.in_language(words.code) if published and published.reason else None,
        "per_country_m": {country: round(length, 1) for country, length in route.per_country_m.items()},
        "crossings": list(route.crossings),
        "steps": [_step(step) for step in route.steps],
        "geometry": {"type": "LineString", "coordinates": [_rounded(p) for p in route.geometry]},
    }


def straight_m(route: Route) -> float:
    """Return the geodesics in metres from stop to stop of a route, added up, on the WGS 84 ellipsoid."""
    return math.fsum(inverse(*a.position, *b.position)[0] for a, b in pairwise(route.stops))


def detour_ratio(route: Route) -> float | None:
    """Return how much longer road and ways to it are than the geodesics; ``None`` where those have no length."""
    geodesic_m = straight_m(route)
    return (route.distance_m + beside_m(route)) / geodesic_m if geodesic_m else None


def beside_m(route: Route) -> float:
    """Return the metres between the stops and the road, there and back at the stops that are passed through."""
    lengths = [access.length_m for access in route.access]
    return sum(lengths) + sum(lengths[1:-1])


def called(stop: Stop) -> str:
    """Return a stop as it can be typed again: its id, else its latitude and longitude."""
    lon, lat = stop.position
    return stop.id or f"{round(lat, 6)},{round(lon, 6)}"


def _step(step: Step) -> dict[str, Any]:
    return {
        "ref": step.ref,
        "name": step.name,
        "country": step.country,
        "length_m": round(step.length_m, 1),
        "duration_s": round(step.duration_s),
        "crossing": step.crossing,
        "edges": list(step.edges),
    }


def _range(time: Range | None) -> dict[str, int] | None:
    return None if time is None else {"low": round(time.low_s), "high": round(time.high_s)}


def _rounded(position: Position) -> list[float]:
    return [round(degrees, 6) for degrees in position]
