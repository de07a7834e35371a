"""A route in words and lines for the browser: how far, how long, across which border, road by road."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.roads import Crossing, Hours, Waiting
from khorgos_map.draw import quantities
from khorgos_map.draw.limits import kept_off_note, months_in_title, notices_of, season_notes
from khorgos_map.draw.words import date, number
from khorgos_map.measure.routing.answer import detour_ratio
from khorgos_map.measure.routing.border import published_waiting, waiting
from khorgos_map.measure.routing.limits import KeptOff
from khorgos_map.measure.routing.records import Position, Question, Route, Step, Stop, Stretch
from khorgos_map.measure.routing.verdict import node_name
from khorgos_map.measure.routing.whole import (
    DETOUR_AT_MOST,
    OFF_THE_ROAD_M,
    Span,
    access_span,
    beside_m,
    is_on_road,
    straight_m,
    whole_span,
)
from khorgos_map.text import Catalogue

HOUR_S = 3600.0
# Below this a way to the road is not worth telling.
BESIDE_THE_ROAD_M = 50.0
IN_TITLE = 2
IN_COUNTRY = {"KZ": "measure.in_kz", "CN": "measure.in_cn", "KG": "route.in_kg", "other": "measure.in_other"}
# Of a road driven farther than this it is told from where to where.
LONG_STRETCH_M = 20_000.0
SHORT_STRETCH_M = 100_000.0


def route_words(
    route: Route, question: Question, atlas: Atlas, text: Catalogue, off: KeptOff | None = None
) -> dict[str, Any]:
    """Return what the browser shows of a route; positions in it are longitude/latitude on WGS 84.

    ``off`` is a quicker way that is not taken, as `kept_off` finds it.
    """
    return {
        "title": _title(route, atlas, text),
        "totals": list(_totals(route, text)),
        "notes": [
            *season_notes(route, atlas.network, text),
            *_kept_off(off, text),
            *_notes(route, question, text),
        ],
        "crossings": list(_crossings(route, question, atlas, text)),
        "head": [text(key) for key in ("route.road", "route.length", "route.time")],
        "steps": list(_steps(route, atlas, text)),
        "stretches": [
            {"rough": stretch.rough, "line": _rounded(stretch.line)}
            for stretch in route.stretches or (Stretch(route.geometry, rough=False),)
        ],
        "access": [
            [leg.stop.position, leg.on_road] for leg in route.access if leg.length_m > BESIDE_THE_ROAD_M
        ],
    }


def road_distance(distance_m: float, sigma_m: float, text: Catalogue) -> str:
    """Return a road distance and its error, one standard deviation, with as many decimals as that is worth."""
    decimals = _decimals(sigma_m)
    error = number(sigma_m / 1000, text, decimals=decimals)
    return f"{_km(distance_m, text, decimals)} ± {error}"


def _decimals(sigma_m: float | None) -> int:
    """Return how many decimals of a kilometre a distance is worth; none where its error is not known."""
    return 0 if sigma_m is None or sigma_m >= 1000 else 1 if sigma_m >= 100 else 2


def _km(length_m: float, text: Catalogue, decimals: int = 0) -> str:
    return text("unit.km", value=number(length_m / 1000, text, decimals=decimals))


def _title(route: Route, atlas: Atlas, text: Catalogue) -> str:
    lengths: dict[str, float] = {}
    for step in route.steps:
        name = road_name(step, atlas, text)
        if name and not step.crossing and not _is_street(step, atlas):
            lengths[name] = lengths.get(name, 0.0) + step.length_m
    longest = sorted(lengths, key=lambda name: -lengths[name])[:IN_TITLE]
    order = [name for name in lengths if name in longest]
    distance = (
        quantities.unbroken(_km(route.distance_m, text, _decimals(route.sigma_m)))
        if is_on_road(route)
        else span_words(whole_span(route), text)
    )
    crossings = [_crossing_name(atlas.network.crossings.get(crossing), text) for crossing in route.crossings]
    time = quantities.duration_range(route.drive, text)
    if route.crossings and route.wait is not None:
        time = text("route.with_wait", time=quantities.duration_range(route.drive + route.wait, text))
    return " · ".join(
        filter(
            None,
            [
                months_in_title(route, atlas.network, text),
                _kind(route, atlas, text),
                " – ".join(order),
                *crossings,
                distance,
                time,
            ],
        )
    )


def _kind(route: Route, atlas: Atlas, text: Catalogue) -> str | None:
    """Return whether most of a way is motorway; ``None`` for a way on roads that are not ours."""
    edges = atlas.network.edges
    motorways = [
        step.length_m
        for step in route.steps
        if any(edges[edge].properties.road_class == "motorway" for edge in step.edges if edge in edges)
    ]
    if not any(step.edges for step in route.steps):
        return None
    return text("route.motorway" if sum(motorways) > route.distance_m / 2 else "route.ordinary_roads")


def _rounded(line: Sequence[Position]) -> list[Position]:
    return [(round(lon, 6), round(lat, 6)) for lon, lat in line]


def _is_street(step: Step, atlas: Atlas) -> bool:
    edges = [
        atlas.network.edges[identifier] for identifier in step.edges if identifier in atlas.network.edges
    ]
    return bool(edges) and all(edge.properties.road_class == "city" for edge in edges)


def _totals(route: Route, text: Catalogue) -> Iterator[tuple[str, str]]:
    whole_m, sigma_m = route.distance_m, route.sigma_m
    yield text("route.distance"), _by_road(route, text)
    parts = {country: length for country, length in route.per_country_m.items() if length}
    if len(parts) > 1:
        decimals = _decimals(sigma_m)
        *others, last = parts
        shown = {country: round(parts[country] / 1000, decimals) for country in others}
        # so that they add up to the whole as it is shown
        shown[last] = round(whole_m / 1000, decimals) - sum(shown.values())
        for country, km in shown.items():
            yield text(IN_COUNTRY[country]), _km(1000 * km, text, decimals)
    away_m, ratio = beside_m(route), detour_ratio(route)
    if away_m > BESIDE_THE_ROAD_M:
        yield text("route.access"), span_words(access_span(away_m), text)
        yield text("route.whole"), span_words(whole_span(route), text)
    straight = text("route.straight") if len(route.stops) == 2 else text("route.straight_via")
    yield straight, text("unit.km", value=number(straight_m(route) / 1000, text, decimals=1))
    if ratio is not None and is_on_road(route):
        yield text("route.detour"), number(ratio, text, decimals=2)
    if is_on_road(route):
        yield text("route.drive"), quantities.duration_range(route.drive, text)
    if route.crossings and route.wait is None:
        yield text("route.wait"), text("route.wait_unknown")
    elif route.crossings and route.wait is not None:
        yield text("route.wait"), quantities.duration_range(route.wait, text)
        yield text("route.total"), quantities.duration_range(route.drive + route.wait, text)


def _by_road(route: Route, text: Catalogue) -> str:
    if not is_on_road(route):
        return text("route.no_road_driven")
    if route.sigma_m is None:
        return _km(route.distance_m, text)
    return road_distance(route.distance_m, route.sigma_m, text)


def span_words(length: Span, text: Catalogue) -> str:
    """Return a length of which only the limits are known, in words."""
    return text("route.whole_range", low=_roughly(length.low_m, text), high=_roughly(length.high_m, text))


def off_road_words(place: str, access_m: float, text: Catalogue) -> str:
    """Return in words that a place is far from the road, and what its way to the road is taken for."""
    length = access_span(access_m)
    return text(
        "route.off_road",
        place=place,
        distance=_roughly(access_m, text),
        low=_roughly(length.low_m, text),
        high=_roughly(length.high_m, text),
        factor=number(DETOUR_AT_MOST, text, decimals=1),
    )


def _roughly(length_m: float, text: Catalogue) -> str:
    if length_m < 1000:
        return text("unit.m", value=number(length_m, text, decimals=0))
    decimals = 1 if length_m < SHORT_STRETCH_M else 0
    return text("unit.km", value=number(length_m / 1000, text, decimals=decimals))


def stop_name(stop: Stop) -> str:
    """Return the name of a stop, else its latitude and longitude."""
    lon, lat = stop.position
    return stop.name or f"{lat:.5f}, {lon:.5f}"


def _notes(route: Route, question: Question, text: Catalogue) -> Iterator[str]:
    if question.year is not None:
        yield text("route.year_note", year=question.year)
    for leg in route.access:
        if leg.length_m > OFF_THE_ROAD_M:
            yield off_road_words(stop_name(leg.stop), leg.length_m, text)
    if route.sigma_m is not None and is_on_road(route):
        yield text("route.error_note")
    elif is_on_road(route):
        yield text("route.other_engine", engine=route.engine)
    if route.access and max(leg.length_m for leg in route.access) > BESIDE_THE_ROAD_M:
        yield text("route.access_note")
        if is_on_road(route):
            yield text("route.access_time_unknown")
    if any(stretch.rough for stretch in route.stretches):
        yield text("route.rough_note")
    if route.supposed_wait_s is not None:
        yield text("route.wait_supposed", time=quantities.duration(route.supposed_wait_s, text))


def _kept_off(off: KeptOff | None, text: Catalogue) -> Iterator[str]:
    if off:
        yield kept_off_note(off, _km(off.route.distance_m, text, _decimals(off.route.sigma_m)), text)
        for edge in off.edges:
            yield notices_of(edge, text)


def _crossings(route: Route, question: Question, atlas: Atlas, text: Catalogue) -> Iterator[dict[str, Any]]:
    for identifier, direction in crossed(route.steps):
        crossing = atlas.network.crossings[identifier]
        published = published_waiting(crossing, route.profile, direction)
        wait = question.waits.get(identifier) or waiting(crossing, route.profile, direction)
        who = crossing.who.in_language(text.code)
        yield {
            "id": identifier,
            "name": crossing.name.in_language(text.code)[0],
            "lines": [
                who if question.year is None else text("route.who_today", words=who),
                *(_open(hours, text) for hours in crossing.hours),
            ],
            "low_h": round(wait.low_s / HOUR_S, 2) if wait else None,
            "high_h": round(wait.high_s / HOUR_S, 2) if wait else None,
            "source": _waiting_source(published, atlas, text),
        }


def crossed(steps: Sequence[Step]) -> Iterator[tuple[str, str]]:
    """Yield each crossing passed with its direction, such as "KZ-CN"."""
    for i, step in enumerate(steps):
        if step.crossing and (i == 0 or steps[i - 1].crossing != step.crossing):
            before = steps[i - 1].country if i else step.country
            # nobody is sent into a country and out of it by one crossing
            after = next((later.country for later in steps[i + 1 :] if later.country != before), None)
            yield step.crossing, f"{before}-{after or ('CN' if before == 'KZ' else 'KZ')}"


def _open(hours: Hours, text: Catalogue) -> str:
    days = hours.days.in_language(text.code)
    zone = f"UTC+{hours.utc_offset_h}"
    if hours.opens and hours.closes and (hours.opens, hours.closes) != ("00:00", "24:00"):
        return text("route.open", opens=hours.opens, closes=hours.closes, zone=zone, days=days)
    if hours.opens and not hours.closes:
        return text("route.open_from", opens=hours.opens, zone=zone, days=days)
    return text("route.open_days", zone=zone, days=days)


def _waiting_source(found: Waiting | None, atlas: Atlas, text: Catalogue) -> str:
    if found is None:
        return text("route.no_waiting")
    source = atlas.sources.get(found.source or "")
    said = [found.note.in_language(text.code)]
    if source:
        said.append(source.publisher)
    if found.as_of:
        said.append(date(found.as_of, text))
    return " · ".join(said)


def road_name(step: Step, atlas: Atlas, text: Catalogue) -> str:
    """Return the number or the name of the road of a step, in a language; empty for a road without either."""
    if step.ref:
        return step.ref
    names = {
        edge.properties.name.in_language(text.code)
        for identifier in step.edges
        if (edge := atlas.network.edges.get(identifier)) and edge.properties.name
    }
    return names.pop() if len(names) == 1 else step.name or ""


def _steps(route: Route, atlas: Atlas, text: Catalogue) -> Iterator[list[str]]:
    """Yield the rows road by road: the road, its length, its time."""

    def key(numbered: tuple[int, Step]) -> tuple[str, str, str | None]:
        step = numbered[1]
        return road_name(step, atlas, text), step.country, step.crossing

    passed = _passed(route, atlas, text)
    for (name, country, crossing), run in groupby(enumerate(route.steps), key):
        numbers, steps = zip(*run, strict=True)
        metres, seconds = sum(s.length_m for s in steps), sum(s.duration_s for s in steps)
        road = name or text("route.local_road")
        if crossing:
            road = _crossing_name(atlas.network.crossings.get(crossing), text) or road
        places = [place for number in numbers for place in passed[number]]
        if metres > LONG_STRETCH_M and places and places[0] != places[-1]:
            road = f"{road}: {places[0]} – {places[-1]}"
        length = _km(metres, text, int(metres < SHORT_STRETCH_M))
        yield [f"{road} ({text(f'side.{country}')})", length, quantities.duration(seconds, text)]


def _passed(route: Route, atlas: Atlas, text: Catalogue) -> list[list[str]]:
    """Return the names of the places passed on each step in order, those where it begins and ends among them."""
    found: list[list[str]] = [[] for _ in route.steps]
    edges = atlas.network.edges
    driven = [(i, edge) for i, step in enumerate(route.steps) for edge in step.edges if edge in edges]
    for (first, one), (second, other) in pairwise(driven):
        ends = ({edges[edge].properties.start, edges[edge].properties.end} for edge in (one, other))
        common = set.intersection(*ends)
        # two common ends: the way turns round on this road, or is on it still
        name = node_name(common.pop(), atlas, text.code) if len(common) == 1 else None
        if name:
            for passed_on in dict.fromkeys((first, second)):
                found[passed_on].append(name)
    if found:
        found[0][:0] = [route.stops[0].name] if route.stops[0].name else []
        found[-1] += [route.stops[-1].name] if route.stops[-1].name else []
    return found


def _crossing_name(crossing: Crossing | None, text: Catalogue) -> str:
    return crossing.name.in_language(text.code)[0] if crossing else ""
