"""Charts of the evidence: what is planned is drawn unlike what is reported, and each has its table and its words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st
from babel import Locale
from babel.dates import format_interval, get_day_names, get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.arrangement import Chart
from khorgos_map.atlas.asof import atlas_as_of
from khorgos_map.atlas.evidence import months_covered
from khorgos_map.atlas.records import Claim, ClaimStatus
from khorgos_map.draw import words
from khorgos_map.export.cite import cite_chart
from khorgos_map.page import content
from khorgos_map.page.downloads import draw_citation, page_address, today
from khorgos_map.page.kept import kept
from khorgos_map.page.naming import name_of
from khorgos_map.page.plain import escaped
from khorgos_map.text import Catalogue, catalogue
from khorgos_map.view import View

TIMELINE_STEP_PX, TIMELINE_FROM = 22, 2000
# of a chart: the height of a line, the width kept for what it is for, and how far the axis goes on beyond the
# longest line, for the number after it
ROW_PX, LABEL_PX, ROOM_FOR_NUMBER = 36, 240, 1.25
LINE_BREAK = " · "
STATUS_COLOURS: dict[ClaimStatus, str] = {
    "reported": "#2f86c1",
    "planned": "#cc4488",
    "announced": "#cc4488",
    "computed": "#85858f",
    "superseded": "#c07f1f",
}
LEGEND = alt.Legend(title=None, orient="bottom")
UNPROVEN: tuple[ClaimStatus, ...] = ("planned", "announced")


def draw_charts(atlas: Atlas, view: View, text: Catalogue) -> None:
    """Draw every chart of the content, the one that the view names first, each with its words, table and citation."""
    for chart in sorted(atlas.charts, key=lambda chart: chart.id != view.chart):
        _draw_chart(chart.id, view.asof, text.code)
        with st.expander(text("evidence.citeChart")):
            draw_citation(cite_chart(chart, atlas, view, today(), address=page_address()), chart.id, text)


@kept
def _draw_chart(identifier: str, year: int | None, language: str) -> None:
    """Draw one chart as of a year, a part for each thing that is counted, with its words and its table."""
    atlas, text = atlas_as_of(content.atlas(), year), catalogue(language)
    chart = next(chart for chart in atlas.charts if chart.id == identifier)
    unit = _unit(atlas.claims[chart.points[0].claim].unit, text)
    st.subheader(escaped(f"{chart.title.in_language(text.code)} ({unit})"), anchor=False)
    if chart.running:
        st.markdown(f"**{text('evidence.perMonth')}** · {text('evidence.perMonthAbout')}")
    table = chart_table(chart, atlas, text)
    for counts, part in table.groupby("counts", sort=False):
        if counts:
            st.markdown(f"**{escaped(str(counts))}**")
        st.altair_chart(_points(part, text), width="stretch")
    st.markdown(escaped(chart.note.in_language(text.code)))
    with st.expander(text("evidence.asTable")):
        _draw_chart_table(table, text, running=chart.running)


def _unit(unit: str, text: Catalogue) -> str:
    """Return a unit without a value; where the value stood amid Chinese, nothing is between its parts."""
    alone = " ".join(text(f"unit.{unit}", value="").split()).strip(" :")
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", alone)


def _draw_chart_table(table: pd.DataFrame, text: Catalogue, *, running: bool) -> None:
    names = {"when": "date", "shown": "value", "number": "perMonth"}
    shown = ["when", "shown", *(["number"] if running else []), "status", "claimant", "statement"]
    columns = {column: text(f"evidence.column.{names.get(column, column)}") for column in shown}
    st.dataframe(table[shown], hide_index=True, column_config=columns)


def chart_table(chart: Chart, atlas: Atlas, text: Catalogue) -> pd.DataFrame:
    """Return a row for each point of a chart and for each rival that covers the same months, in the order of time.

    ``value`` is what is drawn: of running totals the average of the months from January to their date.
    """
    rows: list[dict[str, object]] = []
    listed = {point.claim for point in chart.points}
    for point in chart.points:
        claim = atlas.claims[point.claim]
        when = point.when or claim.as_of
        counts = point.counts.in_language(text.code) if point.counts else ""
        rivals = [atlas.claims[rival] for rival in claim.rivals if rival not in listed]
        for said in [claim, *(rival for rival in rivals if _comparable(rival, claim))]:
            row = _row(said, when, atlas, text, running=chart.running)
            rows.append(row | {"unproven": point.unproven or said.status in UNPROVEN, "counts": counts})
    table = pd.DataFrame(rows).sort_values("day", kind="stable")
    beside = table.duplicated(["when", "counts"], keep=False)
    table["label"] = table["when"].where(~beside, table["when"] + LINE_BREAK + table["claimant"])
    return table


def _comparable(rival: Claim, claim: Claim) -> bool:
    return rival.unit == claim.unit and months_covered(rival.as_of) == months_covered(claim.as_of)


def _row(claim: Claim, when: str, atlas: Atlas, text: Catalogue, *, running: bool) -> dict[str, object]:
    value = words.amount(claim, text) / (months_covered(when) if running else 1)
    return {
        "day": pd.Timestamp(first_day(when)),
        "when": covered(when, text) if running else words.date(when, text),
        "value": value,
        "shown": words.value(claim, text),
        "number": words.number(_readable(value), text),
        "status": text(f"claim.{claim.status}"),
        "claimant": atlas.claimants[claim.claimant].name.in_language(text.code),
        "statement": claim.statement.in_language(text.code),
    }


def covered(when: str, text: Catalogue) -> str:
    """Return the months from January to a date, as a language writes them; the year alone if it is whole."""
    parts = when.split("-")
    if len(parts) == 1:
        return words.date(when, text)
    last = dt.date.fromisoformat(first_day(when))
    skeleton = "yMMM" if len(parts) == 2 else "yMMMd"
    return str(format_interval(last.replace(month=1, day=1), last, skeleton, locale=Locale(text.code)))


def _readable(value: float) -> float:
    """Return a number for a mark: whole from a hundred on, below with three digits and two decimals at most."""
    return round(value) if value >= 100 else round(float(f"{value:.3g}"), 2)


def _points(table: pd.DataFrame, text: Catalogue) -> alt.LayerChart | alt.FacetChart:
    """Return marks on one axis, a line each, with the months or the date it is for at each and its value beside it."""
    colours = _status_colours(table, text)
    base = alt.Chart(table).encode(
        x=alt.X(
            "value:Q",
            title=None,
            scale=alt.Scale(domain=[0, table["value"].max() * ROOM_FOR_NUMBER], nice=False),
            axis=alt.Axis(tickCount=4, labelOverlap=True, labelFlush=True),
        ),
        y=alt.Y(
            "label:N",
            title=None,
            sort=None,
            axis=alt.Axis(labelLimit=LABEL_PX, labelExpr=f"split(datum.label, '{LINE_BREAK}')"),
        ),
        tooltip=["when", "shown", "status", "claimant", "statement"],
    )
    colour = alt.Color("status:N", scale=colours, legend=LEGEND)
    stems = base.mark_rule(opacity=0.5).encode(x2=alt.datum(0), color=colour, strokeDash=_dashed())
    marks = base.mark_point(size=120, strokeWidth=2, opacity=1).encode(
        color=colour,
        fill=_hollow_if_unproven(colour),
        shape=alt.Shape("status:N", scale=alt.Scale(domain=colours.domain), legend=LEGEND),
    )
    labels = base.mark_text(dx=12, align="left").encode(text="number", color=colour)
    layers = alt.layer(stems, marks, labels).properties(height=alt.Step(ROW_PX))
    drawn: alt.LayerChart | alt.FacetChart = layers.configure(locale=chart_locale(text))
    return drawn


def chart_locale(text: Catalogue) -> alt.Locale:
    """Return how axes write numbers and dates in a language, after the CLDR."""
    locale = Locale(text.code)
    names: dict[str, list[str]] = {
        "days": _from_sunday(get_day_names("wide", "stand-alone", locale)),
        "shortDays": _from_sunday(get_day_names("abbreviated", "stand-alone", locale)),
        "months": list(get_month_names("wide", "stand-alone", locale).values()),
        "shortMonths": list(get_month_names("abbreviated", "stand-alone", locale).values()),
    }
    number = alt.NumberLocale(
        decimal=get_decimal_symbol(locale),
        thousands=get_group_symbol(locale),
        grouping=[3],
        currency=["", ""],
    )
    time = alt.TimeLocale(
        dateTime="%Y-%m-%d %H:%M", date="%Y-%m-%d", time="%H:%M", periods=["AM", "PM"], **names
    )
    return alt.Locale(number=number, time=time)


def _from_sunday(names: Mapping[int, str]) -> list[str]:
    return [names[(day + 6) % 7] for day in range(7)]


def _status_colours(table: pd.DataFrame, text: Catalogue) -> alt.Scale:
    named = {text(f"claim.{status}"): colour for status, colour in STATUS_COLOURS.items()}
    used = {name: colour for name, colour in named.items() if name in set(table["status"])}
    return alt.Scale(domain=list(used), range=list(used.values()))


def _hollow_if_unproven(colour: alt.Color) -> Any:
    return alt.condition("datum.unproven", alt.value("transparent"), colour)


def _dashed() -> alt.StrokeDash:
    return alt.StrokeDash(
        "unproven:N", legend=None, scale=alt.Scale(domain=[False, True], range=[[1, 0], [4, 4]])
    )


@kept
def draw_timeline(year: int | None, language: str) -> None:
    """Draw what is dated on one time axis, reported and announced apart, with the same as a table."""
    atlas, text = atlas_as_of(content.atlas(), year), catalogue(language)
    dated = [claim for claim in atlas.claims.values() if claim.unit == "date"]
    table = pd.DataFrame(
        {
            "when": pd.to_datetime([first_day(str(claim.value)) for claim in dated]),
            "date": [words.date(str(claim.value), text) for claim in dated],
            "subject": [name_of(atlas.feature[claim.subject], text) for claim in dated],
            "attribute": [text(f"attribute.{claim.attribute}") for claim in dated],
            "claimant": [atlas.claimants[c.claimant].name.in_language(text.code) for c in dated],
            "status": [text(f"claim.{claim.status}") for claim in dated],
            "unproven": [claim.status in UNPROVEN for claim in dated],
        }
    ).sort_values("when")
    colours = _status_colours(table, text)
    chart = (
        alt.Chart(table[table["when"].dt.year >= TIMELINE_FROM])
        .mark_point(size=90, strokeWidth=2)
        .encode(
            x=alt.X("when:T", title=None),
            y=alt.Y("subject:N", title=None, sort=None, axis=alt.Axis(labelLimit=180)),
            shape=alt.Shape("status:N", scale=alt.Scale(domain=colours.domain), legend=LEGEND),
            color=alt.Color("status:N", scale=colours, legend=LEGEND),
            fill=_hollow_if_unproven(alt.Color("status:N", scale=colours, legend=LEGEND)),
            tooltip=["date", "attribute", "subject", "claimant", "status"],
        )
        .properties(height=alt.Step(TIMELINE_STEP_PX))
        .configure(locale=chart_locale(text))
    )
    st.altair_chart(chart, width="stretch")
    with st.expander(text("evidence.asTable")):
        columns = {
            c: text(f"evidence.column.{c}") for c in ("date", "subject", "attribute", "claimant", "status")
        }
        st.dataframe(table.drop(columns=["when", "unproven"]), hide_index=True, column_config=columns)


def first_day(partial: str) -> str:
    """Return the first day of a year, a month or a day, as an ISO date."""
    return partial + "-01" * (2 - partial.count("-"))
