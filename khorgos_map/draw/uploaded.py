"""A file of the user's in words and lines for the browser: what is in it, and how large everything is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from khorgos_map.draw import quantities
from khorgos_map.draw.totals import Choices
from khorgos_map.draw.words import number
from khorgos_map.measure.coordinates import format_decimal
from khorgos_map.measure.measurement import Measurement, Position
from khorgos_map.measure.own import Own, Together, measure_own, together
from khorgos_map.measure.sides import SIDES, Side
from khorgos_map.measure.units import AreaUnit, LengthUnit
from khorgos_map.measure.upload.records import Shapes
from khorgos_map.measure.upload.words import text_of
from khorgos_map.text import Catalogue

# As many columns of the file's own are listed; all of them are in the files to take along.
MOST_COLUMNS = 40


def uploaded_words(
    found: Shapes,
    land: Mapping[str, BaseGeometry],
    text: Catalogue,
    choices: Choices,
    zones: Mapping[str, BaseGeometry] | None = None,
) -> dict[str, Any]:
    """Return rows to read, the first ``listed`` of one shape each; notes; and a collection in GeoJSON to draw.

    ``names`` are those of all its shapes. A name, a layer and what is in the columns of the file is the user's own text
    and no markup.
    """
    owns = measure_own(found.shapes, land, zones or {})
    whole = together(owns)
    units = _units(owns, whole, choices)
    columns = columns_of(owns)[:MOST_COLUMNS]
    has_layers = any(own.shape.layer for own in owns)
    has_heights = any(own.shape.heights_m is not None for own in owns)
    rows = [
        [
            *_row(own, text, units),
            *([own.shape.layer] if has_layers else []),
            *([_heights(own, text)] if has_heights else []),
            *(_value(own, column, text) for column in columns),
        ]
        for own in owns
    ]
    if len(owns) > 1:
        rows.append(_sum(owns, whole, text, units))
    return {
        "head": [
            *(text("upload.head_name"), text("upload.head_size"), text("upload.head_split")),
            *([text("upload.head_layer")] if has_layers else []),
            *([text("upload.head_heights")] if has_heights else []),
            *columns,
        ],
        "rows": rows,
        "listed": len(owns),
        "notes": [note.said(text.code) for note in found.notes] + list(_notes(owns, whole, text)),
        "names": [shape.name for shape in found.shapes],
        "drawn": shapely.to_geojson(shapely.GeometryCollection([shape.geometry for shape in found.shapes])),
    }


def columns_of(owns: Sequence[Own]) -> list[str]:
    """Return what the file's own columns are called, in the order in which they come, without that of the names."""
    columns = dict.fromkeys(key for own in owns for key in own.shape.properties)
    is_name = {
        key: all(text_of(own.shape.properties.get(key, "")) == own.shape.name for own in owns)
        for key in columns
    }
    return [key for key in columns if not is_name[key]]


def _notes(owns: Sequence[Own], whole: Together, text: Catalogue) -> Iterable[str]:
    undivided = sum(not own.is_divided for own in owns)
    if undivided:
        yield text("upload.undivided", count=number(undivided, text))
    if whole.ground_m2 is None:
        yield text("upload.maybe_twice")
    elif whole.areas_m2 - whole.ground_m2 > _NOTHING * whole.areas_m2:
        yield text("upload.once", size=quantities.area(whole.areas_m2, text))
    if len(columns_of(owns)) > MOST_COLUMNS:
        yield text("upload.more_columns", count=number(MOST_COLUMNS, text))


# What arithmetic leaves of a difference that is nothing, as a part of the whole.
_NOTHING = 1e-6


def _units(
    owns: Sequence[Own], whole: Together, choices: Choices
) -> tuple[LengthUnit | None, AreaUnit | None]:
    """Return the units of all rows: what is added up has one unit, that of the sum; a single shape has its own."""
    if len(owns) < 2:
        return choices.length, choices.area
    return (
        choices.length or quantities.unit_of_length(whole.lengths_m),
        choices.area or quantities.unit_of_area(whole.areas_m2),
    )


_Units = tuple[LengthUnit | None, AreaUnit | None]


def _row(own: Own, text: Catalogue, units: _Units) -> list[str]:
    split = _split(own.measured, text) if own.is_divided else "–"
    return [own.shape.name or "–", _size(own.measured, text, units), split]


def _heights(own: Own, text: Catalogue) -> str:
    lowest, highest = own.shape.height_range_m or (None, None)
    if lowest is None or highest is None:
        return ""
    low, high = (number(height, text, decimals=0) for height in (lowest, highest))
    return low if low == high else f"{low} – {high}"


def _value(own: Own, column: str, text: Catalogue) -> str:
    value = own.shape.properties.get(column, "")
    if isinstance(value, float):
        return number(value, text)
    return text_of(value)


def _size(measured: Measurement, text: Catalogue, units: _Units) -> str:
    length_unit, area_unit = units
    if measured.kind == "points":
        return _place(measured.positions, text)
    if measured.area_m2 is not None:
        return quantities.area(measured.area_m2, text, area_unit)
    if measured.self_crossing:
        return text("measure.self_crossing")
    return quantities.length(measured.length_m or 0, text, length_unit)


def _split(measured: Measurement, text: Catalogue) -> str:
    """Return the shares on the two sides of the border in percent, as drawn on this map; of points the countries."""
    if measured.kind == "points":
        return _countries(measured.sides, text)
    shares = measured.shares
    whole = sum(shares.values())
    if not whole:
        return ""
    percent = (number(100 * shares.get(side, 0.0) / whole, text, decimals=0) for side in ("KZ", "CN"))
    return " / ".join(text("unit.percent", value=value) for value in percent)


def _place(positions: Sequence[Position], text: Catalogue) -> str:
    """Return where a point is, in decimal degrees with the latitude first; of several only how many."""
    if len(positions) == 1:
        return format_decimal(*positions[0])
    return text("measure.count", count=number(len(positions), text))


def _countries(sides: Sequence[Side], text: Catalogue) -> str:
    """Return the country that a point lies in, or how many of several points lie in each."""
    count = Counter(sides)
    names = {
        side: text("upload.elsewhere" if side == "other" else f"side.{side}") for side in SIDES if count[side]
    }
    if len(sides) == 1:
        return "".join(names.values())
    return ", ".join(
        text("upload.points_in", place=name, count=number(count[side], text)) for side, name in names.items()
    )


def _sum(owns: Sequence[Own], whole: Together, text: Catalogue, units: _Units) -> list[str]:
    """Return all shapes added up, ground that lies in several of them once; those that could not be checked not."""
    length_unit, area_unit = units
    areas_m2 = whole.areas_m2 if whole.ground_m2 is None else whole.ground_m2
    sizes = [quantities.area(areas_m2, text, area_unit)] if areas_m2 else []
    sizes += [quantities.length(whole.lengths_m, text, length_unit)] if whole.lengths_m else []
    sizes += [text("measure.count", count=number(whole.points, text))] if whole.points else []
    sides = [side for own in owns if own.measured.kind == "points" for side in own.measured.sides]
    return [f"{text('upload.sum')} ({number(len(owns), text)})", ", ".join(sizes), _countries(sides, text)]
