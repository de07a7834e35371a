"""The whole map in one file that opens from disk without a network: the same drawing, with everything inside."""

from __future__ import annotations

import base64
import functools
import gzip
import json
import re
import secrets
import struct
import zlib
from dataclasses import dataclass
from functools import cache, cached_property
from html import escape

from branca.element import Figure
from folium.template import Template

from khorgos_map.atlas import Atlas
from khorgos_map.draw.facts_page import facts_page
from khorgos_map.draw.files import JSON_TYPES, Published
from khorgos_map.draw.map import State, draw_map, state_of
from khorgos_map.draw.verbatim import Verbatim
from khorgos_map.text import catalogue
from khorgos_map.view import View

# a browser too old to unpack the files shows the facts that are there for readers without script
FACTS_INSTEAD = """
if (!window.DecompressionStream) document.addEventListener("DOMContentLoaded", () => {
  document.body.className = "";
  document.body.innerHTML = document.querySelector("noscript").textContent;
});
"""
VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>')
ZOOMABLE = '<meta name="viewport" content="width=device-width, initial-scale=1">'
# RFC 1952: deflate, no name, no time; RFC 1951: a last block with nothing in it
_GZIP_HEADER, _DEFLATE_END = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", b"\x03\x00"


class Inside(Verbatim):
    """What the page would fetch, put into the document itself: the script, the files, the facts without script."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}<script>{{ this.script }}</script>{% endmacro %}
        {% macro html(this, kwargs) %}<noscript>{{ this.facts }}</noscript>{% endmacro %}
        """
    )

    def __init__(self, script: str, facts: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca leaves it untyped
        self._name = "Inside"
        self.script = script
        self.facts = facts


@dataclass(frozen=True)
class _Piece:
    """A part of a document in UTF-8: as it is, and packed so that packed parts can follow each other."""

    text: bytes
    deflated: bytes


class WholeMap:
    """A document that shows any view of the map, with cards, layers and all languages inside.

    The files are in it packed, as they would be sent; only the facts, in the view's language, stand there plainly
    for readers without script. It asks for nothing from elsewhere until its reader picks an online basemap.
    What is the same for all views is made and packed once. Equal content and view give equal documents.
    """

    def __init__(self, atlas: Atlas, published: Published) -> None:
        self._atlas, self._published = atlas, published
        self._facts = cache(self._facts_in)

    def text(self, view: View) -> str:
        """Return the document in HTML."""
        return b"".join(piece.text for piece in self._pieces(view)).decode()

    def packed(self, view: View) -> bytes:
        """Return the document in HTML, UTF-8, as a gzip stream of one member: browsers leave out a second one."""
        pieces = self._pieces(view)
        check = functools.reduce(lambda sum_, piece: zlib.crc32(piece.text, sum_), pieces, 0)
        size = sum(len(piece.text) for piece in pieces)
        body = b"".join(piece.deflated for piece in pieces)
        return _GZIP_HEADER + body + _DEFLATE_END + struct.pack("<II", check, size)

    def _pieces(self, view: View) -> list[_Piece]:
        script, facts = (f"{name}-{secrets.token_hex(16)}" for name in ("script", "facts"))
        before, rest = self._rendered(view, script, facts).split(script)
        between, after = rest.split(facts)
        return [
            _piece(before),
            self._script,
            _piece(between),
            self._facts(view.lang),
            _piece(after),
        ]

    def _rendered(self, view: View, script: str, facts: str) -> str:
        """Return the document with two words where the script and the facts belong."""
        drawn = draw_map(self._atlas, self._published, root="", standalone=True)
        drawn._id = "khorgos"
        drawn.default_js = []
        drawn.add_child(Inside(script, facts))
        state = State(state_of(view, view, theme=""))
        state._id = "state"
        drawn.add_child(state)
        page = drawn.get_root()
        if isinstance(page, Figure):
            page.title = escape(catalogue(view.lang)("page.title"))
        # folium forbids the reader to zoom
        return VIEWPORT.sub(ZOOMABLE, str(page.render()), count=1)

    @cached_property
    def _script(self) -> _Piece:
        map_script = _unpacked(self._published, self._published.script)
        script = f"{map_script}\nKhorgos.carried = {_carried(self._published)};{FACTS_INSTEAD}"
        return _piece(script.replace("</", "<\\/").replace("<!--", "<\\!--"))

    def _facts_in(self, language: str) -> _Piece:
        return _piece(facts_page(self._atlas, catalogue(language)))


def export_html(atlas: Atlas, published: Published, view: View) -> str:
    """Return the document that a `WholeMap` of some content has for a view."""
    return WholeMap(atlas, published).text(view)


def _piece(text: str) -> _Piece:
    content = text.encode()
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    # flushed so that it ends with a byte and nothing after it refers to it
    return _Piece(content, packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH))


def _unpacked(published: Published, name: str) -> str:
    return gzip.decompress(published.files[name].body).decode()


def _carried(published: Published) -> str:
    carried = {
        name: base64.b64encode(file.body).decode()
        for name, file in published.files.items()
        if file.media_type in JSON_TYPES
    }
    return json.dumps(carried, separators=(",", ":"))
