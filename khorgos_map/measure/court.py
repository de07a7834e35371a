"""The distance court: every published road distance before the straight line, the old road and the road today.

A published distance is one of the network's facts that names its claim. What is found against it stands in
the ledger: claims computed by the functions in `OF_ROADS`, each from the published claim. The one with the
attribute `JUDGED` says against which road the figure is to be held, and its statement is the reason.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass

from geojson_pydantic import Point

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.records import Claim
from khorgos_map.atlas.roads import Fact, Node
from khorgos_map.errors import KhorgosMapError
from khorgos_map.geodesy import inverse
from khorgos_map.measure.routing.records import Engine, Position, Question, Route, RoutingError, Stop

JUDGED = "network-against-published"
# The last year in which the motorway from Almaty and the new road crossing were both still to come.
BEFORE_YEAR = 2016
# A difference is covered by the stated errors if it is not beyond this many standard deviations.
COVERED_SIGMAS = 2.0
UNCERTAIN_SHARE = 0.5


class CourtError(KhorgosMapError):
    """A computed claim asks for a published distance that the network does not have."""


@dataclass(frozen=True)
class Way:
    """A way by road: its length, one standard deviation of it (``None`` if the engine states none), its crossings."""

    distance_m: float
    sigma_m: float | None
    crossings: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """A published road distance, the geodesic between its ends, and the roads it may speak of.

    ``today`` is the quickest way on the roads of now, ``before`` that through the places the fact names on the
    roads of `BEFORE_YEAR`; ``None`` where there is no such way, or one of its ends was not there yet.
    ``judged`` is the ledger's claim with the reason.
    """

    fact: Fact
    claim: Claim
    ends: tuple[Stop, Stop]
    geodesic_m: float
    today: Way | None
    before: Way | None
    judged: Claim | None

    @property
    def published_m(self) -> float:
        """The published distance in metres."""
        return self.fact.km * 1000

    @property
    def detour_ratio(self) -> float:
        """Published distance over geodesic."""
        return self.published_m / self.geodesic_m

    @property
    def held_against(self) -> str:
        """Which road the figure is held against, "today" or "before", as the ledger's claim says."""
        function = self.judged.computed_by if self.judged else None
        return "before" if function == f"{__name__}.{against_before.__name__}" else "today"

    def difference_percent(self, way: Way) -> float:
        """Return how far a way is above the published distance, in per cent of the latter."""
        return (way.distance_m / self.published_m - 1) * 100

    def covered(self, way: Way) -> bool | None:
        """Return whether the stated errors of both lengths cover their difference.

        ``None`` if no error is stated, or if it is too large to say anything.
        """
        return self._within_errors(way) if self.comparable(way) else None

    def comparable(self, way: Way) -> bool:
        """Return false if nothing can be said: the way is known so badly that its errors cover any such figure.

        They do where one standard deviation is more than half of the published distance and the difference is
        not beyond the stated errors all the same.
        """
        uncertain = way.sigma_m is not None and way.sigma_m > UNCERTAIN_SHARE * self.published_m
        return not (uncertain and self._within_errors(way))

    def _within_errors(self, way: Way) -> bool | None:
        if way.sigma_m is None:
            return None
        sigma_m = math.hypot(way.sigma_m, self.fact.sigma_km * 1000)
        return abs(self.published_m - way.distance_m) <= COVERED_SIGMAS * sigma_m


def distance_court(atlas: Atlas, engine: Engine) -> tuple[Verdict, ...]:
    """Return the verdicts on all published distances of the network, in the order of the ledger's claims."""
    facts = {f.claim: f for f in atlas.network.facts.values() if f.claim in atlas.claims}
    return tuple(_verdict(facts[c], atlas, engine) for c in atlas.claims if c in facts)


def verdict_on(claim: str, atlas: Atlas, engine: Engine) -> Verdict:
    """Return the verdict on one published distance, named by its claim; raises `CourtError` if it is none."""
    fact = next((f for f in atlas.network.facts.values() if f.claim == claim), None)
    if fact is None or claim not in atlas.claims:
        raise CourtError(f"claim {claim!r} is no published distance of network/facts.csv")
    return _verdict(fact, atlas, engine)


def length_today(claim: str, atlas: Atlas, engine: Engine) -> float:
    """Return the length in metres of the quickest way today between the ends of a published distance."""
    return _way(verdict_on(claim, atlas, engine).today, claim).distance_m


def length_before(claim: str, atlas: Atlas, engine: Engine) -> float:
    """Return the length in metres of the old road between the ends of a published distance."""
    return _way(verdict_on(claim, atlas, engine).before, claim).distance_m


def against_today(claim: str, atlas: Atlas, engine: Engine) -> float:
    """Return how far the road of today, as long as it is said to be, is above a published distance, in per cent."""
    verdict = verdict_on(claim, atlas, engine)
    return verdict.difference_percent(_as_said(_way(verdict.today, claim)))


def against_before(claim: str, atlas: Atlas, engine: Engine) -> float:
    """Return how far the old road, as long as it is said to be, is above a published distance, in per cent."""
    verdict = verdict_on(claim, atlas, engine)
    return verdict.difference_percent(_as_said(_way(verdict.before, claim)))


def _as_said(way: Way) -> Way:
    """Return a way as long as claims give it, to 0.1 km, so that a share follows from the lengths that are shown."""
    return dataclasses.replace(way, distance_m=round(way.distance_m, -2))


OF_ROADS: dict[str, Callable[[str, Atlas, Engine], float]] = {
    f.__name__: f for f in (length_today, length_before, against_today, against_before)
}


def _verdict(fact: Fact, atlas: Atlas, engine: Engine) -> Verdict:
    ends = _stop(fact.start, atlas), _stop(fact.end, atlas)
    through = tuple(_stop(node, atlas) for node in fact.via)
    geodesic_m, _ = inverse(*ends[0].position, *ends[1].position)
    claim = atlas.claims[fact.claim or ""]
    judged = (
        c
        for c in atlas.claims_about.get(claim.subject, [])
        if c.attribute == JUDGED and claim.id in c.computed_from
    )
    return Verdict(
        fact=fact,
        claim=claim,
        ends=ends,
        geodesic_m=geodesic_m,
        today=_driven(engine, Question(ends)),
        before=_driven(engine, Question((ends[0], *through, ends[1]), year=BEFORE_YEAR))
        if all(_was_there(end, atlas) for end in ends)
        else None,
        judged=next(judged, None),
    )


def _driven(engine: Engine, question: Question) -> Way | None:
    try:
        route: Route = engine.route(question)
    except RoutingError:
        return None
    return Way(route.distance_m, route.sigma_m, route.crossings)


def _stop(identifier: str, atlas: Atlas) -> Stop:
    """Return a node as a stop: where the map shows its place, so that a route between places is the same one."""
    node: Node = atlas.network.nodes[identifier]
    feature = atlas.feature.get(node.properties.place or identifier)
    if feature is not None and isinstance(feature.geometry, Point):
        position, identifier = _position(feature.geometry), feature.properties.id
    else:
        position = _position(node.geometry)
    return Stop(position, id=identifier)


def _was_there(stop: Stop, atlas: Atlas) -> bool:
    feature = atlas.feature.get(stop.id or "")
    since = feature.properties.valid_from if feature else None
    return since is None or int(since[:4]) <= BEFORE_YEAR


def _position(point: Point) -> Position:
    return point.coordinates[0], point.coordinates[1]


def _way(way: Way | None, claim: str) -> Way:
    if way is None:
        raise CourtError(f"claim {claim!r}: no such road between its ends in the network")
    return way
