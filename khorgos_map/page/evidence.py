"""The evidence: all claims as a table, in time, side by side, and what is not known."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.asof import atlas_as_of, dated_by_reading
from khorgos_map.atlas.evidence import comparisons, unknowns
from khorgos_map.atlas.records import Claim
from khorgos_map.draw import words
from khorgos_map.page import content
from khorgos_map.page.charts import draw_charts, draw_timeline
from khorgos_map.page.distances import draw_distances
from khorgos_map.page.downloads import draw_downloads
from khorgos_map.page.kept import kept
from khorgos_map.page.naming import name_of
from khorgos_map.page.plain import escaped
from khorgos_map.text import Catalogue, catalogue
from khorgos_map.view import FIRST_YEAR, LAST_YEAR, View, read_view, write_view

PARTS = ("table", "charts", "distances", "timeline", "sides", "unknown", "task", "download")
Row = dict[str, Any]
SHORT_TABLE_ROWS, TABLE_HEIGHT_PX = 15, 560
COLUMN_WIDTHS: dict[str, Any] = {"subject": 200, "value": 140, "statement": "large", "source": "medium"}


def draw_evidence(atlas: Atlas, view: View, text: Catalogue) -> None:
    """Draw the evidence; the view's selection is the feature the table begins with.

    The year and the chart are those of the address as it is now: the browser writes them there.
    """
    asked, _ = read_view(st.query_params.to_dict(), content.vocabulary())
    heading, chooser = st.columns([3, 1], vertical_alignment="bottom")
    heading.header(text("evidence.title"), anchor=False)
    year = choose_year(chooser, asked.asof, text)
    later = len(atlas.claims)
    atlas = atlas_as_of(atlas, year)
    view = dataclasses.replace(view, asof=year, chart=asked.chart)
    if year is not None:
        st.caption(text("map.saidLater", year=year, count=later - len(atlas.claims)))
    labels = [text(f"evidence.{part}") for part in PARTS]
    tabs = st.tabs(labels, default=labels[PARTS.index("charts")] if view.chart else None)

    def offer() -> None:
        # the table above has set the subject by then
        draw_downloads(atlas, dataclasses.replace(view, sel=st.session_state.get("evidence-subject")), text)

    draw: dict[str, Callable[[], None]] = {
        "table": lambda: draw_table(atlas, view, text),
        "charts": lambda: draw_charts(atlas, view, text),
        "distances": lambda: draw_distances(text),
        "timeline": lambda: draw_timeline(year, text.code),
        "sides": lambda: draw_sides(year, text.code),
        "unknown": lambda: draw_unknowns(year, text.code),
        "task": lambda: draw_task(year, text.code),
        "download": offer,
    }
    for part, tab in zip(PARTS, tabs, strict=True):
        with tab:
            draw[part]()


def choose_year(place: DeltaGenerator, asked: int | None, text: Catalogue) -> int | None:
    """Return the year by whose end what is shown had been said; ``None`` for all years."""
    years = [None, *range(FIRST_YEAR, LAST_YEAR + 1)]
    chosen: int | None = place.selectbox(
        text("map.asOfSlider"),
        years,
        index=years.index(asked),
        format_func=lambda year: text("map.everyYear") if year is None else str(year),
        key=f"evidence-year-{asked}",  # a year that comes from the map is a new beginning
    )
    return chosen


def draw_table(atlas: Atlas, view: View, text: Catalogue) -> None:
    """Draw the sortable table of claims with its filters, and the sources below it."""
    _draw_claims(choose_claims(atlas, view, text), view.asof, text.code)


class Chosen(NamedTuple):
    """Which claims are to be seen: about one subject or all, disputed or not, of some claimants and statuses."""

    subject: str | None
    disputed: bool
    speaking: tuple[str, ...]
    statuses: tuple[str, ...]

    def among(self, atlas: Atlas) -> list[Claim]:
        """Return the claims of an atlas that are to be seen; no claimant or status means all of them."""
        said = atlas.claims.values() if self.subject is None else atlas.said_of.get(self.subject, [])
        return [
            claim
            for claim in said
            if (not self.disputed or claim.rivals)
            and (not self.speaking or atlas.claimants[claim.claimant].kind in self.speaking)
            and (not self.statuses or claim.status in self.statuses)
        ]


@kept
def _draw_claims(chosen: Chosen, year: int | None, language: str) -> None:
    """Draw the claims chosen, as had been said by a year, and below them their sources."""
    atlas, text = atlas_as_of(content.atlas(), year), catalogue(language)
    claims = chosen.among(atlas)
    st.write(text("evidence.count", count=len(claims), all=len(atlas.claims)))
    table = pd.DataFrame([row_of(claim, atlas, year, text) for claim in claims])
    columns = {
        column: st.column_config.Column(
            text(f"evidence.column.{column}"), width=COLUMN_WIDTHS.get(column, "small")
        )
        for column in table.columns
        if column != "link"
    }
    link = st.column_config.LinkColumn(
        text("evidence.onMap"), display_text=text("evidence.show"), width="small"
    )
    height: Any = "auto" if len(claims) < SHORT_TABLE_ROWS else TABLE_HEIGHT_PX
    st.dataframe(table, hide_index=True, height=height, column_config={**columns, "link": link})
    with st.expander(text("evidence.sources")):
        st.dataframe(pd.DataFrame(source_rows(claims, atlas, text)), hide_index=True)


def choose_claims(atlas: Atlas, view: View, text: Catalogue) -> Chosen:
    """Return the filters as they are set: subject, disputed or not, who speaks, status."""
    subjects = [i for i in atlas.feature if i in atlas.said_of]
    chosen, disputed = st.columns([3, 1], vertical_alignment="bottom")
    subject = chosen.selectbox(
        text("evidence.subject"),
        subjects,
        index=subjects.index(view.sel) if view.sel in subjects else None,
        format_func=lambda i: name_of(atlas.feature[i], text),
        placeholder=text("evidence.everything"),
        key="evidence-subject",
    )
    only_disputed = disputed.toggle(text("evidence.disputed"), key="evidence-disputed")
    speaking = choose_many("claimantKind", "source", {c.kind for c in atlas.claimants.values()}, text)
    statuses = choose_many("column.status", "claim", {claim.status for claim in atlas.claims.values()}, text)
    return Chosen(subject, only_disputed, tuple(speaking), tuple(statuses))


def choose_many(label: str, words_of: str, options: set[Any], text: Catalogue) -> list[Any]:
    """Return the options chosen of a set; none chosen means that all are meant."""
    return st.pills(
        text(f"evidence.{label}"),
        sorted(options),
        selection_mode="multi",
        format_func=lambda option: text(f"{words_of}.{option}"),
        key=f"evidence-{words_of}",
    )


def source_rows(claims: list[Claim], atlas: Atlas, text: Catalogue) -> list[Row]:
    """Return the sources of claims as rows, each with how often it is cited."""
    cited = Counter(claim.source for claim in claims)
    return [
        {
            text("map.source"): source.title,
            text("evidence.publisher"): source.publisher,
            text("evidence.column.date"): source.published,
            text("evidence.column.claimantKind"): text(f"source.{source.kind}"),
            text("evidence.seen"): text(f"seen.{source.seen}"),
            text("evidence.cited"): cited[source.id],
        }
        for source in atlas.sources.values()
        if source.id in cited
    ]


def row_of(claim: Claim, atlas: Atlas, year: int | None, text: Catalogue) -> Row:
    """Return a claim as a row of the table, with the link to its subject on the map as of a year."""
    source = atlas.sources[claim.source]
    address = write_view(View(lang=text.code, sel=claim.subject, asof=year))
    return {
        "value": words.value(claim, text) or "",
        "attribute": text(f"attribute.{claim.attribute}"),
        "subject": name_of(atlas.feature[claim.subject], text),
        "statement": claim.statement.in_language(text.code),
        "asOf": claim.as_of + (f" ({text('evidence.readOn')})" if dated_by_reading(claim, atlas) else ""),
        "status": text(f"claim.{claim.status}"),
        "claimant": atlas.claimants[claim.claimant].name.in_language(text.code),
        "claimantKind": text(f"source.{atlas.claimants[claim.claimant].kind}"),
        "source": f"{source.title} · {source.publisher}",
        "rivals": len(claim.rivals),
        "link": "?" + "&".join(f"{key}={value}" for key, value in address.items()),
    }


@kept
def draw_sides(year: int | None, language: str) -> None:
    """Draw what officials, operators, press, visitors and scholars said about the same thing, side by side."""
    atlas, text = atlas_as_of(content.atlas(), year), catalogue(language)
    st.write(text("evidence.sidesLead"))
    for comparison in comparisons(atlas):
        subject = name_of(atlas.feature[comparison.subject], text)
        st.subheader(escaped(f"{subject}: {text(f'attribute.{comparison.attribute}')}"), anchor=False)
        columns = st.columns(len(comparison.voices), border=True)
        for column, (kind, claims) in zip(columns, comparison.voices.items(), strict=True):
            column.markdown(f"**{text(f'source.{kind}')}**")
            for claim in sorted(claims, key=lambda said: said.as_of):
                value = words.value(claim, text)
                dated = words.date(claim.as_of, text)
                column.markdown(f"**{escaped(value)}** · {escaped(dated)}" if value else escaped(dated))
                column.text(claim.statement.in_language(text.code))


@kept
def draw_unknowns(year: int | None, language: str) -> None:
    """Draw what the map does not know, generated from the records."""
    atlas, text = atlas_as_of(content.atlas(), year), catalogue(language)
    st.write(text("evidence.unknownLead"))
    missing = unknowns(atlas)
    lists: dict[str, list[str]] = {
        "without_location": [name_of(f, text) for f in missing.without_location],
        "schematic": [
            f"{name_of(f, text)}: {f.properties.precision.in_language(text.code)}" for f in missing.schematic
        ],
        "undecided": [claim.statement.in_language(text.code) for claim in missing.undecided],
        "low_confidence": [claim.statement.in_language(text.code) for claim in missing.low_confidence],
        "names_missing": [name_of(f, text) for f in missing.names_missing],
        "names_unverified": [name_of(f, text) for f in missing.names_unverified],
        "undated_sources": [atlas.sources[i].title for i in missing.undated_sources],
        "second_hand_sources": [atlas.sources[i].title for i in missing.second_hand_sources],
    }
    for key, entries in lists.items():
        with st.expander(f"{text(f'evidence.unknown.{key}')} ({len(entries)})"):
            st.dataframe({text("evidence.unknown.entry"): entries}, hide_index=True)
    st.subheader(text("map.corrections"), anchor=False)
    for correction in atlas.corrections:
        st.text(f"{words.date(correction.date.isoformat(), text)}: {correction.text.in_language(text.code)}")


@kept
def draw_task(year: int | None, language: str) -> None:
    """Draw the task for a class: pairs of claims that cannot both be true, each with a key that explains it."""
    atlas, text = atlas_as_of(content.atlas(), year), catalogue(language)
    st.write(text("evidence.taskLead"))
    for number, pair in enumerate(atlas.pairs, start=1):
        claims = [atlas.claims[claim] for claim in pair.claims]
        subject, attribute = claims[0].subject, claims[0].attribute
        about = f"{name_of(atlas.feature[subject], text)}: {text(f'attribute.{attribute}')}"
        st.markdown(f"**{number}.** {escaped(about)}")
        for column, claim in zip(st.columns(2, border=True), claims, strict=True):
            column.text(claim.statement.in_language(text.code))
        with st.expander(text("evidence.taskKey", number=number)):
            st.text(pair.key.in_language(text.code))
            for claim in claims:
                said = [
                    words.value(claim, text),
                    words.date(claim.as_of, text),
                    atlas.sources[claim.source].title,
                ]
                st.caption(escaped(" · ".join(part for part in said if part)))
