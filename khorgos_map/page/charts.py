"""Charts of the evidence: what is planned is drawn unlike what is reported, and each has its table and its words."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.arrangement import Chart
from khorgos_map.atlas.records import Claim, ClaimStatus
from khorgos_map.draw import words
from khorgos_map.page.naming import name_of
from khorgos_map.text import Catalogue

TIMELINE_STEP_PX, TIMELINE_FROM = 22, 2000
STATUS_COLOURS: dict[ClaimStatus, str] = {
    "reported": "#2f86c1",
    "planned": "#cc4488",
    "announced": "#cc4488",
    "computed": "#85858f",
    "superseded": "#c07f1f",
}
YEARS = alt.Axis(format="%Y", tickCount="year", labelOverlap=True)
LEGEND = alt.Legend(title=None, orient="bottom")
UNPROVEN: tuple[ClaimStatus, ...] = ("planned", "announced")


def draw_charts(atlas: Atlas, text: Catalogue) -> None:
    """Draw every chart of the content, each with its note, its points in words, and its table."""
    for chart in atlas.charts:
        unit = text(f"unit.{atlas.claims[chart.points[0].claim].unit}", value="").strip()
        st.subheader(f"{chart.title.in_language(text.code)} ({unit})", anchor=False)
        table = chart_table(chart, atlas, text)
        st.altair_chart(_points(table, text), width="stretch")
        st.write(chart.note.in_language(text.code))
        with st.expander(text("evidence.asTable")):
            shown = ["when", "shown", "status", "claimant", "statement"]
            columns = dict(zip(shown, ("date", "value", "status", "claimant", "statement"), strict=True))
            st.dataframe(
                table[shown],
                hide_index=True,
                column_config={column: text(f"evidence.column.{key}") for column, key in columns.items()},
            )


def chart_table(chart: Chart, atlas: Atlas, text: Catalogue) -> pd.DataFrame:
    """Return a row for each point of a chart and for each rival of the same unit, in the order of time."""
    rows: list[dict[str, object]] = []
    listed = {point.claim for point in chart.points}
    for point in chart.points:
        claim = atlas.claims[point.claim]
        when = point.when or claim.as_of
        rivals = [atlas.claims[rival] for rival in claim.rivals if rival not in listed]
        comparable = [rival for rival in rivals if rival.unit == claim.unit]
        for said in [claim, *comparable]:
            unproven = point.unproven or said.status in UNPROVEN
            rows.append(_row(said, when, atlas, text) | {"unproven": unproven})
    return pd.DataFrame(rows).sort_values("day", kind="stable")


def _row(claim: Claim, when: str, atlas: Atlas, text: Catalogue) -> dict[str, object]:
    return {
        "day": pd.Timestamp(first_day(when)),
        "when": words.date(when, text),
        "value": words.amount(claim, text),
        "shown": words.value(claim, text),
        "number": words.number(words.amount(claim, text), text),
        "status": text(f"claim.{claim.status}"),
        "claimant": atlas.claimants[claim.claimant].name.in_language(text.code),
        "statement": claim.statement.in_language(text.code),
    }


def _points(table: pd.DataFrame, text: Catalogue) -> alt.LayerChart | alt.FacetChart:
    colours = _status_colours(table, text)
    base = alt.Chart(table).encode(
        x=alt.X(
            "day:T",
            title=None,
            scale=alt.Scale(padding=28),
            axis=alt.Axis(format="%Y", tickCount="year", labelOverlap=True),
        ),
        y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=True)),
        tooltip=["when", "shown", "status", "claimant", "statement"],
    )
    colour = alt.Color("status:N", scale=colours, legend=LEGEND)
    stems = base.mark_rule(opacity=0.5).encode(y2=alt.datum(0), color=colour, strokeDash=_dashed())
    marks = base.mark_point(size=120, strokeWidth=2).encode(
        color=colour,
        fill=alt.condition("datum.unproven", alt.value("transparent"), colour),
        shape=alt.Shape("status:N", scale=alt.Scale(domain=colours.domain), legend=LEGEND),
    )
    labels = base.mark_text(dy=-14).encode(text="number", color=colour)
    return alt.layer(stems, marks, labels).properties(height=280)


def _status_colours(table: pd.DataFrame, text: Catalogue) -> alt.Scale:
    named = {text(f"claim.{status}"): colour for status, colour in STATUS_COLOURS.items()}
    used = {name: colour for name, colour in named.items() if name in set(table["status"])}
    return alt.Scale(domain=list(used), range=list(used.values()))


def _dashed() -> alt.StrokeDash:
    return alt.StrokeDash(
        "unproven:N", legend=None, scale=alt.Scale(domain=[False, True], range=[[1, 0], [4, 4]])
    )


def draw_timeline(atlas: Atlas, text: Catalogue) -> None:
    """Draw what is dated on one time axis, reported and announced apart, with the same as a table."""
    dated = [claim for claim in atlas.claims.values() if claim.unit == "date"]
    table = pd.DataFrame(
        {
            "when": pd.to_datetime([first_day(str(claim.value)) for claim in dated]),
            "date": [words.date(str(claim.value), text) for claim in dated],
            "subject": [name_of(atlas.feature[claim.subject], text) for claim in dated],
            "attribute": [text(f"attribute.{claim.attribute}") for claim in dated],
            "claimant": [atlas.claimants[c.claimant].name.in_language(text.code) for c in dated],
            "status": [text(f"claim.{claim.status}") for claim in dated],
        }
    ).sort_values("when")
    colours = _status_colours(table, text)
    chart = (
        alt.Chart(table[table["when"].dt.year >= TIMELINE_FROM])
        .mark_point(filled=True, size=90)
        .encode(
            x=alt.X("when:T", title=None),
            y=alt.Y("subject:N", title=None, sort=None, axis=alt.Axis(labelLimit=180)),
            shape=alt.Shape("status:N", scale=alt.Scale(domain=colours.domain), legend=LEGEND),
            color=alt.Color("status:N", scale=colours, legend=LEGEND),
            tooltip=["date", "attribute", "subject", "claimant", "status"],
        )
        .properties(height=alt.Step(TIMELINE_STEP_PX))
    )
    st.altair_chart(chart, width="stretch")
    with st.expander(text("evidence.asTable")):
        columns = {
            c: text(f"evidence.column.{c}") for c in ("date", "subject", "attribute", "claimant", "status")
        }
        st.dataframe(table.drop(columns="when"), hide_index=True, column_config=columns)


def first_day(partial: str) -> str:
    """Return the first day of a year, a month or a day, as an ISO date."""
    return partial + "-01" * (2 - partial.count("-"))
