"""Citations: of a source, of the map as somebody saw it, of a claim or a chart with the sources behind it.

A reference is made once and written as BibTeX, CSL-JSON or plain text. Nothing is made up for it: no first
and last name is told apart, and what a source does not say is left out.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlencode, urlsplit

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.arrangement import Chart
from khorgos_map.atlas.records import Claim, Source, SourceKind
from khorgos_map.text import catalogue
from khorgos_map.view import View, write_view
from khorgos_map.web_address import link_to, quoted

PACKAGE, TITLE, AUTHORS = "khorgos-map", "Khorgos Map", "The Khorgos Map authors"
# where `khorgos-map run` serves the page
ADDRESS = "http://localhost:8501/"
CSL_TYPES: dict[SourceKind, str] = {"press": "article-newspaper", "dataset": "dataset"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# braces become commands too: BibTeX counts them even behind a backslash
BIBTEX_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        **{character: f"\\{character}" for character in "$&#%_"},
    }
)


@dataclass(frozen=True)
class Reference:
    """One cited thing: its key, its CSL type, and what a bibliography says about it; dates are ISO 8601."""

    key: str
    kind: str
    title: str
    author: str | None = None
    publisher: str | None = None
    issued: str | None = None
    version: str | None = None
    note: str | None = None
    url: str | None = None
    accessed: dt.date | None = None
    language: str | None = None


def cite_source(source: Source, atlas: Atlas) -> Reference:
    """Return the reference of a source under its id; one known through another source says so."""
    through = atlas.sources.get(source.cited_by or "")
    return Reference(
        key=source.id,
        kind=CSL_TYPES.get(source.kind, "webpage" if source.url else "document"),
        title=source.title,
        author=source.author,
        publisher=source.publisher,
        issued=source.published,
        note=f"known through: {through.title} ({through.publisher})" if through else None,
        url=link_to(source.url) if source.url else None,
        accessed=source.accessed,
        language=source.language,
    )


def cite_view(view: View, accessed: dt.date, *, address: str = ADDRESS) -> Reference:
    """Return the reference of the map as a view shows it, with the link that restores it at an address.

    The key is the same for the same view.
    """
    return Reference(
        key=f"{PACKAGE}-view-{hashlib.sha256(_query(view).encode()).hexdigest()[:8]}",
        kind="map",
        title=TITLE,
        author=AUTHORS,
        version=map_version(),
        note=catalogue(view.lang)("map.credit"),
        url=link(view, address),
        accessed=accessed,
        language=view.lang,
    )


def cite_claim(
    claim: Claim, atlas: Atlas, view: View, accessed: dt.date, *, address: str = ADDRESS
) -> tuple[Reference, Reference]:
    """Return the references of a claim: its source with the place in it, and the map with the card open."""
    source = cite_source(atlas.sources[claim.source], atlas)
    places = [part for part in (claim.locator, source.note) if part]
    shown = cite_view(dataclasses.replace(view, sel=claim.subject), accessed, address=address)
    statement = f"Claim {claim.id}: {claim.statement.in_language(view.lang)}"
    return (
        dataclasses.replace(source, note="; ".join(places) or None),
        dataclasses.replace(shown, key=f"{PACKAGE}-claim-{claim.id}", note=f"{statement} {shown.note}"),
    )


def cite_chart(
    chart: Chart, atlas: Atlas, view: View, accessed: dt.date, *, address: str = ADDRESS
) -> list[Reference]:
    """Return the reference of a chart, with the link that shows it again, and those of its points' sources."""
    shown = View(lang=view.lang, asof=view.asof, mode="evidence", chart=chart.id)
    made = cite_view(shown, accessed, address=address)
    title = f"{chart.title.in_language(view.lang)} ({TITLE})"
    named = dict.fromkeys(atlas.claims[point.claim].source for point in chart.points)
    return [
        dataclasses.replace(made, key=f"{PACKAGE}-chart-{chart.id}", title=title),
        *(cite_source(atlas.sources[source], atlas) for source in named),
    ]


def link(view: View, address: str = ADDRESS) -> str:
    """Return the link that restores a view on a map served at an address."""
    return quoted(urlsplit(address)._replace(query=_query(view), fragment="").geturl())


@cache
def map_version() -> str | None:
    """Return the version of the map as installed; ``None`` if it is run from files that nobody installed."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return None


def bibtex(references: Iterable[Reference]) -> str:
    """Return BibTeX entries, for BibTeX and biblatex alike; special characters of TeX are escaped."""
    return "\n".join(_bibtex_entry(reference) for reference in references)


def csl_json(references: Iterable[Reference]) -> list[dict[str, Any]]:
    """Return items of CSL-JSON, as Zotero and citation processors read them."""
    return [_csl_item(reference) for reference in references]


def plain(references: Iterable[Reference]) -> str:
    """Return one line of text a reference."""
    return "".join(f"{' '.join(_sentences(reference))}\n" for reference in references)


def _query(view: View) -> str:
    return urlencode(write_view(view), safe=",!")


def _one_line(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()


def _bibtex_entry(reference: Reference) -> str:
    fields = "".join(f"  {name} = {value},\n" for name, value in _bibtex_fields(reference))
    return f"@misc{{{reference.key},\n{fields}}}\n"


def _bibtex_fields(reference: Reference) -> Iterator[tuple[str, str]]:
    year, month, day = [*(reference.issued or "").split("-"), "", ""][:3]
    texts = {
        # in double braces, a name is not taken apart and a title keeps its capitals
        "author": reference.author and f"{{{_tex(reference.author)}}}",
        "key": None if reference.author else _tex(reference.publisher or reference.title),
        "title": f"{{{_tex(reference.title)}}}",
        "howpublished": reference.publisher and _tex(reference.publisher),
        "year": year,
        "day": day and str(int(day)),
        "version": reference.version and _tex(reference.version),
        "note": reference.note and _tex(reference.note),
        "url": reference.url,
        "urldate": reference.accessed and reference.accessed.isoformat(),
    }
    yield from ((name, f"{{{text}}}") for name, text in texts.items() if text)
    if month:
        yield "month", MONTHS[int(month) - 1]


def _tex(text: str) -> str:
    return _one_line(text).translate(BIBTEX_ESCAPES)


def _csl_item(reference: Reference) -> dict[str, Any]:
    item = {
        "id": reference.key,
        "type": reference.kind,
        "title": _one_line(reference.title),
        "author": [{"literal": _one_line(reference.author)}] if reference.author else None,
        # where a citation style looks for the name of a newspaper
        "container-title": reference.publisher if reference.kind == "article-newspaper" else None,
        "publisher": reference.publisher,
        "issued": _csl_date(reference.issued) if reference.issued else None,
        "version": reference.version,
        "note": reference.note,
        "URL": reference.url,
        "accessed": _csl_date(reference.accessed.isoformat()) if reference.accessed else None,
        "language": reference.language,
    }
    return {name: value for name, value in item.items() if value is not None}


def _csl_date(partial: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in partial.split("-")]]}


def _sentences(reference: Reference) -> Iterator[str]:
    undated = None if reference.version else "n.d."
    sentences = (
        reference.author,
        ", version ".join(filter(None, (reference.title, reference.version))),
        ", ".join(filter(None, (reference.publisher, reference.issued or undated))),
        reference.note,
    )
    for sentence in filter(None, sentences):
        text = _one_line(sentence)
        yield text if text.endswith((".", "!", "?", "。")) else f"{text}."
    accessed = f"(accessed {reference.accessed})" if reference.accessed else None
    yield from filter(None, (reference.url, accessed))
