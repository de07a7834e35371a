"""Addresses of the web: what a record, a file or a card may link to, and nothing that a browser would run."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote, urlsplit

NEEDED = "an address begins with https:// or http://, names a host and has no spaces"
URL_CHARACTERS = "!#$%&'()*+,-./:;=?@[]_~"
# Browsers take a backslash for a slash; the others would end the address in a text.
NEVER = '\\<>"'
# The longest address of this map, with names of sketches in Chinese, has about as many characters.
MOST_CHARACTERS = 20_000


def is_web_address(text: str) -> bool:
    """Tell whether a text is an address of the web: http or https, a host, no space, no invisible character."""
    if len(text) > MOST_CHARACTERS or any(c in NEVER or unicodedata.category(c)[0] in "CZ" for c in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # half a bracket of an IPv6 address, a port that is no number
        return False


def web_address(text: str) -> str:
    """Return an address of the web unchanged; raises ValueError for any other text."""
    if not is_web_address(text):
        raise ValueError(NEEDED)
    return text


def quoted(text: str) -> str:
    """Return an address in ASCII, without the characters that would end it in a text or break TeX."""
    return quote(text.strip(), safe=URL_CHARACTERS, errors="replace")


def link_to(text: str) -> str | None:
    """Return an address as a file may link to it, in ASCII; ``None`` where it is none of the web, or too long."""
    link = quoted(text)
    return link if is_web_address(link) else None
