"""How far one comes in a given time: the roads reached, the land beside them, the places on them."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from khorgos_map.geodesy import area_m2
from khorgos_map.measure.routing.border import Passage
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.graph import Graph, Piece, drive_time
from khorgos_map.measure.routing.lines import in_degrees, in_metres
from khorgos_map.measure.routing.records import Access, Question, Stop
from khorgos_map.measure.routing.snap import Snap
from khorgos_map.measure.routing.whole import access_span

# How fast one gets on roads that the network does not have is not known; this is supposed.
ACCESS_KMH = 40.0
# Land within this distance of a road that is reached counts as reached.
MARGIN_M = 5_000.0
# Lines are followed no closer than this, a hundredth of the margin.
_SMOOTHED_M = 50.0
Span = tuple[float, float]


@dataclass(frozen=True)
class Reached:
    """What is reached within one time limit.

    ``area`` is the land within `MARGIN_M` of the roads reached, on their side of the border, longitude/latitude
    on WGS 84 with the winding of RFC 7946. ``sigma_m`` is one standard deviation of ``road_m``. ``crossings`` are those
    passed. ``places`` are those of the places
    asked about that are reached, by their number in the question, with the seconds it takes.
    """

    limit_s: float
    area: MultiPolygon
    area_m2: float
    road_m: float
    sigma_m: float
    crossings: tuple[str, ...]
    places: Mapping[int, float]


@dataclass(frozen=True)
class Reach:
    """What is reached from a place within several limits.

    ``waits_s`` is the time counted at each crossing, by its id and direction ("KZ-CN" or "CN-KZ"). ``supposed``
    are those of them where nobody says how long it takes; ``undecided`` those of these whose border is reached
    within the widest limit, so that what lies behind is in or out by the supposition. ``access`` is the way from the
    place to the road, ``place_access`` those to the places asked about; they take the time `access_s` supposes.
    """

    access: Access
    place_access: tuple[Access, ...]
    waits_s: Mapping[Passage, float]
    supposed: frozenset[Passage]
    undecided: frozenset[Passage]
    within: tuple[Reached, ...]


def reach(
    engine: Embedded, question: Question, limits_s: Sequence[float], places: Sequence[Stop] = ()
) -> Reach:
    """Return what is reached from the first stop of a question within each limit, in seconds.

    Driving takes the middle of its range, a wait at the border what it counts in the choice of a route
    (`counted_waits`); the ways to the road and from it what `access_s` supposes. Raises `RoutingError` where the stop
    is farther than 25 km from any road.
    """
    journeys = engine.journeys(question)
    origin = journeys.snapper.snap(question.stops[0])
    waits = journeys.graph.waits
    times = _Times(journeys.graph, origin)
    snaps = journeys.snapper.snap_all(places)
    before_s = access_s(origin.access.length_m)
    there = [before_s + times.to(snap) + access_s(snap.access.length_m) for snap in snaps]
    return Reach(
        access=origin.access,
        place_access=tuple(snap.access for snap in snaps),
        waits_s={passage: wait.seconds for passage, wait in sorted(waits.items())},
        supposed=frozenset(passage for passage, wait in waits.items() if wait.supposed),
        undecided=frozenset(times.undecided(max(limits_s) - before_s)),
        within=tuple(_within(limit, before_s, times, there, engine) for limit in limits_s),
    )


def access_s(access_m: float) -> float:
    """Return the seconds that a way to the road is supposed to take: the middle of its range at `ACCESS_KMH`."""
    length = access_span(access_m)
    return (length.low_m + length.high_m) / 2 / (ACCESS_KMH / 3.6)


class _Times:
    """Seconds from a stop to everywhere, with the waits at the border in them."""

    def __init__(self, graph: Graph, origin: Snap) -> None:
        self.graph = graph
        self._origin = origin
        self._edge_s = [drive_time(seconds).middle_s for seconds in graph.seconds]
        self._vertex_s = self._to_vertices()

    def to(self, snap: Snap) -> float:
        """Return the seconds to a stop; infinite where no way leads to it."""
        by_ends = min(self._vertex_s[end.vertex] + drive_time(end.seconds).middle_s for end in snap.arrive)
        if snap.edge is None or snap.edge != self._origin.edge or not snap.is_near:
            return by_ends
        ahead = snap.share - self._origin.share
        if ahead < 0 and self.graph.edges[snap.edge].properties.oneway:
            return by_ends
        return min(by_ends, abs(ahead) * self._edge_s[snap.edge])

    def undecided(self, limit_s: float) -> Iterator[Passage]:
        """Yield the crossings met within a limit whose wait is supposed."""
        for (begin, end), edge in self.graph.arcs.items():
            wait = self.graph.wait(edge, begin, end)
            if wait and wait.supposed and self._vertex_s[begin] <= limit_s:
                crossing = self.graph.edges[edge].properties.crossing or ""
                yield crossing, f"{self.graph.country[begin]}-{self.graph.country[end]}"

    def stretches(self, limit_s: float) -> list[Piece]:
        """Return the parts of edges that are reached within a limit, none twice; of a crossing all or nothing."""
        found = []
        for index, edge in enumerate(self.graph.edges):
            ends = self.graph.start[index], self.graph.end[index]
            spans = [self._from(index, *ends, limit_s)]
            if not edge.properties.oneway:
                low, high = self._from(index, *ends[::-1], limit_s)
                spans.append((1.0 - high, 1.0 - low))
            if index == self._origin.edge:
                spans.append(self._around(limit_s))
            found += [Piece(index, *span) for span in united(spans)]
        return found

    def _from(self, edge: int, begin: int, end: int, limit_s: float) -> Span:
        left_s = limit_s - self._vertex_s[begin]
        if self.graph.edges[edge].properties.crossing is not None:
            return 0.0, float(left_s >= self._arc_s(edge, begin, end))
        return 0.0, min(max(left_s / self._edge_s[edge], 0.0), 1.0)

    def _around(self, limit_s: float) -> Span:
        edge, share = self._origin.edge or 0, self._origin.share
        far = max(limit_s, 0.0) / self._edge_s[edge]
        back = 0.0 if self.graph.edges[edge].properties.oneway else far
        return max(share - back, 0.0), min(share + far, 1.0)

    def _arc_s(self, edge: int, begin: int, end: int) -> float:
        wait = self.graph.wait(edge, begin, end)
        return self._edge_s[edge] + (wait.seconds if wait else 0.0)

    def _to_vertices(self) -> list[float]:
        graph = self.graph
        leaving: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
        for (begin, end), edge in graph.arcs.items():
            leaving[begin].append((end, self._arc_s(edge, begin, end)))
        best = [math.inf] * len(graph.country)
        ahead = [(drive_time(end.seconds).middle_s, end.vertex) for end in self._origin.leave]
        while ahead:
            seconds, vertex = heapq.heappop(ahead)
            if seconds < best[vertex]:
                best[vertex] = seconds
                for following, more in leaving[vertex]:
                    heapq.heappush(ahead, (seconds + more, following))
        return best


def united(spans: Sequence[Span]) -> list[Span]:
    """Return spans joined where they touch, in order; empty ones are left out."""
    found: list[Span] = []
    for low, high in sorted(span for span in spans if span[0] < span[1]):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], high)
        else:
            found.append((low, high))
    return found


def _within(
    limit_s: float, before_s: float, times: _Times, there_s: Sequence[float], engine: Embedded
) -> Reached:
    stretches = times.stretches(limit_s - before_s)
    graph = times.graph
    area = _area(stretches, graph, engine.land)
    passed = {graph.edges[piece.edge].properties.crossing for piece in stretches}
    return Reached(
        limit_s=limit_s,
        area=area,
        area_m2=area_m2(area),
        road_m=math.fsum(piece.share * graph.metres[piece.edge] for piece in stretches),
        sigma_m=engine.unit_weight
        * math.sqrt(math.fsum(p.share**2 * graph.variance[p.edge] for p in stretches)),
        crossings=tuple(sorted(crossing for crossing in passed if crossing)),
        places={number: seconds for number, seconds in enumerate(there_s) if seconds <= limit_s},
    )


def _area(stretches: Sequence[Piece], graph: Graph, land: Mapping[str, BaseGeometry]) -> MultiPolygon:
    lines: defaultdict[str, list[BaseGeometry]] = defaultdict(list)
    for piece in stretches:
        line = in_metres(np.array(graph.lines.part(*piece)))
        lines[graph.edges[piece.edge].properties.country].append(shapely.LineString(line))
    parts = []
    for country, own in lines.items():
        beside = shapely.union_all(shapely.buffer(shapely.simplify(own, _SMOOTHED_M), MARGIN_M))
        beside = shapely.transform(beside, in_degrees)
        parts.append(beside.intersection(land[country]) if country in land else beside)
    whole = shapely.set_precision(shapely.union_all(parts), 1e-6)
    polygons = [part for part in shapely.get_parts(whole) if isinstance(part, Polygon)]
    return shapely.orient_polygons(MultiPolygon(polygons))
