"""Elements of a figure whose text stays text.

branca takes what the macros of an element return for a template and renders it once more, so that braces in a
text of an address or of the content would run as code. What `Verbatim` puts into a figure is the value of a
variable, which nothing renders. That leans on how branca builds its figures, which is why its version is pinned
and a test holds this module against it.
"""

from __future__ import annotations

from typing import Any

from branca.element import Element, MacroElement
from folium.template import Template

PARTS = ("header", "html", "script")


class Verbatim(MacroElement):
    """An element whose macros are rendered once; as the last base class of a folium class, it makes that one so."""

    def render(self, **kwargs: Any) -> str:
        """Put what the macros return into the figure as it is, render the elements inside, and return no text."""
        figure = self.get_root()
        for part in PARTS:
            macro = getattr(self._template.module, part, None)
            if macro is not None:
                getattr(figure, part).add_child(_Text(macro(self, kwargs)), name=self.get_name())
        for child in self._children.values():
            child.render(**kwargs)
        return ""


class _Text(Element):
    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
