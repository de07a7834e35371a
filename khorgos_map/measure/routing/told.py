"""Refusals that can be told in any language of the interface; their own text is English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from khorgos_map.errors import UsageError
from khorgos_map.measure.routing.records import RoutingError
from khorgos_map.text import Catalogue, catalogue

ENGLISH = "en"
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


class PlaceError(UsageError):
    """The words typed name no place that a route can begin or end at."""

    def __init__(self, key: str, **values: object) -> None:
        self._message = key, values
        super().__init__(say([self._message], catalogue(ENGLISH)))

    def said(self, words: Catalogue) -> str:
        """Return the reason in the language of a catalogue."""
        return say([self._message], words)
