"""What the map shows of an earlier year, of names that a language lacks, and of roads that run together."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import LANGUAGES, PHONE, Make


def test_what_is_out_of_use_today_was_in_use_in_2016(visit: Make) -> None:
    page = visit().open("?at=44.19000,80.38000,12&sel=old-gate-cn&asof=2016")
    opacity = "getComputedStyle(document.querySelector('.kh-mark .k-gate.s-historical')).opacity"
    expect(page.card.locator(".badge").first).to_have_text("In use as of 2016")
    assert page.run(opacity) == "1"
    row = page.map.locator("[data-layer=checkpoints] .legend")
    expect(row).not_to_contain_text("Former gate")
    page.map.get_by_role("button", name="All years").click()
    expect(page.card.locator(".badge").first).to_have_text("No longer in use")
    assert page.run(opacity) == "0.5"
    expect(row).to_contain_text("Former gate")
    expect(page.map.locator("#notes")).to_contain_text("no longer in use")


def test_a_name_in_another_script_is_marked_on_the_map_and_explained(visit: Make) -> None:
    page = visit().open("?lang=zh&at=44.21321,80.20605,13")
    label = page.map.locator(".label.fallback", has_text="Atameken")
    expect(label).to_be_visible()
    expect(label).to_have_attribute("lang", "en")
    assert label.evaluate("(l) => getComputedStyle(l).fontStyle") == "italic"
    expect(page.map.locator("#notes")).to_contain_text("尚无该语言的名称")
    page.page.get_by_text("EN", exact=True).click()
    expect(page.map.locator(".label", has_text="Atameken")).to_be_visible()
    expect(page.map.locator(".label.fallback")).to_have_count(0)


def test_where_roads_run_together_the_label_names_both(visit: Make) -> None:
    page = visit().open("?at=44.18516,80.32997,11")
    label = page.map.locator(".label.l-road-route").filter(has_text="Yining")
    expect(label).to_contain_text("90 km")
    expect(label).to_contain_text("Urumqi 670 km")
    label.get_by_text("Urumqi 670 km").click()
    expect(page.card.locator("h2")).to_contain_text("Urumqi")
    page.look_at(44.4, 81.3, 8)
    expect(page.map.locator(".label.l-road-route").filter(has_text="Urumqi")).to_have_text("Urumqi 670 km")


def test_the_scale_bar_speaks_the_language_and_on_a_phone_nothing_shows_through_it(visit: Make) -> None:
    page = visit(viewport=PHONE, has_touch=True).open("?at=44.19000,80.38000,10")
    units = {"kk": "км", "ru": "км", "zh": "公里", "en": "km"}
    for button, language in LANGUAGES.items():
        page.speak(button, language)
        length = page.map.locator(".leaflet-control-scale-line")
        expect(length).to_have_text(re.compile(rf"^\d+ {units[language]}$"))
    scale, time = (page.map.locator(which).bounding_box() for which in (".leaflet-control-scale", "#kh-time"))
    assert scale
    assert time
    assert time["y"] + time["height"] <= scale["y"]
    ground = page.run(
        "getComputedStyle(document.querySelector('.leaflet-bottom.leaflet-left')).backgroundColor"
    )
    assert re.fullmatch(r"rgb\(\d+, \d+, \d+\)", ground)


def test_the_name_of_a_country_keeps_away_from_lakes(visit: Make) -> None:
    page = visit().open("?at=44.40000,81.30000,8")
    boxes = "[...document.querySelectorAll('.label.{}')].map((l) => l.getBoundingClientRect().toJSON())"
    countries, lakes = (page.run(boxes.format(kind)) for kind in ("country", "lake"))
    assert countries
    assert lakes
    for country in countries:
        for lake in lakes:
            apart_x = max(country["left"] - lake["right"], lake["left"] - country["right"])
            apart_y = max(country["top"] - lake["bottom"], lake["top"] - country["bottom"])
            assert max(apart_x, apart_y) > 8


def test_the_weak_stretches_of_the_border_are_drawn_apart_with_a_line_in_the_legend(visit: Make) -> None:
    page = visit().open("?at=44.90000,80.10000,9")
    assert (
        page.run("document.querySelectorAll('.leaflet-pane path.k-boundary.b-schematic.corridor').length")
        == 11
    )
    row = page.map.locator("[data-layer=border] .legend")
    expect(row.locator("li")).to_have_count(2)
    expect(row).to_contain_text("1–3 km apart")
