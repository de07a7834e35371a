"""The files that can be downloaded, each under an address that every server with the same content answers alike.

An address holds a mark made from the content, so that browsers may keep what they have been given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from khorgos_map.atlas import Atlas, content_folder
from khorgos_map.atlas.asof import atlas_as_of
from khorgos_map.export.layers import geopackage, layers_geojson
from khorgos_map.export.package import data_package
from khorgos_map.export.table import claims_csv, claims_json, sources_csv
from khorgos_map.page import content
from khorgos_map.page.answers import Answer, Query, heavy, language_of
from khorgos_map.page.guard import OWN_PREFIX
from khorgos_map.page.matrix import matrix_csv
from khorgos_map.page.measuring import year_of
from khorgos_map.text import Catalogue, catalogue

FOREVER, NOT_AT_ALL = "public, max-age=31536000, immutable", "no-cache"
CSV = "text/csv; charset=utf-8"
# So many are kept as they were made last; the largest has about a megabyte.
MOST_KEPT = 16


@dataclass(frozen=True)
class Wanted:
    """What a file is made of: the atlas as of a year (``None`` for today), and the language."""

    atlas: Atlas
    text: Catalogue
    asof: int | None


FILES: Mapping[str, tuple[str, Callable[[Wanted], str | bytes]]] = {
    "khorgos-claims.csv": (CSV, lambda wanted: claims_csv(wanted.atlas, wanted.text.code)),
    "khorgos-claims.json": ("application/json", lambda wanted: claims_json(wanted.atlas, wanted.text.code)),
    "khorgos-sources.csv": (CSV, lambda wanted: sources_csv(wanted.atlas)),
    "khorgos-layers.geojson": ("application/geo+json", lambda wanted: layers_geojson(wanted.atlas)),
    "khorgos-layers.gpkg": ("application/geopackage+sqlite3", lambda wanted: geopackage(wanted.atlas)),
    "khorgos-data-package.zip": (
        "application/zip",
        lambda wanted: data_package(
            wanted.atlas, content_folder(), language=wanted.text.code, asof=wanted.asof
        ),
    ),
    "khorgos-matrix-car.csv": (CSV, lambda wanted: matrix_csv("car", wanted.text)),
    "khorgos-matrix-truck.csv": (CSV, lambda wanted: matrix_csv("truck", wanted.text)),
}


@cache
def mark() -> str:
    """Return the mark of the content; published files have names made from theirs."""
    return hashlib.sha256("\n".join(sorted(content.published().files)).encode()).hexdigest()[:12]


def address(name: str, text: Catalogue, asof: int | None = None) -> str:
    """Return the address of a file in a language, as of a year."""
    query = {"lang": text.code, **({} if asof is None else {"year": str(asof)}), "v": mark()}
    return f"{OWN_PREFIX}files/{name}?{urlencode(query)}"


def links_to(files: Iterable[tuple[str, str]], text: Catalogue, asof: int | None = None) -> str:
    """Return the HTML of links to files, each given by its name and its label."""
    links = "".join(
        f'<a href="{escape(address(name, text, asof))}" download="{escape(name)}">{escape(label)}</a>'
        for name, label in files
    )
    return f'<p class="downloads">{links}</p>'


async def send_offered(request: Request) -> Response:
    """Answer with a file that can be downloaded, or 404."""
    name = request.path_params["name"]
    if name not in FILES:
        return PlainTextResponse("not found", 404)
    response = await heavy(request, offered, name)
    kept = response.status_code == 200 and request.query_params.get("v") == mark()
    response.headers["cache-control"] = FOREVER if kept else NOT_AT_ALL
    return response


def offered(query: Query, name: str) -> Answer:
    """Return a file that can be downloaded."""
    named = {"content-disposition": f'attachment; filename="{name}"'}
    return Answer(_made(name, language_of(query).code, year_of(query)), FILES[name][0], headers=named)


@lru_cache(MOST_KEPT)
def _made(name: str, code: str, asof: int | None) -> bytes:
    made = FILES[name][1](Wanted(atlas_as_of(content.atlas(), asof), catalogue(code), asof))
    return made.encode() if isinstance(made, str) else made


ROUTES = [Route("/files/{name}", send_offered)]
