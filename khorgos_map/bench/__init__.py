"""What the map promises to be in figures, measured here and now beside the plain way of doing it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One figure: ours, what it is measured against in the same run, and the share of that it must not exceed.

    ``value`` and ``beside`` are in ``unit``; ``None`` means that it could not be measured here, and ``note``
    says why or how. ``to_reach`` is ``None`` where nothing is promised.
    """

    what: str
    unit: str
    value: float | None
    beside: float | None
    beside_what: str
    to_reach: float | None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the other; ``None`` where one of them was not measured."""
        if self.value is None or not self.beside:
            return None
        return self.value / self.beside

    @property
    def reached(self) -> bool | None:
        """Whether the promise holds; ``None`` where it was not measured."""
        return None if self.ratio is None or self.to_reach is None else self.ratio <= self.to_reach


def absent(what: str, reason: str) -> Figure:
    """Return a figure that cannot be measured on this machine."""
    return Figure(what, "", None, None, "", None, reason)
