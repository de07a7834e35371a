"""What is published and exported holds hostile texts letter by letter, once the format's own escapes are undone."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pytest
from defusedxml.ElementTree import fromstring

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.records import Claim
from khorgos_map.draw.cards import card
from khorgos_map.draw.facts_page import facts_page, waiting_page
from khorgos_map.draw.files import Published
from khorgos_map.draw.search import fold
from khorgos_map.draw.totals import Choices
from khorgos_map.draw.uploaded import uploaded_words
from khorgos_map.export.cite import BIBTEX_ESCAPES, bibtex, cite_chart, cite_claim, csl_json, plain
from khorgos_map.export.html import export_html
from khorgos_map.export.layers import credit_of, geopackage, layers_geojson
from khorgos_map.export.measured import MEASURED_FORMATS, export_measured
from khorgos_map.export.package import data_package
from khorgos_map.export.table import claims_csv, claims_json, sources_csv
from khorgos_map.measure.cells import FORMULA_STARTS
from khorgos_map.measure.sketch import Sketch
from khorgos_map.measure.upload.reading import read_shapes
from khorgos_map.page.charts import _points, chart_table
from khorgos_map.page.distances import heat_map
from khorgos_map.text import catalogue, languages
from khorgos_map.view import View
from tests.export.drawn import LINK, TIME, rows
from tests.export.sheets import PAPER, bare, page_of, sheet
from tests.text_is_data.hostile import (
    EVERYTHING,
    PAYLOADS,
    arranged_texts,
    card_texts,
    fact_texts,
    missing,
    strings,
)
from tests.text_is_data.reading import Html

FACTS_TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "small", "br", "section", "dl",
    "dt", "dd", "footer",
}  # fmt: skip
NAMES = [name for payload in PAYLOADS if (name := Sketch("points", ((80.4, 44.2),), payload).name)]


def published(files: Published, name: str) -> Any:
    return json.loads(gzip.decompress(files.files[name].body))


def test_the_copy_of_the_content_has_them_in_every_text(hostile: Atlas, atlas: Atlas) -> None:
    for code in languages():
        texts = [*card_texts(hostile, code), *arranged_texts(hostile, code)]
        assert all(text.startswith(EVERYTHING) for text in texts)
        assert len(texts) == len([*card_texts(atlas, code), *arranged_texts(atlas, code)]) > 2000
    assert all(
        claim.value.startswith(EVERYTHING) for claim in hostile.claims.values() if claim.unit == "text"
    )


@pytest.mark.parametrize("code", languages())
def test_cards_and_lists(hostile: Atlas, hostile_files: Published, code: str) -> None:
    words = published(hostile_files, hostile_files.words[code])
    assert missing([*card_texts(hostile, code), *arranged_texts(hostile, code)], strings(words)) == []


def test_the_search_finds_them_folded(hostile: Atlas, hostile_files: Published) -> None:
    index = published(hostile_files, hostile_files.search)
    searched = [
        name.text for f in hostile.feature.values() for name in f.properties.name.root.values() if name
    ]
    searched += [claim.statement.in_language("ru") for claim in hostile.claims.values()]
    assert missing([fold(text) for text in searched], strings(index)) == []


def test_layers_and_basemap_hold_no_text_at_all(hostile_files: Published) -> None:
    for name in (*hostile_files.layers.values(), *hostile_files.basemap.values()):
        assert not [
            text for text in strings(published(hostile_files, name)) if not re.fullmatch(r"[\w .-]*", text)
        ]


def test_the_facts_are_text_between_our_own_tags(hostile: Atlas) -> None:
    page = Html(facts_page(hostile, catalogue("en")))
    assert set(page.tags) == FACTS_TAGS
    assert {name for name, _ in page.attributes} == {"lang", "charset", "name", "content", "id"}
    assert missing(said_in_facts(hostile), page.texts) == []


def said_in_facts(atlas: Atlas) -> Iterator[str]:
    """Yield what the facts say of each thing; of rivals the statement only where there is no value."""
    for feature in atlas.feature.values():
        words = card(feature, atlas, catalogue("en"))
        yield from (words["name"], words["description"])
        for fact in words.get("facts", []):
            yield fact["statement"]
            for said in (fact, *fact.get("rivals", [])):
                yield from (said["claimant"], said["source"]["title"], said["source"]["publisher"])


def test_a_page_that_waits_goes_nowhere_else() -> None:
    page = Html(waiting_page('en"><b>', '");</script><b>\u2028'))
    assert page.tags == ["html", "meta", "title", "script"]
    (script,) = (text for text in page.texts if "location" in text)
    assert json.loads(script.split("replace(", 1)[1].split("),", 1)[0]) == '");</script><b>\u2028'


def test_a_heat_map_is_a_table_and_nothing_else() -> None:
    names = ("from", "to", "shown", "cell", "detail")
    pairs = [{**dict.fromkeys(names, EVERYTHING), "share": 0.5}]
    table = Html(heat_map(pd.DataFrame(pairs), EVERYTHING, "en"))
    assert set(table.tags) == {"table", "thead", "tbody", "tr", "th", "td", "span"}
    assert {name for name, _ in table.attributes} == {"lang", "scope", "title", "style"}
    assert "".join(table.texts) == EVERYTHING * 4
    assert (
        dict(table.attributes)["title"] == f"{EVERYTHING} – {EVERYTHING}: {EVERYTHING} {EVERYTHING}".strip()
    )


def feature_texts(atlas: Atlas) -> Iterator[tuple[str, dict[str, str | None]]]:
    for identifier, feature in atlas.feature.items():
        names = feature.properties.name
        yield (
            identifier,
            {
                "name": names.in_language("en")[0],
                **{f"name_{code}": name.text if name else None for code, name in names.root.items()},
                "precision": feature.properties.precision.in_language("en"),
                "credit": credit_of(feature, atlas),
            },
        )


def test_geojson_and_geopackage(hostile: Atlas, tmp_path: Path) -> None:
    collection = json.loads(layers_geojson(hostile))
    found = {feature["id"]: feature["properties"] for feature in collection["features"]}
    path = tmp_path / "layers.gpkg"
    path.write_bytes(geopackage(hostile))
    packed = {
        row["id"]: row
        for layer, _ in pyogrio.list_layers(path)
        for row in pyogrio.read_dataframe(path, layer=layer).to_dict("records")
    }
    for identifier, texts in feature_texts(hostile):
        for read in (found[identifier], packed[identifier]):
            assert {field: None if pd.isna(read[field]) else read[field] for field in texts} == texts


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def unguarded(cell: str) -> str:
    """A text as it was before `guarded_text`."""
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'").startswith(FORMULA_STARTS) else cell


@pytest.mark.parametrize("code", languages())
def test_tables_of_claims_and_sources(hostile: Atlas, code: str) -> None:
    claims = table(claims_csv(hostile, code))
    for row, claim in zip(claims, hostile.claims.values(), strict=True):
        source = hostile.sources[claim.source]
        assert unguarded(row["statement"]) == claim.statement.in_language(code)
        assert unguarded(row["claimant"]) == hostile.claimants[claim.claimant].name.in_language(code)
        assert (unguarded(row["source_title"]), unguarded(row["publisher"])) == (
            source.title,
            source.publisher,
        )
        assert unguarded(row["locator"]) == (claim.locator or "")
    for row, source in zip(table(sources_csv(hostile)), hostile.sources.values(), strict=True):
        assert unguarded(row["note"]) == (source.note or "")
        assert unguarded(row["author"]) == (source.author or "")
    assert missing(fact_texts(hostile, code), strings(json.loads(claims_json(hostile, code)))) == []


def test_a_data_package(hostile: Atlas, hostile_folder: Path) -> None:
    packed = zipfile.ZipFile(io.BytesIO(data_package(hostile, hostile_folder)))
    assert packed.read("claims.csv").decode() == claims_csv(hostile, "en")
    assert packed.read("layers.geojson").decode() == layers_geojson(hostile)
    assert json.loads(packed.read("datapackage.json"))["title"] == "Khorgos Map"
    credits_named = packed.read("README.md").decode().split("says:\n\n", 1)[1].strip().split("\n- ")
    shown = {re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", line.removeprefix("- ")) for line in credits_named}
    assert shown == {" ".join(credit_of(feature, hostile).split()) for feature in hostile.feature.values()}
    assert not re.search(r"(?<!\\)[\[<`]", "".join(credits_named))


def one_line(text: str) -> str:
    """A text as citations have it: runs of spaces, line breaks and control characters are one space."""
    return " ".join(text.split())


def of_each_source(atlas: Atlas) -> Iterable[Claim]:
    return {claim.source: claim for claim in atlas.claims.values()}.values()


def untexed(text: str) -> str:
    commands = {escape: chr(code) for code, escape in BIBTEX_ESCAPES.items()}
    return re.sub(
        "|".join(map(re.escape, sorted(commands, key=len, reverse=True))), lambda m: commands[m[0]], text
    )


def test_citations(hostile: Atlas) -> None:
    today = TIME.date()
    for claim in of_each_source(hostile):
        source = hostile.sources[claim.source]
        cited = cite_claim(claim, hostile, View(), today)
        texts = [
            source.title,
            source.publisher,
            claim.statement.in_language("en"),
            claim.locator,
            source.author,
        ]
        expected = [one_line(text) for text in texts if text]
        assert missing(expected, [plain(cited)]) == []
        assert missing(expected, [one_line(text) for text in strings(csl_json(cited))]) == []
        assert missing(expected, [untexed(bibtex(cited))]) == []
    for chart in hostile.charts:
        (made, *_) = cited_chart = cite_chart(chart, hostile, View(), today)
        assert made.title.startswith(EVERYTHING)
        assert missing([one_line(made.title)], [plain(cited_chart), untexed(bibtex(cited_chart))]) == []


def test_no_text_ends_an_entry_of_bibtex(hostile: Atlas) -> None:
    for claim in of_each_source(hostile):
        entries = bibtex(cite_claim(claim, hostile, View(), TIME.date()))
        depth = 0
        for sign in re.sub(r"\\[&%$#_]", "", entries):
            depth += {"{": 1, "}": -1}.get(sign, 0)
            assert depth >= 0
            assert depth > 0 or sign not in '"%='
        assert depth == 0
        assert [line[:1] for line in entries.splitlines()].count("@") == 2


def test_charts(hostile: Atlas) -> None:
    text = catalogue("ru")
    for chart in hostile.charts:
        rows_shown = chart_table(chart, hostile, text)
        spec = _points(rows_shown, text).to_dict()
        (data,) = spec["datasets"].values()
        said = [hostile.claims[point.claim].statement.in_language("ru") for point in chart.points]
        assert {row["statement"] for row in data} >= set(said)
        assert "{{7*191}}" not in json.dumps({key: value for key, value in spec.items() if key != "datasets"})


CIRCUMSTANCES: dict[str, Any] = {"time": TIME, "link": LINK, "language": "en"}
POSITIONS = ((80.3, 44.2), (80.5, 44.2), (80.5, 44.3))


@pytest.mark.parametrize("file_format", MEASURED_FORMATS)
def test_names_of_sketches_in_every_file_of_measurements(file_format: str, tmp_path: Path) -> None:
    sketches = [Sketch("line", POSITIONS, name) for name in NAMES]
    body = export_measured(file_format, sketches, {}, **CIRCUMSTANCES)
    match file_format:
        case "geojson":
            found = [f["properties"]["name"] for f in json.loads(body)["features"]]
        case "csv":
            found = [unguarded(row["name"]) for row in rows(body)[:: len(POSITIONS)]]
        case "gpkg":
            path = tmp_path / "measured.gpkg"
            path.write_bytes(body)
            found = list(pyogrio.read_dataframe(path, layer="lines")["name"])
        case _:
            named = (
                one for one in fromstring(body).iter() if one.tag.rpartition("}")[2] in {"trk", "Placemark"}
            )
            found = [next(part.text for part in one if part.tag.endswith("}name")) for one in named]
    assert found == NAMES


def test_names_on_printed_sheets(atlas: Atlas) -> None:
    """Letters that the fonts lack are empty boxes; spaces are places on paper, not signs."""
    for first in range(0, len(NAMES), 6):
        names = NAMES[first : first + 6]
        page = page_of(sheet(atlas, *(Sketch("points", POSITIONS[:1], name) for name in names)))
        assert missing([bare(PAPER._shown(name)) for name in names], [bare(page.extract_text())]) == []


def test_names_in_a_file_of_ones_own_are_texts() -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"name": text},
            "geometry": {"type": "Point", "coordinates": [80.4, 44.2]},
        }
        for text in [*NAMES, "half a letter \ud800", "control \x00\x1b[31m"]
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    shapes = read_shapes(body, "own{{7*191}}.geojson")
    words = uploaded_words(shapes, {}, catalogue("en"), Choices())
    named = [shape.name for shape in shapes.shapes]
    assert words["names"] == named
    assert named[: len(NAMES)] == NAMES
    assert named[len(NAMES) :] == ["half a letter", "control [31m"]
    assert json.loads(json.dumps(words, ensure_ascii=False).encode())["names"] == named


def test_a_title_of_a_page_is_text(
    hostile: Atlas, hostile_files: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = catalogue("en")
    title = "</title><b>& ü"
    spoilt = dataclasses.replace(text, messages={**text.messages, "page.title": title})
    monkeypatch.setattr("khorgos_map.export.html.catalogue", lambda _: spoilt)
    page = export_html(hostile, hostile_files, View())
    assert unescape(page.split("<title>", 1)[1].split("</title>", 1)[0]) == title
