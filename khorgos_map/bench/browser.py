"""The page in Chromium beside the plain way of showing the same layers, in the same run."""

from __future__ import annotations

import functools
import itertools
import json
import math
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from khorgos_map.bench import Figure, absent
from khorgos_map.bench.servers import BARE, POLYGONS, Server, own_command, plain_command, served

TOGGLES, LOADS, ACTS, LAYERS, OWN_POLYGONS = 6, 8, 5, 3, 10_000
TOGGLE_TO_REACH, LANGUAGE_TO_REACH, SOCKET_TO_REACH = 1 / 20, 1 / 3, 1 / 10
LOAD_TO_REACH, CPU_TO_REACH, POLYGONS_TO_REACH = 1 / 4, 1 / 5, 1 / 2
VIEW = "?at=44.20000,80.35000,10"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    # no other machine is reached; to stop requests one by one would take the browser's cache from it
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
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
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
FRAME = "iframe.stCustomComponentV1"
OUR_MAP, NAIVE_MAP, BARE_PAGE = "body[data-khorgos=ready]", "path.leaflet-interactive", "text=bare"
Act = Callable[[], object]


@dataclass
class Traffic:
    """What one visit moved: bytes over the websocket, and requests to other machines."""

    socket_bytes: int = 0
    outside: int = 0


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
    with tempfile.TemporaryDirectory() as folder, playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=FLAGS)
        yield from _figures(browser, Path(folder))
        browser.close()


def _figures(browser: Any, folder: Path) -> Iterator[Figure]:
    with (
        served(own_command) as ours,
        served(lambda port: plain_command(folder, port)) as naive,
        served(lambda port: plain_command(folder, port, BARE)) as bare,
    ):
        yield from _sessions(browser, ours, naive, bare)
        yield _polygons(browser, ours, folder)


def _sessions(browser: Any, ours: Server, naive: Server, bare: Server) -> Iterator[Figure]:
    visits = [_visit(browser, server.url) for server in (ours, naive, bare)]
    (page, traffic), (plain, plain_traffic), (empty, _) = visits
    loads = [
        functools.partial(_load_ms, page, traffic, f"{ours.url}/{VIEW}", OUR_MAP),
        functools.partial(_load_ms, plain, plain_traffic, naive.url, NAIVE_MAP),
        functools.partial(_load_ms, empty, Traffic(), bare.url, BARE_PAGE),
    ]
    # in turn, so that a slower minute of the machine is one for all; the first loads warm everything
    times = [[load() for load in loads] for _ in range(LOADS)]
    load_ms, plain_load_ms, bare_load_ms = (
        statistics.median(column) for column in zip(*times[1:], strict=True)
    )
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
    yield Figure(
        "page load beyond a bare page",
        "ms",
        load_ms - bare_load_ms,
        plain_load_ms - bare_load_ms,
        how,
        LOAD_TO_REACH,
    )
    yield _cpu(ours, _speaks_in_turn(page), naive, lambda: naive_toggle_ms(plain))
    yield Figure("requests to other machines", "", traffic.outside, 1.0, "one would be too many", 0.0)


def _load_ms(page: Any, traffic: Traffic, address: str, ready: str) -> float:
    """Return the milliseconds until a page stands; the traffic is that of this load alone."""
    traffic.socket_bytes = 0
    started = time.perf_counter()
    page.goto(address)
    (page if ready == BARE_PAGE else page.frame_locator(FRAME)).locator(ready).first.wait_for()
    return (time.perf_counter() - started) * 1000


def _polygons(browser: Any, ours: Server, folder: Path) -> Figure:
    layer = folder / "polygons.geojson"
    layer.write_text(json.dumps(_octagons()), encoding="utf-8")
    command = functools.partial(plain_command, folder, script=POLYGONS)
    with served(command, KHORGOS_BENCH_LAYER=str(layer)) as naive:
        times = [(_our_layer_s(browser, ours, layer), _naive_layer_s(browser, naive)) for _ in range(LAYERS)]
    taken_s, plain_s = (statistics.median(column) for column in zip(*times, strict=True))
    what = f"{OWN_POLYGONS:,} polygons of one's own"
    return Figure(what, "s", taken_s, plain_s, "plain st_folium", POLYGONS_TO_REACH)


def _our_layer_s(browser: Any, server: Server, layer: Path) -> float:
    """Return the seconds from the choice of a file until it is measured, listed and drawn."""
    page, traffic = _visit(browser, server.url)
    _load_ms(page, traffic, f"{server.url}/{VIEW}", OUR_MAP)
    page.frame_locator(FRAME).get_by_role("button", name="Measure", exact=True).click()
    started = time.perf_counter()
    page.frame_locator(FRAME).locator("#kh-upload").set_input_files(layer)
    page.frame_locator(FRAME).locator("#kh-tool .own").wait_for()
    page.evaluate(PAINTED)
    taken_s = time.perf_counter() - started
    page.context.close()
    return taken_s


def _naive_layer_s(browser: Any, server: Server) -> float:
    """Return the seconds from a click until the plain page shows the same shapes."""
    page, _ = _visit(browser, server.url)
    page.goto(server.url)
    page.get_by_text("show").wait_for()
    started = time.perf_counter()
    page.get_by_text("show").click()
    page.frame_locator(FRAME).locator(NAIVE_MAP).nth(OWN_POLYGONS - 1).wait_for(state="attached")
    page.evaluate(PAINTED)
    taken_s = time.perf_counter() - started
    page.context.close()
    return taken_s


def _octagons() -> dict[str, Any]:
    side = math.isqrt(OWN_POLYGONS)
    turns = [math.radians(45 * corner) for corner in (0, 1, 2, 3, 4, 5, 6, 7, 0)]
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"Plot {row + 1}-{column + 1}"},
            "geometry": {"type": "Polygon", "coordinates": [_around(column, row, turns)]},
        }
        for row in range(side)
        for column in range(side)
    ]
    return {"type": "FeatureCollection", "features": features}


def _around(column: int, row: int, turns: Sequence[float]) -> list[list[float]]:
    middle, radius = (80 + column / 100, 44 + row / 100), 0.004
    return [
        [round(middle[0] + radius * math.cos(turn), 5), round(middle[1] + radius * math.sin(turn), 5)]
        for turn in turns
    ]


def _cpu(ours: Server, our_act: Act, naive: Server, naive_act: Act) -> Figure:
    what = "processor of the server for one act"
    before, plain_before = ours.cpu_s(), naive.cpu_s()
    for _ in range(ACTS):
        our_act()
        naive_act()
    after, plain_after = ours.cpu_s(), naive.cpu_s()
    if before is None or plain_before is None or after is None or plain_after is None:
        return absent(what, "this system does not tell what a process has taken")
    spent, plain_spent = (1000 * s / ACTS for s in (after - before, plain_after - plain_before))
    return Figure(what, "ms", spent, plain_spent, "plain st_folium", CPU_TO_REACH)


def _visit(browser: Any, url: str) -> tuple[Any, Traffic]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page, traffic = context.new_page(), Traffic()

    def note(request: Any) -> None:
        traffic.outside += not request.url.startswith((url, "data:", "blob:"))

    def count(frame: Any) -> None:
        traffic.socket_bytes += len(frame if isinstance(frame, bytes) else str(frame).encode())

    def listen(socket_: Any) -> None:
        socket_.on("framesent", count)
        socket_.on("framereceived", count)

    page.add_init_script("localStorage.setItem('khorgos-map-intro-seen', '1')")
    page.on("request", note)
    page.on("websocket", listen)
    return page, traffic


def _language_ms(page: Any) -> float:
    speak = _speaks_in_turn(page)
    return statistics.median(speak() for _ in range(TOGGLES))


def _speaks_in_turn(page: Any) -> Callable[[], float]:
    """Return what changes the language of our page, each time to another, and returns the milliseconds it took."""
    languages = itertools.cycle((("ru", "РУС"), ("zh", "中文")))

    def speak() -> float:
        code, label = next(languages)
        started = page.evaluate("performance.now()")
        page.get_by_text(label, exact=True).click()
        ended = page.wait_for_function(IN_LANGUAGE, arg=code, polling="raf").json_value()
        return float(ended) - float(started)

    return speak
