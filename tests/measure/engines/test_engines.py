"""Engines by name: the right one, or one line about what is wrong with the words."""

from __future__ import annotations

from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest

from khorgos_map.errors import UsageError
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.engines import engine_named
from khorgos_map.measure.routing.osrm import Osrm
from khorgos_map.measure.routing.valhalla import Valhalla
from tests.measure.engines.network import LAND, NETWORK


@pytest.fixture
def atlas() -> Any:
    return SimpleNamespace(network=NETWORK, land=LAND)


def test_the_embedded_engine_needs_no_address(atlas: Any) -> None:
    assert isinstance(engine_named("embedded", None, atlas), Embedded)


@pytest.mark.parametrize(("name", "kind"), [("osrm", Osrm), ("valhalla", Valhalla)])
def test_the_others_stand_at_an_address(name: str, kind: Any, atlas: Any) -> None:
    engine = engine_named(name, "http://127.0.0.1:5000/", atlas)
    assert isinstance(engine, kind)
    with closing(engine):
        assert engine.name == name


@pytest.mark.parametrize(
    ("name", "url", "reason"),
    [
        ("graphhopper", None, "unknown engine 'graphhopper'; it must be embedded, osrm or valhalla"),
        ("osrm", None, "osrm needs the address of a server: --engine-url http://HOST:PORT"),
        ("valhalla", None, "valhalla needs the address of a server"),
        ("embedded", "http://127.0.0.1:5000", "the embedded engine has no address"),
        ("osrm", "localhost", "osrm: 'localhost' is no address of a server"),
    ],
)
def test_wrong_words(name: str, url: str | None, reason: str, atlas: Any) -> None:
    with pytest.raises(UsageError) as caught:
        engine_named(name, url, atlas)
    assert reason in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
