"""A student explores: everything is drawn without a network, a click tells who says so, the address follows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from khorgos_map.atlas import Atlas
from tests.browser.conftest import LANGUAGES, PHONE, Make

KAZAKH_ZONE = (44.2055, 80.3885)
CLOSE = "?at=44.19500,80.39500,13"


def test_all_layers_are_drawn_and_nothing_leaves_the_machine(visit: Make, atlas: Atlas) -> None:
    page = visit().open()
    states = page.run("Object.fromEntries(Object.values(Khorgos.layers).map((l) => [l.id, l.state]))")
    assert states == {layer.id: "ready" for layer in atlas.layers if layer.shown}
    located = {i for i, feature in atlas.feature.items() if feature.geometry is not None}
    assert located <= set(page.run("Object.keys(Khorgos.drawn)"))
    assert page.outside == []
    assert page.failed == []
    assert page.script_errors == []


def test_a_click_on_the_kazakh_zone_tells_217_ha_and_who_says_so(visit: Make) -> None:
    page = visit().open(CLOSE)
    page.click_at(*KAZAKH_ZONE)
    expect(page.card).to_be_visible()
    expect(page.card.locator("h2")).to_contain_text("Kazakh part")
    area = page.card.locator("[data-claim=icbc-kz-area-217]")
    expect(area).to_contain_text("217 ha")
    expect(area).to_contain_text("The Astana Times · August 2025")
    expect(area.locator(".rivals")).to_contain_text("185 ha")
    area.get_by_text("Who says so").click()
    expect(area.locator("dl").last).to_contain_text("Khorgos Expands with Trade and Investment")


def test_hiding_a_layer_needs_no_server_and_keeps_view_and_card(visit: Make, atlas: Atlas) -> None:
    page = visit().open(CLOSE)
    page.click_at(*KAZAKH_ZONE)
    before = page.address()["at"]
    sent = len(page.sent_frames)
    shapes = page.run("document.querySelectorAll('path.k-road-route').length")
    page.map.get_by_role("checkbox", name="Roads with published distances").uncheck()
    assert page.run("document.querySelectorAll('.leaflet-pane path.k-road-route').length") == 0 < shapes
    page.until_address(layers=",".join(i for i in atlas.shown_layers if i != "roads"))
    assert page.address()["at"] == before
    assert page.address()["sel"] == "icbc-kz"
    expect(page.card).to_be_visible()
    assert len(page.sent_frames) == sent


def test_the_legend_shows_what_the_map_shows(visit: Make) -> None:
    page = visit().open(CLOSE)
    row = page.map.locator("[data-layer=airport]")
    expect(row.locator(".legend")).to_be_visible()
    expect(page.map.locator("#notes")).to_contain_text("Hatched")
    page.map.get_by_role("checkbox", name="Planned airport").uncheck()
    expect(row.locator(".legend")).to_be_hidden()


def test_the_list_opens_a_card_by_keyboard_and_gives_the_focus_back(visit: Make) -> None:
    page = visit().open(CLOSE)
    row = page.map.locator("[data-layer=eastern-gate]")
    row.locator("summary").focus()
    page.page.keyboard.press("Enter")
    button = row.locator("[data-id=dry-port]")
    button.focus()
    page.page.keyboard.press("Enter")
    expect(page.card.locator("h2")).to_be_focused()
    expect(page.card).to_contain_text("129.8 ha")
    page.page.keyboard.press("Escape")
    expect(page.card).to_be_hidden()
    expect(button).to_be_focused()


def test_an_entry_without_a_place_has_a_card_and_says_so(visit: Make) -> None:
    page = visit().open()
    row = page.map.locator("[data-layer=centre]")
    row.locator("summary").click()
    row.locator("[data-id=zone-customs-clearance]").click()
    expect(page.card).to_contain_text("customs clearance")
    expect(row.locator("[data-id=zone-customs-clearance]")).to_contain_text("no location published")


def test_an_address_restores_layers_place_card_and_language(visit: Make) -> None:
    page = visit().open("?lang=zh&layers=zones,border&at=44.20000,80.40000,14&sel=icbc-cn")
    expect(page.card.locator("h2")).to_contain_text("中方")
    assert page.run("Khorgos.shownLayers()") == ["zones", "border"]
    assert page.run("Khorgos.map.getZoom()") == 14
    centre = page.run("Khorgos.map.getCenter()")
    assert centre["lat"] == pytest.approx(44.2, abs=1e-4)
    assert centre["lng"] == pytest.approx(80.4, abs=1e-4)
    assert page.run("document.documentElement.lang") == "zh"


def test_moving_the_map_moves_the_address(visit: Make) -> None:
    page = visit().open(CLOSE)
    page.look_at(44.25, 80.1, 12)
    page.page.wait_for_function("/at=44\\.2[45]\\d*,80\\.(09|10)\\d*,12/.test(location.search)")


def test_a_broken_address_is_told_and_the_rest_kept(visit: Make) -> None:
    page = visit().open("?sel=atlantis&layers=zones,<img src=x>&at=44.2,80.4,13")
    expect(page.page.locator(".st-key-notice")).to_contain_text("layers=<img src=x>, sel=atlantis")
    assert page.run("Khorgos.shownLayers()") == ["zones"]
    assert page.script_errors == []


def test_switching_the_language_keeps_map_view_and_card(visit: Make) -> None:
    page = visit().open(CLOSE)
    page.click_at(*KAZAKH_ZONE)
    page.run("window.sameDocument = true")
    page.page.get_by_text("РУС").click()
    expect(page.card.locator("h2")).to_contain_text("казахстанская часть")
    page.until_address(lang="ru", sel="icbc-kz")
    assert page.run("window.sameDocument")
    assert page.run("Khorgos.map.getZoom()") == 13


def test_a_layer_hidden_under_an_open_card_stays_hidden_on_reload(visit: Make) -> None:
    page = visit().open("?sel=dry-port&layers=zones,roads,border")
    assert page.run("Khorgos.shownLayers()") == ["zones", "roads", "border"]
    expect(page.card).to_be_visible()


def test_a_click_on_a_mark_opens_its_own_card(visit: Make, atlas: Atlas) -> None:
    page = visit().open()
    for zoom in (9, 10, 11, 13):
        page.look_at(44.19, 80.32, zoom)
        for identifier in ("khorgos-village", "horgos-city", "nur-zholy", "dry-port"):
            longitude, latitude = atlas.feature[identifier].geometry.coordinates[:2]  # type: ignore[union-attr, misc]
            page.click_at(latitude, longitude)
            assert page.run("Khorgos.selected") == identifier, zoom
            page.page.keyboard.press("Escape")


def test_labels_do_not_overlap(visit: Make) -> None:
    page = visit().open()
    for zoom in (6, 9, 12, 14):
        page.look_at(44.2, 80.35, zoom)
        boxes = page.run(
            "[...document.querySelectorAll('.label')].map((l) => l.getBoundingClientRect())"
            ".map((b) => [b.left, b.top, b.right, b.bottom])"
        )
        assert boxes
        for i, a in enumerate(boxes):
            for b in boxes[i + 1 :]:
                apart = a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
                assert apart, (zoom, a, b)


def test_what_is_planned_is_never_a_pin(visit: Make) -> None:
    page = visit().open("?at=44.15,80.22,11")
    assert page.run("document.querySelectorAll('.kh-mark .s-planned, .kh-mark .s-announced').length") == 0
    assert page.run("document.querySelectorAll('.leaflet-pane path.s-planned.extent').length") == 1


def test_the_first_visit_asks_which_khorgos(visit: Make) -> None:
    page = visit().open(intro=True)
    dialog = page.map.get_by_role("dialog")
    expect(dialog).to_contain_text("Which Khorgos?")
    assert dialog.locator("li").count() == 3
    assert dialog.locator("path.strong").count() == 4
    dialog.get_by_role("button", name=re.compile("The village")).click()
    expect(page.card.locator("h2")).to_contain_text("village")
    page.reload()
    expect(page.map.get_by_role("dialog")).to_be_hidden()


def test_search_finds_in_any_language_and_spelling(visit: Make) -> None:
    page = visit().open(CLOSE)
    for typed, feature in (
        ("Korgas", "khorgos-village"),
        ("Qorghas", "khorgos-village"),
        ("Khorgas", "horgos-city"),
        ("ХОРГОС", "horgos-city"),
        ("корғас", "khorgos-village"),
        ("霍尔果斯", "horgos-city"),
        ("口岸", "nur-zholy"),
        ("Ürümqi", "urumqi"),
        ("shepard", "sez-eastern-gate"),
        ("dry  PORT", "dry-port"),
    ):
        page.map.get_by_role("searchbox").fill(typed)
        page.map.locator(f"#kh-results [data-id={feature}]").first.click()
        expect(page.card).to_be_visible()
        assert page.run("Khorgos.selected") == feature, typed
        page.page.keyboard.press("Escape")
        expect(page.card).to_be_hidden()


def test_a_fact_that_was_searched_for_is_shown_in_its_card(visit: Make) -> None:
    page = visit().open()
    page.map.get_by_role("searchbox").fill("People's Daily 185")
    page.map.locator("#kh-results [data-claim=icbc-kz-area-185]").click()
    expect(page.card.locator("[data-claim=icbc-kz-area-185]")).to_be_in_viewport()
    page.map.get_by_role("searchbox").fill("zzzz")
    expect(page.map.locator("#kh-results")).to_contain_text("Nothing found for “zzzz”")


def test_the_years_show_what_existed_and_what_had_been_said(visit: Make) -> None:
    page = visit().open("?at=44.19000,80.33000,11&sel=icbc")
    sent = len(page.sent_frames)
    page.set_year(2014)
    page.until_address(asof="2014")
    assert page.run("document.querySelectorAll('.leaflet-pane path.k-airport').length") == 0
    expect(page.map.locator("[data-layer=airport] .legend li")).to_be_hidden()
    expect(page.card).to_contain_text("528 ha")
    expect(page.card).not_to_contain_text("560 ha")
    expect(page.card).to_contain_text("Said only after 2014")
    page.map.get_by_role("button", name="All years").click()
    page.until_address(asof=None)
    expect(page.card).to_contain_text("560 ha")
    assert page.run("document.querySelectorAll('.leaflet-pane path.k-airport').length") == 1
    assert len(page.sent_frames) == sent


def test_playing_the_years_goes_on_and_stops(visit: Make) -> None:
    page = visit(reduced_motion="no-preference").open("?asof=2033")
    page.map.get_by_role("button", name="Play the years").click()
    expect(page.map.locator("#kh-time output")).to_have_text("as of 2035")
    expect(page.map.get_by_role("button", name="Play the years")).to_be_visible()


def test_the_map_taken_along_opens_from_disk_with_what_was_seen(visit: Make, tmp_path: Path) -> None:
    page = visit().open("?lang=ru&sel=dry-port&layers=zones,eastern-gate&at=44.19000,80.26000,13")
    with page.page.expect_download() as download:
        page.map.get_by_role("link", name=re.compile("Взять карту с собой")).click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    assert saved.suffix == ".html"
    alone = page.page.context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.on("pageerror", lambda error: errors.append(str(error)))
    page.page.context.set_offline(offline=True)
    alone.goto(saved.as_uri())
    alone.locator("body[data-khorgos=ready]").wait_for()
    expect(alone.locator("#kh-card")).to_contain_text("129,8 га")
    assert alone.evaluate("Khorgos.shownLayers()") == ["zones", "eastern-gate"]
    alone.get_by_role("button", name="中文").click()
    expect(alone.locator("#kh-card")).to_contain_text("129.8 公顷")
    assert asked == [saved.as_uri()]
    assert errors == []


def test_phone_width(visit: Make) -> None:
    page = visit(viewport=PHONE, has_touch=True).open(CLOSE)
    expect(page.map.locator("#kh-list")).to_be_hidden()
    page.map.get_by_role("button", name="Layers and list").click()
    expect(page.map.locator("#kh-list")).to_be_visible()
    page.map.locator("[data-layer=zones] summary").click()
    page.map.locator("[data-id=icbc-kz]").click()
    expect(page.map.locator("#kh-list")).to_be_hidden()
    expect(page.card).to_contain_text("217 ha")
    card, window = page.card.bounding_box(), PHONE
    assert card
    assert card["x"] >= 0
    assert card["x"] + card["width"] <= window["width"] + 1
    assert card["height"] < window["height"] * 0.6
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_of_the_bar_is_cut_off_on_a_phone(visit: Make) -> None:
    page = visit(viewport=PHONE, has_touch=True).open()
    for name, language in LANGUAGES.items():
        page.speak(name, language)
        for button in page.page.locator(".st-key-bar [role=radio], .st-key-bar button").all():
            box = button.bounding_box()
            assert box
            assert box["x"] >= 0, language
            assert box["x"] + box["width"] <= PHONE["width"], language


def test_the_boldest_name_opens_the_card_of_the_whole_centre(visit: Make) -> None:
    page = visit().open(CLOSE)
    page.map.locator(".label", has_text="Khorgos cooperation centre").click()
    expect(page.card.locator("h2")).to_contain_text("Khorgos International Centre for Boundary Cooperation")
    expect(page.card).to_contain_text("560 ha")
    page.until_address(sel="icbc")


def test_under_an_earlier_year_the_map_draws_how_things_stood(visit: Make) -> None:
    page = visit().open("?at=44.19,80.39,12&asof=2009")
    drawn = (
        "(id) => Khorgos.drawn[id].flatMap((part) => part.getLayers?.() || [part])"
        ".map((one) => one.getElement()?.getAttribute('class')).join(' ')"
    )
    for identifier, state in (
        ("icbc-kz", "then-under_construction"),
        ("icbc-cn", "then-under_construction"),
        ("horgos-city", "then-undated"),
    ):
        assert state in page.run(f"({drawn})('{identifier}')")
    assert page.run("Khorgos.layers.checkpoints.group.getLayers().length") > 0
    assert not page.run("Khorgos.existsThen('nur-zholy')")
    expect(page.map.locator("#kh-time small")).to_be_visible()
    page.run("Khorgos.setAsOf(2021)")
    assert "then-closed" in page.run(f"({drawn})('icbc-cn')")
    page.run("Khorgos.setAsOf(2012)")
    page.run("Khorgos.select('horgos-city', {})")
    expect(page.card).to_contain_text("What was here before that is not recorded")
    page.run("Khorgos.setAsOf(2021)")
    page.run("Khorgos.select('icbc', {})")
    expect(page.card).to_contain_text("Closed, as reported: January 2020 to April 24, 2023")
