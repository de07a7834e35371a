"""Hiding and showing a layer, timed beside the plain way in the same run; only the ratio is judged."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit, free_port, serve

NAIVE_APP = """
import folium, streamlit as st
from offlinefolium.elements import _res as carried
from starlette.responses import Response
from starlette.routing import Route

LINKS = folium.Map.default_js + folium.Map.default_css
BODIES = {{name: carried[url] for name, url in LINKS}}
folium.Map.default_js = [(name, f"/plain/{{name}}") for name, _ in folium.Map.default_js]
folium.Map.default_css = [(name, f"/plain/{{name}}") for name, _ in folium.Map.default_css]

def send(request):
    name = request.path_params["name"]
    return Response(BODIES[name], media_type="text/css" if "css" in name else "text/javascript")

app = st.App({script!r}, routes=[Route("/plain/{{name}}", send)])
"""
TOGGLES = 6
TO_REACH = 1 / 20
TOGGLE = """
(box) => new Promise((resolve) => {
  const shown = () => Khorgos.map.hasLayer(Khorgos.layers.roads.group);
  const before = shown();
  const started = performance.now();
  box.click();
  const wait = () =>
    requestAnimationFrame(shown() === before ? wait : () => resolve(performance.now() - started));
  wait();
})
"""


@pytest.fixture
def naive(tmp_path: Path) -> Iterator[str]:
    app = tmp_path / "app.py"
    app.write_text(NAIVE_APP.format(script=str(Path(__file__).with_name("naive.py"))), encoding="utf-8")
    port = free_port()
    options = ["--server.headless=true", f"--server.port={port}", "--browser.gatherUsageStats=false"]
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.address=127.0.0.1", *options]
    yield from serve(command, f"http://127.0.0.1:{port}")


def median_ms(toggle: Callable[[], float]) -> float:
    return statistics.median(toggle() for _ in range(TOGGLES))


def naive_toggle(page: Page) -> float:
    """Return the milliseconds from a click on a checkbox until the map drawn anew stands."""
    frame = next(f for f in page.frames if "streamlit_folium" in f.url)
    frame.evaluate("window.old = true")
    started = page.evaluate("performance.now()")
    page.get_by_test_id("stCheckbox").filter(has_text="roads").locator("label").click()
    drawn = page.wait_for_function(
        "() => { const d = document.querySelector('iframe.stCustomComponentV1')?.contentWindow;"
        " return d && !d.old && d.map && d.document.querySelector('path.leaflet-interactive') && performance.now(); }",
        polling="raf",
    )
    return float(drawn.json_value()) - float(started)


def test_a_toggle_takes_a_twentieth_of_the_plain_way(visit: Callable[..., Visit], naive: str) -> None:
    ours = visit().open("?at=44.20000,80.35000,10")

    def toggle() -> float:
        return float(ours.map.locator("#layer-roads").evaluate(TOGGLE))

    ours_ms = median_ms(toggle)
    plain = visit()
    plain.page.context.unroute("**/*")
    plain.page.goto(naive)
    plain.page.frame_locator("iframe.stCustomComponentV1").locator(
        "path.leaflet-interactive"
    ).first.wait_for()
    plain_ms = median_ms(lambda: naive_toggle(plain.page))
    print(
        f"\ntoggle a layer: {ours_ms:.0f} ms, plain st_folium {plain_ms:.0f} ms, ratio 1/{plain_ms / ours_ms:.0f}"
    )
    assert ours_ms <= plain_ms * TO_REACH
