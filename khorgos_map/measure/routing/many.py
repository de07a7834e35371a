"""Distances between many snapped stops at once, from a graph's table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from khorgos_map.measure.routing.graph import Graph
from khorgos_map.measure.routing.lines import Floats
from khorgos_map.measure.routing.snap import End, Snap

# So many rows with their intermediate results stay in the processor's cache.
_ROWS_AT_ONCE = 64


class Pairs(NamedTuple):
    """What is found from each origin (row) to each destination (column); NaN where no way leads there.

    ``seconds`` are at the edges' own speeds, ``variance`` is that of the metres; ``passed`` as in `Graph.along`.
    """

    metres: Floats
    seconds: Floats
    variance: Floats
    passed: Floats


def distances(graph: Graph, origins: Sequence[Snap], destinations: Sequence[Snap]) -> Pairs:
    """Return the quickest ways from each origin to each destination."""
    table = graph.table
    quantities = table.weight, table.seconds, table.metres, *graph.along
    leave, arrive = _Ends([snap.leave for snap in origins]), _Ends([snap.arrive for snap in destinations])
    found = [np.empty((len(origins), len(destinations))) for _ in quantities]
    for first in range(0, len(origins), _ROWS_AT_ONCE):
        rows = slice(first, first + _ROWS_AT_ONCE)
        # from the origins to all vertices, then from those to the destinations
        reach = leave.lesser(quantities, rows)
        turned = arrive.lesser([np.ascontiguousarray(values.T) for values in reach])
        for values, part in zip(found, turned, strict=True):
            values[rows] = part.T
    weight, seconds, metres, variance, passed = found
    for row, column, share in _on_one_edge(graph, origins, destinations):
        edge = origins[row].edge or 0
        if share * graph.weight[edge] <= weight[row, column]:
            metres[row, column], seconds[row, column] = (
                share * graph.metres[edge],
                share * graph.seconds[edge],
            )
            variance[row, column], passed[row, column] = share**2 * graph.variance[edge], 0.0
    met = [np.array([snap.sigma_m**2 for snap in snaps]) for snaps in (origins, destinations)]
    variance += met[0][:, None] + met[1]
    nowhere = np.isinf(weight)
    for values in (metres, seconds, variance, passed):
        values[nowhere] = np.nan
    return Pairs(metres, seconds, variance, passed)


class _Ends:
    """The two ends by which each of many stops is left or met, twice the same where there is one."""

    def __init__(self, ends: Sequence[tuple[End, ...]]) -> None:
        self._ways = [np.array([own[n] for own in ends], dtype=float).reshape(-1, 5) for n in (0, -1)]

    def lesser(self, tables: Sequence[Floats], rows: slice = slice(None)) -> list[Floats]:
        """Return weight, seconds, metres, variance and crossings of the stops in rows, by the end that weighs less."""
        best, other = ([table[way[rows, 0].astype(int)] for table in tables] for way in self._ways)
        for way, found in zip(self._ways, (best, other), strict=True):
            # no crossing lies between a stop and the end of its road
            for values, costs in zip(found[:-1], way[rows, 1:].T, strict=True):
                np.add(values, costs[:, None], out=values)
        less = other[0] < best[0]
        for values, others in zip(best, other, strict=True):
            np.copyto(values, others, where=less)
        return best


def _on_one_edge(
    graph: Graph, origins: Sequence[Snap], destinations: Sequence[Snap]
) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs that may be driven along their common edge, with the share of it."""
    at_edge: defaultdict[int, list[int]] = defaultdict(list)
    for column, snap in enumerate(destinations):
        if snap.edge is not None and snap.is_near:
            at_edge[snap.edge].append(column)
    for row, snap in enumerate(origins):
        for column in at_edge.get(-1 if snap.edge is None else snap.edge, ()):
            share = destinations[column].share - snap.share
            if share >= 0 or not graph.edges[snap.edge or 0].properties.oneway:
                yield row, column, abs(share)
