"""The tools on a phone: their sheet fits the screen, hides nothing it tells of, and gives the focus back."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import LANGUAGES, PHONE, Make, Visit


def check_widths(page: Visit, asks: str) -> None:
    tool = page.map.locator("#kh-tool")
    for button, language in LANGUAGES.items():
        with page.page.expect_response(re.compile(rf"/{asks}\?.*lang={language}")):
            page.speak(button, language)
        expect(tool.locator("dd").first).to_be_visible()
        expect(tool.locator(".stale")).to_have_count(0)
        tool.evaluate("(tool) => { for (const one of tool.querySelectorAll('details')) one.open = true; }")
        wide, room = tool.evaluate("(tool) => [tool.scrollWidth, tool.clientWidth]")
        assert wide <= room == PHONE["width"], language


def test_what_a_link_measures_fits_and_lies_above_the_sheet_and_the_focus_comes_back(visit: Make) -> None:
    page = visit(viewport=PHONE, has_touch=True).open("?m=Lgk4p0Cgonr5EgggBgggB~Line&around=2")
    panel = page.map.locator("#kh-tool").bounding_box()
    assert panel
    vertices = page.map.locator(".kh-handle.vertex")
    expect(vertices).to_have_count(2)
    for vertex in vertices.all():
        box = vertex.bounding_box()
        assert box
        assert 0 < box["y"] < panel["y"] - box["height"]
    check_widths(page, "measure")
    opener = page.map.locator("#kh-open")
    page.map.locator("#kh-tool .close").click()
    expect(opener).to_be_focused()
    opener.click()
    page.map.locator("[data-layer=zones] summary").click()
    page.map.locator("[data-id=icbc-kz]").click()
    page.card.locator(".close").click()
    expect(opener).to_be_focused()
    assert page.script_errors == []


def test_a_way_fits_the_sheet_in_every_language(visit: Make) -> None:
    page = visit(viewport=PHONE, has_touch=True).open("?r=khorgos;urumqi&profile=truck")
    check_widths(page, "route")
