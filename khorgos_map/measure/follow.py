"""Geodesics followed over the ground: in long steps first, in shorter ones only where they come near a line.

The geodesic between two positions less than 200 m apart, up to 50 degrees of latitude, runs no more than a
millimetre beside the straight line between them on the map, in longitude and latitude; one of 100 km some hundred
metres. A step whose straight line keeps farther than that from a border cannot cross it and is looked at no closer.
Steps are counted before they are followed, and are bounded in all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import shapely
from numpy.typing import NDArray

from khorgos_map.errors import LimitError
from khorgos_map.geodesy import WGS84, Positions, legs
from khorgos_map.measure.prepared import ONE_AT_A_TIME

# A chord of this length is nowhere more than a millimetre beside its geodesic, up to 50 degrees of latitude.
STEP_M = 200.0
# Where a step comes near a line, it is followed in steps of the next length.
_STEPS_M = (1_000_000.0, 100_000.0, 10_000.0, 1_000.0, STEP_M)
# So many take four seconds.
MOST_STEPS = 400_000
# The chord of a longer step says little, and near a pole none does.
_STRAIGHT_M, _POLAR_DEG = 100_000.0, 80.0
# Two places on a path closer than this are one.
SAME_M = 1e-3
# Less than the smallest radius of curvature of the earth, and than its shortest degree.
_RADIUS_M, _DEGREE_M = 6_330_000.0, 110_000.0
_AT_ONCE = 10_000
_Numbers = NDArray[np.int64]
_NONE: _Numbers = np.empty(0, dtype=np.int64)
_NOWHERE: Positions = np.empty(0)


class Steps:
    """How much may still be done for one request, in steps of some 10 microseconds.

    Whatever else a measurement compares or widens takes as many steps as it lasts.
    """

    def __init__(self, most: int = MOST_STEPS) -> None:
        self._most = self._left = most

    @property
    def taken(self) -> int:
        """How many have been followed."""
        return self._most - self._left

    def take(self, count: int) -> None:
        """Count steps that are about to be taken; raises `LimitError` where they are more than are left."""
        if count > self._left:
            raise LimitError("limit.steps")
        self._left -= count


@dataclass(frozen=True)
class Path:
    """Geodesics between WGS 84 positions in a row: their lengths in metres and their directions at the start."""

    positions: Positions
    lengths_m: Positions
    azimuths_deg: Positions

    @classmethod
    def between(cls, positions: Positions) -> Path:
        """Return the path through positions, longitude/latitude, one at least."""
        lengths_m, azimuths_deg, _ = legs(positions[:, 0], positions[:, 1])
        return cls(positions, lengths_m, azimuths_deg)

    def at(self, leg: _Numbers, from_start_m: Positions) -> Positions:
        """Return the positions at distances from the starts of legs."""
        lons, lats = self.positions[leg].T
        lons, lats, _ = WGS84.fwd(lons, lats, self.azimuths_deg[leg], from_start_m)
        return np.column_stack([lons, lats])

    def in_steps(self, step_m: float, leg: _Numbers = _NONE, from_start_m: Positions = _NOWHERE) -> Positions:
        """Return positions along the path, no farther apart than a length, and those at some distances besides."""
        count = np.maximum(np.ceil(self.lengths_m / step_m), 1).astype(np.int64)
        which, place = _numbered(count)
        leg = np.concatenate([which, leg])
        from_start_m = np.concatenate([place * (self.lengths_m / count)[which], from_start_m])
        order = np.lexsort((from_start_m, leg))
        leg, from_start_m = leg[order], from_start_m[order]
        begins = np.diff(leg, prepend=-1) > 0
        # what is closer arithmetic might turn round
        apart = np.diff(from_start_m, prepend=0.0) >= SAME_M
        kept = begins | (apart & (self.lengths_m[leg] - from_start_m >= SAME_M))
        found = self.at(leg[kept], from_start_m[kept])
        found[begins[kept]] = self.positions[:-1]
        return np.concatenate([found, self.positions[-1:]])


class Lines:
    """Straight lines on the map, in longitude and latitude, beside which paths are followed."""

    def __init__(self, starts: Positions, ends: Positions) -> None:
        self._lines = _chords(starts, ends)
        self._tree = shapely.STRtree(self._lines)
        self._together = shapely.MultiLineString(list(self._lines))
        shapely.prepare(self._together)
        both = np.concatenate([starts, ends, np.full((1, 2), np.nan)])
        self.bounds = np.fmin.reduce(both), np.fmax.reduce(both)

    def touching(self, geometry: shapely.Geometry) -> NDArray[np.object_]:
        """Return the lines that touch a geometry."""
        return np.asarray(self._lines[self._tree.query(geometry, predicate="intersects")])

    def near_points(self, positions: Positions, distance_deg: float) -> NDArray[np.bool_]:
        """Return which positions lie within a distance of a line."""
        return self._near(np.asarray(shapely.points(positions)), np.full(len(positions), distance_deg))

    def near_chords(self, starts: Positions, ends: Positions, distances_deg: Positions) -> NDArray[np.bool_]:
        """Return which chords lie within a distance, one each, of a line."""
        found = np.zeros(len(starts), dtype=bool)
        for part in _batches(len(starts)):
            found[part] = self._near(_chords(starts[part], ends[part]), distances_deg[part])
        return found

    def _near(self, geometries: NDArray[np.object_], distances_deg: Positions) -> NDArray[np.bool_]:
        with ONE_AT_A_TIME:
            # shapely takes a distance for each, which its types do not know
            return np.asarray(shapely.dwithin(self._together, geometries, distances_deg))  # type: ignore[call-overload]

    def crossings(self, starts: Positions, ends: Positions) -> tuple[_Numbers, Positions]:
        """Return which chords meet the lines, and the positions where."""
        numbers, places = [np.empty(0, dtype=np.int64)], [np.empty((0, 2))]
        for part in _batches(len(starts)):
            chords = _chords(starts[part], ends[part])
            chord, line = self._tree.query(chords, predicate="intersects")
            met = shapely.intersection(chords[chord], self._lines[line])
            found, pair = shapely.get_coordinates(met, return_index=True)
            numbers.append(part.start + chord[pair])
            places.append(found)
        return np.concatenate(numbers), np.concatenate(places)

    def in_reach(self, centres: Positions, radii_m: Positions) -> NDArray[np.bool_]:
        """Return which circles on the ground reach into the bounds of the lines."""
        (west, south), (east, north) = self.bounds
        lons, lats = centres.T
        up = radii_m / _DEGREE_M
        pole = np.abs(lats) + up >= 90.0
        flat = np.where(pole, 0.0, np.sin(np.radians(up)) / np.cos(np.radians(lats)))
        aside = np.where(pole, 180.0, np.degrees(np.arcsin(np.minimum(flat, 1.0))))
        across = np.any(
            [(lons + turn + aside >= west) & (lons + turn - aside <= east) for turn in (-360.0, 0.0, 360.0)],
            axis=0,
        )
        return np.asarray(across & (lats + up >= south) & (lats - up <= north))


@dataclass(frozen=True)
class Followed:
    """Distances from the starts of legs: where lines are cut, and the ends of the last steps that came near any."""

    cut_leg: _Numbers
    cut_m: Positions
    near_leg: _Numbers
    near_m: Positions


@dataclass(frozen=True)
class _Pieces:
    """Parts of legs: from and to which distance, and the positions there."""

    leg: _Numbers
    from_m: Positions
    to_m: Positions
    starts: Positions
    ends: Positions

    @property
    def lengths_m(self) -> Positions:
        return self.to_m - self.from_m

    @property
    def jump(self) -> NDArray[np.bool_]:
        """Whether longitude goes on at the other side of the antimeridian."""
        return np.asarray(np.abs(self.starts[:, 0] - self.ends[:, 0]) >= 180.0)

    def __getitem__(self, kept: NDArray[np.bool_] | _Numbers) -> _Pieces:
        return _Pieces(*(getattr(self, field.name)[kept] for field in fields(self)))

    def and_(self, other: _Pieces) -> _Pieces:
        both = ((getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return _Pieces(*(np.concatenate(pair) for pair in both))


def follow(path: Path, lines: Lines, margin_deg: float, steps: Steps) -> Followed:
    """Return where a path crosses lines, and where it comes within a margin of them.

    Raises `LimitError` where this takes more steps than there are.
    """
    count = len(path.lengths_m)
    steps.take(count)
    pieces = _Pieces(
        np.arange(count), np.zeros(count), path.lengths_m, path.positions[:-1], path.positions[1:]
    )
    pieces = _near(pieces, lines, margin_deg)
    for step_m in _STEPS_M:
        long = pieces.lengths_m > step_m
        if long.any():
            shorter = _near(_split(path, pieces[long], step_m, steps), lines, margin_deg)
            pieces = pieces[~long].and_(shorter)
    flat = pieces[~pieces.jump]
    chord, places = lines.crossings(flat.starts, flat.ends)
    cut = flat[chord]
    cut_m = _distances_m(cut, places)
    # the border is a line of both countries: most cuts are found twice
    order = np.lexsort((cut_m, cut.leg))
    leg, cut_m = cut.leg[order], cut_m[order]
    once = (np.diff(leg, prepend=-1) > 0) | (np.diff(cut_m, prepend=0.0) > 0)
    return Followed(
        leg[once], cut_m[once], np.tile(pieces.leg, 2), np.concatenate([pieces.from_m, pieces.to_m])
    )


def _near(pieces: _Pieces, lines: Lines, margin_deg: float) -> _Pieces:
    """Return the pieces that may come within a margin of a line."""
    lengths_m = pieces.lengths_m
    pieces = pieces[lines.in_reach(pieces.starts, lengths_m + margin_deg * _DEGREE_M)]
    lengths_m = pieces.lengths_m
    highest_deg = np.maximum(*np.abs([pieces.starts[:, 1], pieces.ends[:, 1]])) + lengths_m / _DEGREE_M
    near = (lengths_m > _STRAIGHT_M) | (highest_deg > _POLAR_DEG) | pieces.jump
    asked = pieces[~near]
    high = np.radians(highest_deg[~near])
    # the most that longitude and latitude of a geodesic bend on the map, over its length: an eighth of its square
    bend = 2 * np.tan(high) / np.cos(high) * (asked.lengths_m / _RADIUS_M) ** 2 / 8
    near[~near] = lines.near_chords(asked.starts, asked.ends, np.degrees(bend) + margin_deg)
    return pieces[near]


def _split(path: Path, pieces: _Pieces, step_m: float, steps: Steps) -> _Pieces:
    count = np.ceil(pieces.lengths_m / step_m).astype(np.int64)
    steps.take(int(count.sum()))
    which, place = _numbered(count)
    of, first = pieces[which], place == 0
    from_m = of.from_m + place * (of.lengths_m / count[which])
    starts = of.starts.copy()
    starts[~first] = path.at(of.leg[~first], from_m[~first])
    last = np.roll(first, -1)
    to_m, ends = np.roll(from_m, -1), np.roll(starts, -1, axis=0)
    to_m[last], ends[last] = of.to_m[last], of.ends[last]
    return _Pieces(of.leg, from_m, to_m, starts, ends)


def _numbered(count: _Numbers) -> tuple[_Numbers, _Numbers]:
    """Return for each of so many parts of each whole the number of the whole and its own in it."""
    which = np.repeat(np.arange(len(count)), count)
    return which, np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)


def _distances_m(pieces: _Pieces, places: Positions) -> Positions:
    """Return how far along their legs places on the chords of pieces are."""
    chords, within = pieces.ends - pieces.starts, places - pieces.starts
    square = (chords**2).sum(axis=1)
    share = np.divide((within * chords).sum(axis=1), square, out=np.zeros(len(square)), where=square > 0)
    return np.asarray(pieces.from_m + np.clip(share, 0.0, 1.0) * pieces.lengths_m)


def _chords(starts: Positions, ends: Positions) -> NDArray[np.object_]:
    return np.asarray(shapely.linestrings(np.stack([starts, ends], axis=1)))


def _batches(count: int) -> Iterator[slice]:
    return (slice(first, first + _AT_ONCE) for first in range(0, count, _AT_ONCE))
