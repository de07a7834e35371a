"""The page in Chromium beside the plain way of showing the same layers, in the same run."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.error import URLError

from khorgos_map.bench import Figure, absent
from khorgos_map.errors import KhorgosMapError

TOGGLES = 6
TOGGLE_TO_REACH, LANGUAGE_TO_REACH, SOCKET_TO_REACH = 1 / 20, 1 / 3, 1 / 10
PATIENCE_S = 60
VIEW = "?at=44.20000,80.35000,10"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
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
# in the map's document: milliseconds from the click on the box until the layer is drawn or gone
OUR_TOGGLE = """
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
DRAWN_ANEW = (
    "() => { const d = document.querySelector('iframe.stCustomComponentV1')?.contentWindow;"
    " return d && !d.old && d.map && d.document.querySelector('path.leaflet-interactive') && performance.now(); }"
)
IN_LANGUAGE = (
    "(word) => document.querySelector('iframe.stCustomComponentV1').contentDocument.documentElement.lang === word"
    " && performance.now()"
)
FRAME = "iframe.stCustomComponentV1"


@dataclass
class Traffic:
    """What one visit moved: bytes over the websocket, and requests to other machines."""

    socket_bytes: int = 0
    outside: int = 0


def naive_command(folder: Path, port: int) -> list[str]:
    """Return the command that serves the plain page; its application is written into a folder."""
    app = folder / "app.py"
    app.write_text(NAIVE_APP.format(script=str(Path(__file__).with_name("naive.py"))), encoding="utf-8")
    options = ["--server.headless=true", f"--server.port={port}", "--browser.gatherUsageStats=false"]
    return [sys.executable, "-m", "streamlit", "run", str(app), "--server.address=127.0.0.1", *options]


def our_toggle_ms(page: Any) -> float:
    """Return the milliseconds in which our page hides or shows a layer."""
    return float(page.frame_locator(FRAME).locator("#layer-roads").evaluate(OUR_TOGGLE))


def naive_toggle_ms(page: Any) -> float:
    """Return the milliseconds from a click on a checkbox of the plain page until the map drawn anew stands."""
    frame = next(frame for frame in page.frames if "streamlit_folium" in frame.url)
    frame.evaluate("window.old = true")
    started = page.evaluate("performance.now()")
    page.get_by_test_id("stCheckbox").filter(has_text="roads").locator("label").click()
    return float(page.wait_for_function(DRAWN_ANEW, polling="raf").json_value()) - float(started)


def median_ms(toggle: Callable[[], float]) -> float:
    """Return the median of some toggles."""
    return statistics.median(toggle() for _ in range(TOGGLES))


def measure() -> Iterator[Figure]:
    """Yield what the page takes in Chromium; needs Playwright and a Chromium of the machine."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        playwright = import_module("playwright.sync_api")
    except ImportError:
        playwright = None
    if chromium is None or playwright is None:
        yield absent("the page in the browser", "needs Chromium and playwright: pip install playwright")
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        playwright.sync_playwright() as started,
        _served(
            lambda port: [sys.executable, "-m", "khorgos_map.cli", "run", "--no-browser", "--port", str(port)]
        ) as ours,
        _served(lambda port: naive_command(Path(folder), port)) as naive,
    ):
        browser = started.chromium.launch(executable_path=chromium, args=FLAGS)
        yield from _figures(browser, ours, naive)
        browser.close()


def _figures(browser: Any, ours: str, naive: str) -> Iterator[Figure]:
    # the first visit warms the server and is not counted
    for _ in range(2):
        page, traffic = _visit(browser, ours)
        page.add_init_script("localStorage.setItem('khorgos-map-intro-seen', '1')")
        page.goto(f"{ours}/{VIEW}")
        page.frame_locator(FRAME).locator("body[data-khorgos=ready]").wait_for()
    for _ in range(2):
        plain, plain_traffic = _visit(browser, naive)
        plain.goto(naive)
        plain.frame_locator(FRAME).locator("path.leaflet-interactive").first.wait_for()
    sent, plain_sent = traffic.socket_bytes / 1000, plain_traffic.socket_bytes / 1000
    plain_ms = median_ms(lambda: naive_toggle_ms(plain))
    how = "plain st_folium"
    yield Figure(
        "hide or show a layer", "ms", median_ms(lambda: our_toggle_ms(page)), plain_ms, how, TOGGLE_TO_REACH
    )
    yield Figure(
        "change the language", "ms", _language_ms(page), plain_ms, f"{how}, any change", LANGUAGE_TO_REACH
    )
    yield Figure("websocket when a session opens", "kB", sent, plain_sent, how, SOCKET_TO_REACH)
    yield Figure("requests to other machines", "", traffic.outside, 1.0, "one would be too many", 0.0)


def _visit(browser: Any, url: str) -> tuple[Any, Traffic]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page, traffic = context.new_page(), Traffic()

    def guard(route: Any, request: Any) -> None:
        if request.url.startswith((url, "data:", "blob:")):
            route.continue_()
        else:
            traffic.outside += 1
            route.abort()

    def count(frame: Any) -> None:
        traffic.socket_bytes += len(frame if isinstance(frame, bytes) else str(frame).encode())

    def listen(socket_: Any) -> None:
        socket_.on("framesent", count)
        socket_.on("framereceived", count)

    context.route("**/*", guard)
    page.on("websocket", listen)
    return page, traffic


def _language_ms(page: Any) -> float:
    times = []
    for code, label in (("ru", "РУС"), ("zh", "中文"), ("ru", "РУС"), ("zh", "中文")):
        started = page.evaluate("performance.now()")
        page.get_by_text(label, exact=True).click()
        ended = page.wait_for_function(IN_LANGUAGE, arg=code, polling="raf").json_value()
        times.append(float(ended) - float(started))
    return statistics.median(times)


@contextmanager
def _served(command: Callable[[int], list[str]]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(  # noqa: S603
        command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)
    )
    try:
        _await_health(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)


def _await_health(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):  # noqa: S310
                return
        except (URLError, ConnectionError, TimeoutError):
            if process.poll() is not None or time.monotonic() > deadline:
                raise KhorgosMapError(f"a server for the bench does not start on {url}") from None
            time.sleep(0.1)
