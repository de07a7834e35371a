"""What a file of the user's becomes: shapes, and notes on what was done to them.

All geometry that leaves this package is WGS 84, longitude and latitude in degrees, in two dimensions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from khorgos_map.errors import KhorgosMapError, LimitError, Note, Value

MAX_FILE_BYTES = 50_000_000
MAX_SHAPES = 200_000
MAX_POSITIONS = 2_000_000
MAX_UNPACKED_BYTES = 200_000_000
MAX_TEXT_CHARACTERS = 120
MAX_PROPERTIES = 20

Geometries = NDArray[np.object_]


class UploadError(KhorgosMapError):
    """A file of the user's cannot be taken; ``reason`` says why in any language, the text says it in English."""

    def __init__(self, key: str, *, file: str = "", **values: Value) -> None:
        self.file = file
        self.reason = Note(key, values)
        Exception.__init__(self, self.said("en"))

    def said(self, language: str) -> str:
        """Return the file's name and the reason in the words of a language."""
        reason = self.reason.said(language)
        return f"{self.file}: {reason}" if self.file else reason

    def of(self, file: str) -> Self:
        """Return the same refusal for a named file."""
        return type(self)(self.reason.key, file=file, **self.reason.values)


class UploadLimitError(UploadError, LimitError):
    """A file of the user's holds more than is taken."""


@dataclass(frozen=True)
class Shape:
    """One geometry of a file, single or multiple but never a collection.

    ``name`` is empty where the file has none. Names and properties are the user's words without control
    characters, at most `MAX_TEXT_CHARACTERS` long, and may look like HTML: show them as text only. An outline
    that is not ``sound`` crosses itself or was too large to be checked: it can be drawn but has no area.
    """

    name: str
    geometry: BaseGeometry
    properties: Mapping[str, str]
    sound: bool = True


@dataclass(frozen=True)
class Shapes:
    """All shapes of a file in its order; ``crs`` is the coordinate system the file declares, by name, or None."""

    format: str
    crs: str | None
    shapes: tuple[Shape, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Layer:
    """What a reader hands over: geometries as they stand in the file (None where unreadable) and their words.

    A format that is WGS 84 by its own rules gives its CRS as one that declares it does.
    """

    geometries: Sequence[BaseGeometry | None] | Geometries
    names: Sequence[str]
    properties: Sequence[Mapping[str, str]]
    crs: CRS | None = None
    heights_dropped: int = 0


@dataclass(frozen=True)
class Read:
    """A whole file as its reader found it."""

    format: str
    layers: tuple[Layer, ...]
    notes: tuple[Note, ...] = ()
