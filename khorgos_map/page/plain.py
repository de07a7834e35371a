"""Texts that Streamlit shows letter by letter where it would read Markdown.

Most of what Streamlit writes, labels and notices too, is Markdown with additions of its own: a text of the content
or of an address must come to a reader as it stands, and never become a heading, a link or a picture to fetch.
"""

from __future__ import annotations

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# One line and no more: a line break would begin another paragraph, in which other rules hold.
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
# Streamlit looks for these once the escapes are gone: addresses, :names: of pictures, arrows and the like.
_FOUND_LATER = re.compile(
    r"(?<=:)(?=//|[\w+-]+:)|(?<=www)(?=\.)|(?<=@)(?=[\w-])|(?<=[<>~-])(?=[>=-])", re.IGNORECASE
)
# Keeps two letters apart that would mean something together; nobody sees it, and no line breaks there.
JOINER = "\u2060"


def escaped(text: str) -> str:
    """Return Markdown that shows a text as it stands, on one line.

    Line breaks and control characters become spaces. Where Streamlit would find an address, a name of a picture
    or an arrow, there is an invisible word joiner (U+2060) in it.
    """
    line = _SPACES.sub(" ", text).strip()
    return _PUNCTUATION.sub(r"\\\1", _FOUND_LATER.sub(JOINER, line))
