"""What was measured of a sketch, as words and lines for the browser: totals, a table of points, the course."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.draw import quantities
from khorgos_map.draw.totals import (
    Choices,
    Row,
    area_rows,
    area_shares,
    is_unfinished,
    length_rows,
    off_area_m2,
    off_by,
    off_length_m,
    share_rows,
    sphere_rows,
    told_legs,
)
from khorgos_map.draw.words import distance, number
from khorgos_map.geodesy import area_m2
from khorgos_map.measure.areas import AreaComparison, compare_area
from khorgos_map.measure.around import around, course
from khorgos_map.measure.coordinates import (
    UTM_NORTH,
    UTM_SOUTH,
    digits_for,
    format_decimal,
    format_dms,
    format_utm,
)
from khorgos_map.measure.follow import Steps
from khorgos_map.measure.measurement import Measurement, measure_sketch
from khorgos_map.measure.sides import SIDES, Land, Side
from khorgos_map.measure.sketch import Sketch, refuse_many
from khorgos_map.measure.uncertainty import leg_uncertainty_m
from khorgos_map.text import Catalogue

# Decimals of a degree, about a metre, for what was typed or snapped to something and is off by no pixel.
EXACT_DIGITS = 5
# A centimetre: what lies around is made, not drawn.
_MADE_DIGITS = 7
# How large a site is, is told in the two zones that everybody at Khorgos knows, and in what is nearest in size.
WELL_KNOWN = "zone"
# From this ratio on people think of times, not of per cent.
TIMES_FROM = 2.0
COUNTRY: dict[Side, str] = {"KZ": "side.KZ", "CN": "side.CN", "other": "side.other"}


def sketches_words(
    sketches: Sequence[Sketch],
    land: Mapping[str, BaseGeometry],
    atlas: Atlas,
    text: Catalogue,
    choices: Choices,
) -> list[dict[str, Any]]:
    """Return what the browser shows of each sketch, whose points are as sure as the pixel that they were set with.

    Raises `LimitError` for more than is measured for one request.
    """
    refuse_many(sketches)
    steps = Steps()
    return [
        _words(
            measure_sketch(sketch, land, steps=steps),
            atlas,
            text,
            dataclasses.replace(choices, pixel_m=sketch.pixel_m or 0.0),
            land=land,
            steps=steps,
        )
        for sketch in sketches
    ]


def measured_words(measured: Measurement, atlas: Atlas, text: Catalogue, choices: Choices) -> dict[str, Any]:
    """Return what the browser shows of a measurement; positions in it are longitude/latitude on WGS 84.

    Raises `LimitError` where what lies around it takes more than may be done for one request.
    """
    return _words(measured, atlas, text, choices, land=land_by_side(atlas), steps=Steps())


def _words(  # noqa: PLR0913  # what was measured, beside what it is told, in which words and units, at what cost
    measured: Measurement,
    atlas: Atlas,
    text: Catalogue,
    choices: Choices,
    *,
    land: Mapping[str, BaseGeometry],
    steps: Steps,
) -> dict[str, Any]:
    outline = around(measured, choices.around_m, steps) if choices.around_m else None
    totals = _totals(measured, text, choices)
    if outline:
        totals += around_rows(measured, outline, land, text, choices, steps=steps)
    return {
        "kind": measured.kind,
        "totals": totals,
        "notes": [
            *_notes(measured, atlas, text),
            *([no_around(text, choices)] if choices.around_m and not outline else []),
        ],
        "head": _head(measured, text),
        "vertices": _vertices(measured, text, choices),
        "labels": _labels(measured, text, choices),
        "drawn": course(measured),
        "around": shapely.geometry.mapping(_rounded(outline)) if outline else None,
    }


def _rounded(outline: BaseGeometry) -> BaseGeometry:
    return shapely.transform(outline, lambda positions: positions.round(_MADE_DIGITS))


def no_around(text: Catalogue, choices: Choices) -> str:
    """Return why there is nothing around."""
    return text("measured.no_around", distance=distance(choices.around_m, text))


def around_rows(  # noqa: PLR0913  # what lies around what, where, in which words and units, at what cost
    measured: Measurement,
    outline: BaseGeometry,
    land: Mapping[str, BaseGeometry],
    text: Catalogue,
    choices: Choices,
    *,
    steps: Steps | None = None,
) -> list[Row]:
    """Return the size of what lies around, and of its parts if it lies on more than one side of the border."""
    shares = _shares_m2(outline, Land(land), steps or Steps())
    whole_m2 = area_m2(outline)
    off_m2 = _off_around_m2(measured, choices)
    size = quantities.area(whole_m2, text, choices.area, off_m2=off_m2)
    parts = area_shares(shares, text, choices.area, off_m2=off_m2) if len(shares) > 1 else []
    return [(text("measure.around", distance=distance(choices.around_m, text)), size), *parts]


def _shares_m2(around: BaseGeometry, land: Land, steps: Steps) -> dict[Side, float]:
    """Return what of an area lies on each side that has any of it."""
    parts = [land.areas_m2(part, steps) for part in shapely.get_parts(around)]
    shares: dict[Side, float] = {side: math.fsum(part[side] for part in parts) for side in SIDES}
    return {side: share for side, share in shares.items() if round(share)}


def _off_around_m2(measured: Measurement, choices: Choices) -> float:
    """Return how far off the size of what lies around may be: as the area is, and its edge along the whole length."""
    edges = 1 if measured.kind == "area" else 2
    off_m = off_length_m(measured, choices.pixel_m) or 0.0
    return (off_area_m2(measured, choices.pixel_m) or 0.0) + edges * choices.around_m * off_m


def position_words(lon: float, lat: float, choices: Choices) -> str:
    """Return a position in the form chosen, with no more digits than a pixel is worth.

    Where UTM does not reach, near the poles, it is in decimal degrees instead.
    """
    digits = digits_of(choices.pixel_m)
    if choices.form == "dms":
        return format_dms(lon, lat, digits)
    if choices.form == "utm" and UTM_SOUTH <= lat <= UTM_NORTH:
        return format_utm(lon, lat)
    return format_decimal(lon, lat, digits)


def digits_of(pixel_m: float | None) -> int:
    """Return how many decimals of a degree are worth telling of points set to a pixel of so many metres, or none."""
    return digits_for(pixel_m) if pixel_m else EXACT_DIGITS


def _totals(measured: Measurement, text: Catalogue, choices: Choices) -> list[Row]:
    if measured.kind == "points":
        return []
    area = area_rows(measured, text, choices.area, pixel_m=choices.pixel_m)
    length = length_rows(measured, text, choices)
    # the side on which all of it lies is seen on the map
    shares = share_rows(measured, text, choices) if len(measured.shares) > 1 else []
    rows = [*area, *shares, *length] if area else [*length, *shares]
    rows += sphere_rows(measured, text, choices)
    if choices.pixel_m and (off := off_by(measured, text, choices)):
        pixel = quantities.length(choices.pixel_m, text, like=choices.pixel_m)
        rows.append((text("measure.click", pixel=pixel), off))
    return rows


def _notes(measured: Measurement, atlas: Atlas, text: Catalogue) -> list[str]:
    notes = []
    if is_unfinished(measured):
        notes.append(text("measure.unfinished"))
    if measured.self_crossing:
        notes.append(text("measure.self_crossing"))
    if measured.beyond_land:
        notes.append(text("measured.beyond"))
    if measured.border_crossings:
        notes.append(text("measure.crosses_border", count=number(len(measured.border_crossings), text)))
    return [*notes, *compared_words(measured, atlas, text)]


def compared_words(measured: Measurement, atlas: Atlas, text: Catalogue) -> list[str]:
    """Return how large an area is beside the published ones, one line each; nothing for what has no area."""
    if not measured.area_ha:
        return []
    return [_compared(one, atlas, text) for one in _told_against(measured.area_ha, atlas)]


def _compared(one: AreaComparison, atlas: Atlas, text: Catalogue) -> str:
    name = atlas.feature[one.feature].properties.name.in_language(text.code)[0]
    value = text("unit.ha", value=number(one.published_ha, text))
    if one.ratio > TIMES_FROM:
        times = number(one.ratio, text, decimals=1)
        return text("measure.compared_times", times=times, name=name, value=value)
    percent = number(100 * one.ratio, text, decimals=0 if one.ratio > 0.1 else 1)
    return text("measure.compared", percent=text("unit.percent", value=percent), name=name, value=value)


def _told_against(area_ha: float, atlas: Atlas) -> list[AreaComparison]:
    compared = compare_area(area_ha, atlas)
    zones = [one for one in compared[1:] if atlas.feature[one.feature].properties.kind == WELL_KNOWN]
    return [*compared[:1], *zones]


def _head(measured: Measurement, text: Catalogue) -> list[str]:
    columns = ["measure.number", "measure.position"]
    if measured.kind == "points":
        columns += ["measure.country"]
    else:
        columns += ["measure.leg", "measure.azimuth", "measure.total"]
    return [*(text(column) for column in columns), ""]


def _vertices(measured: Measurement, text: Catalogue, choices: Choices) -> list[list[str]]:
    rows = []
    legs = told_legs(measured)
    off_m, off_leg_m = off_length_m(measured, choices.pixel_m), leg_uncertainty_m(choices.pixel_m)
    for i, (lon, lat) in enumerate(measured.positions):
        row = [number(i + 1, text), position_words(lon, lat, choices)]
        if measured.kind == "points":
            row.append(text(COUNTRY[measured.sides[i]]))
        else:
            leg = legs[i] if i < len(legs) else None
            row += [
                quantities.length(leg.length_m, text, choices.length, off_m=off_leg_m) if leg else "",
                quantities.azimuth(leg.azimuth_deg, text) if leg else "",
                quantities.length(measured.cumulative_m[i], text, choices.length, off_m=off_m),
            ]
        rows.append(row)
    return rows


def _labels(measured: Measurement, text: Catalogue, choices: Choices) -> list[str]:
    """Return what stands beside each point on the map: how far it is from the first; the area at the last.

    Of points it is the number, unless there is only one.
    """
    count = len(measured.positions)
    if measured.kind == "points":
        return [number(i + 1, text) for i in range(count)] if count > 1 else [""]
    if measured.kind == "area" and count > 2:
        off_m2 = off_area_m2(measured, choices.pixel_m)
        size = (
            quantities.area(measured.area_m2, text, choices.area, off_m2=off_m2) if measured.area_m2 else ""
        )
        return [""] * (count - 1) + [size]
    off_m = off_length_m(measured, choices.pixel_m)
    travelled_m = measured.cumulative_m[1:count]
    return ["", *(quantities.length(d, text, choices.length, off_m=off_m) for d in travelled_m)]
