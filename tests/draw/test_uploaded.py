"""A file of the user's in words: sizes, positions and countries, one row each, and all together."""

from __future__ import annotations

import pytest
from shapely import MultiPoint, Point

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.draw.totals import Choices
from khorgos_map.draw.uploaded import uploaded_words
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
