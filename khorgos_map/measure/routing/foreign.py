"""What the answers of other people's engines have in common, on their way into our records."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from khorgos_map.geodesy import inverse
from khorgos_map.measure.routing.records import (
    REFUSE_BEYOND_M,
    Access,
    Position,
    Question,
    Range,
    Route,
    RoutingError,
    Step,
    Stop,
)
from khorgos_map.measure.routing.territory import Course, Territory
from khorgos_map.measure.routing.told import refuse_one_place

NotNegative = Annotated[float, Field(ge=0)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]


@dataclass(frozen=True)
class Part:
    """One instruction's worth of road in an engine's answer."""

    ref: str | None
    name: str | None
    length_m: float
    duration_s: float


@dataclass(frozen=True)
class Answered:
    """A route as an engine gives it: its own length and time, its line, where the stops meet the road."""

    distance_m: float
    duration_s: float
    on_road: Sequence[Position]
    parts: Sequence[Part]
    line: Sequence[Position]


def route_from(engine: str, question: Question, answered: Answered, territory: Territory) -> Route:
    """Return the route that an engine answered; length and driving time are its own, the wait is ours.

    Raises `RoutingError` where a stop is farther than 25 km from the road, and where the way leaves a country to
    come back to it though no stop lies abroad, since the engine counts no waiting at the border.
    """
    access = tuple(
        Access(stop, position, inverse(*stop.position, *position)[0])
        for stop, position in zip(question.stops, answered.on_road, strict=True)
    )
    for way in access:
        if way.length_m > REFUSE_BEYOND_M:
            raise RoutingError(too_far(way.stop, way.on_road))
    course = territory.course(answered.line)
    if course.comes_back and territory.sides(answered.on_road) == {course.country_at(0)}:
        raise RoutingError(_around(engine, course))
    return Route(
        engine=engine,
        profile=question.profile,
        stops=question.stops,
        access=access,
        distance_m=answered.distance_m,
        sigma_m=None,
        drive=Range(answered.duration_s, answered.duration_s),
        wait=territory.wait(course.passages, question),
        per_country_m=course.per_country_m(answered.distance_m),
        crossings=tuple(passage.crossing for passage in course.passages),
        steps=_steps(answered, course),
        geometry=tuple(answered.line),
    )


def refuse_what_only_the_embedded_engine_can(engine: str, question: Question) -> None:
    """Raise `RoutingError` for a question about closed roads or another year, and for one with a single place."""
    refuse_one_place(question.stops)
    asked = {
        "leave out roads or crossings": bool(question.closed),
        "go back to another year": question.year is not None,
        "keep to the roads of a month": question.month is not None,
    }
    what = next((what for what, is_asked in asked.items() if is_asked), None)
    if what:
        raise RoutingError(f"{engine} cannot {what}; the embedded engine can (--engine embedded)")


def too_far(stop: Stop, on_road: Position | None) -> str:
    """Return the words for a stop with no road near it; ``None`` if the engine knows of no road at all."""
    reason = f"no road within {REFUSE_BEYOND_M / 1000:g} km of {called(stop)}"
    if on_road is None:
        return reason
    km = inverse(*stop.position, *on_road)[0] / 1000
    # so that nobody reads that 25 km are no longer than 25 km
    distance = f"{math.ceil(km * 10) / 10:.1f}" if km < 2 * REFUSE_BEYOND_M / 1000 else f"{km:.0f}"
    return f"{reason}: the nearest is {distance} km away"


def _around(engine: str, course: Course) -> str:
    crossings = ", ".join(dict.fromkeys(passage.crossing for passage in course.passages))
    return (
        f"{engine} leaves the country and comes back ({crossings}), for it counts no waiting at the border; "
        "the embedded engine does (--engine embedded)"
    )


def called(stop: Stop) -> str:
    """Return what a stop is called in a message: its name, else latitude and longitude as they are typed."""
    lon, lat = stop.position
    return stop.name or f"{lat:g}, {lon:g}"


def _steps(answered: Answered, course: Course) -> tuple[Step, ...]:
    steps: list[Step] = []
    done_m, whole_m = 0.0, math.fsum(part.length_m for part in answered.parts)
    for part in answered.parts:
        if part.length_m == 0:
            continue
        begin, end = done_m / whole_m, (done_m + part.length_m) / whole_m
        done_m += part.length_m
        passed = [passage.crossing for passage in course.passages if begin <= passage.share < end]
        step = Step(
            ref=part.ref or None,
            name=part.name or None,
            country=course.country_at((begin + end) / 2),
            length_m=part.length_m,
            duration_s=part.duration_s,
            crossing=passed[0] if passed else None,
        )
        if steps and _same_road(steps[-1], step):
            length_m, duration_s = steps[-1].length_m + step.length_m, steps[-1].duration_s + step.duration_s
            steps[-1] = replace(step, length_m=length_m, duration_s=duration_s)
        else:
            steps.append(step)
    return tuple(steps)


def _same_road(one: Step, other: Step) -> bool:
    return replace(one, length_m=0, duration_s=0) == replace(other, length_m=0, duration_s=0)
