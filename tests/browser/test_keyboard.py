"""The shapes on the map without a mouse: one Tab stop, arrow keys between them, Enter for the card, and back again."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Make, Visit

CLOSE = "?at=44.19500,80.39500,13"
KAZAKH_ZONE = (44.2055, 80.3885)


def focused(page: Visit) -> Locator:
    return page.map.locator(":focus")


def tab_to_the_shapes(page: Visit) -> Locator:
    page.map.locator(".kh-map").focus()
    page.page.keyboard.press("Tab")
    return focused(page)


def test_the_shapes_are_buttons_with_names_and_one_stop_on_the_way(visit: Make) -> None:
    page = visit().open(CLOSE)
    first = tab_to_the_shapes(page)
    expect(first).to_have_role("button")
    expect(first).to_have_accessible_name("Khorgos ICBC, Kazakh part")
    page.page.keyboard.press("ArrowRight")
    expect(focused(page)).to_have_accessible_name("Khorgos ICBC, Chinese part")
    page.page.keyboard.press("Tab")
    expect(focused(page)).to_have_accessible_name("Zoom in")
    page.page.keyboard.press("Shift+Tab")
    expect(focused(page)).to_have_accessible_name("Khorgos ICBC, Chinese part")
    page.speak("РУС", "ru")
    expect(page.map.get_by_role("button", name="МЦПС «Хоргос», китайская часть", exact=True)).to_have_count(1)
    unnamed = page.map.locator(".leaflet-interactive:not([aria-label]):not([aria-hidden=true])")
    expect(unnamed).to_have_count(0)


def test_arrow_keys_go_through_what_is_seen_in_the_order_of_the_list_and_round(visit: Make) -> None:
    page = visit().open(CLOSE)
    names = [tab_to_the_shapes(page).get_attribute("aria-label") or ""]
    for _ in range(60):
        page.page.keyboard.press("ArrowDown")
        names.append(focused(page).get_attribute("aria-label") or "")
        if names[-1] == names[0]:
            break
    assert names[-1] == names[0]
    listed = page.map.locator("#kh-list .feature").all_text_contents()
    places = [listed.index(name) for name in names[:-1]]
    assert places == sorted(places)
    assert any("Nur Zholy" in name for name in names)
    assert "Almaty" not in names
    page.page.keyboard.press("End")
    expect(focused(page)).to_have_accessible_name(names[-2])
    page.page.keyboard.press("Home")
    page.page.keyboard.press("ArrowLeft")
    expect(focused(page)).to_have_accessible_name(names[-2])


def test_enter_opens_the_card_and_closing_it_gives_the_focus_back_to_the_shape(visit: Make) -> None:
    page = visit().open(CLOSE)
    shape = tab_to_the_shapes(page)
    for open_with, close_with in (("Enter", "Escape"), ("Space", "Enter")):
        page.page.keyboard.press(open_with)
        expect(page.card.locator("h2")).to_be_focused()
        expect(page.card).to_contain_text("217 ha")
        if close_with == "Enter":
            page.page.keyboard.press("Tab")
        page.page.keyboard.press(close_with)
        expect(page.card).to_be_hidden()
        expect(shape).to_be_focused()
        expect(shape).to_have_accessible_name("Khorgos ICBC, Kazakh part")


def test_the_focus_can_be_seen_on_areas_lines_and_marks(visit: Make) -> None:
    page = visit().open(CLOSE)
    pink = page.run("getComputedStyle(document.documentElement).getPropertyValue('--focus')")
    for shape, colour in (
        ("icbc-kz", "stroke"),
        ("road-khorgos-horgos-city", "stroke"),
        ("nur-zholy", "outlineColor"),
    ):
        tab_to_the_shapes(page)
        page.run(f"Khorgos.focusShape('{shape}')")
        seen = page.run(f"getComputedStyle(document.activeElement).{colour}")
        assert seen == page.run(f"Object.assign(new Option().style, {{ color: '{pink}' }}).color")
        assert page.run("getComputedStyle(document.activeElement).strokeOpacity") > "0.5"


def test_tab_goes_to_what_is_seen_wherever_the_map_is(visit: Make) -> None:
    page = visit().open(CLOSE)
    for position, zoom, name in (([43.25, 76.9], 11, "Almaty"), ([43.83, 87.6], 11, "Urumqi")):
        page.run(f"Khorgos.map.setView({position}, {zoom}, {{ animate: false }})")
        tab_to_the_shapes(page)
        page.page.keyboard.press("End")
        expect(focused(page)).to_have_accessible_name(re.compile(name))
        expect(focused(page)).to_be_in_viewport()
    page.map.locator("#layer-places").uncheck()
    tab_to_the_shapes(page)
    expect(focused(page)).to_be_in_viewport()


def test_after_a_click_the_arrow_keys_still_move_the_map(visit: Make) -> None:
    page = visit().open(CLOSE)
    page.click_at(*KAZAKH_ZONE)
    expect(page.card).to_be_visible()
    expect(page.map.locator(".kh-map")).to_be_focused()
    before = page.run("Khorgos.map.getCenter().lng")
    page.page.keyboard.press("ArrowRight")
    assert page.run("Khorgos.map.getCenter().lng") > before


def test_while_a_line_is_drawn_enter_sets_a_point_on_a_mark(visit: Make) -> None:
    page = visit().open(CLOSE)
    page.map.get_by_role("button", name="Measure", exact=True).click()
    page.map.locator("[data-pen=line]").click()
    tab_to_the_shapes(page)
    page.run("Khorgos.focusShape('nur-zholy')")
    page.page.keyboard.press("Enter")
    expect(page.map.locator("#kh-tool .hint").first).to_contain_text("Set on Nur Zholy")
    expect(page.map.locator(".kh-handle.vertex")).to_have_count(1)
    assert page.script_errors == []
