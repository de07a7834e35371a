"""A way that was chosen is kept: in the address, over a reload, in another language, and with an empty stop."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Make, Visit


def chosen(page: Visit) -> Locator:
    return page.map.locator("[data-way][aria-pressed=true]")


def test_the_chosen_way_is_kept_until_another_is_asked_for(visit: Make) -> None:
    page = visit().open("?r=khorgos;almaty")
    expect(chosen(page)).to_have_attribute("data-way", "0")
    page.map.locator("[data-way='1']").click()
    page.until_address(way="1")
    page.map.locator("#kh-tool .result summary").click()
    told = chosen(page).inner_text()
    page.reload()
    expect(chosen(page)).to_have_attribute("data-way", "1")
    expect(chosen(page)).to_have_text(told)
    page.map.locator("#kh-tool .result summary").click()
    page.speak("РУС", "ru")
    expect(chosen(page)).to_contain_text("км")
    expect(chosen(page)).to_have_attribute("data-way", "1")
    expect(page.map.locator("#kh-tool .steps")).to_be_visible()
    page.until_address(way="1", lang="ru")
    page.map.locator("[data-profile=truck]").click()
    page.until_address(way=None, profile="truck")
    page.map.locator("[data-profile=car]").click()
    expect(chosen(page)).to_have_attribute("data-way", "0")
    assert page.script_errors == []


def test_an_empty_stop_drops_nothing_and_the_next_click_fills_it(visit: Make) -> None:
    page = visit().open("?r=khorgos;almaty&at=43.60000,79.40000,9")
    verdict = page.map.locator("#kh-tool .verdict")
    expect(verdict).to_be_visible()
    page.map.locator("[data-act=via]").click()
    page.map.locator("[data-profile=truck]").click()
    page.until_address(r="khorgos;almaty", profile="truck")
    expect(verdict).to_be_visible()
    page.map.locator("#kh-stop-0").focus()
    page.click_at(43.53813, 79.46582)
    page.until_address(r="khorgos;shonzhy;almaty")
    expect(page.map.locator("#kh-stop-1")).to_have_value("Shonzhy")
    expect(page.map.locator("#kh-stop-0")).to_have_value(re.compile("Khorgos"))
    page.map.locator("[data-act=swap]").click()
    page.until_address(r="almaty;shonzhy;khorgos")
    page.map.get_by_role("button", name="Remove Shonzhy").click()
    page.until_address(r="almaty;khorgos")
    expect(page.map.locator("#kh-stop-2")).to_have_count(0)
    expect(verdict).to_be_visible()
    assert page.script_errors == []
