"""When something cannot be fetched: a message and the list of facts, never a blank area."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

from playwright.sync_api import expect

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.records import Name, Names, Text
from khorgos_map.draw.files import publish
from khorgos_map.export.html import export_html
from khorgos_map.text import catalogue
from khorgos_map.view import View
from tests.browser.conftest import Make


def test_a_layer_that_fails_says_so_and_can_be_tried_again(visit: Make) -> None:
    page = visit(refuse="layer-roads").open()
    message = page.map.locator("#kh-messages")
    expect(message).to_contain_text("“Roads with published distances” could not be loaded")
    page.map.locator("[data-layer=roads] summary").click()
    page.map.locator("[data-id=road-khorgos-almaty]").click()
    expect(page.card).to_contain_text("361 km")
    page.page.context.unroute_all()
    message.get_by_role("button", name="Try again").click()
    expect(message).to_be_empty()
    page.map.locator("path.k-road-route").first.wait_for(state="attached")


def test_a_basemap_part_that_fails_says_so(visit: Make) -> None:
    page = visit(refuse="basemap-land").open()
    expect(page.map.locator("#kh-messages")).to_contain_text("could not be loaded")
    assert page.run("Khorgos.layers.zones.state") == "ready"


def test_without_the_script_the_facts_are_there_as_a_list(visit: Make) -> None:
    page = visit(refuse="/khorgos/khorgos.")
    page.page.goto(page.url)
    facts = page.page.frame_locator(".st-key-fallback iframe")
    expect(page.page.get_by_text("The map is not drawn yet")).to_be_visible()
    expect(facts.get_by_role("heading", name=re.compile("Khorgos ICBC, Kazakh part"))).to_be_visible()
    expect(facts.locator("#icbc-kz")).to_contain_text("217 ha")


def test_without_the_words_the_facts_are_there_as_a_list(visit: Make) -> None:
    page = visit(refuse="words-")
    page.page.goto(page.url)
    expect(page.page.get_by_text("The map is not drawn yet")).to_be_visible()


def test_an_online_basemap_out_of_reach_gives_way_to_the_own_one(visit: Make) -> None:
    page = visit().open("?at=44.2,80.4,11")
    page.map.get_by_label("Basemap").select_option("osm")
    expect(page.map.locator("#kh-messages")).to_contain_text("could not be reached")
    assert page.run("Khorgos.base") == "local"
    assert page.outside
    assert all("tile.openstreetmap.org" in url for url in page.outside)


def test_words_of_a_record_never_become_part_of_the_page(visit: Make, atlas: Atlas, tmp_path: Path) -> None:
    hostile = "<img src=x onerror='window.hacked=1'>"
    place = atlas.feature["zharkent"]
    text = Text({"en": hostile})
    name = Names({"en": Name(text=hostile, basis="sourced")})
    changed = {"name": name, "description": text, "precision": text, "map_label": text, "aliases": (hostile,)}
    feature = place.model_copy(update={"properties": place.properties.model_copy(update=changed)})
    spoilt = dataclasses.replace(atlas, features={**atlas.features, "places": (feature,)})
    saved = tmp_path / "map.html"
    saved.write_text(export_html(spoilt, publish(spoilt), View(sel="zharkent")), encoding="utf-8")
    page = visit().open_saved(saved)
    page.get_by_role("searchbox").fill("onerror")
    expect(page.locator("#kh-results")).to_contain_text("<img")
    expect(page.locator("#kh-card h2")).to_contain_text("<img")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x]").count() == 0


def test_a_busy_server_is_told_in_the_panel_and_nothing_typed_is_lost(visit: Make) -> None:
    page = visit().open()
    busy = catalogue("en")("request.busy")
    headers = {"retry-after": "5", "content-type": "application/json"}
    page.page.route(
        re.compile(r"/khorgos/route\b"),
        lambda asked: asked.fulfill(status=503, headers=headers, body=json.dumps({"error": busy})),
    )
    page.map.get_by_role("button", name="Roads", exact=True).click()
    for number, typed in enumerate(("Zharkent", "Шонжы")):
        page.map.locator(f"#kh-stop-{number}").fill(typed)
        page.map.locator(f"#kh-stop-{number}").press("Enter")
    expect(page.map.locator("#kh-tool .error")).to_have_text(busy)
    expect(page.map.locator("#kh-stop-0")).to_have_value("Zharkent")
    expect(page.map.locator("#kh-stop-1")).to_have_value("Шонжы")
    page.page.unroute_all()
    page.map.locator("[data-profile=car]").click()
    expect(page.map.locator("#kh-tool .result")).to_be_visible()
    expect(page.map.locator("#kh-tool .error")).to_have_count(0)
