"""All facts as one plain page without script: the twin of the map, and what is left when the map fails."""

from __future__ import annotations

import json
from html import escape

from khorgos_map.atlas import Atlas
from khorgos_map.draw.cards import Words, card
from khorgos_map.text import Catalogue

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; }
main { max-width: 46rem; margin: 1rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .2rem; }
dt { font-weight: 600; margin-top: .6rem; } dd { margin: 0; } small { opacity: .8; }
"""
# The page's style sheet shows the facts a second later (page/page.css).
WAIT_MS = 7000


def facts_page(atlas: Atlas, text: Catalogue) -> str:
    """Return an HTML page that lists every feature with its claims, claimants, sources and rivals."""
    sections = [
        _section(card(feature, atlas, text), text)
        for layer in atlas.layers
        for feature in atlas.features[layer.id]
    ]
    title = escape(text("facts.title"))
    return (
        f'<!doctype html><html lang="{escape(text.code)}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>{title}</h1><p>{escape(text('facts.lead'))}</p>{''.join(sections)}"
        f"<footer><small>{escape(text('map.credit'))}</small></footer></main></body></html>"
    )


def waiting_page(code: str, awaited: str) -> str:
    """Return an HTML page that becomes another one, the facts, unless it has been hidden by then: the map has come.

    The facts are long; to read them behind every map that is drawn would hold that map up.
    """
    # no text ends the script it stands in
    address = json.dumps(awaited).replace("<", "\\u003c")
    script = f"setTimeout(() => innerWidth && location.replace({address}), {WAIT_MS})"
    return (
        f'<!doctype html><html lang="{escape(code)}"><meta charset="utf-8"><title>…</title>'
        f"<script>{script}</script></html>"
    )


def _section(words: Words, text: Catalogue) -> str:
    said = "".join(_fact(fact, text) for fact in words.get("facts", []))
    about = " · ".join(escape(str(part)) for part in (words["kind"], words["side"], words["status"]["text"]))
    return (
        f'<section id="{escape(str(words["id"]))}"><h2>{escape(str(words["name"]))}</h2>'
        f"<p><small>{about}</small><br>{escape(str(words['description']))}</p><dl>{said}</dl></section>"
    )


def _fact(fact: Words, text: Catalogue) -> str:
    rivals = "".join(f"<dd>{escape(text('map.rivals'))}: {_said(r)}</dd>" for r in fact.get("rivals", []))
    return (
        f"<dt>{escape(': '.join(filter(None, (fact['attribute'], fact.get('value')))))}</dt>"
        f"<dd>{escape(str(fact['statement']))} <small>({_said(fact)})</small></dd>{rivals}"
    )


def _said(said: Words) -> str:
    source = said["source"]
    parts = (
        said.get("value", said["statement"]),
        said["claimant"],
        said["asOf"],
        source["title"],
        source["publisher"],
    )
    return escape(" · ".join(str(part) for part in parts))
