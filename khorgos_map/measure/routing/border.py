"""Who may cross the border where and when, and how long that takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from khorgos_map.atlas.roads import Crossing, Edge, Waiting
from khorgos_map.measure.routing.records import Profile, Question, Range

# A crossing's id and the direction it is passed in.
Passage = tuple[str, str]
DIRECTIONS = ("KZ-CN", "CN-KZ", "KZ-KG", "KG-KZ")
# Where nobody says how long any crossing takes, half a day: so much that no way leaves a country to come back to it.
SUPPOSED_WAIT_S = 12 * 3600.0
# Ten days; what is longer is a typing error, or no way at all.
MOST_WAIT_H = 240.0


@dataclass(frozen=True)
class Counted:
    """The wait that counts at a crossing when ways are compared, in seconds, and whether it is only supposed."""

    seconds: float
    supposed: bool


def open_in(thing: Edge | Crossing, year: int) -> bool:
    """Return whether a road section or a crossing is open in a year; an unknown opening was long ago.

    The year something opens counts as open, the year it closes does not.
    """
    record = thing.properties if isinstance(thing, Edge) else thing
    opened, closed = (int(date[:4]) if date else None for date in (record.opened, record.closed))
    return (opened is None or opened <= year) and (closed is None or year < closed)


def passable(crossing: Crossing | None, profile: Profile, year: int) -> bool:
    """Return whether a vehicle may cross here in a year; what is not described is not passable."""
    return crossing is not None and profile in crossing.traffic and open_in(crossing, year)


def published_waiting(crossing: Crossing, profile: Profile, direction: str) -> Waiting | None:
    """Return what is said of the wait of a vehicle in a direction, "KZ-CN" or "CN-KZ"; ``None`` where nobody says.

    Of several statements the one about this very direction goes first, then the latest.
    """
    said = [w for w in crossing.waiting if w.traffic == profile and w.direction in {direction, "both"}]
    return max(said, key=lambda w: (w.direction == direction, w.as_of or ""), default=None)


def waiting(crossing: Crossing, profile: Profile, direction: str) -> Range | None:
    """Return how long a vehicle waits in a direction; ``None`` where nobody says."""
    said = published_waiting(crossing, profile, direction)
    return Range(said.low_h * 3600, said.high_h * 3600) if said else None


def counted_waits(
    crossings: Mapping[str, Crossing], profile: Profile, asked_s: Mapping[str, float]
) -> dict[Passage, Counted]:
    """Return the wait of a vehicle that counts at each crossing when ways are compared, for routes and for reach.

    It is the one asked for (``asked_s``, by crossing), else the middle of the published one. Where nobody says,
    the longest wait known in that direction is supposed, published or asked for, and at least half a day. So a
    wait that is set longer never sends anybody to a crossing of which nothing is known, and one that is set
    shorter never makes its crossing less chosen.
    """
    found: dict[Passage, Counted] = {}
    for direction in DIRECTIONS:
        published = {i: waiting(crossing, profile, direction) for i, crossing in crossings.items()}
        published_s = {i: wait.middle_s for i, wait in published.items() if wait}
        supposed_s = max([SUPPOSED_WAIT_S, *published_s.values(), *asked_s.values()])
        known_s = {**published_s, **asked_s}
        for i in crossings:
            found[i, direction] = Counted(known_s.get(i, supposed_s), supposed=i not in known_s)
    return found


def total_wait(
    passed: Sequence[Passage], question: Question, crossings: Mapping[str, Crossing]
) -> Range | None:
    """Return the waiting at crossings passed, each with its direction: as asked for, else as published.

    ``None`` where nobody says for one of them.
    """
    total = Range(0.0, 0.0)
    for identifier, direction in passed:
        wait = question.waits.get(identifier) or waiting(crossings[identifier], question.profile, direction)
        if wait is None:
            return None
        total += wait
    return total
