"""A file of one's own: drawn, measured, listed; it hides nothing of the map and harms nobody."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Make, Visit

SQUARE = [[[80.1, 44.1], [80.12, 44.1], [80.12, 44.12], [80.1, 44.12], [80.1, 44.1]]]
ZONE = (44.19875, 80.3918)


def own_file(name: str, body: object) -> FilePayload:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def plot(name: str, west: float, south: float, side: float = 0.01) -> dict[str, Any]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def bring(page: Visit, features: Sequence[dict[str, Any]]) -> None:
    page.map.get_by_role("button", name="Measure", exact=True).click()
    collection = {"type": "FeatureCollection", "features": features}
    page.map.locator("#kh-upload").set_input_files(own_file("plots.geojson", collection))
    page.map.locator("#kh-tool .own").wait_for()


def test_a_file_of_ones_own_is_drawn_measured_and_listed_and_a_bad_one_refused(visit: Make) -> None:
    page = visit().open("?at=44.30000,80.20000,11")
    page.map.get_by_role("button", name="Measure", exact=True).click()
    evil = "<img src=x onerror=\"document.body.dataset.harm='1'\">"
    feature = {
        "type": "Feature",
        "properties": {"name": evil},
        "geometry": {"type": "Polygon", "coordinates": SQUARE},
    }
    page.map.locator("#kh-upload").set_input_files(own_file("site.geojson", feature))
    table = page.map.locator("#kh-tool .own-rows")
    expect(table).to_contain_text(evil)
    expect(table).to_contain_text("ha")
    assert page.run("document.body.dataset.harm") is None
    metres = {**feature, "geometry": {"type": "Point", "coordinates": [612345, 4895432]}}
    page.map.locator("#kh-upload").set_input_files(own_file("metres.geojson", metres))
    expect(page.map.locator(".upload .error")).to_contain_text("cannot be degrees")
    page.map.locator("#kh-upload").set_input_files(own_file("notes.txt", b"\x00\x01 nothing"))
    expect(page.map.locator(".upload .error")).to_contain_text("GeoJSON")
    assert page.script_errors == []


def test_what_lies_below_an_own_shape_can_still_be_clicked(visit: Make) -> None:
    page = visit().open()
    bring(page, [plot("Everywhere", 80.0, 44.0, 0.6)])
    page.map.locator("#kh-tool .close").click()
    page.run("Khorgos.map.setView([44.19875, 80.3918], 14, {animate: false})")
    page.click_at(*ZONE)
    expect(page.card.locator("h2")).to_contain_text("Kazakh part")
    assert page.script_errors == []


def test_the_list_shows_where_a_shape_is_and_the_shape_says_its_name(visit: Make) -> None:
    page = visit().open()
    name = "Plot <b>7</b>"
    bring(page, [plot("Plot 6", 80.1, 44.1), plot(name, 80.3, 44.3)])
    page.map.get_by_role("button", name=name).click()
    in_sight = page.run("Khorgos.map.getBounds().toBBoxString()").split(",")
    west, south, east, north = map(float, in_sight)
    assert west < 80.3 < 80.31 < east
    assert south < 44.3 < 44.31 < north
    assert east - west < 0.2, "the map moves to the one plot, not to both"
    size = page.map.locator("#kh-tool .own-rows tr", has_text=name).locator("td").nth(1).inner_text()
    page.point_at(44.305, 80.305)
    expect(page.map.locator(".own-name")).to_have_text(f"{name} · {size}")
    page.point_at(44.305, 80.315)
    expect(page.map.locator(".own-name")).to_have_count(0)
    assert page.script_errors == []


def test_a_very_long_file_has_all_rows_and_few_of_them_in_the_page(visit: Make) -> None:
    page = visit().open()
    bring(page, [plot(f"Plot {n}", 80.0 + n / 1000, 44.1, 0.0005) for n in range(2000)])
    table, rows = page.map.locator("#kh-tool .own-rows"), page.map.locator("#kh-tool .own-rows tbody tr")
    expect(table).to_contain_text("Plot 3")
    assert rows.count() < 200
    table.evaluate("(table) => (table.scrollTop = table.scrollHeight)")
    expect(table.get_by_role("button", name="Plot 1999")).to_be_visible()
    expect(table).to_contain_text("(2,000)")


def test_a_file_is_taken_along_with_its_columns_and_what_was_measured(visit: Make) -> None:
    page = visit().open()
    feature = plot("Plot 6", 80.1, 44.1)
    feature["properties"]["crop"] = "maize"
    bring(page, [feature])
    expect(page.map.locator("#kh-tool .own-rows")).to_contain_text("maize")
    with page.page.expect_download() as download:
        page.map.locator("[data-own-format=csv]").click()
    saved = Path(download.value.path()).read_text("utf-8-sig")
    assert download.value.suggested_filename.endswith("-measured.csv")
    header, row = saved.splitlines()
    assert {"name", "crop", "area_ha"} <= set(header.split(","))
    assert "maize" in row


def test_the_sum_of_a_long_file_is_no_shape_to_show(visit: Make) -> None:
    page = visit().open()
    bring(page, [plot(f"Plot {n}", 80.0 + n / 100, 44.1, 0.005) for n in range(101)])
    rows = page.map.locator("#kh-tool .own-rows tbody tr")
    expect(rows).to_have_count(102)
    expect(rows.last).to_contain_text("(101)")
    expect(rows.locator("button")).to_have_count(101)


def test_a_file_follows_the_language_and_stays_removed(visit: Make) -> None:
    page = visit().open()
    bring(page, [plot("Plot 6", 80.1, 44.1)])
    own, rows = page.map.locator("#kh-tool .own"), page.map.locator("#kh-tool .own-rows")
    for button, language, hectares in (("РУС", "ru", "га"), ("中文", "zh", "公顷"), ("EN", "en", "ha")):
        page.speak(button, language)
        expect(rows).to_contain_text(hectares)
    assert page.run("document.querySelectorAll('.leaflet-kh-own-pane canvas').length") == 1
    late = page.hold("upload", lambda: page.speak("РУС", "ru"))
    own.locator("[data-act=own-remove]").click()
    page.let_go(late)
    expect(own).to_have_count(0)
    page.point_at(44.105, 80.105)
    expect(page.map.locator(".own-name")).to_have_count(0)

    again = own_file("again.geojson", plot("Plot 8", 80.1, 44.1))
    late = page.hold("upload", lambda: page.map.locator("#kh-upload").set_input_files(again))
    page.speak("中文", "zh")
    page.let_go(late)
    expect(rows).to_contain_text("公顷")
    page.point_at(44.105, 80.105)
    expect(page.map.locator(".own-name")).to_contain_text("Plot 8")
    assert page.script_errors == []
