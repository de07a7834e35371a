"""What a large matrix is made of: its places, the engine that answers, and the parts it is computed in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas.roads import RoadNetwork
from khorgos_map.measure.routing.engines import make_engine
from khorgos_map.measure.routing.records import Engine, Matrix, Profile, Stop
from khorgos_map.measure.routing.whole import only_beside, whole_spans

# Some ten megabytes a part, whatever the size of the whole.
PAIRS_A_PART = 250_000
# A wide part has few rows, and its columns would be met with the road again for each few of them.
COLUMNS_A_PART = 1000
# Counted up whenever the same places would give other values or other files.
FORMAT = 2
# A road is not known to a decimetre; what is finer would only make the files larger.
DECIMALS = 1

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Recipe:
    """All that is needed to make an engine, here or on another machine."""

    name: str
    url: str | None
    network: RoadNetwork
    land: Mapping[str, BaseGeometry]

    def make(self) -> Engine:
        """Return the engine; raises `UsageError` as `make_engine` does."""
        return make_engine(self.name, self.url, self.network, self.land)


class Part(NamedTuple):
    """Some rows and columns of a matrix, each from a first one up to one that is not in it any more."""

    number: int
    rows: tuple[int, int]
    columns: tuple[int, int]

    @property
    def pairs(self) -> int:
        """How many distances the part has."""
        return (self.rows[1] - self.rows[0]) * (self.columns[1] - self.columns[0])


@dataclass(frozen=True)
class Values:
    """The metres and seconds of a part, a row for each origin; NaN where there is no way or nothing is known.

    ``distance_m`` is on the road, give or take ``sigma_m``; NaN, too, where both places meet the road at the same
    place. The access is that of the origins and of the destinations; ``low_m`` and ``high_m`` are the limits of the
    whole way. ``crossings`` are those passed, as one word; empty where there are none, ``None`` where not known.
    """

    distance_m: Floats
    sigma_m: Floats
    access_from_m: Floats
    access_to_m: Floats
    low_m: Floats
    high_m: Floats
    duration_s: Floats
    crossings: list[str | None]
    passed: NDArray[np.int64]


@dataclass(frozen=True)
class Job:
    """A matrix to compute."""

    recipe: Recipe
    profile: Profile
    origins: Sequence[Stop]
    destinations: Sequence[Stop]

    @property
    def pairs(self) -> int:
        """How many distances there are."""
        return len(self.origins) * len(self.destinations)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The parts, block by block."""
        wide = min(len(self.destinations), COLUMNS_A_PART, PAIRS_A_PART)
        rows = _spans(len(self.origins), PAIRS_A_PART // wide)
        blocks = product(rows, _spans(len(self.destinations), wide))
        return tuple(Part(number, *block) for number, block in enumerate(blocks))

    def places(self, part: Part) -> tuple[Sequence[Stop], Sequence[Stop]]:
        """Return the origins and the destinations of a part."""
        return self.origins[slice(*part.rows)], self.destinations[slice(*part.columns)]

    @cached_property
    def key(self) -> str:
        """A word that is the same only for the same places, engine, profile, roads and land."""
        digest = hashlib.sha256()
        recipe = self.recipe
        for text in (
            str(FORMAT),
            recipe.name,
            recipe.url or "",
            self.profile,
            f"{PAIRS_A_PART} {COLUMNS_A_PART}",
        ):
            digest.update(f"{text}\0".encode())
        for record in (*recipe.network.nodes.values(), *recipe.network.edges.values()):
            digest.update(record.model_dump_json().encode())
        for crossing in recipe.network.crossings.values():
            digest.update(crossing.model_dump_json().encode())
        for country, land in sorted(recipe.land.items()):
            digest.update(country.encode() + land.wkb)
        for stops in (self.origins, self.destinations):
            digest.update(f"{len(stops)}\0".encode())
            for stop in stops:
                digest.update(json.dumps((label(stop), stop.id, stop.position)).encode())
        return digest.hexdigest()


def label(stop: Stop) -> str:
    """Return what a place is called in a matrix: its id, else its name."""
    return stop.id or stop.name or f"{stop.position[1]:g},{stop.position[0]:g}"


def compute(
    engine: Engine, origins: Sequence[Stop], destinations: Sequence[Stop], profile: Profile
) -> Values:
    """Return the values of a part, rounded to decimetres and tenths of a second."""
    return values_of(engine.matrix(origins, destinations, profile))


def values_of(matrix: Matrix) -> Values:
    """Return the values of a matrix as they are written and printed."""
    shape = matrix.distance_m.shape
    low_m, high_m = whole_spans(matrix)
    unmeasured = only_beside(matrix)
    sigma_m = np.full(shape, np.nan) if matrix.sigma_m is None else matrix.sigma_m
    ends = (matrix.access_from_m, shape[0]), (matrix.access_to_m, shape[1])
    access = [np.full(count, np.nan) if known is None else known for known, count in ends]
    return Values(
        distance_m=np.where(unmeasured, np.nan, matrix.distance_m).round(DECIMALS),
        sigma_m=np.where(unmeasured, np.nan, sigma_m).round(DECIMALS),
        access_from_m=access[0].round(DECIMALS),
        access_to_m=access[1].round(DECIMALS),
        low_m=low_m.round(DECIMALS),
        high_m=high_m.round(DECIMALS),
        duration_s=np.where(unmeasured, np.nan, matrix.duration_s).round(DECIMALS),
        crossings=[None] if matrix.passed is None else [" ".join(ids) for ids in matrix.crossing_sets],
        passed=np.zeros(shape, dtype=np.int64) if matrix.passed is None else matrix.passed,
    )


def _spans(count: int, size: int) -> list[tuple[int, int]]:
    return [(first, min(first + size, count)) for first in range(0, count, size)]
