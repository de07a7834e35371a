"""What all tests share: the real content, read and published once a worker, and copies of it to spoil.

Tests run on as many workers as there are cores (``-n 0``: on none, for a debugger). A file stays on one worker;
so does a whole folder named in `TOGETHER`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from shapely.geometry.base import BaseGeometry
from xdist.scheduler import LoadScopeScheduling

from khorgos_map.atlas import Atlas, check, content_folder
from khorgos_map.draw.files import Published
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.page import content
from tests.text_is_data.hostile import hostile_copy

GEODATA = Path(__file__).parents[1] / "geodata"
# Folders and files whose tests share what takes long to start, so that it is started once. They begin first.
TOGETHER = (
    "tests/browser/",
    "tests/deploy/",
    "tests/measure/engines/",
    "tests/measure/matrix/test_cluster.py",
    "tests/test_project.py",
)

os.environ.pop("KHORGOS_GEODATA", None)
# The same examples each time, on a slow machine too; `--hypothesis-profile default` looks for new ones.
settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--mutations", default="50000", help="how many spoilt inputs tests/test_mutations.py makes"
    )


def group_of(test: str) -> str:
    """Return what is kept on one worker with a test, of which the id is given."""
    file = test.partition("::")[0]
    return next((group for group in TOGETHER if file.startswith(group)), file)


class Groups(LoadScopeScheduling):
    """Hands out the tests group by group."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_auto_num_workers() -> int:
    # one a core this process may use; more than four would only wait for the browser's tests
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(usable, 4)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups:
    return Groups(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    begin = {group: place for place, group in enumerate(TOGETHER)}
    items.sort(key=lambda item: begin.get(group_of(item.nodeid), len(begin)))


@pytest.fixture(autouse=True, scope="session")
def _read_once() -> Iterator[None]:
    """Let whoever asks for the real content have what was read and checked of it before."""
    read = check._checked
    real = cache(lambda: read(GEODATA))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "_checked", lambda folder: real() if folder == GEODATA else read(folder))
        yield


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return content.atlas()


@pytest.fixture(scope="session")
def land() -> Mapping[str, BaseGeometry]:
    return content.land()


@pytest.fixture(scope="session")
def published() -> Published:
    return content.published()


@pytest.fixture(scope="session")
def embedded() -> Embedded:
    return content.engine()


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
