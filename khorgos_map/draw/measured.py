"""What was measured of a sketch, as words and lines for the browser: totals, a table of points, the course."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry import LineString, MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas
from khorgos_map.draw import quantities
from khorgos_map.draw.totals import (
    Choices,
    Row,
    area_rows,
    is_unfinished,
    length_rows,
    off_by,
    point_rows,
    share_rows,
    sphere_rows,
    told_legs,
)
from khorgos_map.draw.words import number
from khorgos_map.geodesy import WGS84, area_m2, buffer
from khorgos_map.measure.areas import AreaComparison, compare_area
from khorgos_map.measure.coordinates import digits_for, format_decimal, format_dms, format_utm
from khorgos_map.measure.measurement import Measurement
from khorgos_map.text import Catalogue

# On the map a geodesic bends visibly over tens of kilometres, not within five.
COURSE_STEP_M = 5_000.0
# Decimals of a degree, about a metre, for what was typed or snapped to something and is off by no pixel.
EXACT_DIGITS = 5
# How large a site is, is told in the two zones that everybody at Khorgos knows, and in what is nearest in size.
WELL_KNOWN = "zone"


def measured_words(measured: Measurement, atlas: Atlas, text: Catalogue, choices: Choices) -> dict[str, Any]:
    """Return what the browser shows of a measurement; positions in it are longitude/latitude on WGS 84."""
    around = buffer(_shape(measured), choices.around_m) if choices.around_m else None
    totals = _totals(measured, text, choices)
    if around:
        distance = quantities.length(choices.around_m, text, choices.length)
        totals.append(
            (text("measure.around", distance=distance), quantities.area(area_m2(around), text, choices.area))
        )
    return {
        "kind": measured.kind,
        "totals": totals,
        "notes": list(_notes(measured, atlas, text)),
        "head": _head(measured, text),
        "vertices": _vertices(measured, text, choices),
        "labels": _labels(measured, text, choices),
        "drawn": course(measured),
        "around": shapely.geometry.mapping(around) if around else None,
    }


def _shape(measured: Measurement) -> BaseGeometry:
    way = course(measured)
    if measured.kind == "points" or len(way) < 2:
        return MultiPoint(way)
    # an outline that crosses itself has a surrounding too
    return shapely.make_valid(Polygon(way)) if measured.kind == "area" and len(way) > 3 else LineString(way)


def position_words(lon: float, lat: float, choices: Choices) -> str:
    """Return a position in the form chosen, with no more digits than a pixel is worth."""
    digits = digits_of(choices.pixel_m)
    match choices.form:
        case "decimal":
            return format_decimal(lon, lat, digits)
        case "dms":
            return format_dms(lon, lat, digits)
        case "utm":
            return format_utm(lon, lat)


def digits_of(pixel_m: float | None) -> int:
    """Return how many decimals of a degree are worth telling of points set to a pixel of so many metres, or none."""
    return digits_for(pixel_m) if pixel_m else EXACT_DIGITS


def course(measured: Measurement) -> list[tuple[float, float]]:
    """Return the way along the geodesics between the positions; an outline comes back to its start."""
    if measured.kind == "points":
        return list(measured.positions)
    stops = list(measured.positions)
    if measured.kind == "area" and len(stops) > 2:
        stops.append(stops[0])
    way = stops[:1]
    for (lon1, lat1), (lon2, lat2), leg in zip(stops, stops[1:], measured.legs, strict=False):
        count = int(leg.length_m // COURSE_STEP_M)
        between = WGS84.npts(lon1, lat1, lon2, lat2, count) if count else []
        way += [(round(lon, 6), round(lat, 6)) for lon, lat in between]
        way.append((lon2, lat2))
    return way


def _totals(measured: Measurement, text: Catalogue, choices: Choices) -> list[Row]:
    if measured.kind == "points":
        return point_rows(measured, text)
    area, length = area_rows(measured, text, choices.area), length_rows(measured, text, choices)
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


def compared_words(
    measured: Measurement, atlas: Atlas, text: Catalogue, *, zones_only: bool = False
) -> list[str]:
    """Return how large an area is beside the published ones, one line each; nothing for what has no area."""
    if not measured.area_ha:
        return []
    return [
        text(
            "measure.compared",
            percent=text(
                "unit.percent", value=number(100 * one.ratio, text, decimals=0 if one.ratio > 0.1 else 1)
            ),
            name=atlas.feature[one.feature].properties.name.in_language(text.code)[0],
            value=text("unit.ha", value=number(one.published_ha, text)),
        )
        for one in _told_against(measured.area_ha, atlas, zones_only=zones_only)
    ]


def _told_against(area_ha: float, atlas: Atlas, *, zones_only: bool) -> list[AreaComparison]:
    compared = compare_area(area_ha, atlas)
    nearest = () if zones_only else compared[:1]
    others = compared[len(nearest) :]
    zones = [one for one in others if atlas.feature[one.feature].properties.kind == WELL_KNOWN]
    return [*nearest, *zones]


def _head(measured: Measurement, text: Catalogue) -> list[str]:
    columns = ["measure.number", "measure.position"]
    if measured.kind != "points":
        columns += ["measure.leg", "measure.azimuth", "measure.total"]
    return [*(text(column) for column in columns), ""]


def _vertices(measured: Measurement, text: Catalogue, choices: Choices) -> list[list[str]]:
    rows = []
    legs = told_legs(measured)
    for i, (lon, lat) in enumerate(measured.positions):
        row = [number(i + 1, text), position_words(lon, lat, choices)]
        if measured.kind != "points":
            leg = legs[i] if i < len(legs) else None
            row += [
                quantities.length(leg.length_m, text, choices.length) if leg else "",
                quantities.azimuth(leg.azimuth_deg, text) if leg else "",
                quantities.length(measured.cumulative_m[i], text, choices.length),
            ]
        rows.append(row)
    return rows


def _labels(measured: Measurement, text: Catalogue, choices: Choices) -> list[str]:
    """Return what stands beside each point on the map: how far it is from the first; the area at the last."""
    if measured.kind == "points":
        return ["" for _ in measured.positions]
    labels = [
        "",
        *(
            quantities.length(d, text, choices.length)
            for d in measured.cumulative_m[1 : len(measured.positions)]
        ),
    ]
    if measured.kind == "area" and len(labels) > 2:
        labels = ["" for _ in labels]
        if measured.area_m2:
            labels[-1] = quantities.area(measured.area_m2, text, choices.area)
    return labels
