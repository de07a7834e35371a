"""What all tests share: the real content, read once, and copies of it to spoil."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.places import land_by_side
from tests.text_is_data.hostile import hostile_copy

GEODATA = Path(__file__).parents[1] / "geodata"


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return sound_atlas(GEODATA)


@pytest.fixture(scope="session")
def land(atlas: Atlas) -> Mapping[str, BaseGeometry]:
    return land_by_side(atlas)


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the content that has templates, markup and strange signs before every text."""
    return hostile_copy(GEODATA, tmp_path_factory.mktemp("hostile") / "geodata")


@pytest.fixture(autouse=True)
def _own_content(monkeypatch: pytest.MonkeyPatch) -> None:
    # set first, so that what a command under test puts there is taken back even where there was nothing
    monkeypatch.setenv("KHORGOS_GEODATA", "")
    monkeypatch.delenv("KHORGOS_GEODATA")


@pytest.fixture
def spoilt(tmp_path: Path) -> Callable[[str, Callable[[Any], Any]], Path]:
    """Give a function that copies the content, changes one of its files, and returns the copy's folder."""

    def spoil(name: str, change: Callable[[Any], Any]) -> Path:
        folder = tmp_path / "geodata"
        if not folder.exists():
            shutil.copytree(content_folder(), folder)
        document = json.loads((folder / name).read_text(encoding="utf-8"))
        changed = change(document)
        text = json.dumps(document if changed is None else changed)
        (folder / name).write_text(text, encoding="utf-8")
        return folder

    return spoil
