"""What looks the same to all sessions in one language and year: drawn once, then shown again as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

import streamlit as st

P = ParamSpec("P")
# of each part of the page, so many languages and years are kept
MOST = 32


def kept(draw: Callable[P, None]) -> Callable[P, None]:
    """Return what draws a part of the page that depends on nothing but its arguments and the content.

    It must hold nothing that a user changes, such as a box to choose from: Streamlit refuses that.
    """
    return st.cache_resource(show_spinner=False, max_entries=MOST)(draw)
