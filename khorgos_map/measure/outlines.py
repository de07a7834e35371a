"""Outlines of geodesics on the globe: their areas, and whether they cross themselves.

Topology is looked at in a plane that the outline has no seam in: longitude going on beyond 180 degrees, or,
for an outline around a pole, the plane of distance from that pole and longitude.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry import Polygon

from khorgos_map.geodesy import Positions

# An edge bends by no more than 2 cm between two positions so far from each other, a millionth of what lies between.
STEP_M = 1000.0
# An outline of more kilometres has longer steps.
MOST_STEPS = 20_000


def step_m(perimeter_m: float) -> float:
    """Return how far from each other positions on the edges of an outline are set."""
    return max(STEP_M, perimeter_m / MOST_STEPS)


@dataclass(frozen=True)
class Outline:
    """One area: the corners of its outer ring and of its holes, and the same rings with all their geodesics.

    Positions are longitude/latitude on WGS 84; the corners are not closed, the dense rings are.
    """

    rings: tuple[Positions, ...]
    dense: tuple[Positions, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the outer ring has fewer than three different corners."""
        return len(np.unique(self.rings[0], axis=0)) < 3

    @property
    def around_pole(self) -> bool:
        """Whether a ring goes round the earth's axis, so that no plane of longitude and latitude shows it."""
        return any(abs(lons[-1] - lons[0]) > 180.0 for lons in map(_running_lons, self.dense))

    @property
    def crosses_itself(self) -> bool:
        """Whether the edges cross or touch each other, as geodesics."""
        return not self._polar().is_valid if self.around_pole else not self.polygon().is_valid

    def polygon(self) -> Polygon:
        """Return the dense rings as a polygon, with longitudes beyond 180 where it crosses the antimeridian."""
        rings = [np.column_stack([_running_lons(ring), ring[:, 1]]) for ring in self.dense]
        middle = rings[0][:, 0].mean()
        holes = [ring - [360.0 * round((ring[:, 0].mean() - middle) / 360.0), 0.0] for ring in rings[1:]]
        return Polygon(rings[0], holes)

    def area_m2(self, earth: Geod) -> float:
        """Return the area of the outer ring less that of the holes, in square metres on an earth."""
        outer, *holes = (abs(float(earth.polygon_area_perimeter(*ring.T)[0])) for ring in self.rings)
        return outer - math.fsum(holes)

    def _polar(self) -> Polygon:
        north = self.dense[0][:, 1].mean() >= 0
        rings = []
        for ring in self.dense:
            from_pole, lon = (90.0 - ring[:, 1] if north else 90.0 + ring[:, 1]), np.radians(ring[:, 0])
            rings.append(np.column_stack([from_pole * np.cos(lon), from_pole * np.sin(lon)]))
        return shapely.Polygon(rings[0], rings[1:])


def _running_lons(ring: Positions) -> Positions:
    # whole turns only, so that the end of a ring stays exactly its beginning
    turns = np.round(np.diff(ring[:, 0], prepend=ring[0, 0]) / 360.0)
    return np.asarray(ring[:, 0] - 360.0 * np.cumsum(turns))
