"""Numbers as they are typed in files."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)


def number(text: str) -> float | None:
    """Return a decimal number with point or comma, NaN and infinities as they are, None for other words."""
    text = text.strip()
    if _NUMBER.fullmatch(text) and len(text) <= 400:
        return float(text.replace(",", "."))
    return float(text) if _NOT_FINITE.fullmatch(text) else None
