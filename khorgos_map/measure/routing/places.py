"""From the words somebody types to a place a route can begin or end at."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from shapely.geometry import Point

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import geometry_of
from khorgos_map.atlas.records import Feature, Names
from khorgos_map.atlas.roads import NamedPlace, Node
from khorgos_map.measure.coordinates import PositionError, parse_position
from khorgos_map.measure.routing.records import Position, Stop
from khorgos_map.measure.routing.told import PlaceError
from khorgos_map.text import catalogue

# Letters that Unicode does not take for a base letter with a mark, though whoever lacks a keyboard types so.
_PLAIN_LETTERS = str.maketrans("әғқңөұүһіı", "агкноуухиi")
# Of several places with one name the first of these kinds is meant.
_KINDS = ("reference-point", "settlement", "junction", "checkpoint", "railway-station")
# A line or a wide area is no place to drive to.
_NO_PLACE = frozenset({"administrative-unit", "boundary", "railway", "road-route"})
_LONGEST_SHOWN = 60
# Of two spellings, how much of them must be the same for one to be taken for a misspelling of the other.
ALIKE = 0.7


@dataclass(frozen=True)
class Found:
    """A place that was meant, and what to tell whoever typed it, where the words had several meanings."""

    stop: Stop
    notice: str | None = None


def fold(text: str) -> str:
    """Return a text as it is compared: small letters without marks, punctuation as gaps, any script."""
    small = text.casefold().translate(_PLAIN_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", small) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare.replace("_", " ")))


class Places:
    """All places of an atlas by id and by name in any language; ``language`` is that of the answers.

    ``with_ids`` adds the id to each place that is named to whoever typed, for those who type ids.
    """

    def __init__(self, atlas: Atlas, language: str = "en", *, with_ids: bool = False) -> None:
        self._atlas = atlas
        self._language = language
        self._with_ids = with_ids

    def find(self, words: str) -> Found:
        """Return the place meant by an id, a name in any language, or a position, latitude first.

        Raises `PlaceError` for a name that is not known, with the nearest that are, for a thing that has no
        place; `PositionError` for a position that cannot be understood.
        """
        if not words.strip():
            raise PlaceError("place.empty")
        identifier = words.strip()
        if identifier in self._atlas.feature or identifier in self._of_network:
            return Found(self._stop(identifier))
        if fold(words) in self._by_name:
            return self._named(words)
        return Found(self._position(words))

    def _named(self, words: str) -> Found:
        meant = [i for i in self._by_name[fold(words)] if self._has_place(i)]
        if not meant:
            return Found(self._stop(self._by_name[fold(words)][0]))
        first, *others = sorted(meant, key=self._order)
        if not others:
            return Found(self._stop(first))
        say = catalogue(self._language)
        notice = say(
            "place.several", typed=words.strip(), taken=self._called([first]), others=self._called(others)
        )
        return Found(self._stop(first), notice)

    def _position(self, words: str) -> Stop:
        if not re.search(r"\d", words):
            raise self._unknown(words)
        try:
            return Stop(parse_position(words))
        except PositionError as error:
            if error.reason == "unreadable" and re.search(r"[^\W\d_]{3}", words):
                raise self._unknown(words) from None
            raise

    def _unknown(self, words: str) -> PlaceError:
        typed = repr(words.strip()[:_LONGEST_SHOWN])
        # a name that is far from all is no misspelling of any
        alike = get_close_matches(fold(words), self._by_name, n=3, cutoff=ALIKE)
        near = [place for spelling in alike for place in self._by_name[spelling] if self._is_named(place)]
        if not near:
            return PlaceError("place.unknown", typed=typed)
        return PlaceError("place.unknown_near", typed=typed, near=self._called(near))

    def _called(self, identifiers: Iterable[str]) -> str:
        """Return the names of places in the language of the answers, none twice."""
        names = []
        for identifier in identifiers:
            feature = self._atlas.feature.get(identifier)
            own = feature.properties.name if feature else self._of_network[identifier].properties.name
            name = self._name(own) or identifier
            names.append(f"{name} ({identifier})" if self._with_ids and name != identifier else name)
        return ", ".join(dict.fromkeys(names))

    def _stop(self, identifier: str) -> Stop:
        feature = self._atlas.feature.get(identifier)
        if feature is None:
            node = self._of_network[identifier]
            lon, lat = node.geometry.coordinates[:2]
            return Stop((lon, lat), self._name(node.properties.name), identifier)
        name = self._name(feature.properties.name)
        if feature.geometry is None:
            raise PlaceError("place.unpublished", name=name)
        if feature.properties.kind in _NO_PLACE:
            raise PlaceError("place.no_point", name=name)
        return Stop(_middle(feature), name, identifier)

    def _name(self, names: Names | None) -> str | None:
        return names.in_language(self._language)[0] if names else None

    @cached_property
    def _of_network(self) -> Mapping[str, Node | NamedPlace]:
        """The nodes of the roads, and the further places that can be named."""
        return {**self._atlas.network.places, **self._atlas.network.nodes}

    def _is_named(self, identifier: str) -> bool:
        """Return whether a place may be told to somebody who did not type its id: one that has a name."""
        known = self._atlas.feature.get(identifier) or self._of_network[identifier]
        return known.properties.name is not None and self._has_place(identifier)

    def _has_place(self, identifier: str) -> bool:
        feature = self._atlas.feature.get(identifier)
        return feature is None or (feature.geometry is not None and feature.properties.kind not in _NO_PLACE)

    def _order(self, identifier: str) -> tuple[int, int]:
        feature = self._atlas.feature.get(identifier)
        if feature is None:
            return len(_KINDS) + (1 if identifier in self._atlas.network.nodes else 2), 0
        kind, rank = feature.properties.kind, feature.properties.label_rank
        return (_KINDS.index(kind) if kind in _KINDS else len(_KINDS)), rank

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        """Ids by folded name; a node that is a place of the map goes by that place."""
        found: dict[str, list[str]] = {}
        for identifier, spelling in self._all_spellings():
            ids = found.setdefault(fold(spelling), [])
            if identifier not in ids:
                ids.append(identifier)
        return found

    def _all_spellings(self) -> Iterable[tuple[str, str]]:
        for identifier, feature in self._atlas.feature.items():
            own = feature.properties
            for spelling in (identifier, *_texts(own.name), *own.aliases):
                yield identifier, spelling
        for identifier, node in self._atlas.network.nodes.items():
            place = node.properties.place
            for spelling in (identifier, *_texts(node.properties.name)):
                yield (place if place in self._atlas.feature else None) or identifier, spelling
        for identifier, named in self._atlas.network.places.items():
            for spelling in (identifier, *_texts(named.properties.name), *named.properties.aliases):
                yield identifier, spelling


def _texts(names: Names | None) -> Iterable[str]:
    """Yield the names, those with an addition in brackets also without it."""
    for name in names.root.values() if names else ():
        if name is not None:
            yield name.text
            if bare := re.sub(r"\s*[(（].*[)）]", "", name.text):
                yield bare


def _middle(feature: Feature) -> Position:
    shape = geometry_of(feature)
    point = shape if isinstance(shape, Point) else shape.representative_point()
    return point.x, point.y
