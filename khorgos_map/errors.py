"""The errors of Khorgos Map.

::

    KhorgosMapError          anything below; its text is one or two plain lines for the user
    ├── ContentError         geodata/ has faults; carries them all
    ├── UsageError           the words typed cannot be understood; says what would be right
    ├── RoutingError         there is no such route, or an engine does not give it
    └── others               beside what raises them, such as UploadError and AdjustmentError
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One fault in the content: the file, the record's id, the field, and what is wrong with it."""

    file: str
    id: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.id or '(no id)'}: {self.field}: {self.reason}"


class KhorgosMapError(Exception):
    """Base of all errors that are told to the user as they are."""


class ContentError(KhorgosMapError):
    """The content folder has faults."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


class UsageError(KhorgosMapError):
    """A command or an address was given words it does not know."""
