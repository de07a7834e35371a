"""What the tests of the commands about roads share: the real content, read once."""

from __future__ import annotations

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.cli import journey


@pytest.fixture(autouse=True)
def _read_once(atlas: Atlas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journey, "sound_atlas", lambda _: atlas)
