"""The real page in a real Chromium, on a server of its own, with every request to elsewhere failed and counted."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    FrameLocator,
    Page,
    Request,
    Route,
    WebSocket,
    expect,
    sync_playwright,
)

from tests.needs import need

# the first of them draws pages as the others do, and takes two thirds of their time
CHROMIUM = next(
    filter(
        None,
        map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")),
    ),
    None,
)
FLAGS = [
    # no other machine is reached; to stop requests one by one would take the browser's cache from it
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# far more than anything takes: it ends what hangs, and fails nothing on a busy machine
PATIENCE_S = 180
expect.set_options(timeout=PATIENCE_S * 1000)
# the buttons of the languages, English last: it is what a page opens in
LANGUAGES = {"ҚАЗ": "kk", "РУС": "ru", "中文": "zh", "EN": "en"}
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_health(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended by itself"
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"no answer from {url} in {PATIENCE_S} s")


def serve(command: list[str], url: str) -> Iterator[str]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_health(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


@pytest.fixture(scope="package")
def server() -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "khorgos_map.cli", "run", "--no-browser", "--port", str(port)]
    yield from serve(command, f"http://127.0.0.1:{port}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A browser for the tests of this folder; while it is open, no other test of the process can run a loop."""
    need(CHROMIUM, "Chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Visit:
    """One visit to the page: what a user sees and does, and what went wrong behind it."""

    page: Page
    url: str
    outside: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    script_errors: list[str] = field(default_factory=list)
    sent_frames: list[object] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)

    def open(self, query: str = "", *, intro: bool = False) -> Visit:
        """Open the page and wait until every shown layer is drawn or has said why not."""
        if not intro:
            # the browser's own page about a server out of reach has no storage
            remember = "localStorage.setItem('khorgos-map-intro-seen', '1')"
            self.page.add_init_script(f"if (location.protocol !== 'chrome-error:') {remember}")
        self.page.goto(f"{self.url}/{query}")
        self.map.locator("body[data-khorgos=ready]").wait_for()
        return self

    def reload(self) -> None:
        """Load the page again from its address and wait until it is drawn."""
        self.page.reload()
        self.map.locator("body[data-khorgos=ready]").wait_for()

    def open_saved(self, saved: Path, *, ready: bool = True) -> Page:
        """Open a map saved to disk, as one that has been seen before, and wait until it is drawn."""
        self.page.add_init_script("localStorage.setItem('khorgos-map-intro-seen', '1')")
        self.page.goto(saved.as_uri())
        if ready:
            self.page.locator("body[data-khorgos=ready]").wait_for()
        return self.page

    @property
    def map(self) -> FrameLocator:
        return self.page.frame_locator("iframe.stCustomComponentV1")

    @property
    def card(self) -> Any:
        return self.map.locator("#kh-card")

    def run(self, expression: str) -> Any:
        """Evaluate a JavaScript expression in the map's document."""
        return self.map.locator("body").evaluate(f"() => ({expression})")

    def read(self, message: ConsoleMessage) -> None:
        """Note what the browser did not let the page do."""
        if "Content Security Policy" in message.text:
            self.forbidden.append(message.text)

    def count(self, frame: object) -> None:
        self.sent_frames.append(frame)

    def listen(self, connection: WebSocket) -> None:
        """Count what the browser tells the server from now on."""
        connection.on("framesent", self.count)

    def click_at(self, latitude: float, longitude: float) -> None:
        """Click or tap the map at a position in degrees."""
        self.page.mouse.click(*self._on_screen(latitude, longitude))

    def point_at(self, latitude: float, longitude: float) -> None:
        """Move the mouse to a position of the map in degrees."""
        self.page.mouse.move(*self._on_screen(latitude, longitude))

    def _on_screen(self, latitude: float, longitude: float) -> tuple[float, float]:
        box = self.map.locator(".kh-map").bounding_box()
        point = self.run(f"Khorgos.map.latLngToContainerPoint([{latitude}, {longitude}])")
        assert box
        return box["x"] + point["x"], box["y"] + point["y"]

    def look_at(self, latitude: float, longitude: float, zoom: int) -> None:
        """Move the map to a position in degrees, at once."""
        self.run(f"Khorgos.map.setView([{latitude}, {longitude}], {zoom}, {{ animate: false }}) && null")

    def set_year(self, year: int) -> None:
        """Move the slider below the map to a year."""
        self.map.locator("#kh-time input").evaluate(
            "(slider, year) => { slider.focus(); slider.value = year; slider.dispatchEvent(new Event('input')); }",
            year,
        )

    def speak(self, button: str, language: str) -> None:
        """Choose a language by its button and wait until the map speaks it."""
        self.page.get_by_test_id("stButtonGroup").get_by_text(button).click()
        expect(self.map.locator("html")).to_have_attribute("lang", language)

    def hold(self, what: str, ask: Callable[[], object]) -> Route:
        """Ask the server about something and keep it from answering; return the question, for `let_go`."""
        held: list[Route] = []
        question = re.compile(rf"/{what}\?")

        def keep(route: Route) -> None:
            held.append(route)

        self.page.context.route(question, keep, times=1)
        with self.page.expect_request(question):
            ask()
        self.run("null")  # the question is told of before it is handed over
        return held[0]

    def let_go(self, held: Route, *, refuse: bool = False) -> None:
        """Let the server answer a question that was held, or be out of reach, and wait until the page knows."""
        if refuse:
            held.abort()
        else:
            held.continue_()
        answer = held.request.response()
        if answer:
            answer.finished()
        self.run("new Promise((known) => requestAnimationFrame(() => setTimeout(known)))")

    def address(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.page.url).query))

    def until_address(self, **wanted: str | None) -> None:
        """Wait until the address bar says what is wanted; ``None`` means that it must not name it."""
        text = " && ".join(
            f"new URLSearchParams(location.search).get({key!r}) === {'null' if value is None else repr(value)}"
            for key, value in wanted.items()
        )
        self.page.wait_for_function(text)


Make = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Make]:
    visits: list[Visit] = []

    def make(*, refuse: str | None = None, serving: str = server, **options: Any) -> Visit:
        context = browser.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce", **options})
        context.set_default_timeout(PATIENCE_S * 1000)
        made = Visit(context.new_page(), serving)

        def count(request: Request) -> None:
            if not request.url.startswith((serving, "data:", "blob:", "file:")):
                made.outside.append(request.url)

        context.on("request", count)
        if refuse:
            context.route(lambda url: refuse in url, lambda route: route.abort())
        made.page.on("requestfailed", lambda request: made.failed.append(request.url))
        made.page.on("pageerror", lambda error: made.script_errors.append(str(error)))
        made.page.on("websocket", made.listen)
        made.page.on("console", made.read)
        visits.append(made)
        return made

    yield make
    for made in visits:
        made.page.context.close()
    # whatever a test looks at, the page does nothing that its own policy forbids
    assert [message for made in visits for message in made.forbidden] == []
