"""Where a file may be written: over no file that nobody said may go, and never over what is no file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from khorgos_map.errors import UsageError

_NO_FILE = (
    (stat.S_ISLNK, "a link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
)


def refuse_output(path: Path, *, force: bool) -> None:
    """Raise `UsageError` for a path that no file may be written to.

    A file that exists needs ``force``. A link is refused as well: to replace it would part it from its file, and
    to write through it would change a file that was not named.
    """
    if os.path.lexists(path):
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            what = next((name for is_such, name in _NO_FILE if is_such(mode)), "a device")
            raise UsageError(f"{path} cannot be written: it is {what}, and only files are replaced")
        if not force:
            raise UsageError(f"{path} exists; give --force to replace it")
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent} is no folder; name one that exists")
