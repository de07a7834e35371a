"""Numbers as they are typed in files."""

from __future__ import annotations

import re

_WITH_COMMA = re.compile(r"[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_MOST_CHARACTERS = 400


def number(text: str) -> float | None:
    """Return a decimal number with point or comma, NaN and infinities as they are, None for other words."""
    if "_" in text or len(text) > _MOST_CHARACTERS:
        return None
    try:
        return float(text)
    except ValueError:
        text = text.strip()
        return float(text.replace(",", ".")) if _WITH_COMMA.fullmatch(text) else None
