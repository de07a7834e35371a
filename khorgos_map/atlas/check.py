"""Every fault of a content folder: those of single records, and those that show only between records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from khorgos_map.atlas import consistency, ledger, places, road_check
from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.load import read_folder, read_json
from khorgos_map.errors import ContentError, Fault
from khorgos_map.web_address import NEEDED, is_web_address

MANIFEST = "datapackage.json"
# The fields of a Data Package that name an address; in `path` a file may stand as well.
_NAMES_ADDRESS = {"$schema", "homepage", "path"}

# The fields of faults that leave nothing of a file of records.
_WHOLE_FILE = {"file", "type", "features", "columns", "crossings"}


def check_content(folder: Path) -> list[Fault]:
    """Return every fault of a content folder, sorted by file, id and field; an empty list means it is sound."""
    return _checked(folder)[1]


def sound_atlas(folder: Path) -> Atlas:
    """Return the atlas of a content folder without a fault; raises `ContentError` with all faults otherwise."""
    atlas, faults = _checked(folder)
    if atlas is None or faults:
        raise ContentError(faults)
    return atlas


def _checked(folder: Path) -> tuple[Atlas | None, list[Fault]]:
    """Return what can be read of a content folder, if anything, and all faults."""
    try:
        atlas, faults = read_folder(folder)
    except ContentError as error:
        return None, sorted(set(error.faults))
    faults.extend(_manifest_faults(folder))
    return atlas, sorted({*faults, *_between_records(atlas, roads=not _roads_unread(faults))})


def _roads_unread(faults: Iterable[Fault]) -> bool:
    """Return whether a whole file of the roads could not be read: all that refers to it would be a fault."""
    return any(f.file.startswith("network/") and not f.id and f.field in _WHOLE_FILE for f in faults)


def _manifest_faults(folder: Path) -> list[Fault]:
    """Return the faults of the description of the content as a Data Package, which a folder need not have."""
    faults: list[Fault] = []
    if (folder / MANIFEST).exists():
        for field, named in _addresses(read_json(folder, MANIFEST, faults)):
            if not is_web_address(named):
                faults.append(Fault(MANIFEST, "", field, f"{NEEDED} (given: {named!r})"))
    return faults


def _addresses(described: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Yield what names an address and no file, with the field it stands in."""
    if isinstance(described, dict):
        for name, value in described.items():
            within = f"{field}.{name}" if field else str(name)
            if name in _NAMES_ADDRESS and isinstance(value, str) and (":" in value or value.startswith("//")):
                yield within, value
            yield from _addresses(value, within)
    elif isinstance(described, list):
        for place, value in enumerate(described):
            yield from _addresses(value, f"{field}.{place}")


def _between_records(atlas: Atlas, *, roads: bool) -> Iterator[Fault]:
    yield from ledger.faults(atlas)
    yield from consistency.faults(atlas)
    yield from places.faults(atlas)
    if roads:
        yield from road_check.faults(atlas)
