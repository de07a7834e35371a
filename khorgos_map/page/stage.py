"""The map on the page: what streamlit-folium hands to the browser, rendered once for all sessions.

`st_folium` renders a whole map at each run of the script, which takes longer than all else in a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import streamlit_folium as component

from khorgos_map.draw.map import State, draw_map, state_of
from khorgos_map.page import content
from khorgos_map.view import View

KEY = "map"
# The map fills the window by style sheet; this is only the height before styles apply.
HEIGHT_PX = 700
# of what is told to a map; each is a few kilobytes
MOST_STATES = 512


def show_map(view: View, opening: View, *, root: str, theme: str) -> None:
    """Show the map of a session and tell it what the server owns, as `st_folium` does with nothing to be returned.

    ``root`` is the address under which the files are served.
    """
    component._component_func(
        **_rendered(root),
        feature_group=_told(opening, view.lang, view.mode, theme, root),
        height=HEIGHT_PX,
        width=None,
        returned_objects=[],
        default={},
        zoom=None,
        center=None,
        return_on_hover=False,
        layer_control=None,
        pixelated=False,
        wrap_longitude=False,
        on_change=_ignore,
    )


def _ignore() -> None:
    """Do nothing about a change: none is ever told."""


@cache
def _rendered(root: str) -> Mapping[str, Any]:
    """Return the part of the component's arguments that is the same for all sessions."""
    drawn = draw_map(content.atlas(), content.published(), root)
    drawn.get_root().render()
    # in this order: the script changes the map it is made of
    html, header = component._get_html(drawn), component._get_header(drawn)
    script = component._get_map_string(drawn)
    return {
        "script": script,
        "header": header,
        "html": html,
        "id": component.get_full_id(drawn),
        "key": component.generate_js_hash(script, KEY),
        "css_links": [url for _, url in drawn.default_css],
        "js_links": [url for _, url in drawn.default_js],
    }


@lru_cache(MOST_STATES)
def _told(opening: View, lang: str, mode: str, theme: str, root: str) -> str:
    """Return the script that tells a running map what the server owns."""
    drawn = draw_map(content.atlas(), content.published(), root)
    state = State(state_of(View(lang=lang, mode=mode), opening, theme))
    drawn.get_root().render()
    return str(component._get_feature_group_string(state, map=drawn))
