"""Every fault of a content folder: those of single records, and those that show only between records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from khorgos_map.atlas import ledger, places, road_check
from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.load import load_atlas, read_folder
from khorgos_map.errors import ContentError, Fault


def check_content(folder: Path) -> list[Fault]:
    """Return every fault of a content folder, sorted by file, id and field; an empty list means it is sound."""
    try:
        atlas, faults = read_folder(folder)
    except ContentError as error:
        return sorted(set(error.faults))
    return sorted({*faults, *_between_records(atlas)})


def sound_atlas(folder: Path) -> Atlas:
    """Return the atlas of a content folder without a fault; raises `ContentError` with all faults otherwise."""
    faults = check_content(folder)
    if faults:
        raise ContentError(faults)
    return load_atlas(folder)


def _between_records(atlas: Atlas) -> Iterator[Fault]:
    yield from ledger.faults(atlas)
    yield from places.faults(atlas)
    yield from road_check.faults(atlas)
