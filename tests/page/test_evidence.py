"""The evidence through Streamlit's own test runner: the year it speaks of, and its charts."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pandas as pd
import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.consistency import panels
from khorgos_map.page.charts import chart_table
from khorgos_map.text import catalogue, languages
from tests.page.test_page import open_page


def count_of(page: Any) -> tuple[int, int]:
    said = next(m.value for m in page.markdown if re.fullmatch(r"\d+ of \d+ claims", m.value))
    shown, of_all = (int(number) for number in re.findall(r"\d+", said))
    return shown, of_all


def charts_of(page: Any) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in page.get("vega_lite_chart")]


@cache
def evidence(code: str) -> Any:
    """Return the evidence in a language as it is opened, to be looked at by several tests."""
    return open_page(mode="evidence", lang=code)


def test_the_evidence_begins_with_the_year_of_the_address(atlas: Atlas) -> None:
    then = sum(claim.as_of[:4] <= "2016" for claim in atlas.claims.values())
    page = open_page(mode="evidence", asof="2016")
    assert count_of(page) == (then, then)
    assert any(f"Said only after 2016: {len(atlas.claims) - then}" in c.value for c in page.caption)
    page.selectbox(key="evidence-year-2016").select_index(0).run()
    assert not page.exception
    assert count_of(page) == (len(atlas.claims), len(atlas.claims))


def test_the_links_to_the_map_keep_the_year() -> None:
    page = open_page(mode="evidence", asof="2016", sel="icbc")
    links = list(page.dataframe[0].value["link"])
    assert links
    assert all("asof=2016" in link for link in links)


@pytest.mark.parametrize("year", ["2005", "2012", "2020", "2035"])
def test_every_year_can_be_shown(year: str) -> None:
    open_page(mode="evidence", asof=year)


def test_a_chart_of_the_address_comes_first() -> None:
    page = open_page(mode="evidence", chart="jobs")
    titles = [subheader.value for subheader in page.subheader]
    assert titles[0].startswith("Jobs")
    cited = next(code.value for code in page.code if "chart=jobs" in code.value)
    assert "khorgos.kz" in cited or "accessed" in cited


def chart_of(identifier: str, atlas: Atlas, code: str = "en") -> pd.DataFrame:
    chart = next(chart for chart in atlas.charts if chart.id == identifier)
    return chart_table(chart, atlas, catalogue(code))


def test_running_totals_are_drawn_as_averages_of_the_months_that_stand_beside_them(atlas: Atlas) -> None:
    found = {row["when"].replace("\u2009", " "): row for _, row in chart_of("cargo", atlas).iterrows()}
    assert found["Jan – Jun 2025"]["value"] == pytest.approx(22.2 / 6)
    assert found["2018"]["value"] == pytest.approx(35.7426 / 12)
    by_day = chart_of("trains", atlas)["when"]
    assert "Jan 1 – Dec 14, 2021" in {when.replace("\u2009", " ") for when in by_day}


def test_two_rivals_of_the_same_months_stand_on_lines_of_their_own_with_their_claimants(atlas: Atlas) -> None:
    table = chart_of("trains", atlas)
    labels = list(table[table["when"] == "2020"]["label"])
    assert len(labels) == len(set(labels)) == 2
    assert all("2020" in label and len(label) > len("2020") for label in labels)
    assert 38.95 not in set(chart_of("trade", atlas)["value"])  # eleven months beside whole years


@pytest.mark.parametrize("code", languages())
def test_a_mark_says_what_it_counts_and_its_number_can_be_read(atlas: Atlas, code: str) -> None:
    for chart in atlas.charts:
        table = chart_of(chart.id, atlas, code)
        assert not table.duplicated(["label", "counts"]).any(), chart.id
        decimal = {"en": ".", "zh": "."}.get(code, ",")
        assert [number for number in table["number"] if len(number.partition(decimal)[2]) > 2] == []
    jobs = chart_of("jobs", atlas, code)
    assert jobs.groupby("counts")["statement"].count().max() < len(jobs) / 2


def test_what_is_counted_has_an_axis_of_its_own(atlas: Atlas) -> None:
    parts = sum(len(panels(chart)) for chart in atlas.charts)
    assert len(charts_of(evidence("en"))) == parts + 1  # the timeline
    assert parts > len(atlas.charts)


@pytest.mark.parametrize(
    ("code", "title"),
    [("zh", "努尔饶勒的通行能力说法 (每天辆)"), ("ru", "(поездов)"), ("en", "(vehicles a day)")],
)
def test_the_unit_of_a_chart_stands_alone_in_its_title(code: str, title: str) -> None:
    shown = [subheader.value.replace("\\", "") for subheader in evidence(code).subheader]
    assert any(title in heading for heading in shown), shown


def test_the_key_of_the_class_task_explains_each_pair(atlas: Atlas) -> None:
    shown = [text.value for text in evidence("en").get("text")]
    assert [pair.id for pair in atlas.pairs if pair.key.root["en"] not in shown] == []


@pytest.mark.parametrize("code", languages())
def test_axes_write_numbers_as_the_language_does(code: str) -> None:
    number = {
        "en": (".", ","), "kk": (",", "\xa0"), "ru": (",", "\xa0"), "zh": (".", ","),
    }[code]  # fmt: skip
    for chart in charts_of(evidence(code)):
        locale = chart["config"]["locale"]
        assert (locale["number"]["decimal"], locale["number"]["thousands"]) == number
        assert len(locale["time"]["months"]) == 12
        assert len(locale["time"]["days"]) == 7


def test_the_timeline_draws_plans_hollow_as_the_charts_do() -> None:
    *_, timeline = charts_of(evidence("en"))
    fill = timeline["encoding"]["fill"]
    assert "unproven" in json.dumps(fill)
    assert "transparent" in json.dumps(fill)
    assert not timeline["mark"].get("filled")
