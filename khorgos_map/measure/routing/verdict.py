"""A route against the road distance that somebody published between the same two places."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from babel.numbers import format_decimal, format_percent

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.records import RANKS, Claim, Text
from khorgos_map.atlas.roads import Fact
from khorgos_map.measure.court import COVERED_SIGMAS, JUDGED, UNCERTAIN_SHARE
from khorgos_map.measure.distances import ATTRIBUTE, ORIGIN
from khorgos_map.measure.routing.records import Route
from khorgos_map.text import Catalogue

AGREES_WITHIN_PERCENT = 2.0
# From here on a difference is told as how many times the published distance the way is.
TIMES_FROM_PERCENT = 100.0
Finding = Literal["agrees", "within_error", "too_uncertain", "other_road", "longer", "shorter", "differs"]
MESSAGES: dict[Finding, str] = {
    "agrees": "route.agrees",
    "within_error": "route.withinError",
    "too_uncertain": "route.tooUncertain",
    "other_road": "route.otherRoad",
    "longer": "route.longer",
    "shorter": "route.shorter",
    "differs": "route.differs",
}


@dataclass(frozen=True)
class Comparison:
    """A published road distance and how a route differs from it.

    ``missed`` are the ids of the nodes that the published way passes and the route does not, as far as the
    network's facts say by which way the distance was published. ``reason`` is what the ledger says about the
    difference, ``None`` where it says nothing.
    """

    claim: Claim
    published_m: float
    difference_percent: float
    finding: Finding
    missed: tuple[str, ...]
    reason: Text | None

    def sentence(self, atlas: Atlas, words: Catalogue) -> str:
        """Return the verdict in words, in the language of a catalogue."""
        distance = format_decimal(self.published_m / 1000, locale=words.code)
        published = words("unit.km", value=distance)
        if self.finding == "longer" and self.difference_percent > TIMES_FROM_PERCENT:
            times = format_decimal(round(1 + self.difference_percent / 100, 1), locale=words.code)
            return words("route.timesLonger", published=published, times=times)
        return words(
            MESSAGES[self.finding],
            published=published,
            difference=self._difference(words),
            via=", ".join(filter(None, (node_name(node, atlas, words.code) for node in self.missed))),
        )

    def _difference(self, words: Catalogue) -> str:
        size = format_percent(abs(self.difference_percent) / 100, format="0.0%", locale=words.code)
        # the other verdicts say in words which of the two is longer, or that it does not matter
        if self.finding not in {"agrees", "differs"} or abs(self.difference_percent) < 0.05:
            return size
        return f"{'−' if self.difference_percent < 0 else '+'}{size}"


def compare_published(route: Route, atlas: Atlas) -> Comparison | None:
    """Return the comparison with the published distance between a route's ends, in either direction.

    ``None`` where none is published: the ends must be the reference point and a destination of the ledger.
    Of several published distances the preferred one is taken. The difference is that of the route from the
    published distance, in per cent of the latter.
    """
    claim = published_claim({route.stops[0].id, route.stops[-1].id}, atlas)
    if claim is None or isinstance(claim.value, str):
        return None
    fact = next((f for f in atlas.network.facts.values() if f.claim == claim.id), None)
    published_m = float(claim.value) * 1000
    missed = _missed(route, fact, atlas) if fact else ()
    return Comparison(
        claim=claim,
        published_m=published_m,
        difference_percent=(route.distance_m / published_m - 1) * 100,
        finding=_finding(route, published_m, fact, missed),
        missed=missed,
        reason=_reason(claim, atlas),
    )


def published_claim(ends: set[str | None], atlas: Atlas) -> Claim | None:
    """Return the preferred claim of the road distance between two places, given by the ids of their features."""
    if ORIGIN not in ends or len(ends) != 2:
        return None
    (destination,) = ends - {ORIGIN}
    roads = [f.properties.id for f in atlas.feature.values() if f.properties.destination == destination]
    claims = [c for road in roads if destination for c in atlas.claims_about.get(road, [])]
    counted = {f.claim: {f.start, f.end} for f in atlas.network.facts.values()}
    # some of what is said of a road is counted from one of the ports
    said = [c for c in claims if c.attribute == ATTRIBUTE and counted.get(c.id, ends) == ends]
    return min(said, key=lambda claim: RANKS.index(claim.rank), default=None)


def _reason(claim: Claim, atlas: Atlas) -> Text | None:
    about = atlas.claims_about.get(claim.subject, [])
    return next((c.statement for c in about if c.attribute == JUDGED and claim.id in c.computed_from), None)


def _missed(route: Route, fact: Fact, atlas: Atlas) -> tuple[str, ...]:
    driven = [atlas.network.edges[edge].properties for step in route.steps for edge in step.edges]
    passed = {node for edge in driven for node in (edge.start, edge.end)}
    # an engine on other roads than ours does not say through which of our nodes its way goes
    return tuple(node for node in fact.via if node not in passed) if driven else ()


def _finding(route: Route, published_m: float, fact: Fact | None, missed: tuple[str, ...]) -> Finding:
    difference_m = route.distance_m - published_m
    if abs(difference_m) <= AGREES_WITHIN_PERCENT / 100 * published_m:
        return "agrees"
    if missed:
        return "other_road"
    if route.sigma_m is None:
        return "differs"
    if abs(difference_m) <= COVERED_SIGMAS * math.hypot(route.sigma_m, fact.sigma_km * 1000 if fact else 0.0):
        return "too_uncertain" if route.sigma_m > UNCERTAIN_SHARE * published_m else "within_error"
    return "longer" if difference_m > 0 else "shorter"


def node_name(node: str, atlas: Atlas, language: str) -> str | None:
    """Return what a node of the network is called: the name of its place, else its own, ``None`` without any."""
    own = atlas.network.nodes[node].properties
    place = atlas.feature.get(own.place or "")
    names = place.properties.name if place else own.name
    return names.in_language(language)[0] if names else None
