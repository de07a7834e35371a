"""Where a line drawn by somebody else's engine runs: in which country, and by which crossing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas.roads import RoadNetwork
from khorgos_map.geodesy import inverse
from khorgos_map.measure.routing.border import total_wait
from khorgos_map.measure.routing.records import Position, Question, Range
from khorgos_map.measure.sides import COUNTRIES, Land, Stretch, lengths_m

# A road that crosses the border farther than this from every crossing we know is none that we can name.
KNOWN_WITHIN_M = 10_000.0
# Where a way begins or ends this near the border as drawn, its side is not known well enough to call it crossed.
NEAR_BORDER_M = 300.0


@dataclass(frozen=True)
class Passage:
    """A crossing that is passed, in which direction ("KZ-CN" or "CN-KZ"), at which share of the way."""

    crossing: str
    direction: str
    share: float


@dataclass(frozen=True)
class Course:
    """How a line runs through the countries, and the crossings it passes."""

    stretches: Sequence[Stretch]
    passages: Sequence[Passage]

    @property
    def comes_back(self) -> bool:
        """Whether the line ends in the country that it left over a crossing."""
        directions = [passage.direction for passage in self.passages]
        return bool(directions) and directions[0].partition("-")[0] == directions[-1].partition("-")[2]

    def per_country_m(self, distance_m: float) -> dict[str, float]:
        """Return how a distance in metres divides between the countries, and "other" where it leaves them."""
        lengths = lengths_m(self.stretches)
        whole = math.fsum(lengths.values())
        shares = {
            side: length / whole if whole else float(side == self.country_at(0))
            for side, length in lengths.items()
        }
        return {side: distance_m * share for side, share in shares.items() if share or side != "other"}

    def country_at(self, share: float) -> str:
        """Return the country at a share of the line's length."""
        along_m = share * self.stretches[-1].to_m
        here = next((s for s in self.stretches if along_m <= s.to_m), self.stretches[-1])
        return here.side or "other"


class Territory:
    """Countries by land and crossings by position, longitude/latitude on WGS 84."""

    def __init__(self, network: RoadNetwork, land: Mapping[str, BaseGeometry]) -> None:
        self._land = Land(land)
        self._crossings = network.crossings
        self._gates: dict[str, list[Position]] = {}
        for edge in network.edges.values():
            if edge.properties.crossing is not None:
                line = shapely.LineString([p[:2] for p in edge.geometry.coordinates])
                middle = line.interpolate(0.5, normalized=True)
                self._gates.setdefault(edge.properties.crossing, []).append((middle.x, middle.y))

    def course(self, line: Sequence[Position]) -> Course:
        """Return how a line runs: through which countries, by which crossings."""
        stretches = self._land.course(np.array(line, dtype=float)).stretches
        whole_m = stretches[-1].to_m
        found = [
            Passage(gate, f"{before.side}-{after.side}", after.from_m / whole_m)
            for before, after in pairwise(_on_a_side(stretches))
            if before.side != after.side and (gate := self._gate_near(after.start)) is not None
        ]
        # the border as drawn may touch a road several times at one crossing: an odd number of times is once over
        runs: list[list[Passage]] = []
        for passage in found:
            before = runs[-1][-1] if runs else None
            if (
                before
                and before.crossing == passage.crossing
                and ((passage.share - before.share) * whole_m <= KNOWN_WITHIN_M)
            ):
                runs[-1].append(passage)
            else:
                runs.append([passage])
        passages = [run[0] for run in runs if len(run) % 2]
        return Course(stretches if passages else [_at_home(stretches)], passages)

    def sides(self, positions: Sequence[Position]) -> set[str]:
        """Return the countries that positions lie in, "other" for neither."""
        return set(self._land.sides(np.array(positions, dtype=float)))

    def wait(self, passages: Sequence[Passage], question: Question) -> Range | None:
        """Return the waiting at crossings passed, as asked for or as published; ``None`` where nobody says."""
        passed = [(passage.crossing, passage.direction) for passage in passages]
        return total_wait(passed, question, self._crossings)

    def _gate_near(self, position: Position) -> str | None:
        distances = {
            identifier: min(inverse(*position, *place)[0] for place in places)
            for identifier, places in self._gates.items()
        }
        nearest = min(distances, key=lambda identifier: distances[identifier], default=None)
        return nearest if nearest is not None and distances[nearest] <= KNOWN_WITHIN_M else None


def _at_home(stretches: Sequence[Stretch]) -> Stretch:
    """Return the stretches as one, in the country where most of them lies: a road beside the border strays over it."""
    lengths = lengths_m(stretches)
    longest = max(lengths, key=lengths.__getitem__)
    return Stretch(
        longest if lengths[longest] else stretches[0].side,
        stretches[0].from_m,
        stretches[-1].to_m,
        stretches[0].start,
    )


def _on_a_side(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return the stretches in a country, without those at either end that are too short to be sure of."""
    known = [stretch for stretch in stretches if stretch.side in COUNTRIES]
    while len(known) > 1 and known[0].to_m - known[0].from_m < NEAR_BORDER_M:
        known.pop(0)
    while len(known) > 1 and known[-1].to_m - known[-1].from_m < NEAR_BORDER_M:
        known.pop()
    return known
