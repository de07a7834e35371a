"""The lengths of road sections adjusted together, as heights are in a levelling network.

Unknown is one length for each section. Observed are its own length, with its standard deviation, and the
published totals along declared paths; weighted least squares finds the lengths that fit all of them best, none
shorter than the geodesic between its ends. Totals that are held out take no part; they show how good the rest is.
Lengths are kilometres.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import lsq_linear

from khorgos_map.atlas.roads import Edge, Fact, RoadNetwork
from khorgos_map.errors import KhorgosMapError
from khorgos_map.geodesy import length_m

STREETS_SHARE = 0.25
DECIMALS = 2
# Recorded lengths have two decimals; solvers of different versions may differ in the last.
RECORDED_WITHIN_KM = 0.02


class AdjustmentError(KhorgosMapError):
    """The lengths cannot be adjusted; the text names the total or section that prevents it."""


@dataclass(frozen=True)
class Total:
    """A published total beside what the sections along its path add up to, before and after adjusting.

    ``sigma_km`` is one standard deviation of the sum, from the sections and `unit_weight`; that of the total
    itself is in ``fact``.
    """

    fact: Fact
    path: tuple[str, ...]
    before_km: float
    after_km: float
    sigma_km: float

    @property
    def residual_km(self) -> float:
        """The adjusted sum less the published total."""
        return self.after_km - self.fact.km

    @property
    def residual_percent(self) -> float:
        """The residual in per cent of the published total."""
        return self.residual_km / self.fact.km * 100

    @property
    def residual_before_km(self) -> float:
        """The sum of the sections' own lengths less the published total."""
        return self.before_km - self.fact.km

    @property
    def covered(self) -> bool:
        """Whether the residual is within two standard deviations of sum and published total together."""
        return abs(self.residual_km) <= 2 * math.hypot(self.sigma_km, self.fact.sigma_km)


def adjusted_lengths(network: RoadNetwork) -> dict[str, float]:
    """Return the adjusted length in kilometres of every section, by id.

    Raises `AdjustmentError` if no road leads along a total's path. Totals take part as `takes_part` says.
    """
    names = list(network.edges)
    column = {name: i for i, name in enumerate(names)}
    own = np.array([network.edges[name].properties.length_km for name in names])
    weights = 1 / np.array([_gives_way_km(network.edges[name]) for name in names])
    rows, observed = [np.diag(weights)], [own * weights]
    for fact in network.facts.values():
        if not takes_part(network, fact):
            continue
        path = shortest_path(network, fact)
        row = np.zeros(len(names))
        np.add.at(row, [column[name] for name in path], 1 / fact.sigma_km)
        rows.append(row[np.newaxis])
        observed.append(np.array([fact.km / fact.sigma_km]))
    shortest = np.minimum([geodesic_km(network.edges[name]) for name in names], own)
    found = lsq_linear(np.vstack(rows), np.concatenate(observed), bounds=(shortest, np.inf), method="bvls")
    if not found.success:
        raise AdjustmentError(f"the road lengths cannot be adjusted: {found.message}")
    return {name: round(float(km), DECIMALS) for name, km in zip(names, found.x, strict=True)}


def _gives_way_km(edge: Edge) -> float:
    """Return how far a section gives way: its standard deviation, but for streets what their length is known to.

    The standard deviation of streets holds that a distance may be counted from anywhere in a town; no street gets
    longer by that.
    """
    known = edge.properties
    share_km = STREETS_SHARE * known.length_km
    return min(share_km, known.length_sigma_km) if known.road_class == "city" else known.length_sigma_km


def takes_part(network: RoadNetwork, fact: Fact) -> bool:
    """Return whether a published total takes part in the adjustment.

    It does not if it is held out; if it is shorter than the geodesic between its ends, for then it was counted
    from elsewhere; or if it runs along one section of which it is the published length already.
    """
    if fact.held_out:
        return False
    ends = [network.nodes[name].geometry.coordinates for name in (fact.start, fact.end)]
    if fact.km < length_m(ends) / 1000:
        return False
    path = shortest_path(network, fact)
    return len(path) > 1 or network.edges[path[0]].properties.length_basis != "published"


def totals(network: RoadNetwork, lengths: Mapping[str, float] | None = None) -> list[Total]:
    """Return every published total beside the sums along its path, with the recorded or the given lengths."""
    scale = unit_weight(network)
    return [_total(network, fact, lengths, scale) for fact in network.facts.values()]


def unit_weight(network: RoadNetwork) -> float:
    """Return by which factor the standard deviations of the sections are to be multiplied, 1 at least.

    It is the a-posteriori standard deviation of unit weight: the root of the weighted squares of all that the
    recorded lengths give way, to the sections' own and to the totals that took part, over the number of those
    totals, which is the redundancy. Totals that are held out do not enter.
    """
    taking_part = [fact for fact in network.facts.values() if takes_part(network, fact)]
    if not taking_part:
        return 1.0
    squares = [
        ((used_km(edge) - edge.properties.length_km) / _gives_way_km(edge)) ** 2
        for edge in network.edges.values()
    ]
    squares += [(_total(network, fact, None, 1.0).residual_km / fact.sigma_km) ** 2 for fact in taking_part]
    return max(1.0, math.sqrt(math.fsum(squares) / len(taking_part)))


def departures(network: RoadNetwork, lengths: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Return (recorded, computed) in kilometres where the recorded length is not the adjusted one, by section."""
    recorded = {name: used_km(edge) for name, edge in network.edges.items()}
    return {
        name: (recorded[name], km)
        for name, km in lengths.items()
        if abs(recorded[name] - km) > RECORDED_WITHIN_KM
    }


def used_km(edge: Edge) -> float:
    """Return the length of a section used for routing: the adjusted one, else its own."""
    return edge.properties.length_adjusted_km or edge.properties.length_km


def geodesic_km(edge: Edge) -> float:
    """Return the geodesic in kilometres between the ends of a section."""
    line = edge.geometry.coordinates
    return length_m([line[0], line[-1]]) / 1000


def shortest_path(network: RoadNetwork, fact: Fact) -> tuple[str, ...]:
    """Return the sections along the shortest way through a total's places, by their own lengths.

    Raises `AdjustmentError` if there is none.
    """
    neighbours: defaultdict[str, list[tuple[str, str, float]]] = defaultdict(list)
    for name, edge in network.edges.items():
        known = edge.properties
        neighbours[known.start].append((known.end, name, known.length_km))
        neighbours[known.end].append((known.start, name, known.length_km))
    legs = [_leg(neighbours, fact, *leg) for leg in pairwise((fact.start, *fact.via, fact.end))]
    return tuple(name for leg in legs for name in leg)


def _leg(
    neighbours: Mapping[str, Sequence[tuple[str, str, float]]], fact: Fact, start: str, end: str
) -> list[str]:
    best: dict[str, tuple[str, str] | None] = {}
    waiting: list[tuple[float, str, tuple[str, str] | None]] = [(0.0, start, None)]
    while waiting:
        km, node, came = heapq.heappop(waiting)
        if node in best:
            continue
        best[node] = came
        if node == end:
            return _backwards(best, end)
        for neighbour, edge, length_km in neighbours.get(node, ()):
            if neighbour not in best:
                heapq.heappush(waiting, (km + length_km, neighbour, (node, edge)))
    raise AdjustmentError(f"{fact.id}: no road leads from {start!r} to {end!r}")


def _backwards(best: Mapping[str, tuple[str, str] | None], end: str) -> list[str]:
    path = []
    came = best[end]
    while came is not None:
        node, edge = came
        path.append(edge)
        came = best[node]
    return path[::-1]


def _total(network: RoadNetwork, fact: Fact, lengths: Mapping[str, float] | None, scale: float) -> Total:
    path = shortest_path(network, fact)
    edges = [network.edges[name] for name in path]
    after = [lengths[name] for name in path] if lengths else [used_km(edge) for edge in edges]
    # a section driven there and back has the same error twice
    sigmas_km = (n * network.edges[name].properties.length_sigma_km for name, n in Counter(path).items())
    return Total(
        fact=fact,
        path=path,
        before_km=math.fsum(edge.properties.length_km for edge in edges),
        after_km=math.fsum(after),
        sigma_km=scale * math.hypot(*sigmas_km),
    )
