"""The evidence beside the map: a table with filters, in time, side by side, and linked both ways."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Make


def test_the_evidence_is_a_switch_away_and_the_map_is_not_lost(visit: Make) -> None:
    page = visit().open("?at=44.19500,80.39500,13&sel=icbc-kz")
    page.run("window.sameDocument = true")
    page.page.get_by_text("Evidence", exact=True).click()
    expect(page.page.get_by_role("heading", name="Who says what")).to_be_visible()
    page.until_address(mode="evidence")
    expect(page.page.locator(".st-key-stage")).to_be_hidden()
    page.page.get_by_text("Map", exact=True).click()
    expect(page.card).to_be_visible()
    page.until_address(mode=None, sel="icbc-kz")
    assert page.run("window.sameDocument")
    assert page.run("Khorgos.map.getZoom()") == 13
    assert page.outside == []


def test_a_card_leads_to_its_claims_of_the_present_year_in_the_table(visit: Make) -> None:
    page = visit().open("?sel=icbc-kz")
    page.set_year(2014)
    page.until_address(asof="2014")
    with page.page.expect_popup() as opened:
        page.card.get_by_role("link", name="In the table of evidence").click()
    expect(opened.value.get_by_role("heading", name="Who says what")).to_be_visible()
    expect(opened.value.get_by_text(re.compile(r"^\d of \d+ claims$"))).to_be_visible()
    expect(opened.value.get_by_text(re.compile("^Said only after 2014"))).to_be_visible()


def test_every_part_of_the_evidence_draws_in_every_language(visit: Make) -> None:
    page = visit()
    for language in ("en", "kk", "ru", "zh"):
        page.page.goto(f"{page.url}/?mode=evidence&lang={language}")
        tabs = page.page.get_by_role("tab")
        expect(tabs).to_have_count(8)
        for tab in tabs.all():
            tab.click()
            expect(page.page.get_by_role("tabpanel").filter(visible=True)).not_to_be_empty()
        expect(page.page.get_by_test_id("stException")).to_have_count(0)
    assert page.outside == []
    assert page.script_errors == []


def test_claims_and_layers_can_be_taken_away_and_cited(visit: Make, tmp_path: Path) -> None:
    page = visit()
    page.page.goto(f"{page.url}/?mode=evidence&sel=icbc-kz")
    page.page.get_by_role("tab", name="Take away").click()
    for button, start in (
        ("Claims (CSV)", b"id,subject"),
        ("Layers (GeoPackage)", b"SQLite"),
        ("Data Package", b"PK"),
    ):
        page.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        with page.page.expect_download(timeout=60_000) as download:
            page.page.get_by_role("button", name=button).click()
        saved = tmp_path / download.value.suggested_filename
        download.value.save_as(saved)
        assert saved.read_bytes().startswith(start)
    cited = page.page.get_by_test_id("stCode").filter(visible=True)
    expect(cited).to_contain_text("Khorgos Expands with Trade and Investment")
    expect(cited).to_contain_text("sel=icbc-kz")
    page.page.get_by_role("radio", name="BibTeX").click()
    expect(cited).to_contain_text("@misc{astana-times-2025")


def test_the_evidence_takes_over_the_year_of_the_map(visit: Make) -> None:
    page = visit().open("?sel=icbc")
    page.set_year(2014)
    page.until_address(asof="2014")
    page.page.get_by_text("Evidence", exact=True).click()
    expect(page.page.get_by_text(re.compile("^Said only after 2014"))).to_be_visible()
    chooser = page.page.get_by_role("combobox", name=re.compile("As of a year"))
    expect(chooser).to_be_visible()
    chooser.click()
    page.page.get_by_role("option", name="all years").click()
    expect(page.page.get_by_text(re.compile("^Said only after"))).to_have_count(0)


def test_the_link_to_a_chart_shows_it_first_with_how_to_cite_it(visit: Make) -> None:
    page = visit()
    page.page.goto(f"{page.url}/?mode=evidence&chart=jobs")
    expect(page.page.get_by_role("tab", name="Charts")).to_have_attribute("aria-selected", "true")
    heading = page.page.get_by_role("tabpanel").filter(visible=True).get_by_role("heading").first
    expect(heading).to_contain_text("Jobs")
    page.page.get_by_text("Cite this chart").first.click()
    cited = page.page.get_by_test_id("stCode").filter(visible=True)
    expect(cited).to_contain_text("Jobs (Khorgos Map)")
    expect(cited).to_contain_text("mode=evidence&chart=jobs")


def test_the_names_of_the_heat_map_stay_in_sight_on_a_phone(visit: Make) -> None:
    page = visit(viewport=PHONE, has_touch=True)
    page.page.goto(f"{page.url}/?mode=evidence")
    page.page.get_by_role("tab", name="Distances").click()
    matrix = page.page.locator(".st-key-matrix")
    row = matrix.get_by_role("rowheader", name="Dostyk", exact=True)
    column = matrix.get_by_role("columnheader", name="Alashankou", exact=True)
    expect(row).to_be_attached()
    matrix.scroll_into_view_if_needed()
    column.scroll_into_view_if_needed()
    for scrolled in (0, 60):
        matrix.evaluate("(area, down) => { area.scrollTop = down; }", scrolled)
        expect(row).to_be_in_viewport(ratio=0.9)
        expect(column).to_be_in_viewport(ratio=0.9)
    assert matrix.evaluate("(area) => area.scrollLeft") > 200
