"""What is seen before anything has loaded: Streamlit's page with our name, a description, and a picture of ours in it.

React takes the picture's place as it begins. If Streamlit's page is not as we know it, it is served as it came.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from khorgos_map.text import Catalogue

TITLE, ROOT, LANGUAGE, HEAD = (
    "<title>Streamlit</title>",
    '<div id="root"></div>',
    '<html lang="en">',
    "</head>",
)
STYLE = Path(__file__).with_name("opening.css")
# what the picture shows, longitude/latitude: a square of 32 km around the cooperation centre
WEST, SOUTH, EAST, NORTH = 80.2, 44.055, 80.6, 44.342
SIZE = 100.0
DETAIL = 0.25


def is_known(index: str) -> bool:
    """Return whether all that is put into Streamlit's page has its place there, once."""
    return all(index.count(place) == 1 for place in (TITLE, ROOT, LANGUAGE, HEAD))


def picture_of(china: BaseGeometry) -> str:
    """Return the land of China and where it ends, around Khorgos, as SVG; it fills what it is put into."""
    east = shapely.clip_by_rect(china, WEST, SOUTH, EAST, NORTH)
    drawn = shapely.transform(
        east,
        lambda positions: (positions - (WEST, NORTH)) * (SIZE / (EAST - WEST), -SIZE / (NORTH - SOUTH)),
    )
    shape = shapely.simplify(drawn, DETAIL)
    border = shapely.difference(shape.boundary, shapely.box(0, 0, SIZE, SIZE).boundary.buffer(0.1))
    return (
        f'<svg viewBox="0 0 {SIZE:.0f} {SIZE:.0f}" preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        f'<path class="east" d="{_path(shape.boundary)}"/><path class="border" d="{_path(border)}"/></svg>'
    )


def _path(lines: BaseGeometry) -> str:
    return "".join(
        "M" + " ".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(line))
        for line in shapely.get_parts(lines)
    )


def opening_page(index: str, text: Catalogue, picture: str) -> str:
    """Return Streamlit's page with title, description and a picture; as it came if it is not known."""
    if not is_known(index):
        return index
    title, lead = escape(text("page.title")), escape(text("page.lead"))
    about = (
        f"<title>{title}</title>"
        f'<meta name="description" content="{lead}"><meta property="og:title" content="{title}">'
        f'<meta property="og:description" content="{lead}">'
    )
    opening = f'<div class="kh-opening">{picture}<div><h1>{title}</h1><p>{lead}</p></div></div>'
    return (
        index.replace(TITLE, about)
        .replace(LANGUAGE, f'<html lang="{text.code}">')
        .replace(HEAD, f"<style>{STYLE.read_text(encoding='utf-8')}</style>{HEAD}")
        .replace(ROOT, f'<div id="root">{opening}</div>')
    )
