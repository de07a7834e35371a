"""Who asks for less motion sees none: not of the zoom, of what is dragged or panned, nor of the years."""

from __future__ import annotations

from typing import Literal

from playwright.sync_api import expect

from tests.browser.conftest import Make, Visit

CLOSE = "?at=44.19500,80.39500,13"


def moves(page: Visit, act: str) -> bool:
    """Say whether something that is done makes the map move at once or in the next frame."""
    look = "document.querySelector('.leaflet-zoom-anim, .leaflet-pan-anim') !== null"
    return bool(
        page.run(
            f"new Promise((tell) => {{ {act}; const now = {look};"
            f" requestAnimationFrame(() => tell(now || {look})); }})"
        )
    )


def ask_for(page: Visit, motion: Literal["reduce", "no-preference"]) -> None:
    """Change what the reader asks the system for, and wait until the map has heard of it."""
    page.page.emulate_media(reduced_motion=motion)
    asked = f"matchMedia('(prefers-reduced-motion: {motion})').matches"
    page.run(
        f"new Promise((known) => (function look() {{ {asked} ? known() : requestAnimationFrame(look); }})())"
    )


def still_to_come(page: Visit) -> float:
    """Drag the map, let it go, and return how many pixels it slides on."""
    page.run(
        "void (window.slid = new Promise((tell) => Khorgos.map.once('dragend', () => {"
        " const from = Khorgos.map.getCenter();"
        " Khorgos.map.once('moveend', () => tell(Khorgos.map.latLngToContainerPoint(from)"
        ".distanceTo(Khorgos.map.latLngToContainerPoint(Khorgos.map.getCenter())))); })))"
    )
    page.page.mouse.move(900, 500)
    page.page.mouse.down()
    page.page.mouse.move(700, 400, steps=8)
    page.page.mouse.up()
    return float(page.run("window.slid"))


def test_nothing_moves_by_itself(visit: Make) -> None:
    page = visit(reduced_motion="reduce").open(CLOSE)
    for act in ("zoomIn()", "setZoomAround([44.2, 80.4], 12)", "panBy([200, 0])", "flyTo([44.25, 80.3], 11)"):
        assert not moves(page, f"Khorgos.map.{act}"), act
    assert not moves(page, "Khorgos.select('dry-port', { from: 'list' })")
    assert page.run("Khorgos.map.getZoom()") == 13
    assert still_to_come(page) < 1
    assert page.run("document.querySelector('.leaflet-fade-anim') === null")


def test_who_asks_under_way_is_heard(visit: Make) -> None:
    page = visit(reduced_motion="no-preference").open(CLOSE)
    assert moves(page, "Khorgos.map.zoomIn()")
    expect(page.map.locator(".leaflet-zoom-anim")).to_have_count(0)
    ask_for(page, "reduce")
    assert not moves(page, "Khorgos.map.zoomOut()")
    assert not moves(page, "Khorgos.map.panBy([200, 0])")
    assert still_to_come(page) < 1
    ask_for(page, "no-preference")
    assert moves(page, "Khorgos.map.panBy([200, 0])")


def test_the_years_go_on_a_press_a_year(visit: Make) -> None:
    page = visit(reduced_motion="reduce").open("?asof=2033")
    shown = page.map.locator("#kh-time output")
    for year in (2034, 2035, 2005):
        page.map.get_by_role("button", name="Next year").click()
        expect(shown).to_have_text(f"as of {year}")
    ask_for(page, "no-preference")
    expect(page.map.get_by_role("button", name="Play the years")).to_be_visible()
