"""Writing an export: whole or not at all, and never over a file that nobody said may go."""

from __future__ import annotations

from pathlib import Path

from khorgos_map.errors import UsageError
from khorgos_map.output import refuse_output


def save(body: bytes, path: Path, *, force: bool) -> None:
    """Write a file in one step; raises `UsageError` where `refuse_output` does, and if it cannot be written."""
    refuse_output(path, force=force)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        # what somebody else may have laid there is not written into
        unfinished.unlink(missing_ok=True)
        with unfinished.open("xb") as file:
            file.write(body)
        unfinished.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from None
    finally:
        unfinished.unlink(missing_ok=True)
