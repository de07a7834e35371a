"""The page: a narrow bar with the language, the map below it, and what is shown if the map cannot be."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit_folium import st_folium

from khorgos_map.draw.map import State, draw_map, state_of
from khorgos_map.page import content
from khorgos_map.page.server import PREFIX
from khorgos_map.text import catalogue, languages
from khorgos_map.view import Notice, View, read_view

# The map fills the window by style sheet; this is only the height before styles apply.
HEIGHT_PX = 700
STYLE = Path(__file__).with_name("page.css")
ICON = Path(__file__).with_name("icon.svg")


def opening_view() -> tuple[View, list[Notice]]:
    """Return the view the session's address asked for; read once, since afterwards the browser owns it."""
    if "opening" not in st.session_state:
        parameters = {key: st.query_params[key] for key in st.query_params}
        st.session_state["opening"] = read_view(parameters, content.vocabulary())
    view, notices = st.session_state["opening"]
    return view, notices


def choose_language(default: str) -> str:
    """Return the language chosen in the bar, which the address bar follows."""
    names = {code: catalogue(code).name for code in languages()}
    if st.query_params.get("lang", default) not in names:
        del st.query_params["lang"]
    chosen = st.segmented_control(
        catalogue("en")("page.language"),
        list(names),
        default="en",
        required=True,
        format_func=names.__getitem__,
        key="lang",
        bind="query-params",
        label_visibility="collapsed",
    )
    return str(chosen)


def main() -> None:
    """Draw the page."""
    text = catalogue("en")
    st.set_page_config(page_title=text("page.title"), page_icon=ICON, layout="wide")
    st.html(STYLE)
    opening, notices = opening_view()
    with st.container(key="bar", horizontal=True, horizontal_alignment="distribute"):
        st.html(f"<h1>{text('page.title')}</h1>")
        lang = choose_language(opening.lang)
    for notice in notices if not st.session_state.get("noticed") else []:
        message = text("page.notice", parameter=notice.parameter, value=notice.value)
        st.toast(message, duration="long")
    st.session_state["noticed"] = True
    view = View(lang=lang)
    with st.container(key="stage"):
        st_folium(
            draw_map(content.atlas(), content.published(), opening, PREFIX),
            key="map",
            height=HEIGHT_PX,
            use_container_width=True,
            returned_objects=[],
            feature_group_to_add=State(state_of(view, opening, st.context.theme.type or "")),
        )
        with st.container(key="fallback"):
            st.write(text("page.fallback"))
            st.iframe(PREFIX + content.published().facts[lang], height=600)


main()
