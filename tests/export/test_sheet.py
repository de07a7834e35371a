"""The measurement sheet: one page, in every language, with the numbers that were measured."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import math
import re
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPoint, box

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.draw import quantities
from khorgos_map.draw.measured import compared_words
from khorgos_map.draw.totals import Choices
from khorgos_map.errors import UsageError
from khorgos_map.export.measured_report import report_of
from khorgos_map.export.measured_words import UNASKED
from khorgos_map.export.sheet import measurement_sheet
from khorgos_map.export.sheet_frame import Box, Frame, frame_of
from khorgos_map.export.sheet_map import draw_map
from khorgos_map.export.sheet_paper import Paper
from khorgos_map.export.sheet_words import sheet_blocks
from khorgos_map.geodesy import inverse, pixel_m
from khorgos_map.measure.coordinates import format_decimal, format_dms, format_utm
from khorgos_map.measure.measurement import Measurement, measure_sketch
from khorgos_map.measure.sketch import Sketch, SketchKind
from khorgos_map.measure.uncertainty import area_uncertainty_m2, length_uncertainty_m
from khorgos_map.text import catalogue, languages

TIME = dt.datetime(2026, 3, 4, 5, 6, tzinfo=dt.UTC)
LINK = "https://example.org/?lang=en&at=44.2,80.4,14&m=Pgk4p0Cgonr5E"
YARD = Sketch("area", ((80.385, 44.2), (80.43, 44.195), (80.435, 44.222), (80.41, 44.23)), "Dry port")
ROAD = Sketch("line", tuple((80.4 - 0.05 * i, 44.2 - 0.02 * i) for i in range(70)), "Way west")
WAVES = tuple((80.3 + 0.003 * i, 44.18 + 0.02 * math.sin(i / 4)) for i in range(60))
GATES = Sketch("points", ((80.41, 44.21), (80.0, 44.17)))
WINDOW = Box(12, 29, 186, 118)
MM_PER_PT = 25.4 / 72


def sheet(
    atlas: Atlas,
    *sketches: Sketch,
    language: str = "en",
    link: str = LINK,
    pixels_m: Sequence[float] | None = None,
    asked: Choices = UNASKED,
) -> bytes:
    return measurement_sheet(
        sketches, atlas, time=TIME, link=link, language=language, pixels_m=pixels_m, asked=asked
    )


def page_of(content: bytes) -> pypdf.PageObject:
    (page,) = pypdf.PdfReader(io.BytesIO(content), strict=True).pages
    return page


def bare(text: str) -> str:
    """A text without spaces, as PDF knows places rather than spaces, and half letters, which pypdf leaves."""
    return re.sub(r"[\s\0]", "", text)


def words(content: bytes) -> str:
    return bare(page_of(content).extract_text())


def measured(sketch: Sketch, atlas: Atlas) -> Measurement:
    return measure_sketch(sketch, land_by_side(atlas))


@pytest.mark.parametrize("code", languages())
def test_one_page_says_what_was_measured(atlas: Atlas, code: str) -> None:
    text = catalogue(code)
    page = page_of(sheet(atlas, YARD, language=code))
    said = bare(page.extract_text())
    own = measured(YARD, atlas)
    assert own.area_m2
    assert own.perimeter_m
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(
        (595.28, 841.89), abs=0.1
    )
    off = area_uncertainty_m2(own, pixel_m(44.2, 14))
    off_m = length_uncertainty_m(own, pixel_m(44.2, 14))
    expected = [
        *(quantities.area(own.area_m2, text, unit, off_m2=off) for unit in ("ha", "mu", "km2")),
        quantities.length(own.perimeter_m, text, "km", off_m=off_m),
        *(
            quantities.area(share, text, "ha", off_m2=off)
            for share in (own.area_by_country_m2 or {}).values()
            if share > 1
        ),
        quantities.area(abs(own.sphere_difference_m2 or 0), text, "ha", like=own.area_m2),
        *compared_words(own, atlas, text),
        f"± {quantities.area(off or 0, text, 'ha', like=own.area_m2)}",
        *(quantities.azimuth(leg.azimuth_deg, text) for leg in own.legs),
        *(quantities.length(leg.length_m, text, "km", off_m=off_m) for leg in own.legs),
        *(format_utm(*position) for position in YARD.positions),
        *(
            text(key)
            for key in (
                *("sheet.title", "sheet.credits", "sheet.map", "sheet.arrow", "page.title"),
                *("measure.in_kz", "measure.in_cn", "side.KZ", "side.CN", "legend.zone.KZ", "legend.zone.CN"),
            )
        ),
        "Dry port",
        "2026-03-04 05:06:00 UTC",
        "OpenStreetMap",
        LINK,
    ]
    assert [one for one in expected if bare(one) not in said] == []


def test_letters_of_all_four_languages_are_in_the_file(atlas: Atlas) -> None:
    reader = pypdf.PdfReader(io.BytesIO(sheet(atlas, YARD, language="zh")))
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    for font in fonts:
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)
    assert len(fonts) == 2


def test_many_points_leave_out_the_middle_and_keep_the_totals(atlas: Atlas) -> None:
    winding = Sketch("line", tuple((80.4 - 0.01 * i, 44.2 - 0.004 * i) for i in range(200)))
    said = words(sheet(atlas, winding, pixels_m=[0.0]))
    own = measured(winding, atlas)
    assert bare(quantities.length(own.length_m or 0, catalogue("en"), "km")) in said
    missing = re.search(r"…(\d+)pointsarenotlisted", said)
    assert missing
    shown = [bare(format_decimal(*position)) in said for position in winding.positions]
    assert sum(shown) + int(missing[1]) == len(winding.positions)
    assert shown[0]
    assert shown[-1]


@pytest.mark.parametrize("kind", ["points", "line", "area"])
@pytest.mark.parametrize(("form", "written_as"), [("decimal", format_decimal), ("dms", format_dms)])
def test_sixty_points_are_all_listed(atlas: Atlas, kind: Any, form: Any, written_as: Any) -> None:
    waves = Sketch(kind, WAVES)
    said = words(sheet(atlas, waves, asked=Choices(form=form), pixels_m=[0.0], language="kk"))
    assert [place for place in waves.positions if bare(written_as(*place)) not in said] == []
    assert bare(catalogue("kk")("sheet.elided", count="").strip("…")) not in said


def test_the_form_of_coordinates_asked_for_comes_first(atlas: Atlas) -> None:
    place = (80.41, 44.21)
    forms = {"decimal": format_decimal(*place), "dms": format_dms(*place), "utm": format_utm(*place)}
    for form, other in (("decimal", "utm"), ("dms", "utm"), ("utm", "decimal")):
        said = words(sheet(atlas, Sketch("points", (place,)), pixels_m=[0.0], asked=Choices(form=form)))
        assert said.index(bare(forms[form])) < said.index(bare(forms[other]))
    polar = Sketch("points", ((80.0, 88.0),))
    assert "88.00000,80.00000" in words(sheet(atlas, polar, pixels_m=[0.0], asked=Choices(form="utm")))


def test_the_units_asked_for_are_those_of_the_sheet(atlas: Atlas) -> None:
    said = words(sheet(atlas, YARD, asked=Choices(length="nmi", area="mu"), pixels_m=[0.0]))
    own, text = measured(YARD, atlas), catalogue("en")
    whole, *shares = (own.area_m2 or 0.0, *(own.area_by_country_m2 or {}).values())
    assert f"Area{bare(quantities.area(whole, text, 'mu'))}=" in said
    for size in (share for share in shares if share):
        assert bare(quantities.area(size, text, "mu")) in said
    for size in (own.perimeter_m or 0.0, own.legs[0].length_m, own.cumulative_m[1]):
        assert bare(quantities.length(size, text, "nmi")) in said
    assert bare(quantities.length(own.legs[0].length_m, text, "km")) not in said


def test_what_lies_around_is_drawn_and_told(atlas: Atlas) -> None:
    steppe = Sketch("points", ((78.0, 44.2),))
    without, near, far = (
        sheet(atlas, steppe, asked=Choices(around_m=around_m)) for around_m in (0.0, 2000.0, 20_000.0)
    )
    size = re.search(r"Bufferof2km([\d,.]+)ha", words(near))
    assert size
    assert float(size[1].replace(",", "")) == pytest.approx(math.pi * 4 * 100, rel=0.01)
    assert "Buffer" not in words(without)
    dashed = [
        re.search(rb"\[\d[\d. ]*\] 0 d", page_of(one).get_contents().get_data()) for one in (without, near)
    ]
    assert [bool(found) for found in dashed] == [False, True]
    for content, across_m in ((near, 4000), (far, 40_000)):
        scale = re.search(r"Scale1:([\d,]+)on", words(content))
        assert scale
        assert 80 < 1000 * across_m / int(scale[1].replace(",", "")) < 180


def test_the_whole_and_its_shares_stand_below_each_other(atlas: Atlas) -> None:
    shares = ["of this in Kazakhstan", "of this in China"]
    for sketch, whole in ((YARD, "Area"), (Sketch("line", WAVES), "Length")):
        places = {text: (x, y) for text, x, y, _ in spots(sheet(atlas, sketch))}
        x, y = places[whole]
        assert [places[share][0] for share in shares] == [x, x]
        assert x < places["Points"][0]
        assert [places[share][1] - y for share in shares] == pytest.approx([4.1, 8.2], abs=0.1)


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("size", [0.01, 0.03, 0.2, 3.0])
def test_names_stand_on_their_own_side_of_the_border(atlas: Atlas, code: str, size: float) -> None:
    corners = ((-1, -1), (1, -1), (0, 1))
    sketch = Sketch("area", tuple((80.4 + size * x, 44.2 + size * y) for x, y in corners))
    frame, content = map_of(atlas, sketch, code=code)
    text, land = catalogue(code), land_by_side(atlas)
    side_of = {text("side.KZ"): "KZ", text("side.CN"): "CN"}
    for feature in (*atlas.features["places"], *atlas.features["zones"]):
        short = feature.properties.map_label
        name = short.in_language(code) if short else feature.properties.name.in_language(code)[0]
        side_of[name] = feature.properties.side
    named = [(name, x, y, size_pt) for name, x, y, size_pt in spots(content) if name in side_of]
    assert {text("side.KZ"), text("side.CN")} <= {name for name, *_ in named}
    for name, x, y, size_pt in named:
        ends = frame.positions(np.array([(x, y), (x + PAPER.width(name, size_pt), y)]))
        assert land[side_of[name]].contains(MultiPoint(ends)), name


@pytest.mark.parametrize("kind", ["points", "line", "area"])
def test_numbers_of_points_cover_neither_each_other_nor_a_point(atlas: Atlas, kind: Any) -> None:
    frame, content = map_of(atlas, Sketch(kind, WAVES))
    numbers = {
        text: box(x, y - 1.5, x + PAPER.width(text, size_pt), y)
        for text, x, y, size_pt in spots(content)
        if text.isdecimal()
    }
    assert {"1", "60"} <= set(numbers)
    assert len(numbers) > 30
    assert not [pair for pair in combinations(numbers.values(), 2) if pair[0].intersects(pair[1])]
    points = MultiPoint(frame.places(WAVES))
    assert not [text for text, room in numbers.items() if room.intersects(points)]


PAPER = Paper(title="", language="en", time=TIME, program="")


def map_of(atlas: Atlas, *sketches: Sketch, code: str = "en") -> tuple[Frame, bytes]:
    """The map of a sheet alone, and its window."""
    report = report_of(sketches, land_by_side(atlas), time=TIME, link=LINK, language=code)
    paper = Paper(title="", language=code, time=TIME, program="")
    blocks = list(sheet_blocks(report, [0.0] * len(sketches), atlas))
    return draw_map(paper, WINDOW, blocks, atlas, report.text), paper.content()


def spots(content: bytes) -> list[tuple[str, float, float, float]]:
    """Texts, where their base lines begin in millimetres from the upper left corner, and their size in points."""
    found: list[tuple[str, float, float, float]] = []

    def keep(text: str, _: object, matrix: list[float], __: object, size_pt: float) -> None:
        if shown := text.replace("\0", "").strip():
            found.append((shown, matrix[4] * MM_PER_PT, 297 - matrix[5] * MM_PER_PT, size_pt))

    page_of(content).extract_text(visitor_text=keep)
    return found


def test_several_sketches_are_told_apart(atlas: Atlas) -> None:
    said = words(sheet(atlas, YARD, ROAD, GATES))
    for one in ("A·Dryport", "B·Waywest", "C·Points3", "A1", "B70", "C2"):
        assert one in said


def test_too_many_sketches_are_counted(atlas: Atlas) -> None:
    shifted = [
        Sketch("area", tuple((lon + i / 10, lat) for lon, lat in YARD.positions), "x" * 60) for i in range(30)
    ]
    said = words(sheet(atlas, *shifted))
    missing = re.search(r"withoutroomfortheirnumbershere:(\d+)", said)
    assert missing
    assert len(set(re.findall(r"([A-Z]{1,2})·x", said))) + int(missing[1]) == 30


def test_what_is_off_without_a_zoom_is_told_for_ten_metres(atlas: Atlas) -> None:
    for link in (
        "",
        "https://example.org/",
        "https://example.org/?at=44,80,zoom",
        "https://example.org/?at=nan,0,1",
    ):
        assert "Ifeachpointisoffby10m" in words(sheet(atlas, YARD, link=link))


def test_each_sketch_is_as_uncertain_as_its_own_points(atlas: Atlas) -> None:
    said = words(sheet(atlas, YARD, ROAD, pixels_m=[0.0, 76.44]))
    assert said.count("Ifeachpointisoffbyonepixel") == 1
    assert "(76m)" in said
    assert "44.20000,80.38500" in said
    assert "44.200,80.400" in said
    assert "Ifeachpoint" not in words(sheet(atlas, YARD, pixels_m=[0.0]))
    typed, clicked = (dataclasses.replace(YARD, pixel_m=pixel) for pixel in (0.0, 76.0))
    said = words(sheet(atlas, typed, clicked))
    assert said.count("Ifeachpoint") == said.count("(76m)") == 1


@pytest.mark.parametrize("count", [1, 2])
def test_too_few_corners_have_neither_area_nor_a_way_back(atlas: Atlas, count: int) -> None:
    said = words(sheet(atlas, Sketch("area", YARD.positions[:count], "yard")))
    assert bare(catalogue("en")("measure.unfinished")) in said
    assert "ha" not in said.split("Points")[1].split("An")[0]
    assert "180" not in said
    assert "1:500on" not in said


def test_a_crossing_outline_is_told_beside_the_numbers(atlas: Atlas) -> None:
    bow_tie = Sketch("area", ((80.38, 44.19), (80.43, 44.23), (80.43, 44.19), (80.38, 44.23)))
    said = words(sheet(atlas, bow_tie))
    assert said.index("Perimeter") < said.index("Theoutlinecrossesitself") < said.index("No.Position")
    assert said.count("crossesitself") == 1


@pytest.mark.parametrize("code", languages())
def test_the_map_gives_room_to_the_points_of_a_few_sketches(atlas: Atlas, code: str) -> None:
    pentagon = Sketch("area", (*YARD.positions, (80.39, 44.22)))
    said = words(sheet(atlas, pentagon, Sketch("line", ROAD.positions[:4]), GATES, language=code))
    points = [*pentagon.positions, *ROAD.positions[:4], *GATES.positions]
    assert [one for one in points if bare(format_utm(*one)) not in said] == []


def test_the_scale_bar_takes_the_place_of_a_label_and_covers_none(atlas: Atlas) -> None:
    beside_the_bar, free = (words(sheet(atlas, Sketch("points", ((80.3, lat),)))) for lat in (44.2181, 44.21))
    assert (beside_the_bar.count("44.20°N"), free.count("44.20°N")) == (1, 2)


def test_only_an_address_of_the_web_can_be_clicked(atlas: Atlas) -> None:
    assert len(page_of(sheet(atlas, GATES)).get("/Annots", [])) == 1
    hostile = page_of(sheet(atlas, GATES, link="javascript:alert(1)"))
    assert "/Annots" not in hostile
    assert "javascript:alert(1)" in bare(hostile.extract_text())


def test_equal_input_makes_equal_bytes(atlas: Atlas) -> None:
    assert sheet(atlas, YARD, GATES, language="kk") == sheet(atlas, YARD, GATES, language="kk")


def test_nothing_drawn_is_refused(atlas: Atlas) -> None:
    with pytest.raises(UsageError, match="nothing has been drawn"):
        sheet(atlas)


@pytest.mark.parametrize(
    "sketch",
    [
        Sketch("line", ((80, 44), (-179, -30), (170, 89)), "round the world"),
        Sketch("area", ((0, 85), (120, 85), (-120, 85)), "pole"),
        Sketch("area", ((179, 44), (-179, 44), (-179, 45), (179, 45)), "antimeridian"),
        Sketch("area", ((80, 44), (80.1, 44.1), (80.1, 44), (80, 44.1)), "bow tie"),
        Sketch("line", ((80, 44), (80, 44)), "one place"),
        Sketch("area", ((80, 44),), "one corner"),
        Sketch("points", ((80, 44), (-100, -44)), "antipodes"),
    ],
    ids=lambda sketch: sketch.name,
)
def test_odd_sketches_have_a_sheet(atlas: Atlas, sketch: Sketch) -> None:
    assert bare(sketch.name) in words(sheet(atlas, sketch))
    around = words(sheet(atlas, sketch, asked=Choices(around_m=400_000)))
    assert ("Bufferof400km" in around) != ("Abufferof400kmcannotbedrawn" in around)


STRANGE = [
    ("", ""),
    ("x" * 70, "https://example.org/" + "x" * 5000),
    ("霍尔果斯 Құрғақ порт <b>", "https://example.org/?m=霍尔果斯"),
    ("قورغاس हिन्दी 👩‍👩‍👧 e\u0301\u0303 \u202eabc\x00", "not an address\r\n/URI (x)"),
    ("()\\%<>[]{}/#", "http://[half"),
    ("\U0010ffff\ufffe\ufeff𠀀", "file:///etc/passwd"),
]


@pytest.mark.parametrize(("name", "link"), STRANGE, ids=range(len(STRANGE)))
def test_strange_names_and_links_fit_on_one_page(atlas: Atlas, name: str, link: str) -> None:
    content = sheet(atlas, Sketch("points", ((80.4, 44.2),), name), language="zh", link=link)
    assert "量算单" in words(content)
    right = 595.28 - 30
    assert max(x for x, _ in written(content)) < right
    assert min(y for _, y in written(content)) > 15


def written(content: bytes) -> list[tuple[float, float]]:
    """Where pieces of text begin, in points from the lower left corner."""
    places: list[tuple[float, float]] = []

    def keep(text: str, _: object, matrix: list[float], *__: object) -> None:
        if text.strip("\0 \n"):
            places.append((matrix[4], matrix[5]))

    page_of(content).extract_text(visitor_text=keep)
    return places


@settings(max_examples=100, deadline=None)
@given(
    st.floats(56, 105),
    st.floats(35, 54),
    st.floats(1e-4, 5),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1),
)
def test_the_window_holds_the_sketch_at_its_scale(
    west: float, south: float, size: float, shares: list[tuple[float, float]]
) -> None:
    positions = [(west + x * size, south + y * size / 2) for x, y in shares]
    frame = frame_of(positions, WINDOW)
    places = frame.places(positions)
    assert (places >= (WINDOW.left, WINDOW.top)).all()
    assert (places <= (WINDOW.right, WINDOW.bottom)).all()
    assert frame.positions(places) == pytest.approx(np.array(positions), abs=1e-7)
    start, end = frame.positions(np.array([(95.0, 80.0), (115.0, 96.0)]))
    on_ground_m, _ = inverse(*start, *end)
    assert on_ground_m == pytest.approx(math.hypot(20, 16) / 1000 * frame.denominator, rel=2e-3)


@pytest.mark.parametrize("size_deg", [0.001, 0.1, 5, 30])
def test_the_scale_bar_and_the_ticks_are_true(size_deg: float) -> None:
    frame = frame_of([(80, 44), (80 + size_deg, 44 + size_deg / 2)], WINDOW)
    length_m, length_mm = frame.bar(20, 140)
    west, east = frame.positions(np.array([(20.0, 140.0), (20 + length_mm, 140.0)]))
    assert inverse(*west, *east)[0] == pytest.approx(length_m, rel=1e-2)
    assert 8 < length_mm < 60
    ticks = frame.ticks()
    assert {tick.is_meridian for tick in ticks} == {True, False}
    for tick in ticks:
        shown = frame.positions(np.array([tick.place]))[0][0 if tick.is_meridian else 1]
        assert shown == pytest.approx(tick.degrees, abs=2e-4 * size_deg)
        assert round(tick.degrees, tick.digits) == pytest.approx(tick.degrees)


@pytest.mark.parametrize(
    "positions",
    [
        ((-170.0, -60.0), (0.0, 80.0), (170.0, -60.0)),
        ((80.4, 44.2), (-99.6, -44.2)),
        ((-180.0, -90.0), (180.0, 90.0), (0.0, 0.0)),
        ((100.0, 89.0), (-80.0, 89.0), (10.0, 89.5)),
    ],
)
@pytest.mark.parametrize("kind", ["line", "area", "points"])
def test_a_sketch_round_the_earth_is_one_page_too(
    atlas: Atlas, kind: SketchKind, positions: tuple[tuple[float, float], ...]
) -> None:
    assert page_of(sheet(atlas, Sketch(kind, positions)))
