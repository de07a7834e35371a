"""What the tests of the exports share: the real content, published once."""

from __future__ import annotations

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.draw.files import Published, publish
from khorgos_map.export import command
from khorgos_map.page import content


@pytest.fixture(autouse=True)
def _publish_once(atlas: Atlas, monkeypatch: pytest.MonkeyPatch) -> None:
    def once(asked: Atlas) -> Published:
        return content.published() if asked is atlas else publish(asked)

    monkeypatch.setattr(command, "publish", once)
