"""How far off a length or an area is when every position of it is: first-order propagation of vertex noise.

The noise is independent at each position, with the same standard deviation ``sigma_m`` in metres to the east
and to the north. A click on the map is known to one pixel, whose size is `khorgos_map.geodesy.pixel_m`.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from khorgos_map.geodesy import WGS84
from khorgos_map.measure.measurement import Measurement


def length_uncertainty_m(measurement: Measurement, sigma_m: float) -> float | None:
    """Return the standard deviation in metres of a line's length or an outline's perimeter; ``None`` of points.

    A position moves the length by the difference of the unit vectors of the legs that meet there, which for
    a turn by t is 2 sin(t/2) long, and at a loose end 1: sigma sqrt(ends + sum of 4 sin2(t/2)). Of a line or
    an outline in several parts it is not known (``None``).
    """
    legs = [leg for leg in measurement.legs if leg.length_m > 0]
    closed = measurement.kind == "area"
    if not legs or measurement.parts > 1:
        return None
    turns_deg = [b.azimuth_deg - a.end_azimuth_deg for a, b in pairwise(legs)]
    if closed:
        turns_deg.append(legs[0].azimuth_deg - legs[-1].end_azimuth_deg)
    bends = math.fsum(4.0 * math.sin(math.radians(turn) / 2.0) ** 2 for turn in turns_deg)
    return sigma_m * math.sqrt(bends + (0 if closed else 2))


def leg_uncertainty_m(sigma_m: float) -> float:
    """Return the standard deviation in metres of the way from one position to the next: sigma sqrt(2)."""
    return sigma_m * math.sqrt(2.0)


def area_uncertainty_m2(measurement: Measurement, sigma_m: float) -> float | None:
    """Return the standard deviation in square metres of an area; ``None`` where no area was measured.

    A corner moves the area by half the line between its two neighbours, times how far it moves across that
    line: sqrt(sum of (|next - previous| / 2 * sigma)2). Of an area in several rings it is not known (``None``).
    """
    if not measurement.area_m2 or measurement.parts > 1:
        return None
    corners = np.array(measurement.positions)
    before, after = np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)
    _, _, across_m = WGS84.inv(*before.T, *after.T)
    return sigma_m * math.sqrt(math.fsum((across_m / 2.0) ** 2))
