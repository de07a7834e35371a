"""Answers that arrive late: what was done meanwhile stays as it was done, and only the last question counts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from khorgos_map.measure.sketch import Sketch, encode_sketches
from tests.browser.conftest import Make
from tests.browser.test_measure import in_address
from tests.browser.test_roads import ask

LINE = encode_sketches([Sketch("line", ((80.15, 44.30), (80.25, 44.33)), pixel_m=0)])
MEASURED = f"?at=44.30000,80.20000,11&layers=none&m={LINE}"


def test_a_late_answer_changes_nothing_of_what_was_cleared(visit: Make) -> None:
    page = visit().open(MEASURED)
    files = page.map.locator("#kh-tool [data-format]")
    expect(files.first).to_be_visible()
    late = page.hold("measure", lambda: page.map.locator("#kh-unit-length").select_option("mi"))
    page.map.locator("[data-act=clear]").click()
    page.let_go(late)
    expect(files).to_have_count(0)
    expect(page.map.locator("#kh-tool .sketch-item")).to_have_count(0)
    page.until_address(m=None)

    late = page.hold("route", lambda: ask(page, "Khorgos", "Almaty"))
    page.map.locator("[data-act=clear]").click()
    page.let_go(late)
    expect(page.map.locator("#kh-tool .result")).to_have_count(0)
    expect(page.map.locator("#kh-stop-1")).to_have_value("")
    assert page.run("document.querySelectorAll('path.way, .kh-handle.stop').length") == 0
    page.until_address(r=None)
    assert page.script_errors == []


def test_a_late_failure_changes_nothing_of_a_newer_answer(visit: Make) -> None:
    page = visit().open(MEASURED)
    unit = page.map.locator("#kh-unit-length")
    total = page.map.locator("#kh-tool .sketch-item dd").first
    expect(total).to_contain_text("km")
    late = page.hold("measure", lambda: unit.select_option("mi"))
    unit.select_option("nmi")
    expect(total).to_contain_text("nmi")
    page.let_go(late, refuse=True)
    expect(page.map.locator("#kh-tool [role=alert]:not(:empty)")).to_have_count(0)
    expect(total).to_contain_text("nmi")

    ask(page, "Khorgos", "Almaty")
    expect(page.map.locator("#kh-tool .verdict")).to_be_visible()
    late = page.hold("route", lambda: page.map.locator("[data-profile=truck]").click())
    page.map.locator("[data-profile=car]").click()
    expect(page.map.locator("#kh-tool .verdict")).to_contain_text("361 km")
    page.let_go(late, refuse=True)
    expect(page.map.locator("#kh-tool .error")).to_have_count(0)
    expect(page.map.locator("#kh-tool .verdict")).to_contain_text("361 km")
    assert page.script_errors == []


def test_a_slow_press_right_after_typing_is_not_lost(visit: Make) -> None:
    page = visit().open(MEASURED)
    name = page.map.locator("#kh-tool .sketch-item .name")
    expect(page.map.locator("[data-format=csv]")).to_be_visible()
    name.fill("Depot")
    with page.page.expect_download() as taken:
        page.map.locator("[data-format=csv]").click(delay=120)
    assert "Depot" in Path(taken.value.path()).read_text(encoding="utf-8")
    name.fill("Yard")
    page.map.locator("[data-act=undo]").click(delay=120)
    expect(name).to_have_value("Depot")

    ask(page)
    page.map.locator("#kh-stop-0").fill("Khorgos")
    page.map.locator("[data-act=via]").click(delay=120)
    expect(page.map.locator("#kh-stop-2")).to_be_visible()
    expect(page.map.locator("#kh-stop-0")).to_have_value("Khorgos")
    expect(page.map.locator("#kh-stop-1")).to_be_focused()


def test_half_a_word_stays_half_a_word_when_another_answer_arrives(visit: Make) -> None:
    page = visit().open("?r=zharkent;almaty")
    result, stop = page.map.locator("#kh-tool .result"), page.map.locator("#kh-stop-1")
    expect(result).to_be_visible()
    late = page.hold("reach", page.map.locator("[data-act=reach]").click)
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    stop.select_text()
    page.page.keyboard.type("Sho")
    page.let_go(late)
    expect(page.map.locator(".reach-legend li")).to_have_count(3)
    expect(stop).to_have_value("Sho")
    expect(stop).to_be_focused()
    page.page.keyboard.type("nzhy")
    assert not [url for url in asked if "/route?" in url]
    page.page.keyboard.press("Enter")
    page.until_address(r="zharkent;shonzhy")
    expect(stop).to_have_value("Shonzhy")


def test_a_whole_word_counts_though_an_answer_arrived_after_it_was_typed(visit: Make) -> None:
    """The field is another one then, which to the browser was never typed in."""
    page = visit().open("?r=zharkent;almaty")
    stop = page.map.locator("#kh-stop-1")
    for leave in ("Enter", "Tab"):
        expect(page.map.locator("#kh-tool .result")).to_be_visible()
        late = page.hold("reach", page.map.locator("[data-act=reach]").click)
        stop.fill("Shonzhy" if leave == "Enter" else "Kokpek")
        page.let_go(late)
        expect(page.map.locator(".reach-legend li")).to_have_count(3)
        page.page.keyboard.press(leave)
        page.until_address(r="zharkent;shonzhy" if leave == "Enter" else "zharkent;kokpek")
        page.map.locator("[data-act=reach-off]").click()
        expect(page.map.locator("[data-act=reach]")).to_be_visible()


def test_a_drag_goes_on_while_an_answer_arrives(visit: Make) -> None:
    page = visit().open(MEASURED)
    expect(page.map.locator("#kh-tool .sketch-item dd").first).to_contain_text("km")
    late = page.hold("measure", lambda: page.map.locator("#kh-unit-length").select_option("mi"))
    page.point_at(44.33, 80.25)
    page.page.mouse.down()
    page.point_at(44.34, 80.24)
    page.let_go(late)
    page.point_at(44.35, 80.22)
    page.point_at(44.36, 80.20)
    page.page.mouse.up()
    expect(page.map.locator("#kh-tool .sketch-item dd").first).to_contain_text("mi")
    (line,) = in_address(page)
    assert line.positions[0] == pytest.approx((80.15, 44.30), abs=1e-6)
    assert line.positions[1] == pytest.approx((80.20, 44.36), abs=0.002)


def test_a_file_that_cannot_be_taken_says_so_in_the_language_of_the_page(visit: Make) -> None:
    page = visit().open(f"{MEASURED}&lang=ru")
    csv, message = page.map.locator("[data-format=csv]"), page.map.locator("#kh-messages")
    expect(csv).to_be_visible()
    page.page.context.route(re.compile(r"/measured\?"), lambda route: route.abort(), times=1)
    csv.click()
    expect(message).to_contain_text("Сервер не отвечает")
    with page.page.expect_download():
        csv.click()
    expect(message).to_be_empty()


def test_a_name_that_is_typed_is_sent_once_and_put_back_if_it_fails(visit: Make) -> None:
    page = visit().open(MEASURED)
    expect(page.map.locator("#kh-tool .sketch-item dd").first).to_contain_text("km")
    box = page.map.locator("#kh-typed")
    box.fill("Zharkent")
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    late = page.hold("place", lambda: box.press("Enter"))
    box.press("Enter")
    expect(box).to_have_value("")
    page.page.keyboard.type("Shon")
    page.let_go(late)
    expect(box).to_have_value("Shon")
    assert len(in_address(page)[0].positions) == 3
    assert len([url for url in asked if "/place?" in url]) == 1
    box.fill("Yining")
    late = page.hold("place", lambda: box.press("Enter"))
    page.let_go(late, refuse=True)
    expect(page.map.locator("#kh-typed-error")).to_contain_text("does not answer")
    expect(box).to_have_value("Yining")
    assert page.script_errors == []
