"""A file of the user's in words: sizes, positions and countries, one row each, and all together."""

from __future__ import annotations

import pytest
from shapely import LineString, MultiPoint, Point

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.draw.totals import Choices
from khorgos_map.draw.uploaded import uploaded_words
from khorgos_map.geodesy import length_m
from khorgos_map.measure.upload import read_shapes
from khorgos_map.text import catalogue
from tests.measure.upload.samples import YARD, geojson

ZHARKENT, URUMQI, PARIS = (80.0, 44.16), (87.6, 43.8), (2.35, 48.86)


def rows(atlas: Atlas, data: bytes, code: str = "en") -> list[list[str]]:
    found = uploaded_words(read_shapes(data, "own"), land_by_side(atlas), catalogue(code), Choices())
    listed: list[list[str]] = found["rows"]
    return listed


def test_a_point_has_its_position_and_its_country(atlas: Atlas) -> None:
    assert rows(atlas, b"name,lat,lon\nA,44.16,80\n") == [["A", "44.16000, 80.00000", "Kazakhstan"]]


@pytest.mark.parametrize(
    ("code", "countries"),
    [("en", "Kazakhstan: 1, China: 2, elsewhere"), ("ru", "Казахстан: 1, Китай: 2"), ("zh", "哈萨克斯坦：1")],
)
def test_points_are_counted_by_country_altogether(atlas: Atlas, code: str, countries: str) -> None:
    data = geojson(Point(ZHARKENT), MultiPoint([URUMQI, URUMQI]), Point(PARIS))
    one, several, _, total = rows(atlas, data, code)
    assert one[1] == "44.16000, 80.00000"
    assert "2" in several[1]
    assert "4" in total[1]
    assert countries in total[2]


def test_points_are_counted_beside_areas(atlas: Atlas) -> None:
    *_, total = rows(atlas, geojson(YARD, Point(ZHARKENT)))
    assert "km²" in total[1] or "ha" in total[1]
    assert total[1].endswith("points: 1")


def test_what_is_too_long_to_follow_has_its_size_and_no_shares(atlas: Atlas) -> None:
    """10,000 legs of 160 km would be millions of positions; the sum of the file has what they are together."""
    back_and_forth = LineString([(80 + 2 * (n % 2), 44 + n * 1e-5) for n in range(10_000)])
    found = uploaded_words(
        read_shapes(geojson(YARD, back_and_forth, Point(ZHARKENT)), "own"),
        land_by_side(atlas),
        catalogue("en"),
        Choices(),
    )
    yard, long, point, _ = found["rows"]
    assert "%" in yard[2]
    assert long[1].endswith("km")
    assert float(long[1].removesuffix(" km").replace(",", "")) == pytest.approx(
        length_m(list(back_and_forth.coords)) / 1000, rel=1e-3
    )
    assert (long[2], point[2]) == ("–", "Kazakhstan")
    assert any(note.startswith("Too long") and note.endswith("1.") for note in found["notes"])
