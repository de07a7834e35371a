"""What a file of the user's becomes: shapes, and notes on what was done to them.

All geometry that leaves this package is WGS 84, longitude and latitude in degrees, in two dimensions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from khorgos_map.errors import KhorgosMapError, LimitError, Note, Value

MAX_FILE_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 100_000_000
# Each of them takes some 100 MB and a few seconds at the most, all of them together less than a worker has.
MAX_SHAPES = 100_000
MAX_POSITIONS = 600_000
MAX_VALUES = 1_000_000
MAX_CHARACTERS = 30_000_000
MAX_PROPERTIES = 200
MAX_NAME_CHARACTERS = 120
MAX_TEXT_CHARACTERS = 500

Geometries = NDArray[np.object_]
Property = str | int | float | bool
Properties = Mapping[str, Property]


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


@dataclass
class Taken:
    """What has been read of a file so far; each method raises `UploadLimitError` as soon as it is too much."""

    shapes: int = 0
    positions: int = 0
    values: int = 0
    characters: int = 0

    def take_shapes(self, count: int = 1) -> None:
        """Count shapes."""
        self.shapes += count
        if self.shapes > MAX_SHAPES:
            raise UploadLimitError("upload.error.shapes", limit=f"{MAX_SHAPES:,}")

    def take_positions(self, count: int) -> None:
        """Count positions."""
        self.positions += count
        if self.positions > MAX_POSITIONS:
            raise UploadLimitError("upload.error.positions", limit=f"{MAX_POSITIONS:,}")

    def take_properties(self, properties: Properties) -> Properties:
        """Count the properties of a shape, and return them."""
        self.values += len(properties)
        self.characters += sum(len(value) for value in properties.values() if isinstance(value, str))
        if self.values > MAX_VALUES or self.characters > MAX_CHARACTERS:
            raise UploadLimitError(
                "upload.error.values", limit=f"{MAX_VALUES:,}", characters=MAX_CHARACTERS // 10**6
            )
        return properties


@dataclass(frozen=True, slots=True)
class Shape:
    """One geometry of a file, single or multiple but never a collection.

    ``name`` is empty where the file has none; ``layer`` is its layer, or its folders from the outside in, with
    " / " between them; ``id`` is what the file itself numbers it by. Names and properties are the user's words without
    control characters, cut at `MAX_TEXT_CHARACTERS`, and may look like HTML: show them as text only. ``heights_m`` are
    those of all positions in order, in the unit of the file, NaN where unknown; None where the file has none. An
    outline that is not ``sound`` crosses itself or was too large to be checked: it can be drawn but has no area.
    """

    name: str
    geometry: BaseGeometry
    properties: Properties
    sound: bool = True
    layer: str = ""
    id: str | int | None = None
    heights_m: NDArray[np.float64] | None = None

    @property
    def height_range_m(self) -> tuple[float, float] | None:
        """The lowest and the highest of its positions that have a height."""
        if self.heights_m is None:
            return None
        return float(np.nanmin(self.heights_m)), float(np.nanmax(self.heights_m))


@dataclass(frozen=True)
class Shapes:
    """All shapes of a file in its order; ``crs`` is the coordinate system the file declares, by name, or None."""

    format: str
    crs: str | None
    shapes: tuple[Shape, ...]
    notes: tuple[Note, ...]


class Row(NamedTuple):
    """What a file says beside a geometry."""

    name: str
    properties: Properties
    layer: str = ""
    id: str | int | None = None


@dataclass(frozen=True)
class Layer:
    """What a reader hands over: geometries as they stand in the file (None where unreadable) and their rows.

    A format that is WGS 84 by its own rules gives its CRS as one that declares it does. ``numbers`` are those that a
    message names the shapes by, where they are not 1, 2, 3 and so on.
    """

    geometries: Sequence[BaseGeometry | None] | Geometries
    rows: Sequence[Row]
    crs: CRS | None = None
    numbers: Sequence[int] | None = None


@dataclass(frozen=True)
class Read:
    """A whole file as its reader found it; ``positions_left_out`` could not be read as positions."""

    format: str
    layers: tuple[Layer, ...]
    notes: tuple[Note, ...] = ()
    positions_left_out: int = 0
    left_out_in: tuple[int, ...] = field(default=())
