"""The words of the interface: one JSON catalogue a language; a new file is a new language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_FIRST = ("en", "kk", "ru", "zh")


@dataclass(frozen=True)
class Catalogue:
    """The interface in one language; a message that is missing is given in English."""

    code: str
    name: str
    messages: dict[str, str]
    translated: frozenset[str]

    def __call__(self, key: str, **values: object) -> str:
        """Return a message with its ``{placeholders}`` filled in."""
        return self.messages[key].format(**values)


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a catalogue, in the order of the language switch."""
    found = sorted(path.stem for path in _FOLDER.glob("*.json"))
    return tuple(sorted(found, key=lambda code: _FIRST.index(code) if code in _FIRST else len(_FIRST)))


@cache
def catalogue(code: str) -> Catalogue:
    """Return the catalogue of a language that `languages` lists."""
    own = _read(code)
    return Catalogue(code, own["language"], {**_read("en"), **own}, frozenset(own))


def _read(code: str) -> dict[str, str]:
    messages: dict[str, str] = json.loads((_FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    return messages
