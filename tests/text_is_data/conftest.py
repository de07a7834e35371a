"""What the tests of hostile texts share: the content with such texts in it, and its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from khorgos_map.atlas import Atlas, sound_atlas
from khorgos_map.draw.files import Published, publish


@pytest.fixture(scope="session")
def hostile(hostile_folder: Path) -> Atlas:
    return sound_atlas(hostile_folder)


@pytest.fixture(scope="session")
def hostile_files(hostile: Atlas) -> Published:
    return publish(hostile)
