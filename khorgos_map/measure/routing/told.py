"""Refusals that can be told in any language of the interface; their own text is English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from khorgos_map.errors import UsageError
from khorgos_map.geodesy import inverse
from khorgos_map.measure.routing.records import RoutingError, Stop
from khorgos_map.text import Catalogue, catalogue

ENGLISH = "en"
# Stops nearer to each other than this are one place.
SAME_PLACE_M = 1.0
Message = tuple[str, Mapping[str, object]]


def say(messages: Sequence[Message], words: Catalogue) -> str:
    """Return messages of a catalogue as one text; each has the text before it as its ``{reason}``."""
    text = ""
    for key, values in messages:
        text = words(key, reason=text, **values)
    return text


class NoRouteError(RoutingError):
    """There is no such route, because of what the places and the roads are."""

    def __init__(self, *messages: Message) -> None:
        self._messages = messages
        super().__init__(say(messages, catalogue(ENGLISH)))

    def said(self, words: Catalogue) -> str:
        """Return the reason in the language of a catalogue."""
        return say(self._messages, words)


class AskedError(UsageError):
    """What was asked about roads cannot be understood."""

    def __init__(self, key: str, **values: object) -> None:
        self._message = key, values
        super().__init__(say([self._message], catalogue(ENGLISH)))

    def said(self, words: Catalogue) -> str:
        """Return the reason in the language of a catalogue."""
        return say([self._message], words)


class PlaceError(AskedError):
    """The words typed name no place that a route can begin or end at."""


def refuse_one_place(stops: Sequence[Stop]) -> None:
    """Raise `NoRouteError` for a single stop, and for stops that all lie within a metre of the first."""
    if len(stops) < 2:
        raise NoRouteError(("route.one_stop", {}))
    first, *others = (stop.position for stop in stops)
    if all(inverse(*first, *other)[0] < SAME_PLACE_M for other in others):
        raise NoRouteError(("route.same_place", {}))
