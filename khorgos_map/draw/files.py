"""The files the browser fetches: script, style, layers, words. Named by content, so that they never go stale."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.draw.basemaps import ONLINE
from khorgos_map.draw.cards import card
from khorgos_map.draw.facts_page import facts_page, waiting_page
from khorgos_map.draw.legend import legend_lines, reading_notes
from khorgos_map.draw.search import search_index
from khorgos_map.draw.shapes import basemap_shapes, layer_shapes
from khorgos_map.draw.vendor import leaflet_css, leaflet_js
from khorgos_map.text import Catalogue, catalogue, languages
from khorgos_map.view import LOCAL_BASEMAP, Vocabulary

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = (
    "motion.js",
    "marks.js",
    "scale.js",
    "elements.js",
    "keys.js",
    "shapes.js",
    "labels.js",
    "time.js",
    "search.js",
    "address.js",
    "away.js",
    "list.js",
    "card.js",
    "intro.js",
    "tools.js",
    "sketch.js",
    "own.js",
    "measure.js",
    "route.js",
    "start.js",
)
STYLES = ("theme.css", "symbols.css", "layout.css", "tools.css")
JAVASCRIPT, JSON, GEOJSON, HTML = "text/javascript", "application/json", "application/geo+json", "text/html"
JSON_TYPES = frozenset({JSON, GEOJSON})


@dataclass(frozen=True)
class File:
    """A file as it is sent: gzip-compressed content, its media type, and whether its name changes with it."""

    body: bytes
    media_type: str
    immutable: bool = True


@dataclass(frozen=True)
class Published:
    """Everything the browser fetches; each mapping gives a file's name by what it holds.

    ``waiting`` are pages that become those of ``facts`` if the map does not come. ``frame`` is the south-west and
    the north-east corner of the basemap, longitude/latitude on WGS 84.
    """

    files: dict[str, File]
    script: str
    layers: dict[str, str]
    basemap: dict[str, str]
    words: dict[str, str]
    search: str
    facts: dict[str, str]
    waiting: dict[str, str]
    frame: tuple[tuple[float, float], tuple[float, float]]


def publish(atlas: Atlas) -> Published:
    """Return the files for an atlas; equal content gives equal names and bytes."""
    files: dict[str, File] = {}
    land = land_by_side(atlas)

    def add(stem: str, suffix: str, body: bytes, media_type: str) -> str:
        name = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{suffix}"
        files[name] = File(gzip.compress(body, 9, mtime=0), media_type)
        return name

    def add_page(name: str, body: str) -> str:
        files[name] = File(gzip.compress(body.encode(), 9, mtime=0), HTML, immutable=False)
        return name

    facts = {code: add_page(f"facts-{code}.html", facts_page(atlas, catalogue(code))) for code in languages()}
    return Published(
        files=files,
        script=add("khorgos", "js", script_text().encode(), JAVASCRIPT),
        layers={
            layer.id: add(f"layer-{layer.id}", "json", layer_shapes(atlas.features[layer.id], land), GEOJSON)
            for layer in atlas.layers
        },
        basemap={
            part: add(f"basemap-{part}", "json", basemap_shapes(shapes), GEOJSON)
            for part, shapes in atlas.basemap.items()
        },
        words={
            code: add(f"words-{code}", "json", _json(words_for(atlas, catalogue(code))), JSON)
            for code in languages()
        },
        search=add("search", "json", _json(search_index(atlas)), JSON),
        frame=_frame(land.values()),
        facts=facts,
        waiting={
            code: add_page(f"waiting-{code}.html", waiting_page(code, page)) for code, page in facts.items()
        },
    )


def script_text() -> str:
    """Return the one script of the map: Leaflet, then ours, which brings its style sheets along."""
    styles = "\n".join([leaflet_css(), *((ASSETS / name).read_text(encoding="utf-8") for name in STYLES)])
    ours = [(ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS]
    return ";\n".join([leaflet_js(), f"window.Khorgos = {{css: {json.dumps(styles)}}}", *ours])


def words_for(atlas: Atlas, text: Catalogue) -> dict[str, Any]:
    """Return all words the browser shows in one language: messages, lists, legend, labels, cards, introduction."""
    code = text.code
    cards = {identifier: card(feature, atlas, text) for identifier, feature in atlas.feature.items()}
    return {
        "lang": code,
        "languages": {other: catalogue(other)("short") for other in languages()},
        "messages": {
            key.removeprefix("map."): message
            for key, message in text.messages.items()
            if key.startswith("map.")
        },
        "basemaps": {key: text(f"basemap.{key}") for key in ("local", *ONLINE)},
        "groups": [
            {
                "id": group.id,
                "name": group.name.in_language(code),
                "layers": [layer.id for layer in atlas.layers if layer.group == group.id],
            }
            for group in atlas.groups
        ],
        "layers": {
            layer.id: {
                "name": layer.name.in_language(code),
                "about": layer.about.in_language(code),
                "features": [f.properties.id for f in atlas.features[layer.id]],
                "legend": legend_lines(atlas.features[layer.id], text),
                "notes": reading_notes(atlas.features[layer.id]),
            }
            for layer in atlas.layers
        },
        "places": {
            f.properties.id: f.properties.name.in_language(code)[0]
            for shapes in atlas.basemap.values()
            for f in shapes
            if f.properties.name
        },
        "cards": cards,
        "intro": {
            "title": atlas.introduction.title.in_language(code),
            "lead": atlas.introduction.lead.in_language(code),
            "entries": [
                {
                    "features": entry.features,
                    "name": entry.name.in_language(code),
                    "sentence": entry.sentence.in_language(code),
                }
                for entry in atlas.introduction.entries
            ],
        },
    }


def vocabulary_of(atlas: Atlas) -> Vocabulary:
    """Return the words an address of this map may use."""
    return Vocabulary(
        languages=frozenset(languages()),
        layers=frozenset(layer.id for layer in atlas.layers),
        basemaps=frozenset({LOCAL_BASEMAP, *ONLINE}),
        features=frozenset(atlas.feature),
        charts=frozenset(chart.id for chart in atlas.charts),
    )


def _frame(land: Iterable[BaseGeometry]) -> tuple[tuple[float, float], tuple[float, float]]:
    west, south, east, north = shapely.union_all(list(land)).bounds
    return (west, south), (east, north)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
