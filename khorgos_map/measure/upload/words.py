"""The user's own words, made harmless: what may be shown, and which of them is the name."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from khorgos_map.measure.upload.records import (
    MAX_NAME_CHARACTERS,
    MAX_PROPERTIES,
    MAX_TEXT_CHARACTERS,
    Property,
)

# in the order in which they are looked for
_NAMES = (
    "name",
    "title",
    "label",
    "атауы",
    "аты",
    "название",
    "наименование",
    "имя",
    "名称",
    "名字",
    "id",
    "fid",
)
_WHOLE_BELOW = 2**53
_JOINERS = "\u200c\u200d"  # invisible, but letters of several scripts need them


def clean(text: str, most: int = MAX_NAME_CHARACTERS) -> str:
    """Return a text on one line, without control, direction and half characters, cut to its greatest length."""
    if len(text) <= most and text.isprintable() and "  " not in text:
        return text.strip()
    text = text[: 4 * most]
    if not text.isprintable():
        text = "".join(_harmless(character) for character in text)
    return " ".join(text.split())[:most].strip()


def words_of(values: Iterable[tuple[object, object]]) -> dict[str, Property]:
    """Return the properties that can be shown: numbers and truths as they are, all else as text made harmless.

    Empty texts and what is not finite are left out, as is what is more than `MAX_PROPERTIES`. Lists and objects
    become their JSON, dates their ISO form.
    """
    found: dict[str, Property] = {}
    for key, value in values:
        shown = clean(value, MAX_TEXT_CHARACTERS) if isinstance(value, str) else _shown(value)
        if shown != "" and isinstance(key, str) and (named := _key(key[: 4 * MAX_NAME_CHARACTERS])):
            found[named] = shown
            if len(found) == MAX_PROPERTIES:
                break
    return found


def name_in(properties: Mapping[str, Property]) -> str:
    """Return the property that names a shape in one of the four languages, or an empty text."""
    key = _naming(tuple(properties))
    if key is None:
        return ""
    found = properties[key]
    return clean(found if isinstance(found, str) else text_of(found))


def text_of(value: Property) -> str:
    """Return a property as text: truths in small letters, whole numbers without a fraction."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE_BELOW:
        return str(int(value))
    return str(value)


@lru_cache(maxsize=4096)
def _key(key: str) -> str:
    return clean(key)


@lru_cache(maxsize=4096)
def _naming(keys: tuple[str, ...]) -> str | None:
    """Return which of the names of properties is that of the one which names a shape."""
    folded = {key.casefold(): key for key in keys}
    return next((folded[key] for key in _NAMES if key in folded), None)


def _harmless(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    return " " if character.isspace() else ""


def _shown(value: Any) -> Property:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        # no program reads more digits than these back
        return value if abs(value) < _WHOLE_BELOW else clean(str(value))
    if isinstance(value, float):
        return value if math.isfinite(value) else ""
    if isinstance(value, dict | list) and value:
        return clean(json.dumps(value, ensure_ascii=False, default=str), MAX_TEXT_CHARACTERS)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else ""
