"""Texts that some program takes for more than texts, and a copy of the content with them in every text."""

from __future__ import annotations

import csv
import io
import json
import shutil
import types
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, RootModel

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.arrangement import Chart, Correction, Introduction, LayerList
from khorgos_map.atlas.records import BasemapFeature, Claim, Claimant, Feature, Properties, Source
from khorgos_map.atlas.roads import Crossing, Edge, Fact, Node

# A picture that a page would fetch: from a host that no page of ours may ask for anything.
ELSEWHERE = "https://x.invalid/p.png"
# Each is a template, or breaks one: branca's are written in Jinja.
TEMPLATES = [
    "{{7*191}}",
    "{{ 9**99 }}",
    "{% raw %}",
    "{% set x=1 %}",
    "{#",
    "{{ 'shape' }}",
    "{{'{{'}}",
    "{%",
]
MARKUP = [
    "</script><script>window.hit=1</script>",
    "<!-- <script>",
    "</noscript></style></title>",
    f"<img src={ELSEWHERE} onerror=window.hit=1>",
    "&lt;b&gt; &amp;",
    "]]>",
    "${7*191} `${window.hit=1}`",
    "<%= 7*191 %> #{7*191} {0} {key}",
    "alert(coords);",
]
MARKDOWN = [
    f"![p]({ELSEWHERE})",
    "# h",
    "[a](javascript:window.hit=1)",
    f"{ELSEWHERE} www.x.invalid someone@x.invalid",
    ":tada: :material/home: :material_home: :streamlit: :red[x]",
    "a <-> b -> c <- d -- e >= f <= g ~= h",
    "*a* **b** _c_ ~~d~~ $e$ $$f$$ | g |",
]
SIGNS = [
    "\" ' ` \\ \\n \\u0041 %41 %s",
    "\u2028\u2029",
    "\u202egnp\u202c \u2066x\u2069 a\u0301 \ufeff",
    "=1+1",
    "'=1+1",
    "@x\\textbf{y} \\input{z} ^ ~ & % # _",
    "霍尔果斯 Қорғас 👩\u200d👧 \U0010ffff",
]
PAYLOADS = [*TEMPLATES, *MARKUP, *MARKDOWN, *SIGNS]
# All of them in one text: each in a line of its own, since some mean something at the beginning of a line only.
EVERYTHING = "\n".join(PAYLOADS)

LISTED: dict[str, tuple[str | None, type[BaseModel]]] = {
    "claims.json": ("claims", Claim),
    "claimants.json": ("claimants", Claimant),
    "sources.json": ("sources", Source),
    "charts.json": ("charts", Chart),
    "corrections.json": ("corrections", Correction),
    "introduction.json": (None, Introduction),
    "layers.json": (None, LayerList),
    "network/crossings.json": ("crossings", Crossing),
    "network/nodes.geojson": ("features", Node),
    "network/edges.geojson": ("features", Edge),
}
# Strings that are no texts: other records, files or functions are found by them.
NO_TEXTS = {(Properties, "datum"), (Claim, "computed_by")}
NO_TEXT_FIELDS = {"geometry", "file"}


def hostile_copy(content: Path, folder: Path) -> Path:
    """Copy a content folder with EVERYTHING before every text in it, and return the copy."""
    shutil.copytree(content, folder)
    for name, (key, kind) in LISTED.items():
        _rewrite(folder / name, key, kind)
    for path in (folder / "layers").glob("*.geojson"):
        _rewrite(path, "features", Feature)
    for path in (folder / "basemap").glob("*.geojson"):
        _rewrite(path, "features", BasemapFeature)
    _rewrite_facts(folder / "network" / "facts.csv")
    return folder


def _rewrite(path: Path, key: str | None, kind: type[BaseModel]) -> None:
    kind.model_rebuild()  # or a type that is defined after it is not known yet
    document = json.loads(path.read_text(encoding="utf-8"))
    if key is None:
        document = _spoilt(kind, document)
    else:
        document[key] = [_spoilt(kind, record) for record in document[key]]
    path.write_text(json.dumps(document), encoding="utf-8")


def _rewrite_facts(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [
        name
        for name, field in Fact.model_fields.items()
        if field.annotation == str | None and name != "claim"
    ]
    assert texts == ["locator", "note"]
    for row in rows:
        row.update({name: EVERYTHING + row[name] for name in texts if row[name]})
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(written.getvalue(), encoding="utf-8", newline="")


def _spoilt(kind: Any, value: Any, rules: tuple[Any, ...] = ()) -> Any:
    """Return a value of a record's field with EVERYTHING before each text in it, as far as its type lets it be any."""
    origin, parts = get_origin(kind), get_args(kind)
    if value is None:
        return None
    if origin is Annotated:
        inner = [rule for part in parts[1:] for rule in getattr(part, "metadata", [part])]
        return _spoilt(parts[0], value, (*rules, *inner))
    if origin in {Union, types.UnionType}:
        fitting = [part for part in parts if part is not types.NoneType]
        kind = str if isinstance(value, str) and str in fitting else fitting[0]
        return _spoilt(kind, value, rules)
    if origin is tuple:
        return [_spoilt(parts[0], one) for one in value]
    if origin is dict:
        return {name: _spoilt(parts[1], one) for name, one in value.items()}
    if isinstance(kind, type) and issubclass(kind, RootModel):
        return _spoilt(kind.model_fields["root"].annotation, value)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: _spoilt_field(kind, name, value) for name in value}
    free = not any(isinstance(rule, AfterValidator) or getattr(rule, "pattern", None) for rule in rules)
    return EVERYTHING + value if kind is str and free else value


def _spoilt_field(kind: type[BaseModel], name: str, record: dict[str, Any]) -> Any:
    field, value = kind.model_fields[name], record[name]
    is_date = (kind, name) == (Claim, "value") and record["unit"] != "text"
    if is_date or name in NO_TEXT_FIELDS or (kind, name) in NO_TEXTS:
        return value
    return _spoilt(field.annotation, value, tuple(field.metadata))


def strings(value: Any) -> Iterator[str]:
    """Yield every string in lists and dictionaries, their keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)


def missing(expected: Iterable[str], found: Iterable[str]) -> list[str]:
    """Return the expected texts that stand, letter by letter, in none of the texts found."""
    there = set(found)
    whole = "\0".join(there)
    return [text for text in set(expected) - there if text not in whole]


def card_texts(atlas: Atlas, code: str) -> Iterator[str]:
    """Yield the texts of all records that cards, lists and the introduction show in a language."""
    for feature in atlas.feature.values():
        known = feature.properties
        yield from (name.text for name in known.name.root.values() if name)
        yield from (text.in_language(code) for text in (known.description, known.precision))
        yield from (section.description.in_language(code) for section in known.sections)
    yield from fact_texts(atlas, code)
    yield from (correction.text.in_language(code) for correction in atlas.corrections)


def fact_texts(atlas: Atlas, code: str) -> Iterator[str]:
    """Yield the texts of all claims in a language, with those of who says so and where."""
    for claim in atlas.claims.values():
        source = atlas.sources[claim.source]
        yield from (claim.statement.in_language(code), source.title, source.publisher)
        yield atlas.claimants[claim.claimant].name.in_language(code)
        if claim.locator:
            yield claim.locator


def arranged_texts(atlas: Atlas, code: str) -> Iterator[str]:
    """Yield the texts of groups, layers and the introduction in a language."""
    yield from (group.name.in_language(code) for group in atlas.groups)
    for layer in atlas.layers:
        yield from (layer.name.in_language(code), layer.about.in_language(code))
    yield from (atlas.introduction.title.in_language(code), atlas.introduction.lead.in_language(code))
    for entry in atlas.introduction.entries:
        yield from (entry.name.in_language(code), entry.sentence.in_language(code))
