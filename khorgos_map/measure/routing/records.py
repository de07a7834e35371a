"""What is asked of a routing engine and what it answers; every engine speaks these records.

Positions are (longitude, latitude) in WGS 84 degrees, in that order; lengths are metres, times seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from khorgos_map.errors import KhorgosMapError

Profile = Literal["car", "truck"]
PROFILES: tuple[Profile, ...] = ("car", "truck")
Position = tuple[float, float]
# Farther than this from any road there is no answer, only how far the nearest road is.
REFUSE_BEYOND_M = 25_000.0


class RoutingError(KhorgosMapError):
    """No route can be given; the text says why and what would help."""


@dataclass(frozen=True)
class Range:
    """A time in seconds of which only the limits are known."""

    low_s: float
    high_s: float

    @property
    def middle_s(self) -> float:
        """The time half way between the limits: the one number where only one can be given."""
        return (self.low_s + self.high_s) / 2

    def __add__(self, other: Range) -> Range:
        return Range(self.low_s + other.low_s, self.high_s + other.high_s)


@dataclass(frozen=True)
class Stop:
    """A place to route from, through or to; ``id`` is that of a feature or a node, where it is one."""

    position: Position
    name: str | None = None
    id: str | None = None


@dataclass(frozen=True)
class Question:
    """A route that is asked for.

    ``waits`` replaces the published waiting time at a crossing by id; ``closed`` names crossings and edges
    not to be used; ``year`` takes the roads open in that year, ``None`` those open now. ``month``, 1 to 12, takes the
    roads open in that month as a rule, ``None`` those open all year. ``unlimited`` takes those, too, that are closed in
    that month or to this vehicle: not to be driven, but to know what is kept off.
    """

    stops: tuple[Stop, ...]
    profile: Profile = "car"
    waits: Mapping[str, Range] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    year: int | None = None
    month: int | None = None
    unlimited: bool = False


@dataclass(frozen=True)
class Access:
    """The way from a stop to the road: where the road is met, and how far that is on the ellipsoid."""

    stop: Stop
    on_road: Position
    length_m: float


@dataclass(frozen=True)
class Step:
    """One stretch of a route on one road in one country; ``crossing`` is set where the border is crossed."""

    ref: str | None
    name: str | None
    country: str
    length_m: float
    duration_s: float
    edges: tuple[str, ...] = ()
    crossing: str | None = None


@dataclass(frozen=True)
class Stretch:
    """A part of a route as drawn; ``rough`` where little more than its ends is known."""

    line: tuple[Position, ...]
    rough: bool


@dataclass(frozen=True)
class Route:
    """A way along roads.

    ``distance_m`` is that on roads, without ``access``; ``sigma_m`` is one standard deviation of it, from those of
    the sections it is made of, as much larger as the published totals ask for. ``drive`` has no waiting in it;
    ``wait`` is that at the border, ``None`` where a border is crossed and nobody published how long it takes.
    ``supposed_wait_s`` is what a crossing without a known wait counted when this way was chosen, ``None`` where
    the choice had no such crossing.
    ``per_country_m`` adds up to ``distance_m``.
    ``geometry`` is the line as drawn, which is not what the length is taken from; ``stretches`` are its parts
    by how well they are known, none where the engine does not say.
    """

    engine: str
    profile: Profile
    stops: tuple[Stop, ...]
    access: tuple[Access, ...]
    distance_m: float
    sigma_m: float | None
    drive: Range
    wait: Range | None
    per_country_m: Mapping[str, float]
    crossings: tuple[str, ...]
    steps: tuple[Step, ...]
    geometry: tuple[Position, ...]
    supposed_wait_s: float | None = None
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """Road distances from each origin (rows) to each destination (columns); NaN where there is no way.

    ``sigma_m`` is one standard deviation of them. ``access_from_m`` and ``access_to_m`` are the straight lines from
    the origins and the destinations to the road, which are not in the distances. ``passed`` are numbers of
    `crossing_sets`, the crossings that a way passes. What an engine does not say is ``None``.
    """

    engine: str
    profile: Profile
    origins: tuple[Stop, ...]
    destinations: tuple[Stop, ...]
    distance_m: NDArray[np.float64]
    duration_s: NDArray[np.float64]
    sigma_m: NDArray[np.float64] | None = None
    access_from_m: NDArray[np.float64] | None = None
    access_to_m: NDArray[np.float64] | None = None
    passed: NDArray[np.int64] | None = None
    crossing_sets: tuple[tuple[str, ...], ...] = ()


class Engine(Protocol):
    """Whatever answers questions about roads; raises `RoutingError` where it cannot."""

    @property
    def name(self) -> str:
        """Return the engine's name, as it stands in its answers."""

    def route(self, question: Question) -> Route:
        """Return the quickest way through the stops of a question."""

    def matrix(self, origins: Sequence[Stop], destinations: Sequence[Stop], profile: Profile) -> Matrix:
        """Return the distances along the quickest ways; access and waiting are not in them."""
