"""How often the edges of paths lie beside each other or cross: known cheaply, before they are compared."""

from __future__ import annotations

import numpy as np
import shapely

from khorgos_map.geodesy import Positions

# Comparing a pair takes some 150 ns: so many take less than a second.
_MOST_COMPARED = 5e6
_AT_ONCE = 500


def pairs_beside(starts: Positions, ends: Positions) -> float:
    """Return how many pairs of edges overlap in longitude, or in latitude, whichever are fewer."""
    low, high = np.minimum(starts, ends), np.maximum(starts, ends)
    begun = [np.searchsorted(np.sort(low[:, axis]), high[:, axis], "right").sum() for axis in (0, 1)]
    ended = [np.searchsorted(np.sort(high[:, axis]), low[:, axis], "left").sum() for axis in (0, 1)]
    return min(float(b - e) / 2 for b, e in zip(begun, ended, strict=True))


def crossings(path: Positions, most: int) -> int:
    """Return how many pairs of edges of a path meet, or more than ``most`` where they are more or too many to look.

    Edges are straight in longitude and latitude; each meets the next one.
    """
    beside = pairs_beside(path[:-1], path[1:])
    if beside <= most or beside > _MOST_COMPARED:
        return int(beside)
    edges = np.asarray(shapely.linestrings(np.stack([path[:-1], path[1:]], axis=1)))
    tree = shapely.STRtree(edges)
    met = 0
    for first in range(0, len(edges), _AT_ONCE):
        met += tree.query(edges[first : first + _AT_ONCE], predicate="intersects").shape[1]
        if met > 2 * most + len(edges):
            break
    return (met - len(edges)) // 2
