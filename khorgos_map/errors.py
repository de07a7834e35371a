"""The errors of Khorgos Map.

::

    KhorgosMapError          anything below; its text is one or two plain lines for the user
    ├── ContentError         geodata/ has faults; carries them all
    ├── UsageError           the words typed cannot be understood; says what would be right
    ├── RoutingError         there is no such route, or an engine does not give it
    ├── LimitError           more is asked for than is done for one request; says how much is, and what to do instead
    │   └── others           beside what raises them, such as UploadLimitError
    └── others               beside what raises them, such as UploadError and AdjustmentError
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from khorgos_map.text import catalogue

Value = str | int


@dataclass(frozen=True, order=True)
class Fault:
    """One fault in the content: the file, the record's id, the field, and what is wrong with it."""

    file: str
    id: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.id or '(no id)'}: {self.field}: {self.reason}"


@dataclass(frozen=True)
class Note:
    """A message of the catalogues, without its language; its values may hold text of a user's file."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def said(self, language: str) -> str:
        """Return the message in the words of a language."""
        return catalogue(language)(self.key, **self.values)


class KhorgosMapError(Exception):
    """Base of all errors that are told to the user as they are."""


class ContentError(KhorgosMapError):
    """The content folder has faults."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


class UsageError(KhorgosMapError):
    """A command or an address was given words it does not know."""


class LimitError(KhorgosMapError):
    """More is asked for than is done for one request; ``reason`` says it in any language, the text in English."""

    def __init__(self, key: str, **values: Value) -> None:
        self.reason = Note(key, values)
        super().__init__(self.said("en"))

    def said(self, language: str) -> str:
        """Return what is too much, how much is taken and what to do instead, in the words of a language."""
        return self.reason.said(language)
