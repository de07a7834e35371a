"""The road network as a graph for one kind of journey, with the quickest way between all its vertices.

A vertex is a node on one side of the border: where roads of both countries meet in a node on the border, the
node has a vertex on either side, and only a road section that belongs to a crossing joins the two sides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from khorgos_map.atlas.roads import Edge, RoadNetwork
from khorgos_map.measure.adjust import used_km
from khorgos_map.measure.routing.border import Counted, Passage, counted_waits, open_in, passable
from khorgos_map.measure.routing.limits import is_known_open, lets_through
from khorgos_map.measure.routing.lines import Floats, Lines
from khorgos_map.measure.routing.records import Profile, Range

# On a long road the average speed is between the section's own and this share of it; the middle of
# the two times is that at 0.89 of the speed, the factor planners take for free flow.
SLOWEST_SHARE = 0.8
# A crossing is drawn in fewer sections than this, so that those that a way passes can be counted in one digit.
PASSED_BASE = 8
# Times on roads to keep off count this much when the way is chosen, and not when it is told.
SLOWED_FACTOR = 2.0


@dataclass(frozen=True)
class Conditions:
    """What decides which roads may be used and which way is the quickest.

    ``waits`` are seconds asked for at crossings by id; ``slowed`` are edges to keep off. Of a ``month`` the roads that
    are open then, ``None`` for those open all year; ``unlimited`` takes all, whatever month and vehicle.
    """

    profile: Profile
    year: int
    closed: frozenset[str] = frozenset()
    waits: frozenset[tuple[str, float]] = frozenset()
    slowed: frozenset[str] = frozenset()
    month: int | None = None
    unlimited: bool = False


class Piece(NamedTuple):
    """A part of an edge that is driven, as shares of its length from its start; backwards if they fall."""

    edge: int
    begin: float
    end: float

    @property
    def share(self) -> float:
        """The part of the edge's length that is driven."""
        return abs(self.end - self.begin)


class Ways(NamedTuple):
    """The quickest ways from one vertex to all: what counts in the choice, and what it is in time and length.

    Infinite where there is no way; ``before`` is the vertex before each, negative where there is none. Views of
    memory, of which single numbers are read in half the time that an array needs.
    """

    weight: memoryview
    seconds: memoryview
    metres: memoryview
    before: memoryview


class Table(NamedTuple):
    """The quickest ways between all vertices, as in `Ways`; rows are where from, columns where to."""

    weight: Floats
    seconds: Floats
    metres: Floats
    before: NDArray[np.int32]


def length_m(edge: Edge) -> float:
    """Return the length in metres used for routing: the adjusted one, else the edge's own."""
    return used_km(edge) * 1000


def drive_time(seconds: float) -> Range:
    """Return the range of driving times where this many seconds are needed at the sections' own speeds."""
    return Range(seconds, seconds / SLOWEST_SHARE)


@dataclass(frozen=True)
class Graph:
    """The edges that a journey may use, between numbered vertices; `seconds` are at the edges' own speeds.

    ``weight`` is what counts of them in the choice of the way, without the ``waits`` at its crossings. ``variance``
    is that of their lengths, in square metres.
    """

    edges: tuple[Edge, ...]
    start: tuple[int, ...]
    end: tuple[int, ...]
    metres: tuple[float, ...]
    seconds: tuple[float, ...]
    weight: tuple[float, ...]
    variance: tuple[float, ...]
    country: tuple[str, ...]
    lines: Lines
    vertices: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    waits: Mapping[Passage, Counted] = field(default_factory=dict)

    def slowed(self, identifiers: frozenset[str]) -> Graph:
        """Return the same roads, of which some are kept off where others lead there in less than twice the time."""
        weight = (
            time * (SLOWED_FACTOR if edge.properties.id in identifiers else 1.0)
            for edge, time in zip(self.edges, self.seconds, strict=True)
        )
        return replace(self, weight=tuple(weight))

    @cached_property
    def arcs(self) -> Mapping[tuple[int, int], int]:
        """The edge to take from one vertex to the next; the quickest where there are several."""
        best: dict[tuple[int, int], int] = {}
        for index, edge in enumerate(self.edges):
            for arc in self._ways(index, oneway=edge.properties.oneway):
                if arc not in best or self._arc_weight(index, arc) < self._arc_weight(best[arc], arc):
                    best[arc] = index
        return best

    @cached_property
    def _costs(self) -> csr_array:
        """What counts on the arc from one vertex (row) to another."""
        count = len(self.country)
        arcs = {arc: index for arc, index in self.arcs.items() if arc[0] != arc[1]}
        rows, columns = np.array(list(arcs), dtype=int).reshape(-1, 2).T
        weights = [self._arc_weight(edge, arc) for arc, edge in arcs.items()]
        return csr_array((np.array(weights, dtype=float), (rows, columns)), shape=(count, count))

    def ways_from(self, vertex: int) -> Ways:
        """Return the quickest ways from a vertex, by Dijkstra; they are kept."""
        if vertex not in self._ways_from:
            self._ways_from[vertex] = self._found_from(vertex)
        return self._ways_from[vertex]

    @cached_property
    def _ways_from(self) -> dict[int, Ways]:
        return {}

    def _found_from(self, vertex: int) -> Ways:
        table: Table | None = vars(self).get("table")
        if table:  # made for a matrix before
            return Ways(*(values[vertex].data for values in table))
        (weight,), (before,) = dijkstra(self._costs, indices=[vertex], return_predecessors=True)
        seconds, metres = (np.where(np.isinf(weight), np.inf, 0.0) for _ in range(2))
        ways = Ways(weight.data, seconds.data, metres.data, before.data)
        for there in np.argsort(weight, kind="stable").tolist():
            previous = ways.before[there]
            if previous >= 0:
                edge = self.arcs[previous, there]
                ways.seconds[there] = ways.seconds[previous] + self.seconds[edge]
                ways.metres[there] = ways.metres[previous] + self.metres[edge]
        return ways

    def wait(self, edge: int, begin: int, end: int) -> Counted | None:
        """Return the wait that counts on an edge from one vertex to the other; ``None`` inside a country."""
        crossing = self.edges[edge].properties.crossing
        if crossing is None:
            return None
        # a crossing may be drawn in several edges; one waits on the one that leads to the other country
        return self.waits.get((crossing, f"{self.country[begin]}-{self.country[end]}"))

    def _arc_weight(self, edge: int, arc: tuple[int, int]) -> float:
        wait = self.wait(edge, *arc)
        return self.weight[edge] + (wait.seconds if wait else 0.0)

    def _ways(self, index: int, *, oneway: bool) -> tuple[tuple[int, int], ...]:
        there = self.start[index], self.end[index]
        return (there,) if oneway else (there, there[::-1])

    @cached_property
    def table(self) -> Table:
        """The quickest ways between all vertices, by Dijkstra from each of them."""
        count, costs = len(self.country), self._costs
        if not costs.nnz:
            alone = np.where(np.eye(count) == 1, 0.0, np.inf)
            return Table(alone, alone, alone, np.full((count, count), -9999, np.int32))
        weight, before = dijkstra(costs, return_predecessors=True)
        lengths, times = np.zeros((count, count)), np.zeros((count, count))
        rows, columns = np.array(list(self.arcs)).T
        taken = list(self.arcs.values())
        lengths[rows, columns] = np.array(self.metres)[taken]
        times[rows, columns] = np.array(self.seconds)[taken]
        metres, seconds = _carried(weight, before, (lengths, times))
        return Table(weight, seconds, metres, before)

    @cached_property
    def crossings(self) -> tuple[str, ...]:
        """The ids of the crossings that the edges belong to, in order."""
        return tuple(sorted({c for edge in self.edges if (c := edge.properties.crossing)}))

    @cached_property
    def along(self) -> tuple[Floats, Floats]:
        """Of the ways in `table`: the variance of their length in square metres, and how often they pass each crossing.

        The latter are the digits, in the base `PASSED_BASE`, of one number for each way, the first crossing last.
        """
        count = len(self.country)
        variance, passed = np.zeros((count, count)), np.zeros((count, count))
        for (begin, end), edge in self.arcs.items():
            variance[begin, end] = self.variance[edge]
            crossing = self.edges[edge].properties.crossing
            if crossing is not None:
                passed[begin, end] = PASSED_BASE ** self.crossings.index(crossing)
        sums = _carried(self.table.weight, self.table.before, (variance, passed))
        return sums[0], sums[1]

    def pieces(self, origin: int, destination: int) -> list[Piece]:
        """Return the whole edges of the quickest way between two vertices, in the order they are driven."""
        before, found, here = self.ways_from(origin).before, list[Piece](), destination
        while here != origin:
            previous = before[here]
            edge = self.arcs[previous, here]
            found.append(Piece(edge, 0.0, 1.0) if previous == self.start[edge] else Piece(edge, 1.0, 0.0))
            here = previous
        found.reverse()
        return found


def build_graph(
    network: RoadNetwork, conditions: Conditions, lines_of: Callable[[tuple[Edge, ...]], Lines] = Lines
) -> Graph:
    """Return the graph of the edges that are open to a journey under some conditions, none of them slowed yet.

    ``lines_of`` gives the lines of its edges, where there are such already.
    """
    edges = tuple(edge for edge in network.edges.values() if _usable(edge, network, conditions))
    numbers: dict[tuple[str, str], int] = {}

    def vertex(edge: Edge, node: str) -> int:
        own = edge.properties
        side = own.country if own.crossing is None else network.nodes[node].properties.country
        return numbers.setdefault((node, side), len(numbers))

    start = tuple(vertex(edge, edge.properties.start) for edge in edges)
    end = tuple(vertex(edge, edge.properties.end) for edge in edges)
    by_node: defaultdict[str, list[int]] = defaultdict(list)
    for (node, _), number in numbers.items():
        by_node[node].append(number)
    seconds = tuple(length_m(edge) / _speed_m_s(edge, conditions.profile) for edge in edges)
    waits = counted_waits(network.crossings, conditions.profile, dict(conditions.waits))
    country = tuple(side for _, side in numbers)
    sides = [
        (edge.properties.crossing, frozenset((country[a], country[b])))
        for edge, a, b in zip(edges, start, end, strict=True)
    ]
    return Graph(
        edges=edges,
        start=start,
        end=end,
        metres=tuple(length_m(edge) for edge in edges),
        seconds=seconds,
        weight=seconds,
        variance=tuple((1000 * edge.properties.length_sigma_km) ** 2 for edge in edges),
        country=country,
        lines=lines_of(edges),
        vertices={node: tuple(found) for node, found in by_node.items()},
        waits={
            (crossing, way): wait
            for (crossing, way), wait in waits.items()
            if (crossing, frozenset(way.split("-"))) in sides
        },
    )


def _usable(edge: Edge, network: RoadNetwork, conditions: Conditions) -> bool:
    own = edge.properties
    if conditions.closed & {own.id, own.crossing}:
        return False
    if not is_known_open(edge):
        return False
    if not conditions.unlimited and not lets_through(edge, conditions.profile, conditions.month):
        return False
    if own.crossing and not passable(
        network.crossings.get(own.crossing), conditions.profile, conditions.year
    ):
        return False
    return open_in(edge, conditions.year)


def _speed_m_s(edge: Edge, profile: Profile) -> float:
    own = edge.properties
    return (own.speed_truck_kmh if profile == "truck" else own.speed_car_kmh) / 3.6


def _carried(weight: Floats, before: NDArray[np.int32], of_arcs: tuple[Floats, ...]) -> list[Floats]:
    """Sum up further quantities along the ways found, for all origins at once, nearest vertices first."""
    count = len(weight)
    order = np.argsort(weight, axis=1, kind="stable")
    origins = np.arange(count)
    sums = [np.where(np.isinf(weight), np.inf, 0.0) for _ in of_arcs]
    for rank in range(1, count):
        here = order[:, rank]
        previous = before[origins, here]
        found = previous >= 0
        rows, there, back = origins[found], here[found], previous[found]
        for total, of_arc in zip(sums, of_arcs, strict=True):
            total[rows, there] = total[rows, back] + of_arc[back, there]
    return sums
