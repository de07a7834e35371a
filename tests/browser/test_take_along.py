"""The map taken along: packed as it would be sent, and a list of facts where a browser cannot unpack it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from khorgos_map.atlas import Atlas
from khorgos_map.draw.files import Published
from khorgos_map.export.html import export_html
from khorgos_map.view import View
from tests.browser.conftest import Make


def test_a_browser_that_cannot_unpack_the_map_shows_its_facts(
    visit: Make, atlas: Atlas, published: Published, tmp_path: Path
) -> None:
    saved = tmp_path / "map.html"
    saved.write_text(export_html(atlas, published, View(lang="ru")), encoding="utf-8")
    old = visit()
    old.page.add_init_script("delete window.DecompressionStream")
    page = old.open_saved(saved, ready=False)
    expect(page.get_by_role("heading", name="МЦПС «Хоргос», казахстанская часть")).to_be_visible()
    expect(page.locator("#icbc-kz")).to_contain_text("217 га")


def test_search_cards_and_layers_work_in_the_packed_map(
    visit: Make, atlas: Atlas, published: Published, tmp_path: Path
) -> None:
    saved = tmp_path / "map.html"
    saved.write_text(export_html(atlas, published, View(lang="en", asof=2016)), encoding="utf-8")
    page = visit().open_saved(saved)
    page.get_by_role("searchbox").fill("霍尔果斯")
    page.locator("#kh-results [data-id=horgos-city]").first.click()
    expect(page.locator("#kh-card")).to_contain_text("Horgos")
    expect(page.locator("#kh-time output")).to_have_text("as of 2016")
    assert page.evaluate("document.querySelectorAll('path.k-railway').length") > 0
    for asked, shown in (("2035", "as of 2035"), ("2036", "as of 2016"), ("1999", "as of 2016")):
        page.goto(f"{saved.as_uri()}?asof={asked}")
        expect(page.locator("#kh-time output")).to_have_text(shown)
