"""What a test needs that not every machine has: without it the test is skipped here, and fails in CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def need(present: object, what: str) -> None:
    """Skip the test with the reason where something is absent; in CI, where .ci/run brings it, fail instead."""
    if present:
        return
    reason = f"{what} is not on this machine: .ci/run brings it"
    pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


def engines_folder() -> Path:
    """Return the folder with the executables of OSRM and Valhalla, or skip."""
    folder = Path(os.environ.get("KHORGOS_ENGINES") or "nowhere")
    need((folder / "engines.txt").exists(), "a folder of routing engines, named by KHORGOS_ENGINES,")
    return folder
