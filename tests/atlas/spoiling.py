"""Ways to spoil the content or one record, and the rules that must notice it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from khorgos_map.atlas import check_content
from khorgos_map.errors import Fault

Document = dict[str, Any]


@dataclass(frozen=True)
class Spoilt:
    """One way to spoil one file, and the line of `check` that must answer it."""

    name: str
    file: str
    change: Callable[[Document], Any]
    id: str
    field: str
    reason: str
    found_in: str = ""

    @property
    def files(self) -> set[str]:
        """The file that is spoilt, and the one with the record that does not hold for it."""
        return {self.file, self.found_in or self.file}

    def is_answered_by(self, fault: Fault) -> bool:
        """Return whether a line of `check` is the one that must answer it."""
        return (
            fault.file == (self.found_in or self.file)
            and fault.id.startswith(self.id)
            and fault.field.startswith(self.field)
            and self.reason in fault.reason
        )


def rounds(cases: Iterable[Spoilt]) -> list[list[Spoilt]]:
    """Deal the cases out so that no two of a round meet in a file: all of a round are found in one copy."""
    dealt: list[list[Spoilt]] = []
    for case in cases:
        for others in dealt:
            if all(case.files.isdisjoint(other.files) for other in others):
                others.append(case)
                break
        else:
            dealt.append([case])
    return dealt


def unanswered(cases: Sequence[Spoilt], spoil: Callable[[str, Callable[[Any], Any]], Path]) -> list[str]:
    """Spoil one copy in all these ways and return the names of those that `check` does not answer as it must."""
    for case in cases:
        folder = spoil(case.file, case.change)
    faults = check_content(folder)
    return [case.name for case in cases if not any(case.is_answered_by(fault) for fault in faults)]


def feature(document: Document, identifier: str) -> Document:
    """Return a feature of a layer by its id."""
    return next(f for f in document["features"] if f["properties"]["id"] == identifier)


def put(identifier: str, field: str, value: Any) -> Callable[[Document], None]:
    """Return what sets a property of one feature."""
    return lambda document: feature(document, identifier)["properties"].__setitem__(field, value)


def changed(record: Any, path: str, value: Any) -> Any:
    """Return a copy of a record with another value at a path such as ``properties.length_km``."""
    if not path:
        return value
    field, _, rest = path.partition(".")
    if isinstance(record, BaseModel):
        return record.model_copy(update={field: changed(getattr(record, field), rest, value)})
    if isinstance(record, Mapping):
        return {**record, field: changed(record.get(field), rest, value)}
    place = int(field)
    return type(record)((*record[:place], changed(record[place], rest, value), *record[place + 1 :]))


@dataclass(frozen=True)
class Rule:
    """What holds for every record of a kind, and a change of one record that breaks it."""

    name: str
    holds: Callable[[Any], object]
    record: str
    path: str
    value: Any

    def check(self, records: Mapping[str, Any]) -> None:
        """Fail with the ids of all records that break the rule, or if a spoilt copy of one does not break it."""
        broken = [identifier for identifier, record in records.items() if not self.holds(record)]
        assert broken == [], self.name
        assert not self.holds(changed(records[self.record], self.path, self.value)), (
            f"{self.name}: no spoilt copy"
        )
