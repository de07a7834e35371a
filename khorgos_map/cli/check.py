"""The command ``khorgos-map check``: every fault of the content."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from khorgos_map.atlas import check_content, content_folder, sound_atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.measure.checks import drifted
from khorgos_map.measure.routing.embedded import Embedded


def add_words(command: argparse.ArgumentParser) -> None:
    """Add what the command understands to its parser."""
    command.add_argument("--json", action="store_true", help="print a JSON list of {file, id, field, reason}")


def run(options: argparse.Namespace) -> int:
    """Print every fault and return 1, or print what there is and return 0."""
    folder = content_folder()
    atlas, faults = None, check_content(folder)
    if not faults:
        atlas = sound_atlas(folder)
        faults = drifted(atlas, Embedded(atlas.network, land_by_side(atlas)))
    if options.json:
        print(json.dumps([asdict(fault) for fault in faults], ensure_ascii=False, indent=2))
    else:
        for fault in faults:
            print(fault)
        if atlas and not faults:
            print(
                f"{Path(folder).name}: {len(atlas.feature)} features, {len(atlas.claims)} claims, "
                f"{len(atlas.sources)} sources, {len(atlas.network.edges)} road sections: no faults"
            )
    return 1 if faults else 0
