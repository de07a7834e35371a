"""What can be taken away: claims, sources, layers, the Data Package, and how to cite what is seen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st

from khorgos_map.atlas import Atlas
from khorgos_map.export.cite import ADDRESS, Reference, bibtex, cite_source, cite_view, csl_json, plain
from khorgos_map.page.offered import links_to
from khorgos_map.text import Catalogue
from khorgos_map.view import View

FILES = {
    "claims-csv": "khorgos-claims.csv",
    "claims-json": "khorgos-claims.json",
    "sources-csv": "khorgos-sources.csv",
    "geojson": "khorgos-layers.geojson",
    "gpkg": "khorgos-layers.gpkg",
    "package": "khorgos-data-package.zip",
}
STYLES: dict[str, Callable[[list[Reference]], str]] = {
    "plain": plain,
    "BibTeX": bibtex,
    "CSL-JSON": lambda references: json.dumps(csl_json(references), ensure_ascii=False, indent=2),
}


def draw_downloads(atlas: Atlas, view: View, text: Catalogue) -> None:
    """Draw the downloads and the citations; a file is made when somebody follows its link."""
    st.write(text("evidence.downloadLead"))
    labels = ((name, text(f"evidence.file.{key}")) for key, name in FILES.items())
    st.html(links_to(labels, text, view.asof))
    st.subheader(text("evidence.cite"), anchor=False)
    draw_citation(references(atlas, view), "view", text)


def draw_citation(cited: list[Reference], key: str, text: Catalogue) -> None:
    """Draw references in the form that is chosen, to be copied."""
    style = st.segmented_control(
        text("evidence.citeStyle"), list(STYLES), default="plain", required=True, key=f"cite-{key}"
    )
    st.code(STYLES[str(style)](cited), language=None, wrap_lines=True)


def references(atlas: Atlas, view: View) -> list[Reference]:
    """Return the reference of the map with the link to what is seen, and of each source of what is selected."""
    claims = atlas.said_of.get(view.sel or "", [])
    sources = dict.fromkeys(claim.source for claim in claims)
    return [
        cite_view(View(lang=view.lang, sel=view.sel, asof=view.asof), today(), address=page_address()),
        *(cite_source(atlas.sources[source], atlas) for source in sources),
    ]


def page_address() -> str:
    """Return the address at which the reader has the page, without what it asks for."""
    page = urlsplit(st.context.url or "")
    return f"{page.scheme}://{page.netloc}{page.path}" if page.netloc else ADDRESS


def today() -> dt.date:
    """Return the day of access that a citation names, in UTC."""
    return dt.datetime.now(tz=dt.UTC).date()
