"""From place to place: distances and times as a table, as a heat map and as a file."""

from __future__ import annotations

import math
from collections import Counter
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.roads import Node, RoadNetwork
from khorgos_map.draw import quantities
from khorgos_map.draw.words import number
from khorgos_map.geodesy import length_m
from khorgos_map.measure.matrix.job import Values, values_of
from khorgos_map.measure.routing.records import Matrix, Profile, Stop
from khorgos_map.measure.routing.verdict import node_name
from khorgos_map.page import content
from khorgos_map.text import Catalogue

M_PER_KM = 1000.0
TENTHS_BELOW_KM = 10
CSV_COLUMNS = (
    "from", "to", "km", "plus_minus_km", "access_from_km", "access_to_km", "whole_low_km", "whole_high_km",
    "minutes", "crossings",
)  # fmt: skip
Colour = tuple[float, float, float]
NEAR: Colour = (228, 242, 245)
FAR: Colour = (8, 72, 104)
BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)


def matrix_of(profile: Profile, text: Catalogue) -> Matrix:
    """Return the distances and times between the places of the map and those beside the crossings."""
    stops = places_on_the_network(content.atlas(), text)
    return content.engine().matrix(stops, stops, profile)


def matrix_csv(profile: Profile, text: Catalogue) -> bytes:
    """Return them as a table in UTF-8 with a byte order mark, by which spreadsheets know it; a row a pair."""
    table = matrix_table(matrix_of(profile, text), text, timed=False)
    return table[list(CSV_COLUMNS)].to_csv(index=False).encode("utf-8-sig")


def places_on_the_network(atlas: Atlas, text: Catalogue) -> tuple[Stop, ...]:
    """Return the places of the map that are nodes of the network and those beside its crossings, west to east.

    No two have the same name: where languages do not tell them apart, the country does.
    """
    beside = _beside_the_crossings(atlas.network)
    nodes = [
        node
        for node in atlas.network.nodes.values()
        if node.properties.place in atlas.feature or node.properties.id in beside
    ]
    nodes.sort(key=lambda node: node.geometry.coordinates[0])
    names = [node_name(node.properties.id, atlas, text.code) or node.properties.id for node in nodes]
    count = Counter(names)
    return tuple(
        Stop(
            _position(node),
            name if count[name] == 1 else f"{name} ({text(f'side.{node.properties.country}')})",
            node.properties.id,
        )
        for node, name in zip(nodes, names, strict=True)
    )


def _beside_the_crossings(network: RoadNetwork) -> set[str]:
    """Return the ids of the named nodes nearest to both ends of every road crossing, each in its own country."""
    named = [node for node in network.nodes.values() if node.properties.name]
    crossings = [
        e.properties for e in network.edges.values() if e.properties.crossing in network.motor_crossings
    ]
    ends = [network.nodes[end] for crossing in crossings for end in (crossing.start, crossing.end)]
    return {
        min(
            (node for node in named if node.properties.country == end.properties.country),
            key=lambda node: length_m([_position(end), _position(node)]),
        ).properties.id
        for end in ends
    }


def _position(node: Node) -> tuple[float, float]:
    lon, lat = node.geometry.coordinates[:2]
    return lon, lat


def matrix_table(found: Matrix, text: Catalogue, *, timed: bool) -> pd.DataFrame:
    """Return one row a pair: names, kilometres, minutes, and the value in words; no way is no number.

    Of the heat map ``cell`` is the figure and ``share`` how near it comes to the largest, 0 to 1.
    """
    values = values_of(found)
    shown = found.duration_s if timed else found.distance_m
    largest = float(np.nanmax(shown, initial=0.0)) or 1.0
    rows = []
    for i, origin in enumerate(found.origins):
        for j, destination in enumerate(found.destinations):
            metres, seconds = float(found.distance_m[i, j]), float(found.duration_s[i, j])
            known = not math.isnan(metres)
            told, figure = _told(metres, seconds, text, timed=timed)
            rows.append(
                {
                    "from": origin.name,
                    "to": destination.name,
                    "km": round(metres / M_PER_KM, 1) if known else None,
                    "plus_minus_km": _tenths_km(values.sigma_m[i, j]) if i != j else None,
                    "access_from_km": _tenths_km(values.access_from_m[i]),
                    "access_to_km": _tenths_km(values.access_to_m[j]),
                    "whole_low_km": _tenths_km(values.low_m[i, j]),
                    "whole_high_km": _tenths_km(values.high_m[i, j]),
                    "crossings": values.crossings[values.passed[i, j]] if known else None,
                    "through": _through(values, (i, j), text) if known else "",
                    "detail": _detail(values, (i, j), text) if known and i != j else "",
                    "minutes": round(seconds / quantities.MINUTE_S) if known else None,
                    "shown": told,
                    "cell": figure if origin != destination else "",
                    "share": float(shown[i, j]) / largest if known else None,
                }
            )
    return pd.DataFrame(rows)


def _tenths_km(metres: float) -> float | None:
    return None if math.isnan(metres) else round(float(metres) / M_PER_KM, 1)


def _through(values: Values, pair: tuple[int, int], text: Catalogue) -> str:
    """Return the names of the crossings on a way; the word for not known where the engine does not say."""
    passed = values.crossings[values.passed[pair]]
    if passed is None:
        return text("distances.not_known")
    crossings = content.atlas().network.crossings
    return " · ".join(crossings[one].name.in_language(text.code)[0] for one in passed.split())


def _detail(values: Values, pair: tuple[int, int], text: Catalogue) -> str:
    """Return the error of a distance and the crossings on the way, in words."""
    sigma_m = float(values.sigma_m[pair])
    error = (
        ""
        if math.isnan(sigma_m)
        else f"± {text('unit.km', value=number(sigma_m / M_PER_KM, text, decimals=0))}"
    )
    return " · ".join(filter(None, [error, _through(values, pair, text)]))


def _told(metres: float, seconds: float, text: Catalogue, *, timed: bool) -> tuple[str, str]:
    """Return a distance or time in words, and short for a cell; dashes where there is no way."""
    if math.isnan(metres):
        return "–", "–"
    if timed:
        return quantities.duration(seconds, text), clock(seconds)
    km = metres / M_PER_KM
    told = number(km, text, decimals=1 if 0 < km < TENTHS_BELOW_KM else 0)
    # a cell has room for four digits and no more
    return text("unit.km", value=told), told if km < TENTHS_BELOW_KM else f"{km:.0f}"


def clock(seconds: float) -> str:
    """Return a time as hours and minutes, 2:35, as exact as `quantities.duration` tells it."""
    minutes = seconds / quantities.MINUTE_S
    step = quantities.ROUND_TO_MIN if minutes >= 15 else 1
    hours, rest = divmod(round(minutes / step) * step, 60)
    return f"{hours}:{rest:02d}"


def heat_map(table: pd.DataFrame, unit: str, language: str) -> str:
    """Return the pairs of `matrix_table` as an HTML table of coloured cells, its figures in the unit named."""
    head = "".join(f'<th scope="col"><span>{escape(str(name))}</span></th>' for name in table["to"].unique())
    rows = "".join(
        f'<tr><th scope="row">{escape(str(origin))}</th>{"".join(map(_cell, pairs.to_dict("records")))}</tr>'
        for origin, pairs in table.groupby("from", sort=False)
    )
    head = f"<thead><tr><td>{escape(unit)}</td>{head}</tr></thead>"
    return f'<table lang="{escape(language)}">{head}<tbody>{rows}</tbody></table>'


def _cell(pair: dict[Any, Any]) -> str:
    title = escape(f"{pair['from']} – {pair['to']}: {pair['shown']} {pair['detail']}".strip())
    colours = "" if pd.isna(pair["share"]) else f' style="{_css(pair["share"])}"'
    return f'<td title="{title}"{colours}>{escape(str(pair["cell"]))}</td>'


def _css(share: float) -> str:
    ground, figure = cell_colours(share)
    return ";".join(
        f"{name}:rgb({','.join(f'{part:.0f}' for part in colour)})"
        for name, colour in (("background", ground), ("color", figure))
    )


def cell_colours(share: float) -> tuple[Colour, Colour]:
    """Return the colours of a cell and of its figure, red to blue from 0 to 255; a share is 0 near to 1 far.

    The figure is black or white, whichever can be read better: one of the two always has a contrast of 4.5.
    """
    red, green, blue = (near + share * (far - near) for near, far in zip(NEAR, FAR, strict=True))
    ground = (red, green, blue)
    return ground, max(BLACK, WHITE, key=lambda colour: contrast(colour, ground))


def contrast(one: Colour, other: Colour) -> float:
    """Return how well two colours are told apart, from 1 to 21, as the WCAG 2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [c / 12.92 if (c := part / 255) <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
