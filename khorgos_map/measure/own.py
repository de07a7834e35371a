"""A file of the user's, measured: every shape by itself, in which zones it lies, and all of them together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.records import shape_of
from khorgos_map.geodesy import area_m2
from khorgos_map.measure.bulk import measure_all
from khorgos_map.measure.measurement import Measurement
from khorgos_map.measure.upload.records import Shape

ZONE = "zone"
# So many positions are followed in all, where lines bend and every 200 m between: some five seconds.
MOST_FOLLOWED = 100_000
# Beyond so many pairs of shapes whose bounds meet, or of their edges, it is not looked for what lies twice.
_MOST_PAIRS, _MOST_EDGE_PAIRS = 300_000, 2e7
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Own:
    """A shape of a file, its measurement, and what of its area lies in each zone, by the zone's id, in m²."""

    shape: Shape
    measured: Measurement
    in_zones_m2: Mapping[str, float]

    @property
    def positions(self) -> int:
        """How many positions it has; the end of an outline, which is its beginning, is not one."""
        count = int(shapely.get_num_coordinates(self.shape.geometry))
        return count - self.measured.parts if self.measured.kind == "area" else count

    @property
    def is_divided(self) -> bool:
        """Whether it is known how much of it lies in each country."""
        whole = self.measured.kind == "points" or self.measured.area_m2 is None or self.measured.around_pole
        return bool(self.measured.sides) if whole else self.measured.area_by_country_m2 is not None


@dataclass(frozen=True)
class Together:
    """All sound shapes of a file: areas and lengths added up; ``ground_m2`` counts what lies twice once.

    ``ground_m2`` is None where there is too much to compare.
    """

    areas_m2: float
    ground_m2: float | None
    lengths_m: float
    points: int


def zones_of(atlas: Atlas) -> dict[str, BaseGeometry]:
    """Return the outlines of the zones of the map by their ids."""
    features = [feature for feature in atlas.feature.values() if feature.properties.kind == ZONE]
    zones = {feature.properties.id: shape_of(feature.geometry) for feature in features}
    return {key: shape for key, shape in zones.items() if shape.geom_type in ("Polygon", "MultiPolygon")}


def measure_own(
    shapes: Sequence[Shape],
    land: Mapping[str, BaseGeometry],
    zones: Mapping[str, BaseGeometry],
    *,
    most_followed: int | None = MOST_FOLLOWED,
) -> list[Own]:
    """Return every shape with its measurement, in the order of the file.

    Where only so many positions may be followed, the shapes too long for it have no shares by country.
    """
    in_zones = _in_zones(shapes, zones)
    measured = measure_all(
        [shape.geometry for shape in shapes],
        land,
        [shape.name for shape in shapes],
        [shape.sound for shape in shapes],
        most_followed=most_followed,
    )
    return [
        Own(shape, one, in_zones.get(n, {}))
        for n, (shape, one) in enumerate(zip(shapes, measured, strict=True))
    ]


def together(owns: Sequence[Own]) -> Together:
    """Return what all shapes of a file are together."""
    areas = [own for own in owns if own.measured.area_m2]
    areas_m2 = math.fsum(own.measured.area_m2 or 0.0 for own in areas)
    twice_m2 = _twice_m2(areas)
    return Together(
        areas_m2,
        None if twice_m2 is None else areas_m2 - twice_m2,
        math.fsum(own.measured.length_m or 0.0 for own in owns),
        sum(len(own.measured.positions) for own in owns if own.measured.kind == "points"),
    )


def _in_zones(shapes: Sequence[Shape], zones: Mapping[str, BaseGeometry]) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    areas = [
        n for n, shape in enumerate(shapes) if shape.sound and shape.geometry.geom_type.endswith("Polygon")
    ]
    if not areas or not zones:
        return found
    tree = shapely.STRtree([shapes[n].geometry for n in areas])
    for key, zone in zones.items():
        for place in tree.query(zone).tolist():
            n = areas[place]
            part_m2 = area_m2(_areas_of(shapely.intersection(shapes[n].geometry, zone)))
            if part_m2 > 0:
                found.setdefault(n, {})[key] = part_m2
    return found


def _areas_of(geometry: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(geometry).tolist() if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def _twice_m2(areas: Sequence[Own]) -> float | None:
    """Return how much ground is counted more often than once; None where there is too much to compare."""
    shapes = np.array([own.shape.geometry for own in areas], dtype=object)
    pairs = _pairs(shapes)
    if pairs is None:
        return None
    if not len(pairs):
        return 0.0
    met = shapes[np.unique(pairs)]
    size = shapely.get_num_coordinates(shapes)
    if float((size[pairs[:, 0]].astype(float) * size[pairs[:, 1]]).sum()) > _MOST_EDGE_PAIRS:
        return None
    added_m2 = math.fsum(areas[n].measured.area_m2 or 0.0 for n in np.unique(pairs).tolist())
    return max(0.0, added_m2 - area_m2(_areas_of(shapely.union_all(met))))


def _pairs(shapes: NDArray[np.object_]) -> NDArray[np.int64] | None:
    """Return the pairs of shapes whose bounds meet in more than a line; None where there are too many."""
    west, south, east, north = shapely.bounds(shapes).T
    tree = shapely.STRtree(shapes)
    found: list[NDArray[np.int64]] = []
    count = 0
    for begin in range(0, len(shapes), _AT_ONCE):
        one, other = tree.query(shapes[begin : begin + _AT_ONCE])
        one = one + begin
        meets = (one < other) & (np.minimum(east[one], east[other]) > np.maximum(west[one], west[other]))
        meets &= np.minimum(north[one], north[other]) > np.maximum(south[one], south[other])
        found.append(np.column_stack([one[meets], other[meets]]))
        count += int(meets.sum())
        if count > _MOST_PAIRS:
            return None
    return np.concatenate(found) if found else np.empty((0, 2), dtype=np.int64)
