"""Every fault of a content folder: those of single records, and those that show only between records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from khorgos_map.atlas import ledger, places, road_check
from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.load import read_folder
from khorgos_map.errors import ContentError, Fault

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
    return atlas, sorted({*faults, *_between_records(atlas, roads=not _roads_unread(faults))})


def _roads_unread(faults: Iterable[Fault]) -> bool:
    """Return whether a whole file of the roads could not be read: all that refers to it would be a fault."""
    return any(f.file.startswith("network/") and not f.id and f.field in _WHOLE_FILE for f in faults)


def _between_records(atlas: Atlas, *, roads: bool) -> Iterator[Fault]:
    yield from ledger.faults(atlas)
    yield from places.faults(atlas)
    if roads:
        yield from road_check.faults(atlas)
