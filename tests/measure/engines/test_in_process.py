"""Valhalla in this process gives what its server gives; where its package is absent, one line says so."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from khorgos_map.errors import UsageError
from khorgos_map.measure.routing.http_json import JsonServer
from khorgos_map.measure.routing.records import Question, RoutingError, Stop
from khorgos_map.measure.routing.valhalla import Valhalla
from khorgos_map.measure.routing.valhalla_here import InProcess
from tests.measure.engines.conftest import Servers
from tests.measure.engines.network import LAND, NETWORK

FROM, TO, FAR = Stop((79.7, 44.256)), Stop((81.0, 44.3)), Stop((70.0, 40.0), "far away")


# Its only maintained wheel is built for the stable interface of 3.12, which 3.11 cannot load; Debian has 3.11.
loads_it = pytest.mark.skipif(
    sys.version_info < (3, 12), reason="pyvalhalla has wheels for Python 3.12 and newer only"
)


@pytest.fixture
def here(engines: Path, valhalla_data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Valhalla]:
    monkeypatch.syspath_prepend(engines)
    engine = Valhalla(InProcess(valhalla_data / "valhalla.json"), NETWORK, LAND)
    yield engine
    engine.close()


@loads_it
def test_it_answers_as_the_server_does(here: Valhalla, servers: Servers, valhalla_data: Path) -> None:
    server = Valhalla(JsonServer("valhalla", servers.valhalla(valhalla_data)), NETWORK, LAND)
    question = Question((FROM, TO))
    assert here.route(question) == server.route(question)
    assert (
        here.matrix([FROM], [TO], "truck").distance_m == server.matrix([FROM], [TO], "truck").distance_m
    ).all()
    with pytest.raises(RoutingError, match=r"no road within 25 km of far away: the nearest is \d+ km away"):
        here.route(Question((FROM, FAR)))
    server.close()


def test_without_the_package_one_line_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "valhalla", None)
    with pytest.raises(UsageError, match="needs the package pyvalhalla") as caught:
        InProcess(tmp_path / "valhalla.json")
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("content", [None, "nonsense", "[]"])
def test_a_file_that_is_no_configuration_never_reaches_the_engine(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "valhalla", SimpleNamespace(Actor=pytest.fail))
    file = tmp_path / "valhalla.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"valhalla\.json cannot be used: "):
        InProcess(file)


@loads_it
def test_a_configuration_the_engine_refuses(
    tmp_path: Path, engines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(engines)
    file = tmp_path / "valhalla.json"
    file.write_text(json.dumps({"mjolnir": {}}), encoding="utf-8")
    with pytest.raises(UsageError, match=r"valhalla\.json cannot be used: "):
        InProcess(file)
