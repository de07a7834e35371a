"""The measurement sheet: one page, in every language, with the numbers that were measured."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf
import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.draw import quantities
from khorgos_map.draw.measured import compared_words
from khorgos_map.draw.totals import Choices
from khorgos_map.errors import UsageError
from khorgos_map.geodesy import pixel_m
from khorgos_map.measure.coordinates import format_decimal, format_dms, format_utm
from khorgos_map.measure.sketch import Sketch
from khorgos_map.measure.uncertainty import area_uncertainty_m2, leg_uncertainty_m, length_uncertainty_m
from khorgos_map.text import catalogue, languages
from tests.export.sheets import (
    GATES,
    LINK,
    ROAD,
    STRANGE,
    WAVES,
    YARD,
    bare,
    measured,
    page_of,
    set_to,
    sheet,
    spots,
    words,
    written,
)


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
        *(
            quantities.length(leg.length_m, text, "km", off_m=leg_uncertainty_m(pixel_m(44.2, 14)))
            for leg in own.legs
        ),
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
    said = words(sheet(atlas, set_to(0, winding)))
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
    said = words(sheet(atlas, set_to(0, waves), asked=Choices(form=form), language="kk"))
    assert [place for place in waves.positions if bare(written_as(*place)) not in said] == []
    assert bare(catalogue("kk")("sheet.elided", count="").strip("…")) not in said


def test_the_form_of_coordinates_asked_for_comes_first(atlas: Atlas) -> None:
    place = (80.41, 44.21)
    forms = {"decimal": format_decimal(*place), "dms": format_dms(*place), "utm": format_utm(*place)}
    for form, other in (("decimal", "utm"), ("dms", "utm"), ("utm", "decimal")):
        said = words(sheet(atlas, Sketch("points", (place,), pixel_m=0.0), asked=Choices(form=form)))
        assert said.index(bare(forms[form])) < said.index(bare(forms[other]))
    polar = Sketch("points", ((80.0, 88.0),))
    assert "88.00000,80.00000" in words(sheet(atlas, set_to(0, polar), asked=Choices(form="utm")))


def test_the_units_asked_for_are_those_of_the_sheet(atlas: Atlas) -> None:
    said = words(sheet(atlas, set_to(0, YARD), asked=Choices(length="nmi", area="mu")))
    own, text = measured(YARD, atlas), catalogue("en")
    whole, *shares = (own.area_m2 or 0.0, *(own.area_by_country_m2 or {}).values())
    assert f"Area{bare(quantities.area(whole, text, 'mu'))}=" in said
    for size in (share for share in shares if share):
        assert bare(quantities.area(size, text, "mu")) in said
    for size in (own.perimeter_m or 0.0, own.legs[0].length_m, own.cumulative_m[1]):
        assert bare(quantities.length(size, text, "nmi")) in said
    assert bare(quantities.length(own.legs[0].length_m, text, "km")) not in said


def test_the_whole_and_its_shares_stand_below_each_other(atlas: Atlas) -> None:
    shares = ["of this in Kazakhstan", "of this in China"]
    for sketch, whole in ((YARD, "Area"), (Sketch("line", WAVES), "Length")):
        places = {text: (x, y) for text, x, y, _ in spots(sheet(atlas, sketch))}
        x, y = places[whole]
        assert [places[share][0] for share in shares] == [x, x]
        assert x < places["Points"][0]
        assert [places[share][1] - y for share in shares] == pytest.approx([4.1, 8.2], abs=0.1)


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
    said = words(sheet(atlas, set_to(0, YARD), set_to(76.44, ROAD)))
    assert said.count("Ifeachpointisoffbyonepixel") == 1
    assert "(76m)" in said
    assert "44.20000,80.38500" in said
    assert "44.200,80.400" in said
    assert "Ifeachpoint" not in words(sheet(atlas, set_to(0, YARD)))


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


def test_only_an_address_of_the_web_can_be_clicked(atlas: Atlas) -> None:
    assert len(page_of(sheet(atlas, GATES)).get("/Annots", [])) == 1
    hostile = page_of(sheet(atlas, GATES, link="javascript:alert(1)"))
    assert "/Annots" not in hostile
    assert "javascript" not in hostile.extract_text()


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


@pytest.mark.parametrize(("name", "link"), STRANGE, ids=range(len(STRANGE)))
def test_strange_names_and_links_fit_on_one_page(atlas: Atlas, name: str, link: str) -> None:
    content = sheet(atlas, Sketch("points", ((80.4, 44.2),), name), language="zh", link=link)
    assert "量算单" in words(content)
    right = 595.28 - 30
    assert max(x for x, _ in written(content)) < right
    assert min(y for _, y in written(content)) > 15
