"""The embedded engine: answers from the atlas's own road network, with no network of the other kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas.roads import Edge, RoadNetwork
from khorgos_map.measure.adjust import unit_weight
from khorgos_map.measure.prepared import ONE_AT_A_TIME
from khorgos_map.measure.routing.assemble import NAME, assemble
from khorgos_map.measure.routing.graph import (
    PASSED_BASE,
    Conditions,
    Graph,
    Piece,
    build_graph,
    drive_time,
)
from khorgos_map.measure.routing.lines import Floats, Lines
from khorgos_map.measure.routing.many import distances
from khorgos_map.measure.routing.records import Matrix, Profile, Question, Route, Stop
from khorgos_map.measure.routing.snap import End, Snap, Snapper
from khorgos_map.measure.routing.told import Message, NoRouteError, refuse_one_place

# All ways between 300 nodes take 2.5 MB; a session asks under a few conditions only.
_TABLES = 16
_NO_WAY: dict[Profile, str] = {"car": "route.no_way_car", "truck": "route.no_way_truck"}


@dataclass(frozen=True)
class Way:
    """The quickest way between two snapped stops: its ends, its length, and its time at full speed."""

    origin: Snap
    destination: Snap
    leave: End | None
    arrive: End | None
    metres: float
    seconds: float


@dataclass(frozen=True)
class Journeys:
    """All that may be asked under the same conditions: a graph with its table, and stops snapped to it."""

    graph: Graph
    snapper: Snapper

    def way(self, origin: Snap, destination: Snap) -> Way | None:
        """Return the quickest way between two snapped stops, ``None`` where there is none."""
        best = float("inf")
        chosen: tuple[End, End] | None = None
        for leave in origin.leave:
            weight = self.graph.ways_from(leave.vertex).weight
            for arrive in destination.arrive:
                cost = leave.weight + weight[arrive.vertex] + arrive.weight
                if cost < best:
                    best, chosen = cost, (leave, arrive)
        if origin.edge is not None and origin.edge == destination.edge:
            direct = self._along(origin, destination)
            if direct is not None and direct[0] <= best:
                return Way(origin, destination, None, None, *direct[1:])
        if chosen is None:
            return None
        leave, arrive = chosen
        ways = self.graph.ways_from(leave.vertex)
        metres = leave.metres + ways.metres[arrive.vertex] + arrive.metres
        seconds = leave.seconds + ways.seconds[arrive.vertex] + arrive.seconds
        return Way(origin, destination, leave, arrive, metres, seconds)

    def pieces(self, way: Way) -> list[Piece]:
        """Return the pieces of edges that a way is made of, in the order they are driven."""
        origin, destination = way.origin, way.destination
        if way.leave is None or way.arrive is None:
            return [Piece(origin.edge or 0, origin.share, destination.share)]
        found = self.graph.pieces(way.leave.vertex, way.arrive.vertex)
        if origin.edge is not None:
            found.insert(0, Piece(origin.edge, origin.share, _share_at(way.leave, origin.leave, alone=1.0)))
        if destination.edge is not None:
            begin = _share_at(way.arrive, destination.arrive, alone=0.0)
            found.append(Piece(destination.edge, begin, destination.share))
        return found

    def _along(self, origin: Snap, destination: Snap) -> tuple[float, float, float] | None:
        edge = origin.edge or 0
        share = destination.share - origin.share
        if share < 0 and self.graph.edges[edge].properties.oneway:
            return None
        graph = self.graph
        return (
            abs(share) * graph.weight[edge],
            abs(share) * graph.metres[edge],
            abs(share) * graph.seconds[edge],
        )


class Embedded:
    """Answers from a table of the quickest ways between all nodes, made once per profile, year and closure.

    ``land`` is the land by country ("KZ", "CN"), longitude/latitude on WGS 84: a stop is met on its own side.
    The way is chosen by driving time at the sections' speeds and by the waits at the border as `counted_waits`
    gives them: asked for, else published, else supposed. The answer tells the wait as asked for or published only.
    """

    name = NAME

    def __init__(self, network: RoadNetwork, land: Mapping[str, BaseGeometry]) -> None:
        self.network = network
        self.land = dict(land)
        for country in self.land.values():
            shapely.prepare(country)
        self._journeys = lru_cache(maxsize=_TABLES)(self._prepare)
        # nearly every question about other ways slows other roads: kept apart, lest they drive out the rest
        self._slowed = lru_cache(maxsize=_TABLES)(self._prepare)
        # most conditions leave the same edges open
        no_exits = frozenset(i for i, node in network.nodes.items() if node.properties.kind == "boundary")
        self._lines = lru_cache(maxsize=_TABLES)(lambda ids: Lines([network.edges[i] for i in ids], no_exits))

    def journeys(self, question: Question, *, slowed: frozenset[str] = frozenset()) -> Journeys:
        """Return what answers under a question's conditions; the same object for the same conditions."""
        year = question.year if question.year is not None else dt.datetime.now(tz=dt.UTC).year
        waits = frozenset((crossing, wait.middle_s) for crossing, wait in question.waits.items())
        tables = self._slowed if slowed else self._journeys
        return tables(
            Conditions(
                question.profile, year, question.closed, waits, slowed, question.month, question.unlimited
            )
        )

    def route(self, question: Question, *, slowed: frozenset[str] = frozenset()) -> Route:
        """Return the quickest way through the stops of a question, keeping off the slowed edges if it can.

        Raises `NoRouteError` where the stops are one place, where one is farther than 25 km from any road, or
        no way leads to it.
        """
        refuse_one_place(question.stops)
        journeys = self.journeys(question, slowed=slowed)
        snaps = journeys.snapper.snap_near(question.stops)
        pieces: list[Piece] = []
        here = snaps[0]
        for there in snaps[1:]:
            way = journeys.way(here, there)
            if way is None:
                raise _no_way(here, there, question)
            pieces += journeys.pieces(way)
            here = _standing(there, way)
        access = [snap.access for snap in snaps]
        return assemble(
            question,
            access,
            pieces,
            journeys.graph,
            self.network.crossings,
            in_kazakhstan=self._in_kazakhstan,
            unit_weight=self.unit_weight,
            met_sigma_m=[snap.sigma_m for snap in snaps],
        )

    def matrix(self, origins: Sequence[Stop], destinations: Sequence[Stop], profile: Profile) -> Matrix:
        """Return the distances along the quickest ways, with the access beside them and without waiting.

        NaN where there is no way, or where a place is farther than 25 km from any road.
        """
        journeys = self.journeys(Question((), profile))
        leaving = journeys.snapper.snap_all(origins)
        arriving = leaving if destinations is origins else journeys.snapper.snap_all(destinations)
        found = distances(journeys.graph, leaving, arriving)
        passed, sets = _crossing_sets(found.passed, journeys.graph)
        return Matrix(
            engine=self.name,
            profile=profile,
            origins=tuple(origins),
            destinations=tuple(destinations),
            distance_m=found.metres,
            duration_s=found.seconds * drive_time(1.0).middle_s,
            sigma_m=self.unit_weight * np.sqrt(found.variance),
            access_from_m=np.array([snap.access.length_m for snap in leaving]),
            access_to_m=np.array([snap.access.length_m for snap in arriving]),
            passed=passed,
            crossing_sets=sets,
        )

    @cached_property
    def unit_weight(self) -> float:
        """By how much the published totals ask for larger standard deviations than the sections have."""
        return unit_weight(self.network)

    @cached_property
    def _in_kazakhstan(self) -> dict[str, float]:
        """Which part of each section over the border lies in Kazakhstan, as drawn; by the section's id."""
        ground = self.land.get("KZ")
        if ground is None:
            return {}
        with ONE_AT_A_TIME:
            return {
                identifier: line.intersection(ground).length / line.length
                for identifier, edge in self.network.edges.items()
                if edge.properties.crossing and (line := shape(edge.geometry.model_dump())).length
            }

    def _prepare(self, conditions: Conditions) -> Journeys:
        if conditions.slowed:
            graph = self._journeys(replace(conditions, slowed=frozenset())).graph.slowed(conditions.slowed)
        else:
            graph = build_graph(self.network, conditions, self._lines_of)
        return Journeys(graph, Snapper(graph, self.network, self.land))

    def _lines_of(self, edges: tuple[Edge, ...]) -> Lines:
        return self._lines(tuple(edge.properties.id for edge in edges))


def _crossing_sets(passed: Floats, graph: Graph) -> tuple[NDArray[np.int64], tuple[tuple[str, ...], ...]]:
    """Return which crossings each way passes, as numbers of the sets of crossings that there are."""
    # there are few, and a search among them is quicker than sorting all pairs
    numbers = np.unique(graph.along[1][np.isfinite(graph.along[1])])
    sets = []
    for number in numbers.astype(int).tolist():
        digits = (number // PASSED_BASE**place % PASSED_BASE for place in range(len(graph.crossings)))
        sets.append(tuple(c for c, digit in zip(graph.crossings, digits, strict=True) if digit))
    return np.searchsorted(numbers, np.nan_to_num(passed)), tuple(sets)


def _no_way(here: Snap, there: Snap, question: Question) -> NoRouteError:
    ends = {"origin": _called(here.access.stop), "destination": _called(there.access.stop)}
    messages: list[Message] = [(_NO_WAY[question.profile], ends)]
    if question.month is not None:
        messages.append(("route.in_month", {"month": question.month}))
    if question.year is not None:
        messages.append(("route.in_year", {"year": question.year}))
    if question.closed:
        messages.append(("route.without", {"closed": ", ".join(sorted(question.closed))}))
    return NoRouteError(*messages)


def _share_at(end: End, ends: tuple[End, ...], *, alone: float) -> float:
    """Return at which end of its edge a stop is left or met; a one-way road has only one such end, `alone`."""
    return float(ends.index(end)) if len(ends) == 2 else alone


def _standing(snap: Snap, way: Way) -> Snap:
    """Return a stop as it is left again: on the side of the border on which it was reached."""
    if way.arrive is None or snap.edge is not None:
        return snap
    return replace(snap, leave=(way.arrive,))


def _called(stop: Stop) -> str:
    return stop.name or f"{stop.position[1]:g}, {stop.position[0]:g}"
