"""What the axe rules find: nothing, in every view, in both themes, in two languages, on a desktop and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from khorgos_map.atlas import Atlas
from khorgos_map.draw.files import publish
from khorgos_map.export.html import export_html
from khorgos_map.view import View
from tests.browser.conftest import DESKTOP, PHONE, Make, Visit
from tests.browser.test_own_file import own_file, plot

FRAME = "iframe.stCustomComponentV1"
OPPOSITES = [
    pytest.param("en", "light", DESKTOP, id="en-light-desktop"),
    pytest.param("zh", "dark", PHONE, id="zh-dark-phone"),
]
# with these each theme is met in each size
OTHERS = [
    pytest.param("zh", "dark", DESKTOP, id="zh-dark-desktop"),
    pytest.param("en", "light", PHONE, id="en-light-phone"),
]
opposites = pytest.mark.parametrize(("lang", "theme", "size"), OPPOSITES)
kinds = pytest.mark.parametrize(("lang", "theme", "size"), [*OPPOSITES, *OTHERS])


def check(page: Page, *within: str) -> None:
    """Fail with what axe finds on a page and in the map's frame, or within a part that selectors lead to."""
    # the other frame, with the facts, waits unseen for a map that does not come
    for frame in [page.main_frame, *(frame for frame in page.frames if "streamlit_folium" in frame.url)]:
        if not frame.evaluate("'axe' in window"):
            frame.evaluate(AXE_SCRIPT)
    context = {"include": [list(within)]} if within else None
    found = page.evaluate(
        "(context) => axe.run(context ?? document, { resultTypes: ['violations'], preload: false })", context
    )
    told = [
        f"{rule['impact']} {rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in {"moderate", "serious", "critical"}
        for node in rule["nodes"]
    ]
    assert not told, "\n".join(told)


def unfold(page: Visit, part: str) -> None:
    page.map.locator(part).evaluate(
        "(part) => { for (const one of part.querySelectorAll('details')) one.open = true; }"
    )


def opened(visit: Make, lang: str, theme: str, size: dict[str, int]) -> tuple[Visit, str]:
    made = visit(viewport=size, color_scheme=theme, has_touch=size is PHONE)
    return made, f"?lang={lang}"


@kinds
def test_the_map_its_list_and_its_cards(visit: Make, lang: str, theme: str, size: dict[str, int]) -> None:
    page, address = opened(visit, lang, theme, size)
    page.open(address, intro=True)
    expect(page.map.locator("html")).to_have_attribute("data-theme", theme)
    page.map.get_by_role("dialog").wait_for()
    check(page.page)
    page.map.locator("#intro-close").click()
    page.set_year(2014)
    page.run("Khorgos.openPanel(true)")
    unfold(page, "#kh-list")
    check(page.page)
    page.map.get_by_role("searchbox").fill("Khorgos")
    page.map.locator("#kh-results button").first.wait_for()
    check(page.page, FRAME, "#kh-list")
    page.run("Khorgos.openPanel(false), Khorgos.setAsOf(null)")
    for shape in ("nur-zholy", "road-khorgos-almaty", "icbc-kz"):
        page.run(f"Khorgos.select('{shape}', {{ from: 'list' }})")
        unfold(page, "#kh-card")
        check(page.page, FRAME, "#kh-card")
    check(page.page, FRAME, ".kh-map")


@opposites
def test_the_tools(visit: Make, lang: str, theme: str, size: dict[str, int]) -> None:
    page, address = opened(visit, lang, theme, size)
    page.open(f"{address}&m=Lgk4p0Cgonr5EgggBgggB~Line&around=2")
    page.map.locator("#kh-upload").set_input_files(own_file("notes.txt", b"\x00"))
    page.map.locator(".upload .error").wait_for()
    check(page.page)
    unfold(page, "#kh-tool")
    collection = {"type": "FeatureCollection", "features": [plot("Plot 6", 80.1, 44.1)] * 30}
    page.map.locator("#kh-upload").set_input_files(own_file("plots.geojson", collection))
    page.map.locator("#kh-tool .own").wait_for()
    check(page.page, FRAME, "#kh-tool")
    page.page.goto(f"{page.url}/{address}&r=khorgos;urumqi&profile=truck")
    page.map.locator("#kh-tool .result").wait_for()
    page.map.locator("[data-act=reach]").click()
    page.map.locator(".reach-legend li").first.wait_for()
    unfold(page, "#kh-tool")
    check(page.page)


@opposites
def test_every_tab_of_the_evidence(visit: Make, lang: str, theme: str, size: dict[str, int]) -> None:
    page, address = opened(visit, lang, theme, size)
    page.page.goto(f"{page.url}/{address}&mode=evidence&sel=icbc-kz&asof=2020")
    tabs = page.page.get_by_role("tab")
    expect(tabs).to_have_count(8)
    page.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    check(page.page)
    for tab in tabs.all()[1:]:
        tab.click()
        expect(page.page.get_by_role("tabpanel").filter(visible=True)).not_to_be_empty()
        check(page.page, f"[id='{tab.get_attribute('aria-controls')}']")


@opposites
def test_the_exported_file(
    visit: Make, atlas: Atlas, tmp_path: Path, lang: str, theme: str, size: dict[str, int]
) -> None:
    saved = tmp_path / "map.html"
    saved.write_text(export_html(atlas, publish(atlas), View(lang=lang, sel="icbc-kz")), encoding="utf-8")
    page, _ = opened(visit, lang, theme, size)
    check(page.open_saved(saved))
