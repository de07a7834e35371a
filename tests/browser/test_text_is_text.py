"""In a real browser, texts of the address and of the content are read and nothing else: no markup, no request."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from khorgos_map.atlas import Atlas, sound_atlas
from khorgos_map.draw.files import publish
from khorgos_map.export.html import export_html
from khorgos_map.page.plain import JOINER
from khorgos_map.view import View
from tests.browser.conftest import Make, Visit, free_port, serve
from tests.text_is_data.hostile import EVERYTHING, MARKDOWN, MARKUP, SIGNS

# What would have been made of a text of ours: links and pictures, and scripts that ran.
MADE_OF_TEXT = """[...document.querySelectorAll("a, img, iframe, script, form")]
  .map((made) => made.getAttribute("href") || made.getAttribute("src") || made.getAttribute("action") || "")
  .filter((address) => /invalid|^javascript:|^mailto:/i.test(address))"""
# The texts are long, and there are many of them.
PATIENCE_MS = 90_000
TYPED = [*MARKDOWN, *MARKUP, *SIGNS[:1]]


def one_line(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()


@pytest.fixture(scope="module")
def hostile(hostile_folder: Path) -> Atlas:
    return sound_atlas(hostile_folder)


@pytest.fixture(scope="module")
def hostile_server(hostile_folder: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "khorgos_map.cli", "run", "--no-browser", "--port", str(port)]
    yield from serve([*command, "--geodata", str(hostile_folder)], f"http://127.0.0.1:{port}")


def nothing_happened(visit: Visit) -> None:
    for frame in visit.page.frames:
        assert frame.evaluate("window.hit") is None
        assert frame.evaluate(MADE_OF_TEXT) == []
    assert visit.outside == []
    assert visit.script_errors == []


@pytest.mark.parametrize("first", range(0, len(TYPED), 3))
def test_a_notice_shows_what_was_typed_and_asks_no_other_host(visit: Make, first: int) -> None:
    typed = dict(zip(("lang", "base", "sel"), TYPED[first : first + 3], strict=False))
    shown = visit()
    shown.page.goto(f"{shown.url}/?{urlencode(typed)}")
    notice = shown.page.locator(".st-key-notice p")
    notice.wait_for()
    said = notice.text_content() or ""
    for parameter, value in typed.items():
        assert f"{parameter}={value if len(value) <= 60 else value[:59]}" in said
    assert notice.locator("a, img, h1, h2, code, em, strong, .katex").count() == 0
    nothing_happened(shown)


def test_many_long_notices_make_one_short_line(visit: Make) -> None:
    shown = visit()
    words = ",".join(f"layer-{number}-{'x' * 200}" for number in range(70))
    shown.page.goto(f"{shown.url}/?{urlencode({'layers': words, 'lang': 'y' * 500})}")
    notice = shown.page.locator(".st-key-notice p")
    notice.wait_for()
    assert len(notice.text_content() or "") < 500


def test_the_evidence_shows_texts_of_the_content_letter_by_letter(
    visit: Make, hostile: Atlas, hostile_server: str
) -> None:
    shown = visit(serving=hostile_server)
    page = shown.page
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{shown.url}/?mode=evidence&sel=icbc-kz")
    for place in range(8):
        page.get_by_role("tab").nth(place).click()
        expect(page.get_by_role("tabpanel").filter(visible=True)).not_to_be_empty()
    page.get_by_role("tab").nth(1).click()
    said = [
        text.replace(JOINER, "") for text in page.locator("h3, [data-testid=stMarkdown]").all_text_contents()
    ]
    for chart in hostile.charts:
        title, note = (one_line(text.in_language("en")) for text in (chart.title, chart.note))
        assert note in said
        assert any(heading.startswith(f"{title} (") for heading in said)
    page.get_by_test_id("stVegaLiteChart").first.locator(".mark-symbol path").first.hover(force=True)
    tooltip = page.locator("#vg-tooltip-element.visible")
    tooltip.wait_for()
    assert set(tooltip.locator("*").evaluate_all("made => made.map((one) => one.tagName)")) == {
        "TABLE",
        "TBODY",
        "TR",
        "TD",
    }
    claimants = {claimant.name.in_language("en") for claimant in hostile.claimants.values()}
    assert claimants & set(tooltip.locator("td").all_text_contents())
    page.get_by_role("tab").first.click()
    page.locator(".st-key-evidence-subject input").click()
    subjects = set(page.get_by_role("option").all_text_contents())
    assert subjects <= {feature.properties.name.in_language("en")[0] for feature in hostile.feature.values()}
    assert subjects
    expect(page.get_by_test_id("stException")).to_have_count(0)
    nothing_happened(shown)


def test_the_map_shows_texts_of_the_content_letter_by_letter(
    visit: Make, hostile: Atlas, hostile_server: str
) -> None:
    shown = visit(serving=hostile_server)
    shown.page.set_default_timeout(PATIENCE_MS)
    shown.open(intro=True)
    expect(shown.map.locator("#kh-intro h2")).to_be_visible()
    assert shown.map.locator("#kh-intro h2").text_content() == hostile.introduction.title.in_language("en")
    shown.map.locator("#intro-close").click()
    listed = shown.map.locator("#kh-list section > h2").all_text_contents()
    assert {group.name.in_language("en") for group in hostile.groups} <= set(listed)
    for identifier in ("icbc-kz", "road-khorgos-almaty", "horgos-city"):
        shown.run(f"Khorgos.select({identifier!r}, {{ from: 'list' }})")
        known = hostile.feature[identifier].properties
        assert (shown.card.locator("h2").text_content() or "").startswith(known.name.in_language("en")[0])
        card = shown.card.text_content() or ""
        assert known.description.in_language("en") in card
        assert known.precision.in_language("en") in card
    links = shown.card.locator("a[target=_blank][rel]")
    assert links.count() > 0
    for link in links.all():
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert re.match(r"https?://", link.get_attribute("href") or "")
    shown.map.get_by_role("searchbox").fill("{{7*191}}")
    expect(shown.map.locator("#kh-results li").first).to_be_visible()
    nothing_happened(shown)


def test_a_word_that_every_object_knows_is_no_card(visit: Make, atlas: Atlas, tmp_path: Path) -> None:
    saved = tmp_path / "map.html"
    saved.write_text(export_html(atlas, publish(atlas), View()), encoding="utf-8")
    shown = visit()
    page = shown.open_saved(saved)
    for chosen in ("constructor", "__proto__", "toString"):
        page.goto(f"{saved.as_uri()}?sel={chosen}")
        page.locator("body[data-khorgos=ready]").wait_for()
        expect(page.locator("#kh-card")).to_be_hidden()
        assert page.evaluate("Khorgos.selected") is None
    assert shown.script_errors == []


def test_a_saved_map_shows_texts_of_the_content_letter_by_letter(
    visit: Make, hostile: Atlas, tmp_path: Path
) -> None:
    saved = tmp_path / "map.html"
    view = View(sel="icbc-kz", r="{{7*191}};</script><script>window.hit=1</script>", asof=None)
    saved.write_text(export_html(hostile, publish(hostile), view), encoding="utf-8")
    shown = visit()
    page = shown.open_saved(saved)
    expect(page.locator("#kh-card")).to_be_visible()
    name = hostile.feature["icbc-kz"].properties.name.in_language("en")[0]
    assert (page.locator("#kh-card h2").text_content() or "").startswith(name)
    assert name.startswith(EVERYTHING)
    old = visit()
    old.page.add_init_script("delete window.DecompressionStream")
    facts = old.open_saved(saved, ready=False)
    expect(facts.locator("#icbc-kz h2")).to_be_visible()
    assert facts.locator("#icbc-kz h2").text_content() == name
    for made in (shown, old):
        assert made.page.evaluate("window.hit") is None
        assert made.outside == []
