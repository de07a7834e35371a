"""The distances: each published one before the court, and from place to place as a table and a heat map."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from khorgos_map.draw.verdicts import COLUMNS, verdict_row
from khorgos_map.measure.court import BEFORE_YEAR, distance_court
from khorgos_map.measure.routing.records import PROFILES, Profile
from khorgos_map.page import content
from khorgos_map.page.kept import kept
from khorgos_map.page.matrix import heat_map, matrix_of, matrix_table
from khorgos_map.page.offered import links_to
from khorgos_map.text import Catalogue, catalogue

# A column of names stays in sight on a phone only where it leaves room for others; rows of more than 64 pixels have
# their texts in several lines.
NAMES_PX, ROADS_PX, SEVERAL_LINES_PX = 130, 170, 66

# The columns of the table of pairs, with their words.
PAIR_COLUMNS = {
    "from": "distances.from",
    "to": "distances.to",
    "km": "distances.km",
    "plus_minus_km": "distances.plus_minus",
    "access_from_km": "distances.access_from",
    "access_to_km": "distances.access_to",
    "minutes": "distances.minutes",
    "through": "distances.crossing",
}


def draw_distances(text: Catalogue) -> None:
    """Draw the court and the matrix, on the roads of today."""
    draw_court(text.code)
    st.subheader(text("distances.matrix"), anchor=False)
    draw_matrix(text)


@kept
def draw_court(language: str) -> None:
    """Draw every published distance beside what the network says, and below each why."""
    atlas, text = content.atlas(), catalogue(language)
    st.subheader(text("distances.court"), anchor=False)
    verdicts = distance_court(atlas, content.engine())
    columns = [text(key) for key in COLUMNS]
    rows = [verdict_row(verdict, atlas, text) for verdict in verdicts]
    names = {columns[0]: st.column_config.TextColumn(width=ROADS_PX, pinned=True)}
    table = pd.DataFrame(rows, columns=columns)
    st.dataframe(table, hide_index=True, height="content", row_height=SEVERAL_LINES_PX, column_config=names)
    st.caption(text("court.note", year=BEFORE_YEAR))
    st.markdown(f"**{text('distances.reason')}**")
    for row, verdict in zip(rows, verdicts, strict=True):
        if verdict.judged:
            st.text(f"{row[0]}, {row[1]}: {verdict.judged.statement.in_language(text.code)}")


def draw_matrix(text: Catalogue) -> None:
    """Draw the distances between the places of the map and those beside the crossings, each to each."""
    choose, what = st.columns(2)
    profile: Profile = choose.segmented_control(
        text("map.vehicle"),
        PROFILES,
        default=PROFILES[0],
        required=True,
        format_func=lambda one: text(f"map.{one}"),
        key="matrix-profile",
    )
    timed = (
        what.segmented_control(
            text("distances.shown"),
            ("route.length", "route.time"),
            default="route.length",
            required=True,
            format_func=text,
            key="matrix-shown",
        )
        == "route.time"
    )
    _draw_pairs(profile, text.code, timed=timed)
    st.html(links_to([(f"khorgos-matrix-{profile}.csv", text("distances.download"))], text))
    st.caption(text("distances.note"))


@kept
def _draw_pairs(profile: Profile, language: str, *, timed: bool) -> None:
    """Draw the distances or times of a kind of vehicle as a heat map, and the same as a table."""
    text = catalogue(language)
    table = matrix_table(matrix_of(profile, text), text, timed=timed)
    # page.css lets it scroll, with its names in sight: made narrower, its figures could not be read
    drawn = heat_map(table, text("distances.clock" if timed else "distances.km"), text.code)
    with st.container(key="matrix"):
        # the keyboard scrolls what can have the focus
        st.html(
            f'<div role="region" aria-label="{escape(text("distances.matrix"))}" tabindex="0">{drawn}</div>'
        )
    pairs = table[table["from"] != table["to"]].rename(
        columns={key: text(word) for key, word in PAIR_COLUMNS.items()}
    )
    first = text(PAIR_COLUMNS["from"])
    with st.expander(text("evidence.asTable")):
        st.dataframe(
            pairs[[text(word) for word in PAIR_COLUMNS.values()]],
            hide_index=True,
            column_config={first: st.column_config.Column(width=NAMES_PX, pinned=True)},
        )
