"""An export replaces files and nothing else that may stand under a name."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from khorgos_map.cli import main
from khorgos_map.errors import UsageError
from khorgos_map.export.save import save


def linked(path: Path) -> None:
    path.with_name("linked.csv").write_text("mine")
    path.symlink_to("linked.csv")


def bound(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


NO_FILES: dict[str, Callable[[Path], None]] = {
    "a link": linked,
    "a link to nothing": lambda path: path.symlink_to("nowhere.csv"),
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a socket": bound,
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a short way to it: the name of a socket has little room."""
    monkeypatch.chdir(tmp_path)
    return Path()


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("what", NO_FILES)
def test_what_is_no_file_is_never_replaced(here: Path, what: str, *, force: bool) -> None:
    path = here / "out.csv"
    NO_FILES[what](path)
    before = path.lstat().st_ino, sorted(here.iterdir())
    with pytest.raises(
        UsageError, match=rf"^out\.csv cannot be written: it is {what.split(' to', maxsplit=1)[0]}, and only"
    ):
        save(b"new", path, force=force)
    assert (path.lstat().st_ino, sorted(here.iterdir())) == before
    assert all(file.read_text() == "mine" for file in here.glob("linked.csv"))


@pytest.fixture
def terminal() -> Iterator[str]:
    ours, theirs = os.openpty()
    yield os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


def test_a_device_is_never_replaced(terminal: str) -> None:
    with pytest.raises(UsageError, match="it is a device, and only files are replaced"):
        save(b"new", Path(terminal), force=True)
    assert stat.S_ISCHR(Path(terminal).stat().st_mode)


def test_a_link_laid_where_the_unfinished_file_goes_is_not_followed(here: Path) -> None:
    (here / "yours.txt").write_text("yours")
    (here / ".out.csv.unfinished").symlink_to("yours.txt")
    save(b"new", here / "out.csv", force=False)
    assert (here / "yours.txt").read_text() == "yours"
    assert (here / "out.csv").read_bytes() == b"new"
    assert not (here / "out.csv").is_symlink()
    assert sorted(file.name for file in here.iterdir()) == ["out.csv", "yours.txt"]


@pytest.mark.parametrize(
    "command", [["export", "cite", "-o", "out.txt"], ["matrix", "all", "-o", "out.csv"]], ids=lambda c: c[0]
)
def test_the_commands_say_so_in_a_line(
    here: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    os.mkfifo(command[-1])
    assert main([*command, "--force"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"khorgos-map: {command[-1]} cannot be written: it is a pipe, and only files are replaced"
    assert stat.S_ISFIFO(Path(command[-1]).stat().st_mode)
