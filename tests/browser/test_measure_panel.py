"""The measuring panel in use: nothing is lost by a second press, and what is worked on stays in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from khorgos_map.measure.sketch import Sketch, encode_sketches
from tests.browser.conftest import PHONE, Make, Visit
from tests.browser.test_measure import BEGIN, END, OPEN_COUNTRY, start


def focused(page: Visit) -> str:
    """Return what has the focus in the map: its id, else its part in the panel, else what it is."""
    name: str = page.run("(({id, dataset, tagName}) => id || dataset.act || tagName)(document.activeElement)")
    return name


def test_a_second_press_on_finish_deletes_nothing(visit: Make) -> None:
    page = visit().open(OPEN_COUNTRY)
    item = page.map.locator("#kh-tool .sketch-item")
    finish = page.map.locator("[data-act=finish]")
    start(page, "line")
    page.click_at(*BEGIN)
    page.click_at(*END)
    finish.dblclick()
    expect(finish).to_have_attribute("aria-disabled", "true")
    expect(item).to_have_count(1)
    page.map.locator("[data-act=extend]").click()
    finish.focus()
    for _ in range(2):
        page.page.keyboard.press("Enter")
    expect(finish).to_have_attribute("aria-disabled", "true")
    expect(item).to_have_count(1)
    assert focused(page) == "finish"
    before = finish.bounding_box()
    page.map.locator("[data-act=clear]").focus()
    page.page.keyboard.press("Enter")
    expect(item).to_have_count(0)
    assert focused(page) == "H2"
    assert finish.bounding_box() == before
    page.map.locator("[data-act=undo]").click()
    expect(item).to_have_count(1)


def test_a_deleted_sketch_hands_the_focus_to_no_other_deletion(visit: Make) -> None:
    page = visit().open("?m=Pgk4p0Cgonr5E~One!Pgk4p0Cgonr5E~Two")
    page.map.locator(".sketch-item .delete").first.focus()
    for _ in range(2):
        page.page.keyboard.press("Enter")
    names = page.map.locator("#kh-tool .name")
    expect(names).to_have_count(1)
    expect(names).to_have_value("Two")


def test_points_are_listed_with_their_countries_and_numbered_on_the_map(visit: Make) -> None:
    points = Sketch("points", ((80.35, 44.25), (80.47, 44.25)), pixel_m=0)
    page = visit().open(f"?at=44.25000,80.35000,12&m={encode_sketches([points])}")
    rows = page.map.locator("#kh-tool .sketch-item tbody tr")
    expect(rows).to_contain_text(["44.25000, 80.35000Kazakhstan", "44.25000, 80.47000China"])
    expect(page.map.locator("#kh-tool .sketch-item")).not_to_contain_text("oints")
    expect(page.map.locator(".kh-handle.measured")).to_have_text(["1", "2"])
    rows.first.get_by_role("button").click()
    expect(rows).to_contain_text(["China"])


def test_a_label_on_the_map_is_drawn_out_from_under_the_panel(visit: Make) -> None:
    page = visit().open("?at=44.20000,80.40000,12&layers=none&m=Lgk4p0Cgonr5EgggBgggB")
    pill = page.map.locator(".kh-handle.measured span", has_text="km")
    expect(pill).to_be_visible()
    panel = page.map.locator("#kh-tool").bounding_box()
    label = pill.bounding_box()
    assert panel
    assert label
    away = panel["x"] - label["x"] - 8
    page.run(f"Khorgos.map.panBy([{-away}, 0], {{ animate: false }}) && null")
    moved = pill.bounding_box()
    assert moved
    assert label["x"] < moved["x"] < panel["x"] - moved["width"]


@pytest.mark.parametrize("size", [{"width": 1440, "height": 620}, PHONE], ids=["desktop", "phone"])
def test_what_has_the_focus_is_not_below_the_readout(visit: Make, size: dict[str, int]) -> None:
    page = visit(viewport=size).open("?m=Lgk4p0Cgonr5EgggBgggB")
    page.map.locator("[data-format=gpkg]").wait_for()
    page.map.locator("[data-pen=line]").focus()
    seen = set()
    for key in ("Tab", "Shift+Tab"):
        for _ in range(18):
            page.page.keyboard.press(key)
            top, bottom, readout, heading = page.run(
                "((box) => [box.top, box.bottom, document.querySelector('.readout').getBoundingClientRect().top,"
                " document.querySelector('#kh-tool header').getBoundingClientRect().bottom])"
                "(document.activeElement.getBoundingClientRect())"
            )
            assert heading - 1 <= top < bottom <= readout + 1, focused(page)
            seen.add(focused(page))
    assert {"add", "kh-around", "kh-unit-form", "finish"} <= seen


def test_what_is_scrolled_and_focused_stays_when_a_point_goes(visit: Make) -> None:
    page = visit().open(
        "?m=L" + encode_sketches([Sketch("line", tuple((80 + i / 50, 44.2) for i in range(30)))])[1:]
    )
    page.map.locator(".sketch-item summary").click()
    page.map.locator(".vertices tbody tr").nth(26).locator("button").click()
    expect(page.map.locator(".vertices tbody tr")).to_have_count(29)
    assert page.run("document.activeElement.className") == "drop"
    assert page.run("Khorgos.dom.tool.scrollTop") > 300
    line = "document.querySelector('path.sketch:not(.casing)')"
    assert page.run(f"getComputedStyle({line}).fill") == "none"


def test_undo_by_keyboard_works_with_any_letters_on_the_keys(visit: Make) -> None:
    page = visit().open(OPEN_COUNTRY)
    vertices = page.map.locator(".kh-handle.vertex")
    start(page, "line")
    page.click_at(*BEGIN)
    page.click_at(*END)
    page.map.locator("#kh-tool h2").focus()
    page.page.keyboard.press("Control+z")
    expect(vertices).to_have_count(1)
    russian = {"key": "я", "code": "KeyZ", "ctrlKey": True, "bubbles": True}
    page.map.locator("#kh-tool h2").dispatch_event("keydown", russian)
    expect(vertices).to_have_count(0)


def test_what_was_not_there_yet_attracts_no_click(visit: Make) -> None:
    page = visit().open("?at=44.18700,80.24800,12&asof=2013")
    name = page.map.locator("#kh-tool .sketch-item .name")
    start(page, "points")
    page.click_at(44.187, 80.248)
    expect(name).to_have_value("")
    page.map.locator("[data-act=undo]").click()
    page.set_year(2016)
    page.click_at(44.187, 80.248)
    expect(name).to_have_value("Khorgos Gateway dry port")
