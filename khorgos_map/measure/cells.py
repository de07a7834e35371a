"""Texts in the cells of a table that a spreadsheet will open.

A spreadsheet takes a cell that begins with certain characters for a formula; such a text has an apostrophe in
front.
"""

from __future__ import annotations

# what Excel and its kin read as the beginning of a formula, the full-width forms in Chinese and Japanese settings
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that might be gets an apostrophe.

    So does a text that already is such a formula behind apostrophes, so that taking away one apostrophe
    always gives the text again.
    """
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text
