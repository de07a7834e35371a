"""Remake the picture of the README: ``python -m tests.browser.screenshot``."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, DESKTOP, FLAGS, free_port, serve

PICTURE = Path(__file__).with_name("screenshot.png")
QUERY = "?at=44.19500,80.40500,13&sel=icbc-kz"


def main() -> None:
    """Serve the page, open the card of the Kazakh zone, and keep what is seen."""
    port = free_port()
    command = [sys.executable, "-m", "khorgos_map.cli", "run", "--no-browser", "--port", str(port)]
    for url in serve(command, f"http://127.0.0.1:{port}"):
        with sync_playwright() as playwright:
            page = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS).new_page(viewport=DESKTOP)
            page.add_init_script("localStorage.setItem('khorgos-map-intro-seen', '1')")
            page.goto(f"{url}/{QUERY}")
            page.frame_locator("iframe.stCustomComponentV1").locator("body[data-khorgos=ready]").wait_for()
            page.wait_for_load_state("networkidle")
            page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
