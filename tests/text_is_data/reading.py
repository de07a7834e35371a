"""Texts taken out of a page again, as a browser has them."""

from __future__ import annotations

import base64
import gzip
import json
from html.parser import HTMLParser
from typing import Any


def told_to_map(script: str) -> dict[str, Any]:
    """Return the state in the map's script."""
    state: dict[str, Any]
    state, _ = json.JSONDecoder().raw_decode(script.split("Khorgos.apply(", 1)[1])
    return state


def carried(page: str) -> dict[str, Any]:
    """Return the files that a page carries, unpacked, by the beginning of their names."""
    packed, _ = json.JSONDecoder().raw_decode(page.split("Khorgos.carried = ", 1)[1])
    return {
        name.split(".")[0]: json.loads(gzip.decompress(base64.b64decode(body)))
        for name, body in packed.items()
    }


class Html(HTMLParser):
    """The texts of a document, what it says in attributes, and the names of its tags."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
