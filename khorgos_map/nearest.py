"""Help with words that were typed wrong: the nearest words that are known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

SUBJECTS = "khorgos-map facts lists all subjects"


def nearest_words(word: str, known: Iterable[str], listed: str = SUBJECTS) -> str:
    """Return a hint that names the known words nearest to a word; else ``listed``, which says where they all are."""
    near = difflib.get_close_matches(word.casefold(), list(known), n=3, cutoff=0.4)
    return f"did you mean {' or '.join(near)}?" if near else listed
