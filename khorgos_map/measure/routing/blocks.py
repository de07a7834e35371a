"""A large matrix from an engine that answers small ones only, block by block."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from khorgos_map.measure.routing.records import Matrix, Profile, Stop

# OSRM as it is delivered takes 100 places at once, Valhalla 2500 pairs.
BLOCK = 50

Floats = NDArray[np.float64]
Ask = Callable[[Sequence[Stop], Sequence[Stop]], tuple[Floats, Floats]]


def matrix_in_blocks(
    engine: str, origins: Sequence[Stop], destinations: Sequence[Stop], profile: Profile, ask: Ask
) -> Matrix:
    """Return a matrix of any size; ``ask`` gives metres and seconds for at most 50 origins and destinations."""
    shape = len(origins), len(destinations)
    distance_m, duration_s = np.full(shape, np.nan), np.full(shape, np.nan)
    for row in range(0, len(origins), BLOCK):
        for column in range(0, len(destinations), BLOCK):
            here = slice(row, row + BLOCK), slice(column, column + BLOCK)
            distance_m[here], duration_s[here] = ask(origins[here[0]], destinations[here[1]])
    return Matrix(engine, profile, tuple(origins), tuple(destinations), distance_m, duration_s)
