"""A planner asks for a way: by name or click, by car or truck, over the border, and how far one comes."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visit

Make = Callable[..., Visit]


def ask(page: Visit, *stops: str) -> None:
    page.map.get_by_role("button", name="Roads", exact=True).click()
    for number, words in enumerate(stops):
        box = page.map.locator(f"#kh-stop-{number}")
        box.fill(words)
        box.press("Enter")


def kilometres(page: Visit) -> float:
    shown = page.map.locator("#kh-tool .result dd").first.inner_text()
    return float(re.match(r"[\d.]+", shown.replace(",", "")).group())  # type: ignore[union-attr]


def test_a_way_is_asked_by_name_and_held_against_the_published_distance(visit: Make) -> None:
    page = visit().open()
    ask(page, "Khorgos", "Алматы")
    result = page.map.locator("#kh-tool .result")
    expect(result.locator(".verdict")).to_contain_text("361 km")
    assert page.map.locator("[data-way]").count() >= 2
    quickest = kilometres(page)
    assert 310 < quickest < 361
    page.map.locator("[data-act=via]").click()
    page.map.locator("#kh-stop-1").fill("Шонжы")
    page.map.locator("#kh-stop-1").press("Enter")
    page.until_address(r="khorgos;shonzhy;almaty")
    assert kilometres(page) > quickest
    result.locator("summary", has_text="road by road").click()
    expect(result.locator(".steps")).to_contain_text("A-2")
    shown = kilometres(page)
    page.page.reload()
    page.map.locator("body[data-khorgos=ready]").wait_for()
    expect(page.map.locator("#kh-stop-2")).to_have_value("Almaty")
    assert kilometres(page) == shown
    assert page.outside == page.script_errors == page.failed == []


def test_over_the_border_driving_and_waiting_stand_apart_and_the_wait_can_be_set(visit: Make) -> None:
    page = visit().open("?r=zharkent;yining&profile=truck")
    crossing = page.map.locator("[data-crossing=nur-zholy-horgos]")
    expect(crossing).to_contain_text("Nur Zholy")
    expect(crossing).to_contain_text("UTC+5")
    result = page.map.locator("#kh-tool .result")
    expect(result).to_contain_text("Waiting at the border")
    expect(result).to_contain_text("of this in China")
    for which, hours in ((0, "2"), (1, "3")):
        box = page.map.locator(f"#kh-wait-nur-zholy-horgos-{which}")
        box.fill(hours)
        box.press("Tab")
    expect(result).to_contain_text("2 h – 3 h")
    page.until_address(wait="nur-zholy-horgos:2-3")
    page.map.locator("[data-profile=car]").click()
    page.until_address(profile=None)


def test_a_click_far_from_any_road_is_refused_with_the_distance(visit: Make) -> None:
    page = visit().open("?at=44.20000,80.30000,8&layers=none")
    ask(page, "Zharkent")
    page.map.locator("#kh-stop-1").focus()
    page.click_at(44.95, 79.75)
    expect(page.map.locator("#kh-tool .error")).to_contain_text(re.compile(r"\d+ km"))
    page.map.locator("#kh-stop-1").fill("Atlantis")
    page.map.locator("#kh-stop-1").press("Enter")
    expect(page.map.locator("#kh-tool .error")).to_contain_text("Atlantis")
    assert page.script_errors == []


def test_reach_is_drawn_for_three_times_and_put_away(visit: Make) -> None:
    page = visit().open("?r=zharkent;almaty")
    page.map.locator("[data-act=reach]").click()
    rows = page.map.locator(".reach-legend li")
    expect(rows).to_have_count(3)
    sizes = [float(re.search(r": ([\d,]+)", row).group(1).replace(",", "")) for row in rows.all_inner_texts()]  # type: ignore[union-attr]
    assert sizes == sorted(sizes)
    assert page.run("document.querySelectorAll('.leaflet-pane path.reach').length") == 3
    page.map.locator("[data-act=reach-off]").click()
    assert page.run("document.querySelectorAll('.leaflet-pane path.reach').length") == 0


def test_the_way_speaks_the_language_of_the_page(visit: Make) -> None:
    page = visit().open("?r=khorgos;urumqi&lang=zh")
    result = page.map.locator("#kh-tool .result")
    expect(result).to_contain_text("公里")
    expect(result.locator(".verdict")).to_contain_text("670")
    expect(page.map.locator("#kh-stop-1")).to_have_value("乌鲁木齐")


def test_an_earlier_year_has_its_own_roads(visit: Make) -> None:
    page = visit().open("?r=khorgos;almaty")
    expect(page.map.locator("#kh-tool .result dd").first).to_contain_text("km")
    today = kilometres(page)
    page.map.locator("#kh-time input").evaluate(
        "(slider) => { slider.value = 2012; slider.dispatchEvent(new Event('input')); }"
    )
    expect(page.map.locator("#kh-tool .result")).to_contain_text("open in 2012")
    assert kilometres(page) > today


def test_a_card_asks_for_the_way_from_khorgos(visit: Make) -> None:
    page = visit().open("?sel=road-khorgos-taldykorgan")
    page.card.locator("[data-act=way]").click()
    expect(page.map.locator("#kh-stop-1")).to_have_value("Taldykorgan")
    expect(page.map.locator("#kh-tool .verdict")).to_contain_text("321 km")
    expect(page.card).to_be_hidden()
