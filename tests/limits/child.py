"""Requests in a process of their own, which ends before it takes the machine: what they cost, or why they are refused.

``python -m tests.limits.child KIND AROUND_KM FILE...`` prints a line of JSON a file. The system ends it beyond 4 GB of
addresses, and when it has had half a minute on a processor for each file.
"""

from __future__ import annotations

import datetime as dt
import gc
import gzip
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from khorgos_map.atlas import content_folder, sound_atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.draw.measured import sketches_words
from khorgos_map.draw.totals import Choices
from khorgos_map.draw.uploaded import uploaded_words
from khorgos_map.errors import KhorgosMapError, LimitError
from khorgos_map.export.measured import export_measured
from khorgos_map.export.sheet import measurement_sheet
from khorgos_map.measure.sketch import decode_sketches
from khorgos_map.measure.upload import read_shapes
from khorgos_map.text import catalogue

SECONDS_EACH, MOST_BYTES = 30, 4_000_000_000
MOST_POSTED = 50_000
ORDINARY = b"Agk4p0Cgonr5EgmHgmHhmHgmH"


class Cost(NamedTuple):
    """What a request cost: why it was refused, a key of the catalogues; seconds of a processor; memory above rest."""

    refused: str | None
    seconds: float
    grown_mb: float

    @property
    def is_bounded(self) -> bool:
        """Whether it took no more than one may: 400 MB, and 10 s on a quiet machine."""
        return self.seconds < 15 and self.grown_mb < 400


def costs(kind: str, requests: Mapping[str, bytes], tmp_path: Path, around_km: float = 0) -> dict[str, Cost]:
    """Return what each request costs; those after one that ends the child are missing, and so is that one."""
    files = [tmp_path / name for name in requests]
    for file, content in zip(files, requests.values(), strict=True):
        file.write_bytes(content)
    words = [sys.executable, "-m", "tests.limits.child", kind, str(around_km), *map(str, files)]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    found = [Cost(*json.loads(line)) for line in ended.stdout.splitlines()]
    return dict(zip(requests, found, strict=False))


def _main(kind: str, around_km: str, *files: str) -> None:
    seconds = SECONDS_EACH * len(files)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    atlas, choices = sound_atlas(content_folder()), Choices(around_m=1000 * float(around_km))
    land, text = land_by_side(atlas), catalogue("en")
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    def answer(content: bytes) -> None:
        if kind == "upload":
            words = uploaded_words(read_shapes(content, "own"), land, text, choices)
            gzip.compress(json.dumps(words, ensure_ascii=False).encode(), 6)
            return
        sketches = decode_sketches(content.decode(), most_characters=MOST_POSTED)
        if kind == "measure":
            json.dumps(sketches_words(sketches, land, atlas, text, choices))
        elif kind == "pdf":
            measurement_sheet(sketches, atlas, time=now, link="", language="en", asked=choices)
        else:
            export_measured(kind, sketches, land, time=now, link="", language="en", asked=choices)

    if kind != "upload":
        answer(ORDINARY)  # what is imported and read when first asked for is no cost of a request
    for file in files:
        print(json.dumps(_cost(answer, Path(file))), flush=True)


def _cost(answer: Callable[[bytes], None], file: Path) -> Cost:
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    rest_mb, began, refused = _status_mb("VmRSS"), time.process_time(), None
    try:
        answer(file.read_bytes())
    except LimitError as error:
        refused = error.reason.key
    except KhorgosMapError as error:
        refused = str(error)
    return Cost(refused, time.process_time() - began, _status_mb("VmHWM") - rest_mb)


def _status_mb(field: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))


if __name__ == "__main__":
    _main(*sys.argv[1:])
