"""The user's own words, made harmless: what may be shown, and which of them is the name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from khorgos_map.measure.upload.records import MAX_PROPERTIES, MAX_TEXT_CHARACTERS

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
_JOINERS = "\u200c\u200d"  # invisible, but letters of several scripts need them
_WHOLE_BELOW = 2**53


def clean(text: str) -> str:
    """Return a text on one line, without control, direction and half characters, cut to its greatest length."""
    text = text[: 4 * MAX_TEXT_CHARACTERS]
    if not text.isprintable():
        text = "".join(_harmless(character) for character in text)
    return " ".join(text.split())[:MAX_TEXT_CHARACTERS].strip()


def words_of(values: Iterable[tuple[object, object]]) -> dict[str, str]:
    """Return the properties that can be shown: texts, numbers and truths, the first few, each made harmless."""
    found: dict[str, str] = {}
    for key, value in values:
        text = _text(value)
        if text and isinstance(key, str) and (shown := clean(key)):
            found[shown] = text
            if len(found) == MAX_PROPERTIES:
                break
    return found


def name_in(properties: Mapping[str, str]) -> str:
    """Return the property that names a shape in one of the four languages, or an empty text."""
    if not properties:
        return ""
    folded = {key.casefold(): value for key, value in properties.items()}
    return next((folded[key] for key in _NAMES if key in folded), "")


def _harmless(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    return " " if character.isspace() else ""


def _text(value: object) -> str:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE_BELOW:
        return str(int(value))
    return clean(str(value)) if isinstance(value, int | float) else ""
