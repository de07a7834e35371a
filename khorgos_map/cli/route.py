"""The command ``khorgos-map route``: a way by road, its length, its time and what is published about it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from khorgos_map.atlas import Atlas
from khorgos_map.cli.journey import add_journey_words, asked, in_hours, refuse
from khorgos_map.draw.limits import kept_off_note, notices_of, season_notes
from khorgos_map.errors import UsageError
from khorgos_map.measure.routing.alternatives import alternatives
from khorgos_map.measure.routing.answer import called, detour_ratio, route_object
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.engines import ENGINES, engine_named
from khorgos_map.measure.routing.limits import KeptOff, kept_off
from khorgos_map.measure.routing.records import Engine, Question, Range, Route, RoutingError, Step
from khorgos_map.measure.routing.verdict import compare_published
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
from khorgos_map.text import catalogue

COUNTRIES = {"KZ": "Kazakhstan", "CN": "China", "KG": "Kyrgyzstan"}


def add_words(command: argparse.ArgumentParser) -> None:
    """Add what the command understands to its parser."""
    place = "a place id, a name in any language, or lat,lon"
    command.add_argument("origin", metavar="FROM", help=place)
    command.add_argument("destination", metavar="TO", help=place)
    command.add_argument("--via", metavar="PLACE", action="append", default=[], help="go through this place")
    command.add_argument(
        "--engine", choices=ENGINES, default=ENGINES[0], help="who answers (default: embedded)"
    )
    command.add_argument("--engine-url", metavar="URL", help="where the engine is served")
    command.add_argument(
        "--alternatives",
        action="store_true",
        help="give other ways too, and those by other crossings (embedded)",
    )
    add_journey_words(command)
    command.add_argument("--json", action="store_true", help="print a JSON object: metres, seconds, lon/lat")


def run(options: argparse.Namespace) -> int:
    """Print a route, or why there is none; raises `UsageError` for words that cannot be understood."""
    atlas, question = asked(options, [options.origin, *options.via, options.destination])
    engine = engine_named(options.engine, options.engine_url, atlas)
    try:
        routes = _routes(engine, question, more=options.alternatives)
    except RoutingError as error:
        return refuse(error)
    off = kept_off(engine, question, routes[0]) if isinstance(engine, Embedded) else None
    if options.json:
        print(
            json.dumps(_object(routes, atlas, off, more=options.alternatives), ensure_ascii=False, indent=2)
        )
    else:
        print("\n\n".join(_text(route, atlas, off if i == 0 else None) for i, route in enumerate(routes)))
        if options.year:
            print(f"\n{catalogue('en')('route.year_note', year=options.year)}")
    return 0


def _routes(engine: Engine, asked: Question, *, more: bool) -> tuple[Route, ...]:
    if not more:
        return (engine.route(asked),)
    if not isinstance(engine, Embedded):
        raise UsageError("--alternatives: only the embedded engine gives other ways")
    return alternatives(engine, asked)


def _object(routes: tuple[Route, ...], atlas: Atlas, off: KeptOff | None, *, more: bool) -> dict[str, Any]:
    first = route_object(routes[0], atlas, catalogue("en"), off)
    others = [route_object(route, atlas, catalogue("en")) for route in routes[1:]]
    return {**first, "alternatives": others} if more else first


def _text(route: Route, atlas: Atlas, off: KeptOff | None) -> str:
    ratio = detour_ratio(route)
    error = f" ± {route.sigma_m / 1000:.1f} km" if route.sigma_m is not None else ""
    countries = ", ".join(
        f"{COUNTRIES.get(c, c)} {m / 1000:.1f} km" for c, m in route.per_country_m.items() if m
    )
    straight = f"  straight  {straight_m(route) / 1000:.1f} km" + (
        " from stop to stop" if route.stops[2:] else ""
    )
    lines = [
        f"{' - '.join(stop.name or called(stop) for stop in route.stops)} by {route.profile} ({route.engine})",
        f"  road      {route.distance_m / 1000:.1f} km{error}: {countries}",
        straight if ratio is None else f"{straight}, ratio {ratio:.2f}",
        f"  driving   {_time(route.drive)}",
    ]
    if not is_on_road(route):
        lines[1:] = ["  road      none: the places meet this road network at the same point", straight]
    if route.crossings:
        wait = _time(route.wait) if route.wait else "no figure found for the wait"
        names = ", ".join(_crossing(identifier, atlas) for identifier in route.crossings)
        lines.append(f"  border    {wait}: {names}")
        if route.wait:
            lines.append(f"  together  {_time(route.drive + route.wait)}")
    if route.supposed_wait_s is not None:
        supposed = in_hours(route.supposed_wait_s)
        lines.append(
            f"  supposed  {supposed} at crossings for whose wait no figure was found, to choose the way"
        )
    lines += _off_road(route)
    lines += [f"  season    {note}" for note in season_notes(route, atlas.network, catalogue("en"))]
    if off:
        lines.append(
            f"  kept off  {kept_off_note(off, f'{off.route.distance_m / 1000:.1f} km', catalogue('en'))}"
        )
        lines += [f"            {notices_of(edge, catalogue('en'))}" for edge in off.edges]
    published = compare_published(route, atlas)
    if published:
        lines.append(f"  published {published.sentence(atlas, catalogue('en'))} ({published.claim.id})")
        if published.reason:
            lines.append(f"            {published.reason.in_language('en')}")
    lines += [
        f"  {number:3}  {_road(step, atlas)}, {step.country}: "
        f"{step.length_m / 1000:.1f} km, {in_hours(step.duration_s)}"
        for number, step in enumerate(route.steps, start=1)
    ]
    return "\n".join(lines)


def _off_road(route: Route) -> Iterator[str]:
    """Yield how far the stops are from the road, and how long the whole way is with the ways to it."""
    for access in route.access:
        if round(access.length_m) == 0:
            continue
        name = access.stop.name or called(access.stop)
        told = f"  off road  {name}: {access.length_m / 1000:.1f} km in a straight line"
        if access.length_m > OFF_THE_ROAD_M:
            told += f" from the nearest road of this network; the way to it is {_span(access_span(access.length_m))}"
        yield told
    if beside_m(route) > 0:
        factor = (
            f"the ways to the road at 1 to {DETOUR_AT_MOST:g} times the straight line, their time not known"
        )
        yield f"  in all    {_span(whole_span(route))}: {factor}"


def _span(length: Span) -> str:
    return f"{length.low_m / 1000:.1f} to {length.high_m / 1000:.1f} km"


def _road(step: Step, atlas: Atlas) -> str:
    return _crossing(step.crossing, atlas) if step.crossing else step.ref or step.name or "road"


def _crossing(identifier: str, atlas: Atlas) -> str:
    return f"{atlas.network.crossings[identifier].name.in_language('en')[0]} ({identifier})"


def _time(time: Range) -> str:
    if time.low_s == time.high_s:
        return in_hours(time.low_s)
    return f"{in_hours(time.low_s)} to {in_hours(time.high_s)}"
