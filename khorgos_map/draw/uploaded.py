"""A file of the user's in words and lines for the browser: what is in it, and how large everything is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from khorgos_map.draw import quantities
from khorgos_map.draw.totals import Choices
from khorgos_map.draw.words import number
from khorgos_map.geodesy import WGS84, Positions, area_m2, length_m
from khorgos_map.measure.coordinates import format_decimal
from khorgos_map.measure.follow import STEP_M
from khorgos_map.measure.measurement import Measurement, Position, measure_geometry
from khorgos_map.measure.sides import SIDES, Land, Side
from khorgos_map.measure.upload.records import Shape, Shapes
from khorgos_map.text import Catalogue

# As many are listed one by one; the rest is drawn and added up.
MOST_ROWS = 100
# As many positions are followed in all, where lines bend and every 200 m between: some five seconds.
MOST_FOLLOWED = 100_000
_POINTS = ("Point", "MultiPoint")


def uploaded_words(
    found: Shapes, land: Mapping[str, BaseGeometry], text: Catalogue, choices: Choices
) -> dict[str, Any]:
    """Return rows to read, the first ``listed`` of one shape each; notes; and a collection in GeoJSON to draw.

    ``names`` are those of all its shapes. A name is the user's own text and no markup.
    """
    listed = found.shapes[:MOST_ROWS]
    rows, undivided = _rows(listed, land, text, choices)
    notes = [note.said(text.code) for note in found.notes]
    if undivided:
        notes.append(text("upload.undivided", count=number(undivided, text)))
    if len(found.shapes) > 1:
        rows.append(_sum(found, land, text, choices))
    return {
        "head": [text("upload.head_name"), text("upload.head_size"), text("upload.head_split")],
        "rows": rows,
        "listed": len(listed),
        "notes": notes,
        "more": text("upload.more", count=number(MOST_ROWS, text), total=number(len(found.shapes), text))
        if len(found.shapes) > MOST_ROWS
        else None,
        "names": [shape.name for shape in found.shapes],
        "drawn": shapely.to_geojson(shapely.GeometryCollection([shape.geometry for shape in found.shapes])),
    }


def _rows(
    listed: Sequence[Shape], land: Mapping[str, BaseGeometry], text: Catalogue, choices: Choices
) -> tuple[list[list[str]], int]:
    """Return a row for each shape, and how many of them are too long to be divided between the countries."""
    rows, left, undivided = [], MOST_FOLLOWED, 0
    for shape in listed:
        needed = _to_follow(shape.geometry)
        if needed <= left:
            left -= needed
            rows.append(_row(shape, land, text, choices))
        else:
            undivided += 1
            size = _sizes([shape], text, choices) or text("measure.self_crossing")
            rows.append([shape.name or "–", size, "–"])
    return rows, undivided


def _row(shape: Shape, land: Mapping[str, BaseGeometry], text: Catalogue, choices: Choices) -> list[str]:
    measured = measure_geometry(shape.geometry, land, sound=shape.sound)
    sizes = [_size(one, text, choices) for one in measured]
    return [shape.name or "–", ", ".join(sizes) or "–", ", ".join(_split(one, text) for one in measured)]


def _to_follow(geometry: BaseGeometry) -> int:
    """Return how many positions a geometry is followed by when it is divided between countries."""
    return int(shapely.get_num_coordinates(geometry) + WGS84.geometry_length(geometry) / STEP_M)


def _size(measured: Measurement, text: Catalogue, choices: Choices) -> str:
    if measured.kind == "points":
        return _place(measured.positions, text)
    if measured.area_m2 is not None:
        return quantities.area(measured.area_m2, text, choices.area)
    if measured.self_crossing:
        return text("measure.self_crossing")
    return quantities.length(measured.length_m or 0, text, choices.length)


def _split(measured: Measurement, text: Catalogue) -> str:
    """Return the shares on the two sides of the border in percent, as drawn on this map; of points the countries."""
    if measured.kind == "points":
        return _countries(measured.sides, text)
    shares = measured.shares
    whole = math.fsum(shares.values())
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


def _sum(found: Shapes, land: Mapping[str, BaseGeometry], text: Catalogue, choices: Choices) -> list[str]:
    return [
        f"{text('upload.sum')} ({number(len(found.shapes), text)})",
        _sizes(found.shapes, text, choices),
        _countries(Land(land).sides(_points_of(found.shapes)), text),
    ]


def _sizes(shapes: Sequence[Shape], text: Catalogue, choices: Choices) -> str:
    """Return the areas, lengths and points of shapes added up, without those that could not be checked."""
    sound = [shape.geometry for shape in shapes if shape.sound]
    areas = math.fsum(area_m2(geometry) for geometry in sound)
    lengths = math.fsum(
        length_m(list(line.coords))
        for geometry in sound
        for line in getattr(geometry, "geoms", (geometry,))
        if line.geom_type == "LineString"
    )
    count = len(_points_of(shapes))
    sizes = [quantities.area(areas, text, choices.area)] if areas else []
    sizes += [quantities.length(lengths, text, choices.length)] if lengths else []
    sizes += [text("measure.count", count=number(count, text))] if count else []
    return ", ".join(sizes)


def _points_of(shapes: Sequence[Shape]) -> Positions:
    return shapely.get_coordinates([s.geometry for s in shapes if s.geometry.geom_type in _POINTS])
