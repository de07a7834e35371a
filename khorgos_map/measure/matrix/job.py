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
from khorgos_map.measure.routing.records import Engine, Profile, Stop

# Some ten megabytes a part, whatever the size of the whole.
PAIRS_A_PART = 250_000
# A wide part has few rows, and its columns would be met with the road again for each few of them.
COLUMNS_A_PART = 1000
# Counted up whenever the same places would give other values or other files.
FORMAT = 1
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
    """The metres and seconds of a part, a row for each origin; NaN where there is no way."""

    distance_m: Floats
    duration_s: Floats


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
    matrix = engine.matrix(origins, destinations, profile)
    return Values(matrix.distance_m.round(DECIMALS), matrix.duration_s.round(DECIMALS))


def _spans(count: int, size: int) -> list[tuple[int, int]]:
    return [(first, min(first + size, count)) for first in range(0, count, size)]
