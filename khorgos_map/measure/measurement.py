"""Measuring points, lines and areas on the WGS 84 ellipsoid: lengths, directions, areas, shares by country.

All lines are geodesics, the shortest way on the ellipsoid (Karney 2013, "Algorithms for geodesics", through
PROJ). Over the antimeridian a leg takes the short way; a position beyond longitude 180 is refused. An outline
around a pole has an area and no shares by country, one that crosses or touches itself has neither; of the two
areas that an outline divides the earth into, the smaller is meant. A third coordinate is not looked at.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry

from khorgos_map.errors import UsageError
from khorgos_map.geodesy import M2_PER_HA, SPHERE, WGS84, Positions, legs
from khorgos_map.measure.follow import Steps
from khorgos_map.measure.outlines import Outline, step_m
from khorgos_map.measure.sides import SIDES, BorderCrossing, Course, Land, Side, crossings, lengths_m
from khorgos_map.measure.sketch import Sketch, SketchKind

Position = tuple[float, float]
# A part is a row of positions, of an area the ring without its end; a member is the parts that belong together.
_Member = list[Positions]
# What arithmetic leaves of a share that is nothing, as a part of the whole.
_NOTHING = 1e-9
_TYPES: dict[SketchKind, tuple[str, ...]] = {
    "points": ("Point",),
    "line": ("LineString", "LinearRing"),
    "area": ("Polygon",),
}


@dataclass(frozen=True)
class Leg:
    """One geodesic: length in metres, directions of travel at its start and end, 0 to 360 from north."""

    length_m: float
    azimuth_deg: float
    end_azimuth_deg: float


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured of points, a line or an area; positions are (longitude, latitude) on WGS 84.

    ``sides`` is the side of the border of each position, ``beyond_land`` that some lie where this map draws no
    land, which counts as "other". ``parts`` counts lines, or outer rings and holes. ``legs`` of an area include
    the one that closes it. ``cumulative_m`` is the distance travelled to each position, going on over the
    parts. ``length_m`` is of a line, ``perimeter_m`` and ``area_m2`` of an area, else ``None``; holes are taken
    from the area and add to the perimeter, parts that overlap count twice. ``sphere_length_m`` (line or
    perimeter) and ``sphere_area_m2`` are the same on a sphere of 6,371,000 m, on which Leaflet measures.
    """

    kind: SketchKind
    name: str
    positions: tuple[Position, ...]
    sides: tuple[Side, ...]
    beyond_land: bool
    parts: int = 1
    legs: tuple[Leg, ...] = ()
    cumulative_m: tuple[float, ...] = ()
    length_m: float | None = None
    perimeter_m: float | None = None
    area_m2: float | None = None
    sphere_length_m: float | None = None
    sphere_area_m2: float | None = None
    length_by_country_m: Mapping[Side, float] = field(default_factory=dict)
    area_by_country_m2: Mapping[Side, float] | None = None
    border_crossings: tuple[BorderCrossing, ...] = ()
    self_crossing: bool = False
    around_pole: bool = False

    @property
    def area_ha(self) -> float | None:
        """The area in hectares."""
        return None if self.area_m2 is None else self.area_m2 / M2_PER_HA

    @property
    def course_m(self) -> float | None:
        """The length of a line or the perimeter of an area in metres."""
        return self.perimeter_m if self.kind == "area" else self.length_m

    @property
    def shares(self) -> dict[Side, float]:
        """What of the area in square metres, else of the length in metres, lies on each side that has any of it."""
        shares = self.length_by_country_m if self.area_by_country_m2 is None else self.area_by_country_m2
        whole = math.fsum(shares.values())
        return {side: share for side, share in shares.items() if share > _NOTHING * whole}

    @property
    def sphere_difference_m(self) -> float | None:
        """How much longer the line or outline is on the sphere than on the ellipsoid; below 0: shorter."""
        own_m = self.course_m
        return None if own_m is None or self.sphere_length_m is None else self.sphere_length_m - own_m

    @property
    def sphere_difference_m2(self) -> float | None:
        """How much larger the area is on the sphere than on the ellipsoid; below 0: smaller."""
        if self.area_m2 is None or self.sphere_area_m2 is None:
            return None
        return self.sphere_area_m2 - self.area_m2


def measure_sketch(
    sketch: Sketch, land: Mapping[str, BaseGeometry], *, steps: Steps | None = None
) -> Measurement:
    """Return the measurement of a sketch; `land` are polygons of "KZ" and "CN", longitude/latitude on WGS 84.

    A line of one position has the length 0, an area of fewer than three different ones the area 0. Raises
    `LimitError` for what takes more than ``steps``, or than a request may have: lines that often cross the border.
    """
    ring = np.array(sketch.positions, dtype=float)
    return _measured(sketch.kind, sketch.name, [[ring]], Land(land), steps or Steps())


def measure_geometry(
    geometry: BaseGeometry,
    land: Mapping[str, BaseGeometry],
    name: str = "",
    *,
    sound: bool = True,
    steps: Steps | None = None,
) -> tuple[Measurement, ...]:
    """Return the measurements of a geometry in WGS 84 longitude/latitude: of its points, its lines, its areas.

    The parts of a multi-part geometry are measured together, a mixed collection kind by kind, an empty
    geometry not at all. An outline known not to be sound has no area (`self_crossing`). Raises `UsageError`
    for a coordinate beyond latitude 90 or longitude 180, `LimitError` as `measure_sketch` does.
    """
    _refuse_beyond(shapely.get_coordinates(geometry))
    ground, flat = Land(land), [part for part in _flat(geometry) if not part.is_empty]
    allowed = steps or Steps()
    found: list[Measurement] = []
    for kind, types in _TYPES.items():
        members = [_member(part) for part in flat if part.geom_type in types]
        if members:
            found.append(_measured(kind, name, members, ground, allowed, sound=sound))
    return tuple(found)


def _refuse_beyond(positions: Positions) -> None:
    wrong = ~((np.abs(positions[:, 0]) <= 180) & (np.abs(positions[:, 1]) <= 90))
    if wrong.any():
        lon, lat = positions[wrong][0].tolist()
        reason = "longitudes lie between -180 and 180, latitudes between -90 and 90"
        raise UsageError(f"longitude {lon:g}, latitude {lat:g} is no position: {reason}")


def _flat(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    if isinstance(geometry, BaseMultipartGeometry):
        for part in geometry.geoms:
            yield from _flat(part)
    else:
        yield geometry


def _member(geometry: BaseGeometry) -> _Member:
    if isinstance(geometry, Polygon):
        return [shapely.get_coordinates(ring)[:-1] for ring in (geometry.exterior, *geometry.interiors)]
    return [shapely.get_coordinates(geometry)]


def _measured(  # noqa: PLR0913  # what it is and is called, its positions, where it lies, what it may cost
    kind: SketchKind, name: str, members: list[_Member], land: Land, steps: Steps, *, sound: bool = True
) -> Measurement:
    positions = np.concatenate([part for member in members for part in member])
    own = Measurement(
        kind,
        name,
        positions=tuple((lon, lat) for lon, lat in positions.tolist()),
        sides=tuple(land.sides(positions)),
        beyond_land=not land.reaches(positions),
        parts=sum(len(member) for member in members),
    )
    if kind == "points":
        return own
    if kind == "line":
        return _with_lines(own, members, land, steps)
    return _with_areas(own, members, land, steps, sound=sound)


def _with_lines(own: Measurement, members: list[_Member], land: Land, steps: Steps) -> Measurement:
    along, _ = _travelled([part for member in members for part in member], own, land, steps)
    return replace(along, length_m=math.fsum(leg.length_m for leg in along.legs))


def _with_areas(
    own: Measurement, members: list[_Member], land: Land, steps: Steps, *, sound: bool
) -> Measurement:
    closed = [np.concatenate([ring, ring[:1]]) for member in members for ring in member]
    along, courses = _travelled(closed, own, land, steps)
    perimeter_m = math.fsum(leg.length_m for leg in along.legs)
    along = replace(along, perimeter_m=perimeter_m)
    if not sound:
        return replace(along, self_crossing=True)
    apart_m = step_m(perimeter_m)
    steps.take(int(perimeter_m / apart_m))
    dense = (course.dense(apart_m) for course in courses)
    outlines = [Outline(tuple(member), tuple(next(dense) for _ in member)) for member in members]
    outlines = [outline for outline in outlines if not outline.is_empty]
    around_pole = any(outline.around_pole for outline in outlines)
    if any(outline.crosses_itself for outline in outlines):
        return replace(along, self_crossing=True, around_pole=around_pole)
    shares = None if around_pole else [land.areas_m2(outline.polygon(), steps) for outline in outlines]
    return replace(
        along,
        area_m2=math.fsum(outline.area_m2(WGS84) for outline in outlines),
        sphere_area_m2=math.fsum(outline.area_m2(SPHERE) for outline in outlines),
        area_by_country_m2=None
        if shares is None
        else {side: math.fsum(share[side] for share in shares) for side in SIDES},
        around_pole=around_pole,
    )


def _travelled(
    paths: list[Positions], own: Measurement, land: Land, steps: Steps
) -> tuple[Measurement, list[Course]]:
    """Return what is measured along paths one after the other, and the course of each."""
    found: list[Leg] = []
    cumulative_m: list[float] = []
    courses: list[Course] = []
    done_m = 0.0
    for path in paths:
        courses.append(land.course(path, done_m, steps))
        lengths, azimuths_deg, end_azimuths_deg = legs(path[:, 0], path[:, 1])
        travelled_m = done_m + np.concatenate([[0.0], np.cumsum(lengths)])
        rows = np.column_stack([lengths, azimuths_deg, end_azimuths_deg])
        found += [Leg(*row) for row in rows.tolist()]
        # the end of an outline is its beginning, which is there already
        cumulative_m += travelled_m[: -1 if own.kind == "area" else None].tolist()
        done_m = float(travelled_m[-1])
    measured = replace(
        own,
        legs=tuple(found),
        cumulative_m=tuple(cumulative_m),
        sphere_length_m=math.fsum(SPHERE.line_length(*path.T) for path in paths),
        length_by_country_m=lengths_m(stretch for course in courses for stretch in course.stretches),
        border_crossings=tuple(found for course in courses for found in crossings(course.stretches)),
    )
    return measured, courses
