"""Only addresses of the web become links, whoever gives them."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pypdf
import pytest
from defusedxml.ElementTree import fromstring

from khorgos_map.atlas import Atlas
from khorgos_map.draw.cards import source
from khorgos_map.export.cite import cite_source
from khorgos_map.export.measured import MEASURED_FORMATS, export_measured
from khorgos_map.export.measured_xml import GPX
from khorgos_map.measure.sketch import Sketch, encode_sketches
from khorgos_map.text import catalogue, languages
from khorgos_map.web_address import MOST_CHARACTERS, is_web_address, link_to
from tests.export.drawn import LINK, TIME
from tests.export.sheets import page_of, sheet
from tests.page.asking import Server

POINT = Sketch("points", ((80.4, 44.2),), "Gate")
NO_LINKS = [
    "javascript:alert(1)//",
    "JAVASCRIPT:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:1",
    "file:///etc/passwd",
    "//example.org/",
    "example.org",
    "http:/example.org",
    "https:javascript:alert(1)",
    "http://[half",
    "",
    "https://example.org/" + "x" * MOST_CHARACTERS,
    "not an address\r\n/URI (x)",
]


@pytest.mark.parametrize("link", NO_LINKS)
def test_what_is_no_address_of_the_web_is_no_link(link: str) -> None:
    assert link_to(link) is None
    assert not is_web_address(link)


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        (LINK, LINK),
        ("HTTPS://Example.org/?a=b#c", "HTTPS://Example.org/?a=b#c"),
        ("http://localhost:8501/?m=霍 尔", "http://localhost:8501/?m=%E9%9C%8D%20%E5%B0%94"),
        ('http://[::1]:8501/?m="><b>', "http://[::1]:8501/?m=%22%3E%3Cb%3E"),
    ],
)
def test_a_link_is_kept_in_ascii(link: str, kept: str) -> None:
    assert link_to(link) == kept


def exported(file_format: str, link: str) -> bytes:
    return export_measured(file_format, [POINT], {}, time=TIME, link=link, language="en")


@pytest.mark.parametrize("file_format", MEASURED_FORMATS)
@pytest.mark.parametrize("link", [NO_LINKS[0], NO_LINKS[-2]], ids=["script", "overlong"])
def test_no_file_of_measurements_links_to_what_is_none(file_format: str, link: str) -> None:
    body = exported(file_format, link)
    assert b"alert" not in body
    assert b"xxxx" not in body
    assert b"Gate" in body
    match file_format:
        case "geojson":
            assert json.loads(body)["features"][0]["properties"]["link"] is None
        case "csv":
            assert next(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))["link"] == ""
        case "gpx":
            assert fromstring(body).find(f"{{{GPX}}}metadata/{{{GPX}}}link") is None


@pytest.mark.parametrize("code", languages())
def test_a_file_says_when_it_was_saved_with_and_without_a_link(code: str) -> None:
    label = catalogue(code)("measured.link")
    for link, times in ((LINK, 1), ("javascript:1", 0)):
        body = export_measured("kml", [POINT], {}, time=TIME, link=link, language=code).decode()
        assert body.count(label) == times
        assert "2026-11-22T10:00:05Z" in body


def annotations(page: pypdf.PageObject) -> list[str]:
    return [str(one.get_object()["/A"]["/URI"]) for one in page.get("/Annots", [])]


def test_a_sheet_links_to_the_view_and_nowhere_else(atlas: Atlas) -> None:
    assert set(annotations(page_of(sheet(atlas, POINT, link=LINK)))) == {LINK}
    for link in ("javascript:alert(1)", "file:///etc/passwd"):
        page = page_of(sheet(atlas, POINT, link=link))
        assert annotations(page) == []
        assert "alert" not in page.extract_text()


@pytest.mark.parametrize("form", ["geojson", "gpx", "kml", "csv", "pdf"])
def test_the_server_makes_no_other_links(form: str) -> None:
    asked: dict[str, Any] = {"format": form, "link": "javascript:alert(1)"}
    answer = Server().post("/khorgos/measured", params=asked, content=encode_sketches([POINT]))
    assert answer.status_code == 200
    assert b"javascript" not in answer.content.lower()


def test_a_source_with_another_address_has_no_link(atlas: Atlas) -> None:
    spoilt = atlas.sources["geonames"].model_copy(update={"url": "javascript:alert(1)"})
    assert "url" not in source(spoilt, catalogue("en"))
    assert cite_source(spoilt, atlas).url is None
