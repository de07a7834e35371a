"""Parts of a matrix on disk, and the one file that is made of them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from khorgos_map.errors import UsageError
from khorgos_map.measure.cells import guarded_text
from khorgos_map.measure.matrix.job import Job, Part, Values, label
from khorgos_map.measure.routing.osm_file import licences
from khorgos_map.measure.routing.records import Stop
from khorgos_map.measure.routing.whole import DETOUR_AT_MOST

MANIFEST = "manifest.json"
DURATION_NOTE = "times are driving times, without waiting at the border"
_NAME = pa.dictionary(pa.int32(), pa.string())
_NUMBERS = ("distance_m", "sigma_m", "access_from_m", "access_to_m", "low_m", "high_m", "duration_s")
COLUMNS = pa.schema(
    [
        ("origin", _NAME),
        ("destination", _NAME),
        *((name, pa.float64()) for name in _NUMBERS),
        ("crossings", _NAME),
    ]
)
# What is written of each number and of the crossings, in files, in JSON and in the help.
MEANINGS = {
    "distance_m": "metres on roads open all year; empty for no way, and where both places meet it at one place",
    "sigma_m": "one standard deviation of distance_m",
    "access_from_m": "metres in a straight line from the origin to the road, not in distance_m",
    "access_to_m": "metres in a straight line from the road to the destination, not in distance_m",
    "low_m": "the whole way at least, with the ways to the road; empty where there is none",
    "high_m": f"the whole way at most, the ways to the road at {DETOUR_AT_MOST:g} times the straight line",
    "duration_s": f"seconds on the road: {DURATION_NOTE}",
    "crossings": "the border crossings passed",
}


class Parts:
    """The finished parts of a job, in a hidden folder beside the file that they become.

    A part counts once it stands under its name, and it gets its name when it is whole. Parts of another job
    in the folder are thrown away.
    """

    def __init__(self, job: Job, output: Path, *, anew: bool) -> None:
        self._job = job
        self._output = output
        self.folder = output.with_name(f".{output.name}.parts")
        if anew or self._key() != job.key:
            shutil.rmtree(self.folder, ignore_errors=True)
        try:
            self.folder.mkdir(exist_ok=True)
            (self.folder / MANIFEST).write_text(
                json.dumps({"key": job.key, "parts": len(job.parts)}), "utf-8"
            )
        except OSError as error:
            raise UsageError(
                f"{output} cannot be written: {(error.strerror or str(error)).lower()}"
            ) from None

    def missing(self) -> list[Part]:
        """Return the parts that are still to be computed."""
        return [part for part in self._job.parts if not self._is_whole(part)]

    def add(self, part: Part, values: Values) -> None:
        """Write a part; it is there as a whole or not at all."""
        unfinished = self.folder / f"unfinished-{os.getpid()}"
        pq.write_table(_table(*self._job.places(part), values), unfinished, compression="zstd")
        unfinished.replace(self._file(part))

    def join(self) -> int:
        """Make the one file of all parts, remove the parts, and return how many pairs have no way."""
        unfinished = self._output.with_name(f".{self._output.name}.unfinished")
        try:
            # what somebody else may have laid there is not written into
            unfinished.unlink(missing_ok=True)
            write = _write_csv if self._output.suffix.lower() == ".csv" else _write_parquet
            without = write(unfinished, self._tables(), self._about())
            unfinished.replace(self._output)
        except OSError as error:
            raise UsageError(
                f"{self._output} cannot be written: {(error.strerror or str(error)).lower()}"
            ) from None
        finally:
            unfinished.unlink(missing_ok=True)
        shutil.rmtree(self.folder)
        return without

    def _tables(self) -> Iterator[pa.Table]:
        return (pq.read_table(self._file(part)) for part in self._job.parts)

    def _about(self) -> dict[str, str]:
        recipe = self._job.recipe
        return {
            "engine": recipe.name,
            "profile": self._job.profile,
            **MEANINGS,
            "licence": licences(recipe.network),
        }

    def _key(self) -> str | None:
        try:
            return str(json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))["key"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _file(self, part: Part) -> Path:
        return self.folder / f"part-{part.number:06}.parquet"

    def _is_whole(self, part: Part) -> bool:
        try:
            return bool(pq.read_metadata(self._file(part)).num_rows == part.pairs)
        except (OSError, pa.ArrowInvalid):
            return False


def _table(leaving: Sequence[Stop], arriving: Sequence[Stop], values: Values) -> pa.Table:
    origins, destinations = ([label(stop) for stop in stops] for stops in (leaving, arriving))
    rows = np.repeat(np.arange(len(origins), dtype=np.int32), len(destinations))
    columns = np.tile(np.arange(len(destinations), dtype=np.int32), len(origins))
    of_pairs = {
        **{name: getattr(values, name).ravel() for name in _NUMBERS if not name.startswith("access")},
        "access_from_m": values.access_from_m[rows],
        "access_to_m": values.access_to_m[columns],
    }
    passed = pa.DictionaryArray.from_arrays(
        pa.array(values.passed.ravel(), pa.int32()), pa.array(values.crossings, pa.string())
    )
    return pa.table(
        [
            pa.DictionaryArray.from_arrays(rows, origins),
            pa.DictionaryArray.from_arrays(columns, destinations),
            *(pa.array(of_pairs[name], from_pandas=True) for name in _NUMBERS),
            passed,
        ],
        schema=COLUMNS,
    )


def _write_parquet(path: Path, tables: Iterator[pa.Table], about: dict[str, str]) -> int:
    without = 0
    with pq.ParquetWriter(path, COLUMNS.with_metadata(about), compression="zstd") as writer:
        for table in tables:
            writer.write_table(table.replace_schema_metadata(about))
            without += _without_a_way(table)
    return without


def _write_csv(path: Path, tables: Iterator[pa.Table], _: dict[str, str]) -> int:
    without = 0
    plain = pa.schema([(c.name, pa.string() if c.type == _NAME else c.type) for c in COLUMNS])
    with csv.CSVWriter(path, plain, write_options=csv.WriteOptions(quoting_style="needed")) as writer:
        for table in tables:
            writer.write_table(_guarded(table).cast(plain))
            without += _without_a_way(table)
    return without


def _without_a_way(table: pa.Table) -> int:
    # where no road is driven, or an engine says nothing of the whole way, one of the two is there all the same
    unknown = pc.and_(pc.is_null(table["distance_m"]), pc.is_null(table["low_m"]))
    return int(pc.sum(unknown).as_py() or 0)


def _guarded(table: pa.Table) -> pa.Table:
    """Return a table in which no name of a place is taken for a formula by a spreadsheet."""
    for number, name in enumerate(("origin", "destination")):
        chunks = [
            pa.DictionaryArray.from_arrays(c.indices, [guarded_text(t) for t in c.dictionary.to_pylist()])
            for c in table[name].chunks
        ]
        table = table.set_column(number, name, pa.chunked_array(chunks, type=_NAME))
    return table
