"""What it will cost to measure sketches, estimated before any of them is: in steps, of some 10 microseconds each.

The estimate is for who has to decide where to measure; what a request may cost at most is counted while it is done
(`khorgos_map.measure.follow.Steps`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from khorgos_map.geodesy import length_m
from khorgos_map.measure.sketch import Sketch, SketchKind

# With so many steps a measurement is told in some 30 ms: no process has to be asked for it.
FEW_STEPS = 3000


class _Cost(NamedTuple):
    """Steps for each sketch, for each of its positions, and for each kilometre, which may cross the border."""

    each: float
    position: float
    kilometre: float


_COSTS: dict[SketchKind, _Cost] = {
    "points": _Cost(50, 5, 0.0),
    "line": _Cost(200, 10, 0.2),
    # the border may cut it in two
    "area": _Cost(1000, 10, 0.5),
}
_AROUND = _Cost(2000, 200, 0.2)


def sketch_cost(sketches: Sequence[Sketch], around_m: float = 0.0) -> int:
    """Return about how many steps it takes to measure sketches and to tell it, with what lies around them if asked for.

    No land is looked at: one that crosses the border everywhere takes some times as many.
    """
    return round(sum(_cost(sketch, around=around_m > 0) for sketch in sketches))


def _cost(sketch: Sketch, *, around: bool) -> float:
    count, own = len(sketch.positions), _COSTS[sketch.kind]
    known = own.each + own.position * count + around * (_AROUND.each + _AROUND.position * count)
    if known > FEW_STEPS:  # the length would not make it less
        return known
    kilometres = length_m(sketch.positions) / 1000
    return known + kilometres * (own.kilometre + around * _AROUND.kilometre)
