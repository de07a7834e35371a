"""The adapter for a server of OSRM, the Open Source Routing Machine (its HTTP interface, version 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import Field
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas.roads import RoadNetwork
from khorgos_map.geodesy import inverse
from khorgos_map.measure.routing.blocks import Floats, matrix_in_blocks
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
from khorgos_map.measure.routing.http_json import TIMEOUT_S, Answer, JsonServer, RefusalError
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

NAME = "osrm"
# A server holds the data of one profile and ignores the word; behind a proxy it chooses the server.
WORDS: Mapping[Profile, str] = {"car": "driving", "truck": "truck"}

_LonLat = tuple[Longitude, Latitude]


class _Line(Answer):
    coordinates: list[_LonLat] = Field(min_length=2)


class _Step(Answer):
    name: str = ""
    ref: str | None = None
    distance: NotNegative
    duration: NotNegative


class _Leg(Answer):
    steps: list[_Step]


class _Route(Answer):
    distance: NotNegative
    duration: NotNegative
    geometry: _Line
    legs: list[_Leg]


class _Waypoint(Answer):
    location: _LonLat


class _Routes(Answer):
    routes: list[_Route] = Field(min_length=1)
    waypoints: list[_Waypoint] = Field(min_length=2)


class _Nearest(Answer):
    waypoints: list[_Waypoint] = Field(min_length=1)


class _Table(Answer):
    distances: list[list[NotNegative | None]]
    durations: list[list[NotNegative | None]]
    sources: list[_Waypoint]
    destinations: list[_Waypoint]


class Osrm:
    """Answers from a server of OSRM at an address such as http://127.0.0.1:5000.

    Network and land (by country, longitude/latitude on WGS 84) tell in which country its roads run and which
    crossing they pass. Raises `UsageError` for an address that cannot be one.
    """

    name = NAME

    def __init__(
        self,
        url: str,
        network: RoadNetwork,
        land: Mapping[str, BaseGeometry],
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._server = JsonServer(NAME, url, timeout_s)
        self._territory = Territory(network, land)

    def close(self) -> None:
        """Give back the connections to the server."""
        self._server.close()

    def route(self, question: Question) -> Route:
        """Return the server's quickest way; its time has no waiting in it.

        Raises `RoutingError` where the server fails or knows no way, or a stop is over 25 km from any road.
        """
        refuse_what_only_the_embedded_engine_can(NAME, question)
        parameters = {
            "overview": "full",
            "geometries": "geojson",
            "steps": "true",
            "radiuses": ";".join(f"{REFUSE_BEYOND_M:g}" for _ in question.stops),
        }
        try:
            path = f"/route/v1/{WORDS[question.profile]}/{_listed(question.stops)}"
            found = self._server.get(path, parameters, _Routes)
        except RefusalError as error:
            raise self._explained(error, question) from None
        if len(found.waypoints) != len(question.stops):
            raise RoutingError(f"{NAME} answered with {len(found.waypoints)} places to {len(question.stops)}")
        return route_from(NAME, question, _answered(found), self._territory)

    def matrix(self, origins: Sequence[Stop], destinations: Sequence[Stop], profile: Profile) -> Matrix:
        """Return distances and times along the server's quickest ways.

        NaN where there is no way, or where a place is farther than 25 km from any road.
        """

        def ask(rows: Sequence[Stop], columns: Sequence[Stop]) -> tuple[Floats, Floats]:
            parameters = {
                "annotations": "duration,distance",
                "sources": ";".join(map(str, range(len(rows)))),
                "destinations": ";".join(str(len(rows) + n) for n in range(len(columns))),
            }
            path = f"/table/v1/{WORDS[profile]}/{_listed([*rows, *columns])}"
            return _values(self._server.get(path, parameters, _Table), rows, columns)

        return matrix_in_blocks(NAME, origins, destinations, profile, ask)

    def _explained(self, error: RefusalError, question: Question) -> RoutingError:
        if error.code == "NoRoute":
            places = " to ".join(called(stop) for stop in question.stops)
            return RoutingError(f"{NAME} knows no road for a {question.profile} from {places}")
        if error.code == "NoSegment":
            for stop in question.stops:
                path = f"/nearest/v1/{WORDS[question.profile]}/{_listed([stop])}"
                nearest = self._server.get(path, {"number": "1"}, _Nearest).waypoints[0].location
                if inverse(*stop.position, *nearest)[0] > REFUSE_BEYOND_M:
                    return RoutingError(too_far(stop, nearest))
        return error


def _listed(stops: Sequence[Stop]) -> str:
    return ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in (stop.position for stop in stops))


def _answered(found: _Routes) -> Answered:
    route = found.routes[0]
    parts = [
        Part(step.ref, step.name, step.distance, step.duration) for leg in route.legs for step in leg.steps
    ]
    on_road: list[Position] = [waypoint.location for waypoint in found.waypoints]
    return Answered(route.distance, route.duration, on_road, parts, route.geometry.coordinates)


def _values(table: _Table, rows: Sequence[Stop], columns: Sequence[Stop]) -> tuple[Floats, Floats]:
    shape = len(rows), len(columns)
    # None becomes NaN; a table with rows of different lengths cannot become an array
    try:
        distances, durations = (
            np.array(v, dtype=float).reshape(shape) for v in (table.distances, table.durations)
        )
        off = (_far(rows, table.sources), _far(columns, table.destinations))
    except ValueError:
        raise RoutingError(
            f"{NAME} answered with a table that has not {shape[0]} x {shape[1]} values"
        ) from None
    for values in (distances, durations):
        values[off[0], :] = np.nan
        values[:, off[1]] = np.nan
    return distances, durations


def _far(stops: Sequence[Stop], met: Sequence[_Waypoint]) -> list[bool]:
    pairs = zip(stops, met, strict=True)
    return [inverse(*stop.position, *waypoint.location)[0] > REFUSE_BEYOND_M for stop, waypoint in pairs]
