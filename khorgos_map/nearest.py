"""Help with words that were typed wrong: the nearest words that are known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest_words(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the known words nearest to a word, or says where to find them."""
    near = difflib.get_close_matches(word.casefold(), list(known), n=3, cutoff=0.4)
    return f"did you mean {' or '.join(near)}?" if near else "khorgos-map facts lists all subjects"
