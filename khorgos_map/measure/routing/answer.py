"""A route as the JSON object that the command prints and the page saves."""

from __future__ import annotations

from typing import Any

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.roads import Edge
from khorgos_map.measure.routing.limits import KeptOff, limited, open_months
from khorgos_map.measure.routing.records import Access, Position, Range, Route, Step, Stop
from khorgos_map.measure.routing.verdict import compare_published
from khorgos_map.measure.routing.whole import (
    OFF_THE_ROAD_M,
    Span,
    access_span,
    beside_m,
    is_on_road,
    straight_m,
    whole_span,
)
from khorgos_map.text import Catalogue


def route_object(route: Route, atlas: Atlas, words: Catalogue, off: KeptOff | None = None) -> dict[str, Any]:
    """Return a route as an object of numbers and texts.

    Lengths are metres, times seconds, positions longitude, latitude; ``duration_s`` is the middle of the
    driving time without the wait at the border, ``total_s`` driving and wait, ``null`` where the wait is
    not known. ``difference_percent`` is that of the route from the published distance, in per cent of it.
    ``geodesic_m`` is from stop to stop, and ``detour_ratio`` that of the road with the ways to it to the geodesic,
    ``null`` where all stops are one place. ``supposed_wait_s`` is what crossings without a known wait counted.
    ``distance_m``, ``sigma_m`` and the times are ``null`` where the places meet the road at the same place: what is
    known then is ``whole_m``, the way from the first stop to the last with the ways to the road, as a range.
    ``open_months`` are the first and the last month in which all of the way is open as a rule, ``limits`` what closes
    its sections, ``kept_off`` a quicker way that is not open all year or to this vehicle.
    """
    published, ratio = compare_published(route, atlas), detour_ratio(route)
    on_road = is_on_road(route)
    return {
        "from": called(route.stops[0]),
        "to": called(route.stops[-1]),
        "via": [called(stop) for stop in route.stops[1:-1]],
        "engine": route.engine,
        "profile": route.profile,
        "distance_m": round(route.distance_m, 1) if on_road else None,
        "sigma_m": None if route.sigma_m is None or not on_road else round(route.sigma_m, 1),
        "whole_m": _span(whole_span(route)),
        "duration_s": round(route.drive.middle_s) if on_road else None,
        "drive_s": _range(route.drive if on_road else None),
        "wait_s": _range(route.wait),
        "supposed_wait_s": None if route.supposed_wait_s is None else round(route.supposed_wait_s),
        "total_s": _range(route.drive + route.wait if route.wait and on_road else None),
        "access_m": [round(access.length_m, 1) for access in route.access],
        "access": [_access(access) for access in route.access],
        "geodesic_m": round(straight_m(route), 3),
        "detour_ratio": None if ratio is None else round(ratio, 4),
        "published_km": published.published_m / 1000 if published else None,
        "published_claim": published.claim.id if published else None,
        "difference_percent": round(published.difference_percent, 2) if published else None,
        "verdict": published.sentence(atlas, words) if published else None,
        "reason": published.reason.in_language(words.code) if published and published.reason else None,
        "per_country_m": {country: round(length, 1) for country, length in route.per_country_m.items()},
        "crossings": list(route.crossings),
        "open_months": list(open_months(route, atlas.network)),
        "limits": [_limits(edge, words) for edge in limited(route, atlas.network)],
        "kept_off": _kept_off(off, words) if off else None,
        "steps": [_step(step) for step in route.steps],
        "geometry": {"type": "LineString", "coordinates": [_rounded(p) for p in route.geometry]},
    }


def detour_ratio(route: Route) -> float | None:
    """Return how much longer road and ways to it are than the geodesics; ``None`` where those have no length."""
    geodesic_m = straight_m(route)
    return (route.distance_m + beside_m(route)) / geodesic_m if geodesic_m else None


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


def _limits(edge: Edge, words: Catalogue) -> dict[str, Any]:
    own, limits = edge.properties, edge.properties.limits
    if limits is None:
        return {"edge": own.id, "road": own.ref}
    named = limits.pass_name.in_language(words.code)[0] if limits.pass_name else None
    season, night = limits.season, limits.night
    return {
        "edge": own.id,
        "road": own.ref,
        "pass": named,
        "pass_height_m": limits.pass_height_m,
        "open_months": [season.first_month, season.last_month] if season else None,
        "months_supposed": season.supposed if season else None,
        "closed_at_night": [night.closes, night.opens, f"UTC+{night.utc_offset_h}"] if night else None,
        "trucks": limits.trucks,
        "note": limits.note.in_language(words.code),
        "sources": list(limits.sources),
    }


def _kept_off(off: KeptOff, words: Catalogue) -> dict[str, Any]:
    return {
        "distance_m": round(off.route.distance_m, 1),
        "duration_s": round(off.route.drive.middle_s),
        "limits": [_limits(edge, words) for edge in off.edges],
    }


def _access(access: Access) -> dict[str, Any]:
    return {
        "stop": called(access.stop),
        "on_road": _rounded(access.on_road),
        "straight_m": round(access.length_m, 1),
        "way_m": _span(access_span(access.length_m)),
        "off_the_road": access.length_m > OFF_THE_ROAD_M,
    }


def _span(length: Span) -> dict[str, float]:
    return {"low": round(length.low_m, 1), "high": round(length.high_m, 1)}


def _range(time: Range | None) -> dict[str, int] | None:
    return None if time is None else {"low": round(time.low_s), "high": round(time.high_s)}


def _rounded(position: Position) -> list[float]:
    return [round(degrees, 6) for degrees in position]
