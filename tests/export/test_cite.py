"""Citations: what is cited can be found again, and every program that reads citations can read them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from importlib.metadata import version
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khorgos_map.atlas import Atlas
from khorgos_map.draw.files import vocabulary_of
from khorgos_map.export.cite import (
    Reference,
    bibtex,
    cite_claim,
    cite_source,
    cite_view,
    csl_json,
    link,
    plain,
)
from khorgos_map.view import Position, View, read_view

TODAY = dt.date(2026, 11, 22)
VIEW = View(lang="zh", layers=("zones",), at=Position(44.2, 80.4, 12), sel="icbc-kz", asof=2012)
# of the CSL-JSON schema: what we use of it, and no more is allowed
STRINGS = {"id", "type", "title", "container-title", "publisher", "version", "note", "URL", "language"}
TYPES = {"article-newspaper", "dataset", "document", "map", "webpage"}
ESCAPED = re.compile(r"\\(text[a-z]+)\{\}|\\([$&#%_])")
COMMANDS = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciicircum": "^",
    "textasciitilde": "~",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
}
nasty = st.text("\\{}$&#%_^~<>|\"'@,=\n aЖ口", max_size=40) | st.text(max_size=40)


def all_references(atlas: Atlas) -> list[Reference]:
    sources = [cite_source(source, atlas) for source in atlas.sources.values()]
    claims = [r for claim in atlas.claims.values() for r in cite_claim(claim, atlas, View(), TODAY)]
    return [*sources, *claims, cite_view(View(), TODAY), cite_view(VIEW, TODAY)]


def fields(entry: str) -> tuple[str, dict[str, str]]:
    """Read a BibTeX entry as BibTeX does, by counting braces whether or not a backslash is before them."""
    head = re.match(r"@misc\{([^\s,{}\"#%~\\]+),\n", entry)
    assert head, entry
    found, at = {}, head.end()
    while (name := re.compile(r"  ([a-z]+) = ").match(entry, at)) is not None:
        at, depth = name.end(), 0
        begin = at
        while depth or entry[at] != ",":
            depth += {"{": 1, "}": -1}.get(entry[at], 0)
            assert depth >= 0, entry
            at += 1
        value = entry[begin:at]
        found[name[1]] = value[1:-1] if value.startswith("{") else value
        at += 2
    assert entry[at:] == "}\n", entry
    return head[1], found


def read(text: str) -> str:
    """Read TeX as TeX does: special characters only as commands, all others as they stand."""
    assert not re.search(r"[\\{}$&#%_^~<>|]", ESCAPED.sub("", text)), text
    return ESCAPED.sub(lambda match: COMMANDS[match[1]] if match[1] else match[2], text)


@given(nasty)
def test_no_character_of_a_text_means_something_to_tex(text: str) -> None:
    reference = Reference(key="k", kind="webpage", title=text, author=text, publisher=text, note=text)
    _, found = fields(bibtex([reference]))
    expected = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()
    if expected:
        assert read(found["title"][1:-1]) == read(found["author"][1:-1]) == expected
        assert read(found["howpublished"]) == read(found["note"]) == expected


@given(st.text(max_size=40))
def test_an_address_ends_where_it_ends(text: str) -> None:
    reference = cite_view(View(), TODAY, address=f"https://map.example/{text}")
    _, found = fields(bibtex([reference]))
    assert re.fullmatch(r"https://[!-~]*", found["url"])
    assert not set(found["url"]) & set('\\{}"<>^`| ')


def test_a_source_is_cited_with_all_it_says_and_no_more(atlas: Atlas) -> None:
    source = atlas.sources["cais-seminar-2020"]
    reference = cite_source(source, atlas)
    key, entry = fields(bibtex([reference]))
    (item,) = csl_json([reference])
    assert key == item["id"] == source.id
    assert entry["author"] == f"{{{source.author}}}"
    assert item["author"] == [{"literal": source.author}]
    assert (entry["year"], entry["month"], entry["day"]) == ("2020", "jul", "29")
    assert item["issued"] == {"date-parts": [[2020, 7, 29]]}
    assert item["publisher"] == source.publisher
    assert source.publisher.replace("&", r"\&") == entry["howpublished"]
    assert entry["url"] == item["URL"] == source.url
    line = plain([reference])
    for said in (
        source.author,
        source.title,
        source.publisher,
        source.published,
        source.url,
        source.accessed,
    ):
        assert str(said) in line


def test_what_a_source_does_not_say_is_not_made_up(atlas: Atlas) -> None:
    for source in atlas.sources.values():
        reference = cite_source(source, atlas)
        (item,) = csl_json([reference])
        _, entry = fields(bibtex([reference]))
        for said, in_csl, in_bibtex in (
            (source.author, "author", "author"),
            (source.published, "issued", "year"),
            (source.url, "URL", "url"),
            (source.accessed, "accessed", "urldate"),
        ):
            assert (said is not None) == (in_csl in item) == (in_bibtex in entry), source.id
        assert ("n.d." in plain([reference])) == (source.published is None)
        # a year is not made a day
        parts = item["issued"]["date-parts"][0] if source.published else []
        assert len(parts) == len((source.published or "").split("-")) * bool(source.published)


def test_a_source_known_through_another_says_so(atlas: Atlas) -> None:
    first, second = list(atlas.sources.values())[:2]
    heard = first.model_copy(update={"seen": "cited_by", "cited_by": second.id})
    assert f"known through: {second.title}" in plain([cite_source(heard, atlas)])


def test_the_map_is_cited_with_version_day_credits_and_link() -> None:
    reference = cite_view(VIEW, TODAY, address="https://khorgos.example/map")
    (item,) = csl_json([reference])
    _, entry = fields(bibtex([reference]))
    line = plain([reference])
    assert item["title"] == "Khorgos Map"
    assert item["version"] == entry["version"] == version("khorgos-map")
    assert item["accessed"] == {"date-parts": [[2026, 11, 22]]}
    assert item["URL"] == entry["url"]
    for said in ("Khorgos Map", version("khorgos-map"), "2026-11-22", "OpenStreetMap", item["URL"]):
        assert said in line


@pytest.mark.parametrize("address", ["http://localhost:8501/", "https://khorgos.example/map?old=1#part"])
@pytest.mark.parametrize("view", [View(), VIEW, View(layers=())])
def test_the_link_restores_the_view(atlas: Atlas, view: View, address: str) -> None:
    parts = urlsplit(link(view, address))
    assert read_view(dict(parse_qsl(parts.query)), vocabulary_of(atlas)) == (view, [])
    assert link(view, address).startswith(address.split("?", maxsplit=1)[0])


def test_a_claim_is_cited_with_its_source_its_place_in_it_and_the_map_that_shows_it(atlas: Atlas) -> None:
    for claim in atlas.claims.values():
        source, shown = cite_claim(claim, atlas, VIEW, TODAY)
        assert source.key == claim.source
        assert (claim.locator or "") in (source.note or "")
        parameters = dict(parse_qsl(urlsplit(shown.url or "").query))
        assert parameters["sel"] == claim.subject
        assert parameters["lang"] == "zh"
        assert claim.statement.in_language("zh") in (shown.note or "")
        assert claim.id in (shown.note or "")


def test_csl_json_has_only_what_its_schema_allows(atlas: Atlas) -> None:
    for item in csl_json(all_references(atlas)):
        assert set(item) <= STRINGS | {"author", "issued", "accessed"}
        assert all(isinstance(item[name], str) and item[name] for name in STRINGS & set(item))
        assert item["type"] in TYPES
        assert {"id", "type", "title"} <= set(item)
        for date in filter(None, (item.get("issued"), item.get("accessed"))):
            assert list(date) == ["date-parts"]
            assert 1 <= len(date["date-parts"][0]) <= 3
        assert all(list(author) == ["literal"] for author in item.get("author", []))
        json.dumps(item)


def test_every_entry_can_be_read_and_every_key_names_one_thing(atlas: Atlas) -> None:
    named: dict[str, Reference] = {}
    for reference in all_references(atlas):
        key, _ = fields(bibtex([reference]))
        # the place in a source differs from claim to claim, the source does not
        same = dataclasses.replace(reference, note=None)
        assert named.setdefault(key, same) == same


def test_keys_are_stable() -> None:
    assert cite_view(VIEW, TODAY).key == cite_view(VIEW, dt.date(2030, 1, 1)).key
    assert cite_view(VIEW, TODAY).key == "khorgos-map-view-31a83806"
    assert cite_view(View(), TODAY).key == "khorgos-map-view-0933497c"
    assert cite_view(View(sel="icbc-kz"), TODAY).key != cite_view(View(sel="icbc-cn"), TODAY).key
