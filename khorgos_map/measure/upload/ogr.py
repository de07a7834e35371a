"""Files that GDAL reads for us, through pyogrio: from memory, by a driver that the content has been recognised for.

Drivers that open further files or addresses are skipped in the whole process (`khorgos_map.SKIPPED_DRIVERS`).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import numpy as np
import pyogrio
import pyogrio.errors
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from khorgos_map import SKIPPED_DRIVERS
from khorgos_map.measure.upload.crs import crs_from_code, crs_from_wkt
from khorgos_map.measure.upload.records import (
    MAX_POSITIONS,
    MAX_PROPERTIES,
    MAX_SHAPES,
    MAX_VALUES,
    Layer,
    Read,
    Row,
    Taken,
    UploadError,
    UploadLimitError,
)
from khorgos_map.measure.upload.wkb import Parts
from khorgos_map.measure.upload.words import clean, name_in, words_of
from khorgos_map.measure.upload.xml import Walk, walk

# A position has 16 bytes, with height and measure 32, a shape beside its positions some 50.
MAX_GEOMETRY_BYTES = 32 * MAX_POSITIONS + 50 * MAX_SHAPES
FLATGEOBUF = b"fgb\3fgb"
_MAX_LAYERS = 200
_ERRORS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.CRSError,
    UnicodeError,
    ValueError,
)


class Table(NamedTuple):
    """A layer as GDAL has it: well-known binaries, and a column of values for each field."""

    fields: tuple[str, ...]
    columns: tuple[NDArray[Any], ...]
    geometries: NDArray[np.object_] | None
    numbers: NDArray[np.int64] | None
    crs: str | None


def table_in(
    data: bytes, layer: str | int, *, encoding: str | None = None, geometry: str = "", damaged: str
) -> Table:
    """Return a layer of a file without the field ``geometry``.

    Raises `UploadError` with the key ``damaged`` where GDAL cannot read it, `UploadLimitError` for too much.
    """
    with _gdal(damaged):
        info = pyogrio.read_info(data, layer=layer, encoding=encoding, force_feature_count=True)
        fields = tuple(str(field) for field in info["fields"] if field != geometry)[:MAX_PROPERTIES]
        if info["features"] > MAX_SHAPES:
            raise UploadLimitError("upload.error.shapes", limit=f"{MAX_SHAPES:,}")
        if info["features"] * len(fields) > 4 * MAX_VALUES:
            raise UploadLimitError("upload.error.values", limit=f"{MAX_VALUES:,}", characters=30)
        meta, numbers, geometries, columns = pyogrio.raw.read(
            data,
            layer=layer,
            encoding=encoding,
            columns=list(fields),
            max_features=MAX_SHAPES + 1,
            return_fids=True,
            datetime_as_string=True,
        )
    return Table(tuple(map(str, meta["fields"])), tuple(columns), geometries, numbers, meta["crs"])


def layers_in(data: bytes, *, damaged: str) -> list[str]:
    """Return the names of the layers of a file that have geometry; raises what `table_in` does."""
    with _gdal(damaged):
        listed = pyogrio.list_layers(data)
    return [str(name) for name, kind in listed.tolist() if kind is not None][:_MAX_LAYERS]


def read_layer(  # noqa: PLR0913  # a table, what it is called, what is known of its system, what may be taken
    table: Table,
    taken: Taken,
    *,
    name: str = "",
    crs: CRS | None = None,
    numbered: bool = False,
    codec: str | None = None,
) -> Layer:
    """Return the rows of a layer as shapes; texts that came as Latin-1 are read in a codec."""
    binaries = table.geometries
    count = len(binaries) if binaries is not None else 0
    taken.take_shapes(count)
    geometries = np.full(count, shapely.Point(), dtype=object)
    if binaries is not None and count:
        there = np.array([one is not None for one in binaries])
        parts = Parts()
        for binary in binaries[there]:
            parts.count(binary)
        with np.errstate(invalid="ignore"):  # what is not finite is left out later, as in any format
            geometries[there] = shapely.from_wkb(binaries[there], on_invalid="ignore")
        taken.take_positions(int(shapely.get_num_coordinates(geometries).sum()))
    fields = [_recoded(field, codec) for field in table.fields]
    layer = clean(name)
    rows = []
    for place, values in enumerate(
        zip(*map(_listed, table.columns), strict=True) if fields else [()] * count
    ):
        own = (
            [_recoded(value, codec) if isinstance(value, str) else value for value in values]
            if codec
            else values
        )
        words = taken.take_properties(words_of(zip(fields, own, strict=True)))
        number = int(table.numbers[place]) if numbered and table.numbers is not None else None
        rows.append(Row(name_in(words) or ("" if number is None else str(number)), words, layer, number))
    return Layer(geometries, rows, crs)


def read_flatgeobuf(data: bytes, taken: Taken) -> Read:
    """Return the features of a FlatGeobuf file."""
    return Read("FlatGeobuf", _layers(data, taken, damaged="upload.error.damaged"))


class _Elements(Walk):
    """Looks at XML that GDAL is to read: entities and what is too much are refused."""

    containers = frozenset({"FeatureCollection"})

    def take(self, element: Element) -> None:
        """Nothing is kept."""


def read_gml(data: bytes, taken: Taken) -> Read:
    """Return the features of a GML file; a schema that it names is not looked for."""
    walk(data, _Elements())
    data = data.replace(b"schemaLocation", b"schemaNotMeant")
    return Read("GML", _layers(data, taken, damaged="upload.error.damaged"))


def _layers(data: bytes, taken: Taken, *, damaged: str) -> tuple[Layer, ...]:
    """Return all layers of a file whose format declares its coordinate system by itself."""
    names = layers_in(data, damaged=damaged)
    return tuple(
        read_layer(table, taken, name=name if len(names) > 1 else "", crs=crs_of(table.crs))
        for name in names
        for table in [table_in(data, name, damaged=damaged)]
    )


def crs_of(declared: str | None) -> CRS | None:
    """Return the system that GDAL found declared, by its code or as well-known text."""
    if not declared:
        return None
    return crs_from_code(declared) if len(declared) < 20 and ":" in declared else crs_from_wkt(declared)


def _listed(column: NDArray[Any]) -> Sequence[object]:
    """Return a column as Python's own values; what is not there is None."""
    if column.dtype.kind == "M":
        return [None if text == "NaT" else text for text in column.astype(str).tolist()]
    values: list[object] = column.tolist()
    if column.dtype.kind == "f":
        return [_number(value) for value in values]
    return values


def _number(value: Any) -> float | int | None:
    """Return a number of a column as it was; columns of whole numbers with gaps come as fractions."""
    if value is None or math.isnan(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else float(value)


def _recoded(text: str, codec: str | None) -> str:
    return text.encode("latin-1", "replace").decode(codec, "replace") if codec else text


@contextmanager
def _gdal(damaged: str) -> Iterator[None]:
    """Keep what GDAL remarks to itself, and make an `UploadError` of what it cannot do.

    Raises `ImportError` if it was made ready before this package, with drivers that follow what files name.
    """
    others = set(SKIPPED_DRIVERS) & set(pyogrio.list_drivers())
    if others:
        raise ImportError(
            f"import khorgos_map before pyogrio: GDAL has the drivers {', '.join(sorted(others))}"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    except _ERRORS:
        raise UploadError(damaged) from None
