"""What can be taken away: claims, sources, layers, the Data Package, and how to cite what is seen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from khorgos_map.atlas import Atlas, content_folder
from khorgos_map.export.cite import ADDRESS, Reference, bibtex, cite_source, cite_view, csl_json, plain
from khorgos_map.export.layers import geopackage, layers_geojson
from khorgos_map.export.package import data_package
from khorgos_map.export.table import claims_csv, claims_json, sources_csv
from khorgos_map.text import Catalogue
from khorgos_map.view import View

STYLES: dict[str, Callable[[list[Reference]], str]] = {
    "plain": plain,
    "BibTeX": bibtex,
    "CSL-JSON": lambda references: json.dumps(csl_json(references), ensure_ascii=False, indent=2),
}


def draw_downloads(atlas: Atlas, view: View, text: Catalogue) -> None:
    """Draw the downloads and the citations; a file is made when somebody asks for it."""
    st.write(text("evidence.downloadLead"))
    files: dict[str, tuple[str, Callable[[], str | bytes]]] = {
        "claims-csv": ("khorgos-claims.csv", partial(claims_csv, atlas, text.code)),
        "claims-json": ("khorgos-claims.json", partial(claims_json, atlas, text.code)),
        "sources-csv": ("khorgos-sources.csv", partial(sources_csv, atlas)),
        "geojson": ("khorgos-layers.geojson", partial(layers_geojson, atlas)),
        "gpkg": ("khorgos-layers.gpkg", partial(geopackage, atlas)),
        "package": (
            "khorgos-data-package.zip",
            partial(data_package, atlas, content_folder(), language=text.code, asof=view.asof),
        ),
    }
    with st.container(horizontal=True):
        for key, (name, make) in files.items():
            st.download_button(
                text(f"evidence.file.{key}"), make, file_name=name, key=f"download-{key}", on_click="ignore"
            )
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
    claims = atlas.claims_about.get(view.sel or "", [])
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
