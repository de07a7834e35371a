"""The map is handed to the browser as streamlit-folium would, though rendered once for all who open it alike."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from khorgos_map.page import stage
from tests.page.test_page import arguments, component, open_page

# as an own script, since Streamlit runs it as one
PLAIN = """
import streamlit as st
from streamlit_folium import st_folium

from khorgos_map.draw.map import State, draw_map, state_of
from khorgos_map.page import content
from khorgos_map.page.guard import OWN_PREFIX as PREFIX
from khorgos_map.page.stage import HEIGHT_PX, KEY
from khorgos_map.view import View, read_view

opening, _ = read_view(st.query_params.to_dict(), content.vocabulary())
view = View(lang=opening.lang, mode=opening.mode)
st_folium(
    draw_map(content.atlas(), content.published(), PREFIX),
    key=KEY,
    height=HEIGHT_PX,
    use_container_width=True,
    returned_objects=[],
    feature_group_to_add=State(state_of(view, opening, "")),
)
"""


@pytest.mark.parametrize(
    "address",
    [
        {},
        {"lang": "zh", "sel": "icbc-kz"},
        {"at": "44.25000,80.10000,12", "mode": "evidence", "asof": "2016"},
    ],
)
def test_the_browser_is_handed_what_st_folium_would_hand_it(address: dict[str, str]) -> None:
    bare = AppTest.from_string(PLAIN, default_timeout=60)
    for key, value in address.items():
        bare.query_params[key] = value
    bare.run()
    assert not bare.exception
    page = open_page(**address)
    ours, theirs = arguments(page), arguments(bare)
    # a name that folium makes up for each map
    assert ours.pop("id")[:4] == theirs.pop("id")[:4] == "map_"
    assert ours == theirs
    key = component(bare).id.rsplit("-", 1)[-1]
    assert component(page).id.endswith(key)


def test_a_map_is_rendered_once_for_all_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_page(lang="kk")
    rendered: list[Any] = []
    monkeypatch.setattr(stage, "draw_map", lambda *words, **options: rendered.append(words))
    again = open_page(lang="kk")
    again.button_group(key="mode").set_value("explore").run()
    assert arguments(first) == arguments(again)
    assert not rendered
