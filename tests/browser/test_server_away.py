"""The server goes away and comes back under an open page: the page says so in its language, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import PHONE, Make, Visit, await_health, free_port

KAZAKH_ZONE = (44.2055, 80.3885)


class Own:
    """A server of the test's own, which can be ended and begun again at the same address."""

    def __init__(self) -> None:
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.begin()

    def begin(self) -> None:
        command = [sys.executable, "-m", "khorgos_map.cli", "run", "--no-browser", "--port", str(self._port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        await_health(self.url, self._process)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def own() -> Iterator[Own]:
    server = Own()
    yield server
    server.end()


@pytest.fixture
def server(own: Own) -> str:
    return own.url


def line(page: Visit) -> Locator:
    return page.page.locator(".st-key-away").get_by_role("status").locator("p")


def restart(page: Visit, own: Own) -> None:
    own.end()
    expect(line(page)).to_be_visible()
    own.begin()
    expect(line(page)).to_be_hidden(timeout=30_000)


def test_a_line_says_so_and_the_map_goes_on(visit: Make, own: Own) -> None:
    page = visit().open("?lang=ru&at=44.19500,80.39500,13")
    phone = visit(viewport=PHONE, has_touch=True).open("?lang=kk")
    expect(line(page)).to_be_hidden()
    page.map.get_by_role("searchbox").click()
    page.page.keyboard.type("нур")
    page.page.evaluate(
        "() => { window.dialogs = 0; new MutationObserver((all) => { for (const { addedNodes } of all)"
        " for (const node of addedNodes) if (node.matches?.('.stDialog')) window.dialogs += 1; })"
        ".observe(document.body, { childList: true }); }"
    )
    own.end()
    expect(line(page)).to_have_text(
        "Нет связи с сервером. Карта продолжает работать; язык, данные, измерения и дороги ждут связи."
    )
    page.page.wait_for_function("window.dialogs > 0", timeout=60_000)
    expect(page.page.get_by_test_id("stDialog")).to_have_count(0)
    page.page.keyboard.type(" жол")
    page.map.locator("#kh-results [data-id=nur-zholy]").first.wait_for()
    page.click_at(*KAZAKH_ZONE)
    expect(page.card).to_contain_text("217 га")
    for one, words in ((page, "Нет связи с сервером"), (phone, "Сервермен байланыс жоқ")):
        expect(line(one)).to_contain_text(words)
        box, frame = line(one).bounding_box(), one.page.locator("iframe.stCustomComponentV1").bounding_box()
        assert box
        assert frame
        assert 0 < box["height"] < 50
        assert box["y"] + box["height"] <= frame["y"]
        height = one.page.viewport_size["height"] if one.page.viewport_size else 0
        assert frame["y"] + frame["height"] == height
    own.begin()
    for one in (page, phone):
        expect(line(one)).to_be_hidden(timeout=30_000)
    assert page.script_errors == phone.script_errors == []


def test_after_a_restart_the_first_switch_reaches_the_whole_page_and_the_map_stays(
    visit: Make, own: Own
) -> None:
    page = visit().open()
    page.run("window.sameDocument = true")
    page.run("Khorgos.map.setView([44.25, 80.1], 12, { animate: false })")
    page.until_address(lang="en")
    restart(page, own)
    page.speak("РУС", "ru")
    expect(page.page.get_by_role("heading", level=1)).to_have_text("Карта Хоргоса")
    expect(page.page).to_have_title("Карта Хоргоса")
    expect(page.page.get_by_test_id("stButtonGroup").get_by_text("Данные")).to_be_visible()
    assert page.run("window.sameDocument")
    assert page.run("Khorgos.map.getZoom()") == 12


def test_after_a_restart_the_language_is_that_of_the_address_not_of_the_browser(
    visit: Make, own: Own
) -> None:
    page = visit(locale="zh-CN").open()
    expect(page.page.get_by_role("heading", level=1)).to_have_text("霍尔果斯地图")
    page.speak("EN", "en")
    page.until_address(lang="en")
    page.reload()
    expect(page.page.get_by_role("heading", level=1)).to_have_text("Khorgos Map")
    restart(page, own)
    page.page.get_by_text("Evidence", exact=True).click()
    expect(page.page.get_by_role("heading", name="Who says what")).to_be_visible()
    expect(page.page.get_by_role("heading", level=1)).to_have_text("Khorgos Map")
