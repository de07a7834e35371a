"""The adapter for Valhalla: a server at an address, or the engine itself where its package is installed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from pydantic import Field
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas.roads import RoadNetwork
from khorgos_map.geodesy import inverse
from khorgos_map.measure.routing.blocks import BLOCK, Floats, matrix_in_blocks
from khorgos_map.measure.routing.border import SUPPOSED_WAIT_S
from khorgos_map.measure.routing.foreign import (
    Answered,
    Latitude,
    Longitude,
    NotNegative,
    Part,
    called,
    refuse_what_only_the_embedded_engine_can,
    route_from,
    too_far,
)
from khorgos_map.measure.routing.http_json import Answer, RefusalError
from khorgos_map.measure.routing.polyline import decoded
from khorgos_map.measure.routing.records import (
    REFUSE_BEYOND_M,
    Matrix,
    Position,
    Profile,
    Question,
    Route,
    RoutingError,
    Stop,
)
from khorgos_map.measure.routing.territory import Territory

NAME = "valhalla"
COSTING: Mapping[Profile, str] = {"car": "auto", "truck": "truck"}
NO_ROAD_NEAR, UNCONNECTED, NO_WAY = "171", "170", "442"
# How far to look for the road that is too far away, only to say how far.
LOOK_AS_FAR_AS_M = 1_000_000
_ROAD_NUMBER = re.compile(r"[^\W\d]{1,3}[- ]?\d+")

T = TypeVar("T")


class Asked(Protocol):
    """Whatever passes a request on to Valhalla and brings the answer back as the kind it should be."""

    def post(self, path: str, body: Any, kind: type[T]) -> T:
        """Return the answer; raises `RefusalError` where Valhalla says no, `RoutingError` for all else."""

    def close(self) -> None:
        """Let go of what is held open."""


class _Manoeuvre(Answer):
    street_names: tuple[str, ...] = ()
    length: NotNegative
    time: NotNegative


class _Summary(Answer):
    length: NotNegative
    time: NotNegative


class _Leg(Answer):
    shape: str
    maneuvers: list[_Manoeuvre]


class _Trip(Answer):
    legs: list[_Leg] = Field(min_length=1)
    summary: _Summary


class _Routed(Answer):
    trip: _Trip


class _Pair(Answer):
    distance: NotNegative | None
    time: NotNegative | None


class _Table(Answer):
    sources_to_targets: list[list[_Pair]]


class _Met(Answer):
    correlated_lon: Longitude
    correlated_lat: Latitude


class _Located(Answer):
    edges: list[_Met] | None


class Valhalla:
    """Answers from Valhalla, asked over HTTP (`JsonServer`) or in this process (`InProcess`).

    Network and land (by country, longitude/latitude on WGS 84) tell in which country its roads run and which
    crossing they pass.
    """

    name = NAME

    def __init__(self, asked: Asked, network: RoadNetwork, land: Mapping[str, BaseGeometry]) -> None:
        self._asked = asked
        self._territory = Territory(network, land)

    def close(self) -> None:
        """Give back what is held open."""
        self._asked.close()

    def route(self, question: Question) -> Route:
        """Return Valhalla's quickest way; its time has no waiting in it.

        Raises `RoutingError` where Valhalla fails or knows no way, or a stop is over 25 km from any road.
        """
        refuse_what_only_the_embedded_engine_can(NAME, question)
        body = {"locations": [_place(s) for s in question.stops], **_manner(question.profile)}
        try:
            trip = self._asked.post("/route", body, _Routed).trip
        except RefusalError as error:
            raise self._explained(error, question) from None
        if len(trip.legs) != len(question.stops) - 1:
            raise RoutingError(f"{NAME} answered with {len(trip.legs)} legs to {len(question.stops)} places")
        return route_from(NAME, question, _answered(trip), self._territory)

    def matrix(self, origins: Sequence[Stop], destinations: Sequence[Stop], profile: Profile) -> Matrix:
        """Return distances and times along Valhalla's quickest ways.

        NaN where there is no way, or where a place is farther than 25 km from any road.
        """
        near = self._near({stop.position for stop in (*origins, *destinations)}, profile)

        def ask(rows: Sequence[Stop], columns: Sequence[Stop]) -> tuple[Floats, Floats]:
            metres, seconds = (np.full((len(rows), len(columns)), np.nan) for _ in range(2))
            here = np.ix_(
                *([n for n, s in enumerate(stops) if s.position in near] for stops in (rows, columns))
            )
            reached = [[s for s in stops if s.position in near] for stops in (rows, columns)]
            if all(reached):
                metres[here], seconds[here] = self._table(reached[0], reached[1], profile)
            return metres, seconds

        return matrix_in_blocks(NAME, origins, destinations, profile, ask)

    def _near(self, positions: set[Position], profile: Profile) -> set[Position]:
        """Return the positions with a road within 25 km; one without would spoil the whole table."""
        near: set[Position] = set()
        listed = sorted(positions)
        for first in range(0, len(listed), BLOCK):
            part = listed[first : first + BLOCK]
            places = [_place(Stop(position)) for position in part]
            body = {"locations": places, "costing": COSTING[profile]}
            try:
                located = self._asked.post("/locate", body, list[_Located])
            except RefusalError as error:
                if error.code != NO_ROAD_NEAR:
                    raise
                located = []
            near |= {position for position, found in zip(part, located, strict=False) if found.edges}
        return near

    def _table(
        self, rows: Sequence[Stop], columns: Sequence[Stop], profile: Profile
    ) -> tuple[Floats, Floats]:
        body = {
            "sources": [_place(s) for s in rows],
            "targets": [_place(s) for s in columns],
            **_manner(profile),
        }
        try:
            table = self._asked.post("/sources_to_targets", body, _Table).sources_to_targets
        except RefusalError as error:
            if error.code not in {UNCONNECTED, NO_WAY}:
                raise
            return self._in_halves(rows, columns, profile)
        shape = len(rows), len(columns)
        if [len(row) for row in table] != [shape[1]] * shape[0]:
            raise RoutingError(f"{NAME} answered with a table that has not {shape[0]} x {shape[1]} values")
        pairs = [pair for row in table for pair in row]
        kilometres = np.array([pair.distance for pair in pairs], dtype=float).reshape(shape)
        return kilometres * 1000, np.array([pair.time for pair in pairs], dtype=float).reshape(shape)

    def _in_halves(
        self, rows: Sequence[Stop], columns: Sequence[Stop], profile: Profile
    ) -> tuple[Floats, Floats]:
        """Return a table that Valhalla refuses as a whole because some of its places are not connected."""
        if len(rows) == len(columns) == 1:
            return np.full((1, 1), np.nan), np.full((1, 1), np.nan)
        if len(rows) > 1:
            half = len(rows) // 2
            parts = [self._table(part, columns, profile) for part in (rows[:half], rows[half:])]
            return np.vstack([m for m, _ in parts]), np.vstack([s for _, s in parts])
        half = len(columns) // 2
        parts = [self._table(rows, part, profile) for part in (columns[:half], columns[half:])]
        return np.hstack([m for m, _ in parts]), np.hstack([s for _, s in parts])

    def _explained(self, error: RefusalError, question: Question) -> RoutingError:
        if error.code in {UNCONNECTED, NO_WAY}:
            places = " to ".join(called(stop) for stop in question.stops)
            return RoutingError(f"{NAME} knows no road for a {question.profile} from {places}")
        if error.code == NO_ROAD_NEAR:
            for stop in question.stops:
                nearest = self._nearest(stop, question.profile)
                if nearest is None or inverse(*stop.position, *nearest)[0] > REFUSE_BEYOND_M:
                    return RoutingError(too_far(stop, nearest))
        return error

    def _nearest(self, stop: Stop, profile: Profile) -> Position | None:
        place = _place(stop) | {"search_cutoff": LOOK_AS_FAR_AS_M}
        body = {"locations": [place], "costing": COSTING[profile]}
        try:
            located = self._asked.post("/locate", body, list[_Located])
        except RefusalError:
            return None
        found = [edge for place in located for edge in place.edges or []]
        return (found[0].correlated_lon, found[0].correlated_lat) if found else None


def _place(stop: Stop) -> dict[str, float]:
    lon, lat = stop.position
    return {"lon": lon, "lat": lat, "search_cutoff": REFUSE_BEYOND_M}


def _manner(profile: Profile) -> dict[str, Any]:
    costing = COSTING[profile]
    # the wait is told apart from the driving time, so a border costs none; the penalty only keeps ways at home
    options = {"country_crossing_cost": 0, "country_crossing_penalty": SUPPOSED_WAIT_S}
    return {"costing": costing, "costing_options": {costing: options}, "units": "kilometers"}


def _answered(trip: _Trip) -> Answered:
    line: list[Position] = []
    on_road: list[Position] = []
    for leg in trip.legs:
        shape = decoded(leg.shape)
        if len(shape) < 2:
            raise RoutingError(f"{NAME} answered with a line that cannot be read")
        on_road.append(shape[0])
        line += shape
    on_road.append(line[-1])
    parts = [_part(manoeuvre) for leg in trip.legs for manoeuvre in leg.maneuvers]
    return Answered(trip.summary.length * 1000, trip.summary.time, on_road, parts, line)


def _part(manoeuvre: _Manoeuvre) -> Part:
    names = manoeuvre.street_names
    ref = next((name for name in names if _ROAD_NUMBER.fullmatch(name)), None)
    name = next((name for name in names if name != ref), None)
    return Part(ref, name, manoeuvre.length * 1000, manoeuvre.time)
