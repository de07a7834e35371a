"""A planner measures: by click, by name, by coordinates; the measurement stays, moves, and is taken away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from geographiclib.geodesic import Geodesic
from playwright.sync_api import expect

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import geometry_of
from khorgos_map.measure.sketch import Sketch, decode_sketches
from tests.browser.conftest import PHONE, Make, Visit

OPEN_COUNTRY = "?at=44.30000,80.20000,11&layers=none"
BEGIN, END = (44.30, 80.15), (44.33, 80.25)


def start(page: Visit, pen: str) -> None:
    page.map.get_by_role("button", name="Measure", exact=True).click()
    page.map.locator(f"[data-pen={pen}]").click()


def in_address(page: Visit) -> tuple[Sketch, ...]:
    """Return what the address bar says is measured, once it says what the map shows."""
    page.until_address(m=page.run("Khorgos.sketchCode()"))
    return decode_sketches(page.address()["m"])


def first_total(page: Visit) -> str:
    # while an answer is on its way, the one before stands there as stale
    expect(page.map.locator("#kh-tool .stale")).to_have_count(0)
    return page.map.locator("#kh-tool .sketch-item dd").first.inner_text()


def test_a_line_drawn_by_clicks_has_its_geodesic_length_and_stays(visit: Make) -> None:
    page = visit().open(OPEN_COUNTRY)
    start(page, "line")
    page.click_at(*BEGIN)
    page.click_at(*END)
    page.page.keyboard.press("Enter")
    expect(page.map.locator("#kh-tool .sketch-item dd").first).to_contain_text("km")
    (line,) = in_address(page)
    (lon1, lat1), (lon2, lat2) = line.positions
    assert (lat1, lon1) == pytest.approx(BEGIN, abs=0.001)
    length_km = Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2)["s12"] / 1000
    shown = first_total(page)
    assert float(shown.removesuffix(" km")) == pytest.approx(length_km, abs=0.001)
    page.reload()
    expect(page.map.locator("#kh-tool .sketch-item dd").first).to_have_text(shown)
    page.page.get_by_test_id("stButtonGroup").get_by_text("РУС").click()
    expect(page.map.locator("#kh-tool h2")).to_have_text("Измерить")
    expect(page.map.locator("#kh-tool .sketch-item dd").first).to_have_text(
        shown.replace(".", ",").replace("km", "км")
    )
    assert page.outside == page.script_errors == page.failed == []


def test_names_and_coordinates_are_typed_and_a_line_over_the_border_is_split(visit: Make) -> None:
    page = visit().open("?at=44.20000,80.40000,10")
    start(page, "line")
    box = page.map.locator("#kh-typed")
    for words in ("Zharkent", "44°12′45″ N 80°24′35″ E"):
        box.fill(words)
        box.press("Enter")
    expect(page.map.locator(".kh-handle.vertex")).to_have_count(2)
    expect(box).to_have_value("")
    page.page.keyboard.press("Escape")
    item = page.map.locator("#kh-tool .sketch-item")
    expect(item).to_contain_text("of this in Kazakhstan")
    expect(item).to_contain_text("of this in China")
    page.map.locator("#kh-unit-length").select_option("mi")
    expect(item.locator("dd").nth(2)).to_contain_text("mi")
    numbers = [float(t.split()[0]) for t in item.locator("dd").all_inner_texts()[:3]]
    assert numbers[0] == pytest.approx(numbers[1] + numbers[2], abs=0.02)
    box.fill("Zharkant")
    box.press("Enter")
    expect(page.map.locator("#kh-typed-error")).to_contain_text(re.compile("zharkent", re.IGNORECASE))
    assert page.script_errors == []


def test_a_click_beside_a_mark_snaps_to_the_place(visit: Make, atlas: Atlas) -> None:
    page = visit().open("?at=44.16620,80.00740,12")
    start(page, "points")
    spot = page.run(
        "(({x, y}) => { const p = Khorgos.map.containerPointToLatLng([x + 6, y + 5]); return [p.lat, p.lng]; })"
        "(Khorgos.map.latLngToContainerPoint([44.1662, 80.0074]))"
    )
    page.click_at(*spot)
    expect(page.map.locator("#kh-tool .sketch-item .name")).to_have_value("Zharkent")
    (point,) = in_address(page)
    place = geometry_of(atlas.feature["zharkent"])
    assert point.positions[0] == pytest.approx((place.x, place.y), abs=1e-6)


def test_a_site_sketch_is_compared_with_the_published_zone_moved_and_undone(visit: Make) -> None:
    page = visit().open("?at=44.30000,80.20000,13&layers=none")
    start(page, "area")
    for corner in ((44.31, 80.18), (44.31, 80.20), (44.295, 80.20), (44.295, 80.18)):
        page.click_at(*corner)
    page.page.keyboard.press("Enter")
    item = page.map.locator("#kh-tool .sketch-item")
    expect(item.locator("dd").first).to_contain_text("ha")
    expect(item).to_contain_text(re.compile(r"\d+\s?% of [^%]*Kazakh part[^%]*217 ha"))
    before = first_total(page)
    handle = page.map.locator(".kh-handle.vertex:not(.quiet)").first.bounding_box()
    assert handle
    page.page.mouse.move(handle["x"] + 8, handle["y"] + 8)
    page.page.mouse.down()
    page.page.mouse.move(handle["x"] - 80, handle["y"] - 60, steps=4)
    page.page.mouse.up()
    expect(item.locator("dd").first).not_to_have_text(before)
    page.map.get_by_role("button", name="Undo").click()
    expect(item.locator("dd").first).to_have_text(before)
    item.locator(".name").fill("Depot & <b>yard</b>")
    item.locator(".name").press("Enter")
    page.map.locator("#kh-unit-area").select_option("mu")
    expect(item.locator("dd").first).to_contain_text("mu")
    page.map.locator(".sketch-item .delete").click()
    expect(item).to_have_count(0)
    page.until_address(m=None)
    page.map.get_by_role("button", name="Undo").click()
    expect(item.locator(".name")).to_have_value("Depot & <b>yard</b>")


def test_what_was_measured_is_taken_away(visit: Make, tmp_path: Path) -> None:
    page = visit().open("?m=Lgk4p0Cgonr5EgggBgggB~Line")
    for form, begins in (
        ("geojson", b"{"),
        ("csv", "\ufeffsketch,".encode()),
        ("gpx", b"<?xml"),
        ("kml", b"<?xml"),
        ("gpkg", b"SQLite"),
        ("pdf", b"%PDF"),
    ):
        with page.page.expect_download() as waiting:
            page.map.locator(f"[data-format={form}]").click()
        target = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(target)
        assert target.suffix == f".{form}"
        assert target.read_bytes().startswith(begins), form
    assert page.script_errors == []


def test_a_broken_measurement_in_the_address_is_told_and_left_out(visit: Make) -> None:
    page = visit().open("?m=Lgk4")
    expect(page.map.locator("#kh-messages")).to_contain_text("could not be read")
    page.until_address(m=None)


def test_on_a_phone_the_map_stays_in_sight_while_measuring(visit: Make) -> None:
    page = visit(viewport=PHONE, has_touch=True).open("?at=44.30000,80.20000,11&layers=none")
    page.map.locator("#kh-open").click()
    start(page, "line")
    panel = page.map.locator("#kh-tool").bounding_box()
    assert panel
    assert panel["y"] > 0.4 * PHONE["height"]
    page.click_at(44.36, 80.17)
    page.click_at(44.37, 80.23)
    expect(page.map.locator("#kh-tool .sketch-item dd").first).to_contain_text("km")


def test_a_measurement_too_long_for_the_address_is_measured_all_the_same(visit: Make) -> None:
    page = visit().open(OPEN_COUNTRY)
    start(page, "line")
    page.run(
        "Khorgos.changeSketches(() => { Khorgos.sketches.push({ kind: 'line', name: '', positions:"
        " Array.from({ length: 400 }, (_, i) => [80 + 0.0123457 * (i % 7), 44 + 0.00123457 * i]) });"
        " Khorgos.current = 0; Khorgos.pen = null; })"
    )
    expect(page.map.locator("#kh-messages")).to_contain_text("too long for the address bar")
    expect(page.map.locator("#kh-tool .sketch-item dd").first).to_contain_text("km")
    page.until_address(m=None)
    page.map.locator("[data-act=clear]").click()
    expect(page.map.locator("#kh-messages")).not_to_contain_text("too long")


def test_a_point_is_deleted_by_keyboard_and_in_the_table(visit: Make) -> None:
    page = visit().open("?at=44.30000,80.20000,12&layers=none&m=Lgk4p0Cgonr5EgggBgggBgggBgggB")
    rows = page.map.locator(".vertices tbody tr")
    page.map.locator(".sketch-item summary").click()
    expect(rows).to_have_count(3)
    page.map.locator(".kh-handle.vertex").first.focus()
    page.page.keyboard.press("Delete")
    expect(rows).to_have_count(2)
    rows.last.locator("button").click()
    expect(rows).to_have_count(1)


def test_a_place_name_on_the_map_takes_no_click_from_the_pen(visit: Make) -> None:
    page = visit().open("?at=44.18000,80.20000,11")
    start(page, "line")
    page.map.locator(".label", has_text="Zharkent").click()
    expect(page.map.locator("#kh-tool .sketch-item")).to_have_count(1)
    expect(page.card).to_be_hidden()
