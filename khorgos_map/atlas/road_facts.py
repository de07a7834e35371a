"""Reading the table of published road totals into raw records, as the other files give them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from khorgos_map.errors import Fault

FACTS = "network/facts.csv"
COLUMNS = (
    "id",
    "start",
    "end",
    "via",
    "km",
    "sigma_km",
    "held_out",
    "claim",
    "source",
    "locator",
    "note",
)
_MAY_BE_EMPTY = {"claim", "locator", "note"}


def raw_facts(folder: Path, faults: list[Fault]) -> list[dict[str, Any]]:
    """Return the rows of ``network/facts.csv`` as raw records; adds a fault where the table cannot be read."""
    try:
        text = (folder / FACTS).read_text(encoding="utf-8")
    except FileNotFoundError:
        faults.append(Fault(FACTS, "", "file", f"is missing in {folder}"))
        return []
    except UnicodeDecodeError:
        faults.append(Fault(FACTS, "", "file", "is not UTF-8 text"))
        return []
    except OSError as error:
        faults.append(Fault(FACTS, "", "file", unreadable(error)))
        return []
    rows = csv.DictReader(io.StringIO(text), restkey="")
    if tuple(rows.fieldnames or ()) != COLUMNS:
        faults.append(Fault(FACTS, "", "columns", f"must be {','.join(COLUMNS)}"))
        return []
    return [_raw(row) for row in rows]


def unreadable(error: OSError) -> str:
    """Return in plain words why a file cannot be read."""
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a file"
    return f"cannot be read: {(error.strerror or str(error)).lower()}"


def _raw(row: dict[str, Any]) -> dict[str, Any]:
    # a row that is too short has None where a value is missing, and one that is too long a column without a name
    raw = {name: (value or None) if name in _MAY_BE_EMPTY else value for name, value in row.items()}
    raw["via"] = [name for name in (row["via"] or "").split(";") if name]
    return raw
