"""What the server answers to the measuring tool: sizes, shares, uncertainty, and files."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import pypdf
import pytest
from geographiclib.geodesic import Geodesic

from khorgos_map.measure.sketch import Sketch, encode_sketches
from khorgos_map.text import languages
from tests.page.asking import ALMATY, KHORGOS, Server, measured

YARD = Sketch("area", ((80.385, 44.2), (80.43, 44.195), (80.435, 44.222), (80.41, 44.23)))
BOTH_SIDES = Sketch("area", ((80.37, 44.18), (80.45, 44.18), (80.45, 44.22), (80.37, 44.22)))
IN_COUNTRIES = ("of this in Kazakhstan", "of this in China")


def test_a_length_is_the_geodesic_in_the_unit_asked_for(server: Server) -> None:
    (line,) = measured(server, Sketch("line", (KHORGOS, ALMATY)), length="nmi")
    label, shown = line["totals"][0]  # type: ignore[index]
    nautical_miles = Geodesic.WGS84.Inverse(KHORGOS[1], KHORGOS[0], ALMATY[1], ALMATY[0])["s12"] / 1852
    assert label == "Length"
    assert float(shown.removesuffix(" nmi")) == pytest.approx(nautical_miles, abs=0.001)
    assert len(line["drawn"]) > 40  # type: ignore[arg-type]


def test_what_lies_around_is_measured_too(server: Server) -> None:
    (point,) = measured(server, Sketch("points", (ALMATY,)), around="2")
    label, shown = point["totals"][-1]  # type: ignore[index]
    assert label.startswith("Buffer of 2")
    assert float(shown.split(maxsplit=1)[0].replace(",", "")) == pytest.approx(3.1416 * 4 * 100, rel=0.01)
    assert point["around"]["type"] == "Polygon"  # type: ignore[index,call-overload]


def amount(shown: str) -> float:
    return float(shown.split(maxsplit=1)[0].replace(",", ""))


def test_an_uncertainty_has_two_digits_and_the_unit_of_its_total(server: Server) -> None:
    (yard,) = measured(server, replace(YARD, pixel_m=38.2187))
    rows = {label: shown.split() for label, shown in yard["totals"]}  # type: ignore[attr-defined]
    (doubt,) = (shown for label, shown in rows.items() if label.startswith("If each point"))
    assert [label for label in rows if "(38 m)" in label]
    assert doubt[0] == "±"
    assert len(doubt[1].replace(".", "").strip("0")) <= 2
    assert doubt[2] == rows["What a sphere would add"][-1] == rows["Area"][-1] == "ha"
    assert float(doubt[1]) == pytest.approx(38.2187 * 2 * 3500 / 1e4, rel=0.5)


def test_each_sketch_is_as_uncertain_as_it_was_set(server: Server) -> None:
    typed, clicked, unknown = measured(server, *(replace(YARD, pixel_m=pixel) for pixel in (0.0, 76.4, None)))
    doubts = [
        [label for label, _ in sketch["totals"] if label.startswith("If each point")]  # type: ignore[attr-defined]
        for sketch in (typed, clicked, unknown)
    ]
    pixel = "If each point is off by one pixel ({})"
    assert doubts == [[], [pixel.format("76 m")], []]
    positions = [sketch["vertices"][0][1] for sketch in (typed, clicked)]  # type: ignore[index]
    assert positions == ["44.20000, 80.38500", "44.200, 80.385"]


def test_a_surrounding_over_the_border_is_told_by_country(server: Server) -> None:
    over, within = measured(server, Sketch("points", (KHORGOS,)), Sketch("points", (ALMATY,)), around="5")
    rows = dict(over["totals"])  # type: ignore[call-overload]
    whole, kz, cn = (amount(rows[label]) for label in ("Buffer of 5 km", *IN_COUNTRIES))
    assert kz > 0
    assert cn > 0
    assert kz + cn == pytest.approx(whole, abs=0.02)
    assert [label for label, _ in within["totals"]] == ["Buffer of 5 km"]  # type: ignore[attr-defined]


def test_sizes_have_no_more_digits_than_their_uncertainty(server: Server) -> None:
    typed, clicked = measured(server, *(replace(BOTH_SIDES, pixel_m=pixel) for pixel in (0.0, 38.0)))
    before, rows = dict(typed["totals"]), dict(clicked["totals"])  # type: ignore[call-overload]
    (doubt,) = (shown for label, shown in rows.items() if label.startswith("If each point"))
    assert re.fullmatch(r"± \d\d ha", doubt)
    whole, kz, cn = (rows[label] for label in ("Area", *IN_COUNTRIES))
    assert all(re.fullmatch(r"[\d,]+ ha", shown) for shown in (whole, kz, cn))
    assert amount(kz) + amount(cn) == pytest.approx(amount(whole), abs=1.01)
    assert amount(whole) == pytest.approx(amount(before["Area"]), abs=0.51)
    assert re.fullmatch(r"[\d,]+\.\d\d ha", before["Area"])
    assert clicked["labels"][-1] == whole  # type: ignore[index]
    legs = [amount(row[2]) for row in clicked["vertices"]]  # type: ignore[attr-defined]
    assert sum(legs) == pytest.approx(amount(rows["Perimeter"]), abs=0.03)
    assert re.fullmatch(r"\d+\.\d\d km", rows["Perimeter"])


def test_points_are_listed_with_their_country_and_numbered(server: Server) -> None:
    points, alone = measured(
        server, Sketch("points", (ALMATY, (81.33, 43.91), (139.7, 35.7))), Sketch("points", (ALMATY,))
    )
    assert [row[2] for row in points["vertices"]] == ["Kazakhstan", "China", "elsewhere"]  # type: ignore[attr-defined]
    assert points["vertices"][0][1].startswith("43.25")  # type: ignore[index]
    assert points["labels"] == ["1", "2", "3"]
    assert points["totals"] == alone["totals"] == []
    assert alone["labels"] == [""]


@pytest.mark.parametrize("code", languages())
def test_a_multiple_is_told_in_times_and_not_in_per_cent(server: Server, code: str) -> None:
    (wide,) = measured(server, BOTH_SIDES, lang=code)
    (notes,) = ([note for note in wide["notes"] if "217" in note],)  # type: ignore[attr-defined]
    assert len(notes) == 1
    assert "%" not in notes[0]
    assert re.search(r"\b\d{1,2}[.,]\d\b", notes[0])


@pytest.mark.parametrize(("code", "limit"), [(code, "500") for code in languages()])
@pytest.mark.parametrize("around", ["501", "-1", "nan", "far"])
def test_a_surrounding_out_of_range_is_refused(server: Server, code: str, limit: str, around: str) -> None:
    asked = {"around": around, "lang": code}
    answer = server.post("/khorgos/measure", params=asked, content=encode_sketches([YARD]))
    assert answer.status_code == 422
    assert limit in answer.json()["error"]


def test_an_area_is_compared_with_what_had_been_said_by_then(server: Server) -> None:
    (now,), (then,) = measured(server, YARD), measured(server, YARD, year="2005")
    assert [note for note in now["notes"] if "published as" in note]  # type: ignore[attr-defined]
    assert not [note for note in then["notes"] if "published as" in note]  # type: ignore[attr-defined]


def test_the_sheet_takes_the_pixels_that_points_were_set_to(server: Server) -> None:
    asked = {"format": "pdf", "link": "https://example.org/?at=44,80,10"}
    sheets = [
        server.post(
            "/khorgos/measured", params=asked, content=encode_sketches([replace(YARD, pixel_m=pixel)])
        )
        for pixel in (0.0, None)
    ]
    said = [pypdf.PdfReader(io.BytesIO(sheet.content)).pages[0].extract_text() for sheet in sheets]
    assert ["one pixel" in one for one in said] == [False, True]


def test_files_have_what_was_asked_for_around_the_sketches(server: Server) -> None:
    asked = {"format": "geojson", "around": "2"}
    found = server.post("/khorgos/measured", params=asked, content=encode_sketches([YARD]))
    yard, buffer = found.json()["features"]
    assert "role" not in yard["properties"]
    assert buffer["properties"]["role"] == "buffer"
    assert buffer["properties"]["distance_m"] == 2000
    brought = server.post("/khorgos/upload", params={"name": "own.geojson"}, content=found.content)
    assert brought.status_code == 200
    assert len(json.loads(brought.json()["drawn"])["geometries"]) == 2


@pytest.mark.parametrize("form", ["geojson", "pdf"])
def test_a_file_of_a_surrounding_out_of_range_is_refused(server: Server, form: str) -> None:
    asked = {"format": form, "around": "501", "lang": "ru"}
    answer = server.post("/khorgos/measured", params=asked, content=encode_sketches([YARD]))
    assert answer.status_code == 422
    assert "500" in answer.json()["error"]


def test_the_sheet_has_the_form_and_the_units_asked_for(server: Server) -> None:
    asked = {"format": "pdf", "form": "dms", "length": "nmi", "area": "mu", "around": "1"}
    sheet = server.post("/khorgos/measured", params=asked, content=encode_sketches([YARD]))
    said = re.sub(r"[\s\0]", "", pypdf.PdfReader(io.BytesIO(sheet.content)).pages[0].extract_text())
    for words in (
        r"44°12′00\.00″N,80°23′06\.00″E",
        r"Area[\d,]+mu=",
        r"Perimeter[\d.]+nmi",
        r"Bufferof1km[\d,]+mu",
    ):
        assert re.search(words, said), words
