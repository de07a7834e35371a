"""The distances: each published one before the court, and all places to all others as a table and a heat map."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd
import streamlit as st

from khorgos_map.atlas import Atlas
from khorgos_map.draw import quantities
from khorgos_map.draw.verdicts import COLUMNS, verdict_row
from khorgos_map.draw.words import number
from khorgos_map.measure.court import BEFORE_YEAR, distance_court
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.records import PROFILES, Matrix, Profile, Stop
from khorgos_map.page import content
from khorgos_map.page.charts import chart_locale
from khorgos_map.text import Catalogue

CELL_PX = 34
M_PER_KM = 1000.0


def draw_distances(text: Catalogue) -> None:
    """Draw the court and the matrix, on the roads of today."""
    atlas = content.atlas()
    st.subheader(text("distances.court"), anchor=False)
    draw_court(atlas, content.engine(), text)
    st.subheader(text("distances.matrix"), anchor=False)
    draw_matrix(atlas, content.engine(), text)


def draw_court(atlas: Atlas, engine: Embedded, text: Catalogue) -> None:
    """Draw every published distance beside what the network says, and below each why."""
    verdicts = distance_court(atlas, engine)
    columns = [text(key) for key in COLUMNS]
    rows = [verdict_row(verdict, atlas, text) for verdict in verdicts]
    st.dataframe(pd.DataFrame(rows, columns=columns), hide_index=True)
    st.caption(text("court.note", year=BEFORE_YEAR))
    st.markdown(f"**{text('distances.reason')}**")
    for row, verdict in zip(rows, verdicts, strict=True):
        if verdict.judged:
            st.text(f"{row[0]}, {row[1]}: {verdict.judged.statement.in_language(text.code)}")


def draw_matrix(atlas: Atlas, engine: Embedded, text: Catalogue) -> None:
    """Draw the distances between all places of the map that lie on the network."""
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
    stops = places_on_the_network(atlas, text)
    found = engine.matrix(stops, stops, profile)
    table = matrix_table(found, text, timed=timed)
    # page.css lets it scroll: made narrower, its figures could not be read
    with st.container(key="matrix"):
        st.altair_chart(_heat_map(table, len(stops), text), width="content")
    wide = table.pivot_table(index="from", columns="to", values="shown", aggfunc="first", sort=False)
    with st.expander(text("evidence.asTable")):
        st.dataframe(wide)
    numbers = table[["from", "to", "km", "minutes"]]
    st.download_button(
        text("distances.download"),
        numbers.to_csv(index=False).encode("utf-8-sig"),
        file_name=f"khorgos-matrix-{profile}.csv",
        mime="text/csv",
        on_click="ignore",
        key="matrix-download",
    )
    st.caption(text("distances.note"))


def places_on_the_network(atlas: Atlas, text: Catalogue) -> tuple[Stop, ...]:
    """Return every place of the map that is a node of the network, from west to east."""
    nodes = [node for node in atlas.network.nodes.values() if node.properties.place in atlas.feature]
    nodes.sort(key=lambda node: node.geometry.coordinates[0])
    return tuple(
        Stop(
            (node.geometry.coordinates[0], node.geometry.coordinates[1]),
            atlas.feature[node.properties.place or ""].properties.name.in_language(text.code)[0],
            node.properties.id,
        )
        for node in nodes
    )


def matrix_table(found: Matrix, text: Catalogue, *, timed: bool) -> pd.DataFrame:
    """Return one row a pair: names, kilometres, minutes, and the value shown in words; no way is no number."""
    rows = []
    for i, origin in enumerate(found.origins):
        for j, destination in enumerate(found.destinations):
            metres, seconds = float(found.distance_m[i, j]), float(found.duration_s[i, j])
            known = not math.isnan(metres)
            km = text("unit.km", value=number(metres / M_PER_KM, text, decimals=0)) if known else "–"
            rows.append(
                {
                    "from": origin.name,
                    "to": destination.name,
                    "km": round(metres / M_PER_KM, 1) if known else None,
                    "minutes": round(seconds / 60) if known else None,
                    "shown": quantities.duration(seconds, text) if timed and known else km,
                    "cell": (seconds / 3600 if timed else metres / M_PER_KM) if known else None,
                }
            )
    return pd.DataFrame(rows)


def _heat_map(table: pd.DataFrame, count: int, text: Catalogue) -> alt.LayerChart | alt.FacetChart:
    base = alt.Chart(table).encode(
        x=alt.X(
            "to:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelAngle=-90, labelOverlap=False, orient="top", labelLimit=180),
        ),
        y=alt.Y("from:N", sort=None, title=None, axis=alt.Axis(labelLimit=180)),
        tooltip=[alt.Tooltip("from:N"), alt.Tooltip("to:N"), alt.Tooltip("shown:N")],
    )
    squares = base.mark_rect().encode(
        color=alt.Color("cell:Q", scale=alt.Scale(scheme="tealblues"), legend=None)
    )
    figures = base.mark_text(fontSize=9).encode(
        text=alt.Text("cell:Q", format=".0f"),
        color=alt.condition("datum.cell > 500", alt.value("white"), alt.value("#1c2329")),
    )
    layers = alt.layer(squares, figures).properties(width=CELL_PX * count, height=CELL_PX * count)
    drawn: alt.LayerChart | alt.FacetChart = layers.configure(locale=chart_locale(text))
    return drawn
