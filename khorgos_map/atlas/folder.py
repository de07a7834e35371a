"""Where the content is: the folder named by the user, else the one that came with the code."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "KHORGOS_GEODATA"
_PACKAGE = Path(__file__).parents[1]


def bundled(name: str) -> Path:
    """Return the path of a top-level file or folder of the project, in a checkout or in an installed wheel."""
    installed = _PACKAGE / "bundled" / name
    return installed if installed.exists() else _PACKAGE.parent / name


def content_folder(named: str | None = None) -> Path:
    """Return the content folder: the one named, else that of ``KHORGOS_GEODATA``, else the bundled one."""
    folder = named or os.environ.get(VARIABLE)
    return Path(folder) if folder else bundled("geodata")
