"""What the server answers to the roads panel: places by name, routes, and what is within reach."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.asof import atlas_as_of
from khorgos_map.draw.reached import reach_words
from khorgos_map.draw.routed import route_words, stop_name
from khorgos_map.measure.routing.alternatives import alternatives
from khorgos_map.measure.routing.border import MOST_WAIT_H
from khorgos_map.measure.routing.limits import kept_off
from khorgos_map.measure.routing.places import Found as Named
from khorgos_map.measure.routing.reach import reach
from khorgos_map.measure.routing.records import PROFILES, Profile, Question, Range, Stop
from khorgos_map.measure.routing.records import Route as Found
from khorgos_map.measure.routing.told import AskedError
from khorgos_map.measure.routing.verdict import compare_published
from khorgos_map.page import content
from khorgos_map.page.answers import Answer, Query, heavy, json_answer, language_of, light
from khorgos_map.page.measuring import year_of
from khorgos_map.text import Catalogue

MOST_STOPS = 8
LONGEST_NAME = 200
REACH_LIMITS_S = (3600.0, 7200.0, 14_400.0)
HOUR_S = 3600.0


async def place(request: Request) -> Response:
    """Answer with the position of a place typed by name, id or coordinates."""
    return await light(request, place_of)


def place_of(query: Query) -> Answer:
    """Return the position of a place typed by name, id or coordinates."""
    found = content.places(language_of(query).code).find(query.get("q", "")[:LONGEST_NAME])
    lon, lat = found.stop.position
    return json_answer({"position": [lon, lat], "name": found.stop.name, "notice": found.notice})


async def route(request: Request) -> Response:
    """Answer with the quickest way and its alternatives in words and lines."""
    return await light(request, routes_of)


def routes_of(query: Query) -> Answer:
    """Return the quickest way and its alternatives in words and lines."""
    text, atlas = language_of(query), content.atlas()
    words = query.get("r", "").split(";")
    if len(words) > MOST_STOPS:
        raise AskedError("route.too_many_stops", most=MOST_STOPS, count=len(words))
    named = [content.places(text.code).find(word[:LONGEST_NAME]) for word in words]
    stops = tuple(one.stop for one in named)
    question = _question(query, stops)
    # under an earlier year a way is held against what had been said by then
    said = atlas_as_of(atlas, question.year)
    router = content.router()
    found: tuple[Found, ...]
    # no other engine knows the roads of another year
    if router is content.engine() or question.year is not None:
        found = alternatives(content.engine(), question)
        off = kept_off(content.engine(), question, found[0])
    else:
        found, off = (router.route(question),), None
    routes = [
        {
            **route_words(one, question, atlas, text, off if one is found[0] else None),
            "verdict": _verdict(one, said, text),
        }
        for one in found
    ]
    return json_answer({"routes": routes, "stops": [_stop_words(one) for one in named]})


def _verdict(found: Found, said: Atlas, text: Catalogue) -> str | None:
    compared = compare_published(found, said)
    if compared is None:
        return None
    asks_why = compared.finding not in {"agrees", "within_error"}
    reason = compared.reason.in_language(text.code) if asks_why and compared.reason else None
    return " ".join(filter(None, [compared.sentence(said, text), reason]))


async def within_reach(request: Request) -> Response:
    """Answer with the areas within reach by road in one, two and four hours."""
    return await heavy(request, reach_of)


def reach_of(query: Query) -> Answer:
    """Return the areas within reach by road in one, two and four hours."""
    text = language_of(query)
    stop = content.places(text.code).find(query.get("r", "")[:LONGEST_NAME]).stop
    question = _question(query, (stop,))
    return json_answer(reach_words(reach(content.engine(), question, REACH_LIMITS_S), text))


def _stop_words(found: Named) -> dict[str, Any]:
    lon, lat = found.stop.position
    return {
        "position": [lon, lat],
        "name": stop_name(found.stop),
        "id": found.stop.id,
        "notice": found.notice,
    }


def _question(query: Query, stops: tuple[Stop, ...]) -> Question:
    waits = _waits(query.get("wait", ""))
    return Question(stops, _profile(query.get("profile")), waits, year=year_of(query))


def _profile(word: str | None) -> Profile:
    return next((profile for profile in PROFILES if profile == word), PROFILES[0])


def _waits(words: str) -> dict[str, Range]:
    """Return hours at crossings as typed, ``nur-zholy-horgos:1-5,…``; a crossing that is not known is left out."""
    waits = {}
    for word in filter(None, words.split(",")):
        match = re.fullmatch(r"([a-z0-9-]+):(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)", word, re.ASCII)
        if not match:
            raise AskedError("route.no_wait", typed=repr(word[:60]), most=f"{MOST_WAIT_H:g}")
        if match[1] in content.atlas().network.crossings:
            low, high = sorted(float(hours) * HOUR_S for hours in match.group(2, 3))
            if high > MOST_WAIT_H * HOUR_S:
                raise AskedError("route.no_wait", typed=repr(word[:60]), most=f"{MOST_WAIT_H:g}")
            waits[match[1]] = Range(low, high)
    return waits


ROUTES = [Route("/place", place), Route("/route", route), Route("/reach", within_reach)]
