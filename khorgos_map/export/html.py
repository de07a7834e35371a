"""The whole map in one file that opens from disk without a network: the same drawing, with everything inside."""

from __future__ import annotations

import base64
import gzip
import json
import re

from branca.element import Figure, MacroElement
from folium.template import Template

from khorgos_map.atlas import Atlas
from khorgos_map.draw.facts_page import facts_page
from khorgos_map.draw.files import JSON_TYPES, Published
from khorgos_map.draw.map import State, draw_map, state_of
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


class Inside(MacroElement):
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
        self.script = script.replace("</", "<\\/").replace("<!--", "<\\!--")
        self.facts = facts


def export_html(atlas: Atlas, published: Published, view: View) -> str:
    """Return an HTML document that shows a view of the map, with cards, layers and all languages inside.

    The files are in it packed, as they would be sent; only the facts, in the view's language, stand there plainly
    for readers without script. It asks for nothing from elsewhere until its reader picks an online basemap.
    Equal content and view give equal text.
    """
    drawn = draw_map(atlas, published, root="", standalone=True)
    drawn._id = "khorgos"
    drawn.default_js = []
    map_script = _unpacked(published, published.script)
    script = f"{map_script}\nKhorgos.carried = {_carried(published)};{FACTS_INSTEAD}"
    drawn.add_child(Inside(script, facts_page(atlas, catalogue(view.lang))))
    state = State(state_of(view, view, theme=""))
    state._id = "state"
    drawn.add_child(state)
    page = drawn.get_root()
    if isinstance(page, Figure):
        page.title = catalogue(view.lang)("page.title")
    # folium forbids the reader to zoom
    return VIEWPORT.sub(ZOOMABLE, str(page.render()), count=1)


def _unpacked(published: Published, name: str) -> str:
    return gzip.decompress(published.files[name].body).decode()


def _carried(published: Published) -> str:
    carried = {
        name: base64.b64encode(file.body).decode()
        for name, file in published.files.items()
        if file.media_type in JSON_TYPES
    }
    return json.dumps(carried, separators=(",", ":"))
