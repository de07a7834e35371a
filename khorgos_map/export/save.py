"""Writing an export: whole or not at all, and never over a file that nobody said may go."""

from __future__ import annotations

from pathlib import Path

from khorgos_map.errors import UsageError


def save(body: bytes, path: Path, *, force: bool) -> None:
    """Write a file in one step; raises `UsageError` if it exists and is not forced, or cannot be written."""
    if path.exists() and not force:
        raise UsageError(f"{path} exists; give --force to replace it")
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent} is no folder; name one that exists")
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_bytes(body)
        unfinished.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from None
    finally:
        unfinished.unlink(missing_ok=True)
