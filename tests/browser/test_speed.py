"""Hiding and showing a layer beside the plain way, in the same run.

`khorgos-map bench` holds the two against what is promised. Here other tests run beside them, so only a ratio is
judged that no load turns round.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from khorgos_map.bench import browser as bench
from khorgos_map.bench.browser import (
    FRAME,
    VIEW,
    median_ms,
    naive_toggle_ms,
    our_toggle_ms,
)
from khorgos_map.bench.servers import plain_command
from tests.browser.conftest import Make, free_port, serve


@pytest.fixture
def naive(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    yield from serve(plain_command(tmp_path, port), f"http://127.0.0.1:{port}")


def test_a_toggle_is_far_sooner_than_the_plain_way_and_asks_no_server(
    visit: Make, naive: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "TOGGLES", 3)
    ours = visit().open(VIEW)
    sent = len(ours.sent_frames)
    ours_ms = median_ms(lambda: our_toggle_ms(ours.page))
    assert len(ours.sent_frames) == sent
    plain = visit()
    plain.page.goto(naive)
    plain.page.frame_locator(FRAME).locator("path.leaflet-interactive").first.wait_for()
    plain_ms = median_ms(lambda: naive_toggle_ms(plain.page))
    print(
        f"\ntoggle a layer: {ours_ms:.0f} ms, plain st_folium {plain_ms:.0f} ms, ratio 1/{plain_ms / ours_ms:.0f}"
    )
    assert ours_ms < plain_ms / 4
