"""Which roads are closed for part of the year, at night or to trucks, and where a way keeps off them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from khorgos_map.atlas.roads import Edge, RoadNetwork
from khorgos_map.measure.routing.records import Profile, Question, Route
from khorgos_map.measure.routing.told import NoRouteError


class Asked(Protocol):
    """An engine that knows the limits of the roads of its network."""

    network: RoadNetwork

    def route(self, question: Question) -> Route:
        """Return the quickest way through the stops of a question."""


def is_known_open(edge: Edge) -> bool:
    """Return whether anything says that a road section is open at all: nobody is sent over one that is not."""
    limits = edge.properties.limits
    return limits is None or limits.season is None or not limits.season.supposed


def lets_through(edge: Edge, profile: Profile, month: int | None) -> bool:
    """Return whether a vehicle may use a road section in a month, ``None`` for all year."""
    own = edge.properties
    if profile == "truck" and not own.truck:
        return False
    return own.limits is None or own.limits.season is None or own.limits.season.has(month)


def limited(route: Route, network: RoadNetwork) -> tuple[Edge, ...]:
    """Return the sections of a route that are closed at some time or to some vehicle, in the order they are driven."""
    driven = dict.fromkeys(edge for step in route.steps for edge in step.edges if edge in network.edges)
    return tuple(network.edges[edge] for edge in driven if network.edges[edge].properties.limits)


def open_months(route: Route, network: RoadNetwork) -> tuple[int, int]:
    """Return the first and the last month in which all of a route is open as a rule; 1 and 12 for all year.

    The last is before the first where no month is left.
    """
    seasons = [
        s for e in limited(route, network) if (s := e.properties.limits and e.properties.limits.season)
    ]
    return max([1, *(s.first_month for s in seasons)]), min([12, *(s.last_month for s in seasons)])


@dataclass(frozen=True)
class KeptOff:
    """A shorter or quicker way that is not open all year or to this vehicle, and the sections of it that are not."""

    route: Route
    edges: tuple[Edge, ...]


def kept_off(engine: Asked, question: Question, found: Route) -> KeptOff | None:
    """Return the way that a car would take if no road had limits, where it is shorter or quicker; else ``None``.

    That of a car, since a truck is so slow in the mountains that it may be no quicker by the road that is closed to it.
    """
    try:
        route = engine.route(replace(question, profile="car", unlimited=True))
    except NoRouteError:
        return None
    closed = tuple(
        edge
        for edge in limited(route, engine.network)
        if not lets_through(edge, question.profile, question.month)
    )
    is_better = route.drive.low_s < found.drive.low_s or route.distance_m < found.distance_m
    return KeptOff(route, closed) if closed and is_better else None


def in_season(question: Question, of: KeptOff) -> Question | None:
    """Return the question that asks for a way in the season in which its roads are open, ``None`` where there is none.

    It asks for a month in the middle of the season: those at its ends are open for a part only.
    """
    if question.month is not None:
        return None
    months = list(_months(question.profile, of.edges))
    return replace(question, month=months[len(months) // 2]) if months else None


def _months(profile: Profile, edges: tuple[Edge, ...]) -> Iterator[int]:
    for month in range(1, 13):
        if all(lets_through(edge, profile, month) for edge in edges):
            yield month
