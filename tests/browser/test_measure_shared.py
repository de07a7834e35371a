"""A measurement is sent on: the link tells elsewhere what it told here, and how one reads stays one's own."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from khorgos_map.measure.sketch import Sketch, decode_sketches, encode_sketches
from tests.browser.conftest import Make

SITE = ((80.18, 44.31), (80.2, 44.31), (80.2, 44.295), (80.18, 44.295))
DOUBT = "If each point is off"


def test_the_browser_writes_and_reads_what_python_does(visit: Make) -> None:
    pixels_m = (0.0, 0.426, 0.125, 2.45, 12.5, 99.6, 38.2187, 1234.5)
    areas = [Sketch("area", SITE, "Склад 1", pixel_m) for pixel_m in (None, *pixels_m)]
    points = [Sketch("points", SITE[:1], pixel_m=area.pixel_m) for area in areas]
    code = encode_sketches([*areas, *points])
    page = visit().open(f"?m={code}")
    assert page.run("Khorgos.sketchCode()") == code
    corners = [list(corner) for corner in SITE]
    for area, pixel_m in zip(areas[1:], pixels_m, strict=True):
        page.run(f"Khorgos.sketches = [{{ kind: 'area', name: '', positions: {corners}, pixel: 0 }}]")
        page.run(f"Khorgos.current = 0, Khorgos.addVertex([80.19, 44.29], '', {pixel_m})")
        (drawn,) = decode_sketches(page.run("Khorgos.sketchCode()"))
        assert drawn.pixel_m == area.pixel_m


def test_an_uncertainty_is_the_same_at_another_scale(visit: Make) -> None:
    page = visit().open("?at=44.30000,80.20000,13&layers=none")
    page.map.get_by_role("button", name="Measure", exact=True).click()
    page.map.locator("[data-pen=area]").click()
    for lon, lat in SITE:
        page.click_at(lat, lon)
    page.map.locator("[data-act=finish]").click()
    totals = page.map.locator("#kh-tool .sketch-item dl")
    expect(totals).to_contain_text(DOUBT)
    # while an answer is on its way, the one before stands there as stale
    expect(page.map.locator("#kh-tool .stale")).to_have_count(0)
    shown = totals.inner_text()
    page.until_address(m=page.run("Khorgos.sketchCode()"))
    elsewhere = visit().open(f"?at=44.30000,80.20000,9&m={page.address()['m']}")
    totals = elsewhere.map.locator("#kh-tool .sketch-item dl")
    expect(totals).to_have_text(shown, use_inner_text=True)
    assert elsewhere.script_errors == []


def test_where_a_link_does_not_tell_how_points_were_set_this_is_said(visit: Make) -> None:
    old, typed = Sketch("area", SITE), Sketch("area", SITE, pixel_m=0)
    page = visit().open(f"?m={encode_sketches([old, typed])}")
    items = page.map.locator("#kh-tool .sketch-item")
    expect(items.first).to_contain_text("is not known")
    expect(items.last).to_contain_text("ha")
    expect(items.last).not_to_contain_text("is not known")
    expect(page.map.locator("#kh-tool .sketches")).not_to_contain_text(DOUBT)


def test_the_surrounding_goes_with_the_link_and_how_one_reads_stays(visit: Make) -> None:
    page = visit().open(f"?m={encode_sketches([Sketch('area', SITE)])}")
    around = page.map.locator("#kh-around")
    around.fill("2.5")
    around.press("Enter")
    totals = page.map.locator("#kh-tool .sketch-item dl")
    expect(totals).to_contain_text("Buffer of 2.5 km")
    page.map.locator("#kh-unit-area").select_option("mu")
    page.map.locator("#kh-unit-form").select_option("dms")
    page.until_address(around="2.5")
    page.reload()
    expect(totals).to_contain_text("Buffer of 2.5 km")
    page.page.get_by_test_id("stButtonGroup").get_by_text("中文").click()
    expect(totals).to_contain_text("2.5 公里缓冲区")
    expect(totals).to_contain_text("亩")
    expect(around).to_have_value("2.5")
    expect(page.map.locator("#kh-unit-form")).to_have_value("dms")
    elsewhere = visit().open(f"?{urlsplit(page.page.url).query}&lang=en")
    expect(elsewhere.map.locator("#kh-tool .sketch-item dl")).to_contain_text("Buffer of 2.5 km")
    expect(elsewhere.map.locator("#kh-unit-form")).to_have_value("decimal")
    around.fill("")
    around.press("Enter")
    page.until_address(around=None)


def test_a_surrounding_that_cannot_be_is_told_and_left_out(visit: Make) -> None:
    page = visit().open(f"?around=9000&m={encode_sketches([Sketch('area', SITE)])}")
    expect(page.page.locator(".st-key-notice")).to_contain_text("around=9000")
    expect(page.map.locator("#kh-around")).to_have_value("")
    page.until_address(around=None)


def test_what_is_taken_away_is_asked_for_as_it_is_shown(visit: Make) -> None:
    code = encode_sketches([Sketch("area", SITE, pixel_m=38), Sketch("line", SITE)])
    page = visit().open(f"?around=2&m={code}")
    page.map.locator("#kh-unit-length").select_option("nmi")
    page.map.locator("#kh-unit-form").select_option("utm")
    with page.page.expect_request("**/measured?*") as waiting:
        page.map.locator("[data-format=geojson]").click()
    asked = parse_qs(urlsplit(waiting.value.url).query, keep_blank_values=True)
    told = {name: asked[name] for name in ("around", "length", "form")}
    assert told == {"around": ["2"], "length": ["nmi"], "form": ["utm"]}
    assert waiting.value.post_data == code
