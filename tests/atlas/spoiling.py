"""Ways to spoil the content, and what `check` must say of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True)
class Spoilt:
    """One way to spoil one file, and the line of `check` that must answer it."""

    name: str
    file: str
    change: Callable[[Document], Any]
    id: str
    field: str
    reason: str


def feature(document: Document, identifier: str) -> Document:
    """Return a feature of a layer by its id."""
    return next(f for f in document["features"] if f["properties"]["id"] == identifier)


def put(identifier: str, field: str, value: Any) -> Callable[[Document], None]:
    """Return what sets a property of one feature."""
    return lambda document: feature(document, identifier)["properties"].__setitem__(field, value)
