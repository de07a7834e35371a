"""The page: a narrow bar with the language, the map below it, and what is shown if the map cannot be."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote

import streamlit as st

from khorgos_map.page import content
from khorgos_map.page.evidence import draw_evidence
from khorgos_map.page.guard import OWN_PREFIX
from khorgos_map.page.stage import show_map
from khorgos_map.text import Catalogue, catalogue, languages
from khorgos_map.view import MODES, Notice, View, read_view

# What a line has room for.
MOST_NOTICES = 3
STYLE = Path(__file__).with_name("page.css")
# inside the address itself: as a file of Streamlit's it would be known to one server of several only
ICON = f"data:image/svg+xml,{quote(Path(__file__).with_name('icon.svg').read_text(encoding='utf-8'))}"


def opening_view() -> tuple[View, list[Notice]]:
    """Return the view the session's address asked for; read once, since afterwards the browser owns it.

    Without a language in the address, the browser's own is the first guess; once it is drawn, the map always names one.
    """
    if "opening" not in st.session_state:
        guess = (st.context.locale or "").split("-")[0]
        first = {"lang": guess} if guess in languages() else {}
        parameters = {**first, **{key: st.query_params[key] for key in st.query_params}}
        st.session_state["opening"] = read_view(parameters, content.vocabulary())
    view, notices = st.session_state["opening"]
    return view, notices


def choose_language(default: str, text: Catalogue) -> str:
    """Return the language chosen in the bar; the browser writes it into the address bar."""
    chosen = st.segmented_control(
        text("page.language"),
        languages(),
        default=default,
        required=True,
        format_func=lambda code: catalogue(code)("short"),
        key="lang",
        label_visibility="collapsed",
    )
    return str(chosen)


def choose_mode(default: str, text: Catalogue) -> str:
    """Return whether the map or the evidence is shown."""
    chosen = st.segmented_control(
        text("page.mode"),
        MODES,
        default=default,
        required=True,
        format_func=lambda mode: text(f"page.mode.{mode}"),
        key="mode",
        label_visibility="collapsed",
    )
    return str(chosen)


def main() -> None:
    """Draw the page."""
    opening, notices = opening_view()
    text = catalogue(str(st.session_state.get("lang", opening.lang)))
    st.set_page_config(page_title=text("page.title"), page_icon=ICON, layout="wide")
    st.html(STYLE)
    with st.container(key="bar", horizontal=True, horizontal_alignment="distribute"):
        st.html(f"<h1>{escape(text('page.title'))}</h1>")
        with st.container(key="switches", horizontal=True, horizontal_alignment="right", width="content"):
            mode = choose_mode(opening.mode, text)
            lang = choose_language(opening.lang, text)
    if lang != text.code:
        # in a session begun anew under an open page, what was chosen is not known before its widget is drawn
        st.rerun()
    draw_away(text)
    draw_notice(notices, text)
    view = View(lang=lang, mode=mode, sel=opening.sel)
    # the map keeps its place in the page, seen or not, so that it is never built anew
    draw_stage(view, opening)
    if mode == "evidence":
        st.html("<style>:has(> .st-key-stage) { display: none; }</style>")
        with st.container(key="evidence"):
            draw_evidence(content.atlas(), view, catalogue(lang))


def draw_away(text: Catalogue) -> None:
    """Draw what is said while the server is away; the style sheet shows it then, between the bar and the map."""
    with st.container(key="away"):
        # a live region that is always there, so that what appears in it is read out
        st.html(f'<div role="status"><p>{escape(text("page.away"))}</p></div>')


def draw_notice(notices: list[Notice], text: Catalogue) -> None:
    """Draw what of the address was not understood; the style sheet puts it away after a while.

    A toast would be lost if the page is drawn again before it has reached the browser.
    """
    unknown = [f"{notice.parameter}={notice.shown}" for notice in notices[:MOST_NOTICES]]
    more = ["…"] if len(notices) > MOST_NOTICES else []
    with st.container(key="notice"):
        if notices:
            told = escape(text("page.notice", unknown=", ".join(unknown + more)))
            st.html(f'<div role="status"><p>{told}</p></div>')


def draw_stage(view: View, opening: View) -> None:
    """Draw the map and, below it, the list of facts that appears if the map does not."""
    text = catalogue(view.lang)
    with st.container(key="stage"):
        show_map(view, opening, root=OWN_PREFIX, theme=st.context.theme.type or "")
        with st.container(key="fallback"):
            st.write(text("page.fallback"))
            st.iframe(OWN_PREFIX + content.published().waiting[view.lang], height=600)


main()
