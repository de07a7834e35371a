"""Other ways than the quickest: the old road beside the motorway, another pass, another crossing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from khorgos_map.measure.routing.border import SUPPOSED_WAIT_S
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.graph import length_m
from khorgos_map.measure.routing.limits import in_season, kept_off
from khorgos_map.measure.routing.records import Question, Range, Route
from khorgos_map.measure.routing.told import NoRouteError

MOST = 3
# A way that shares more than this part of its length with another is the same way with a detour.
SHARED_AT_MOST = 0.8
# Nobody takes a way that needs so many times as long as the quickest.
SLOWER_AT_MOST = 2.0


def alternatives(engine: Embedded, question: Question) -> tuple[Route, ...]:
    """Return up to three ways through the stops of a question, the quickest first, and those by other crossings.

    Each of the three has at least a fifth of its length on roads that the ways before it do not use. They are
    found by asking again with the roads of the ways found so far counted as slow. Where the border is crossed,
    there is also a way by each crossing for which the question sets a wait, and by that of the shortest driving,
    so that a wait never hides a way. The last is the one that is quicker in the months in which roads are open that are
    closed in others. Raises `RoutingError` as `Embedded.route` does.
    """
    quickest = engine.route(question)
    found, slowed = [quickest], frozenset(_edges(quickest))
    while len(found) < MOST:
        other = engine.route(question, slowed=slowed)
        driven = frozenset(_edges(other))
        if driven <= slowed:
            break
        if other.drive.low_s > SLOWER_AT_MOST * quickest.drive.low_s:
            break
        if all(shared_part(other, route, engine) <= SHARED_AT_MOST for route in found):
            found.append(other)
        slowed |= driven
    return (*found, *_by_other_crossings(engine, question, found), *_in_season(engine, question, quickest))


def _in_season(engine: Embedded, question: Question, quickest: Route) -> Iterator[Route]:
    """Yield the quicker way of the months in which roads are open that are closed in others."""
    off = kept_off(engine, question, quickest)
    asked = in_season(question, off) if off else None
    if asked:
        yield engine.route(asked)


def _by_other_crossings(engine: Embedded, question: Question, found: Sequence[Route]) -> Iterator[Route]:
    if not found[0].crossings:
        return
    crossings = frozenset(engine.network.crossings)
    same_everywhere = dict.fromkeys(crossings, Range(SUPPOSED_WAIT_S, SUPPOSED_WAIT_S))
    shortest = engine.route(replace(question, waits=same_everywhere))
    passed = {crossing for route in found for crossing in route.crossings}
    for wanted in sorted({*question.waits, *shortest.crossings} - passed):
        others = crossings - {wanted}
        try:
            route = engine.route(replace(question, closed=question.closed | others))
        except NoRouteError:  # not open to this traffic, or it leads nowhere near
            continue
        if wanted in route.crossings:
            # what was supposed is so of the choice among all crossings
            yield replace(route, supposed_wait_s=found[0].supposed_wait_s)


def shared_part(route: Route, other: Route, engine: Embedded) -> float:
    """Return which part of a route's length runs on roads that another route uses too."""
    driven = Counter(_edges(route))
    metres = {edge: times * length_m(engine.network.edges[edge]) for edge, times in driven.items()}
    common = sum(metres[edge] for edge in metres.keys() & set(_edges(other)))
    whole = sum(metres.values())
    return common / whole if whole else 1.0


def _edges(route: Route) -> Iterator[str]:
    return (edge for step in route.steps for edge in step.edges)
