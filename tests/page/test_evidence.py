"""The evidence through Streamlit's own test runner: the year it speaks of, and its charts."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.page.charts import chart_table, per_month
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


def test_running_totals_are_shown_per_month_too(atlas: Atlas) -> None:
    text = catalogue("en")
    chart = next(chart for chart in atlas.charts if chart.id == "cargo")
    assert chart.running
    table = per_month(chart_table(chart, atlas, text), text)
    found = {row["when"]: row for _, row in table.iterrows()}
    assert found["June 2025"]["months"] == 6
    assert found["June 2025"]["value"] == pytest.approx(22.2 / 6)
    assert found["December 2018"]["value"] == pytest.approx(35.7426 / 12)
    assert len(charts_of(evidence("en"))) == len(atlas.charts) + 2  # the averages and the timeline


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
