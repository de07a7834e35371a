"""Hiding and showing a layer, timed beside the plain way in the same run; only the ratio is judged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from khorgos_map.bench.browser import (
    FRAME,
    TOGGLE_TO_REACH,
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


def test_a_toggle_takes_a_twentieth_of_the_plain_way(visit: Make, naive: str) -> None:
    ours = visit().open(VIEW)
    ours_ms = median_ms(lambda: our_toggle_ms(ours.page))
    plain = visit()
    plain.page.context.unroute("**/*")
    plain.page.goto(naive)
    plain.page.frame_locator(FRAME).locator("path.leaflet-interactive").first.wait_for()
    plain_ms = median_ms(lambda: naive_toggle_ms(plain.page))
    print(
        f"\ntoggle a layer: {ours_ms:.0f} ms, plain st_folium {plain_ms:.0f} ms, ratio 1/{plain_ms / ours_ms:.0f}"
    )
    assert ours_ms <= plain_ms * TOGGLE_TO_REACH
