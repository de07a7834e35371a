"""The page script through Streamlit's own test runner: what it hands to the map, and that the map is never rebuilt."""

from __future__ import annotations

import gc
import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from khorgos_map.page import SCRIPT, content
from khorgos_map.page.guard import OWN_PREFIX as PREFIX

# far more than a run takes: it ends a page that hangs, and fails none on a busy machine
PATIENCE_S = 300


def open_page(**address: str) -> AppTest:
    page = AppTest.from_file(str(SCRIPT), default_timeout=PATIENCE_S)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def notice_of(page: AppTest) -> str:
    """Return what the page says, besides that its server is away."""
    lines = [str(part.value) for part in page.get("html") if 'role="status"' in str(part.value)]
    return "".join(lines[1:])


def component(page: AppTest) -> Any:
    return page.get("component_instance")[0].proto


def arguments(page: AppTest) -> dict[str, Any]:
    handed: dict[str, Any] = json.loads(component(page).json_args)
    return handed


def test_every_link_is_ours_and_published() -> None:
    handed = arguments(open_page())
    links = [*handed["js_links"], *handed["css_links"]]
    assert links
    for link in links:
        assert link.startswith(PREFIX)
        assert link.removeprefix(PREFIX) in content.published().files


def test_a_map_never_asks_for_a_run() -> None:
    assert arguments(open_page())["returned_objects"] == []


def test_switching_the_language_changes_the_state_and_not_the_map() -> None:
    page = open_page()
    before = component(page).id
    page.button_group(key="lang").set_value("ru").run()
    assert not page.exception
    assert component(page).id == before
    assert '"lang": "ru"' in arguments(page)["feature_group"]
    assert (
        any("Карта" in str(element.value) for element in page.get("html"))
        or "ru" in arguments(page)["feature_group"]
    )


def test_little_is_sent_when_a_session_opens() -> None:
    assert len(component(open_page()).json_args) < 20_000


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"lang": "zh"}, '"lang": "zh"'),
        ({"sel": "icbc-kz"}, '"sel": "icbc-kz"'),
        ({"layers": "zones,border"}, '"layers": ["zones", "border"]'),
        ({"base": "osm"}, '"base": "osm"'),
    ],
)
def test_an_address_reaches_the_map_once_as_something_to_restore(
    address: dict[str, str], expected: str
) -> None:
    assert expected in arguments(open_page(**address))["feature_group"]


def test_a_position_in_the_address_is_where_the_map_opens() -> None:
    assert '"at": [44.25, 80.1, 12]' in arguments(open_page(at="44.25000,80.10000,12"))["feature_group"]


def test_no_address_makes_another_map() -> None:
    plain, moved = (
        arguments(open_page()),
        arguments(open_page(at="44.25000,80.10000,12", sel="icbc-kz", lang="ru")),
    )
    assert plain["script"] == moved["script"]


@pytest.mark.parametrize(
    "address", [{"sel": "atlantis"}, {"at": "here"}, {"layers": "rumours"}, {"lang": "tlh"}]
)
def test_a_broken_address_is_told_and_reaches_nothing(address: dict[str, str]) -> None:
    page = open_page(**address)
    (value,) = address.values()
    assert value in notice_of(page)
    handed = arguments(page)
    assert value not in handed["feature_group"] + handed["script"]


def test_a_broken_address_is_still_told_when_the_page_is_drawn_again() -> None:
    page = open_page(sel="atlantis")
    page.button_group(key="lang").set_value("ru").run()
    assert "atlantis" in notice_of(page)
    assert not notice_of(open_page(sel="icbc-kz"))


def test_no_garbage_is_collected_after_each_run(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page()
    collected: list[int] = []
    monkeypatch.setattr(gc, "collect", collected.append)
    page.button_group(key="lang").set_value("ru").run()
    assert collected == []


def test_hostile_words_in_the_address_stay_words() -> None:
    hostile = "</script><script>alert(1)</script>"
    handed = arguments(open_page(sel=hostile, at=hostile, base=hostile))
    assert "alert(1)" not in handed["feature_group"] + handed["script"]


def test_many_long_words_make_one_short_line() -> None:
    words = ",".join(f"![p{number}](https://x.invalid/{'y' * 99})" for number in range(50))
    notice = notice_of(open_page(layers=words, lang="# h\n\n## h"))
    assert len(notice) < 600
    assert notice.count("layers") == 2
    assert "…" in notice
