"""What lies around a sketch, in the files of a measurement."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import geopandas
import pytest
from defusedxml.ElementTree import fromstring
from shapely.geometry import Polygon, shape

from khorgos_map.draw.totals import Choices
from khorgos_map.export.measured import MEASURED_FORMATS
from khorgos_map.export.measured_xml import GPX
from khorgos_map.geodesy import area_m2
from khorgos_map.measure.sketch import Sketch
from khorgos_map.measure.upload import read_shapes
from khorgos_map.text import languages
from tests.export.drawn import ALL, FACTS, NEAR, POINTS, SITE, made, rows


def test_geojson_has_what_lies_around_each_sketch_as_a_feature_of_its_own(land):
    found = json.loads(made("geojson", land, asked=NEAR))["features"]
    buffers = [feature for feature in found if feature["properties"].get("role") == "buffer"]
    assert [one["properties"]["around"] for one in buffers] == ["Gates", "Line 2", SITE.name]
    for buffer in buffers:
        properties, outline = buffer["properties"], shape(buffer["geometry"])
        assert properties.items() >= FACTS.items()
        assert properties["distance_m"] == 1500
        assert properties["area_m2"] == pytest.approx(area_m2(outline), rel=1e-6)
        assert properties["area_ha"] == pytest.approx(properties["area_m2"] / 1e4)
        assert all(part.exterior.is_ccw for part in getattr(outline, "geoms", [outline]))
    gates, _, site = buffers
    assert gates["geometry"]["type"] == "MultiPolygon"
    assert gates["properties"]["area_m2"] == pytest.approx(2 * math.pi * 1500**2, rel=0.01)
    assert shape(site["geometry"]).contains(Polygon(SITE.positions))


@pytest.mark.parametrize("file_format", MEASURED_FORMATS)
def test_no_surrounding_is_saved_that_nobody_asked_for(land, file_format):
    assert b"uffer" not in made(file_format, land)
    assert made(file_format, land, asked=NEAR) == made(file_format, land, asked=NEAR)
    assert b"uffer" in made(file_format, land, asked=NEAR)


def test_a_table_has_a_column_each_for_the_distance_and_the_area_around(land):
    table = rows(made("csv", land, asked=NEAR))
    assert {row["buffer_m"] for row in table} == {"1500.0"}
    assert float(table[0]["buffer_area_m2"]) == pytest.approx(2 * math.pi * 1500**2, rel=0.01)
    assert table[1]["buffer_area_m2"] == table[0]["buffer_area_m2"] != table[2]["buffer_area_m2"]


def test_a_geopackage_has_a_layer_of_what_lies_around(land, tmp_path: Path):
    path = tmp_path / "measured.gpkg"
    path.write_bytes(made("gpkg", land, asked=NEAR))
    frame = geopandas.read_file(path, layer="buffers")
    assert len(frame) == len(ALL)
    assert set(frame.geom_type) == {"MultiPolygon"}
    assert set(frame["distance_m"]) == {1500}
    assert len(geopandas.read_file(path, layer="areas")) == 1


def test_kml_has_a_placemark_for_what_lies_around_with_its_holes(land, tmp_path: Path):
    ring = Sketch("line", ((80.3, 44.1), (80.4, 44.1), (80.4, 44.2), (80.3, 44.2), (80.3, 44.1)), "Ring")
    path = tmp_path / "measured.kml"
    path.write_bytes(made("kml", land, (ring, POINTS), asked=NEAR))
    frame = geopandas.read_file(path)
    assert list(frame["Name"])[1::2] == ["Buffer of 1.5 km around Ring", "Buffer of 1.5 km around Gates"]
    around_ring, around_gates = frame.geometry[1::2]
    assert len(around_ring.interiors) == 1
    assert around_gates.geom_type == "MultiPolygon"


@pytest.mark.parametrize("code", languages())
def test_gpx_tells_of_what_lies_around_in_words(land, code):
    root = fromstring(made("gpx", land, language=code, asked=NEAR))
    described = [element.text for element in root.iter(f"{{{GPX}}}desc")][1:]
    assert len(described) == len(POINTS.positions) + 2
    for words, name in zip(described, ["Gates", "Gates", "2", SITE.name], strict=True):
        last = words.splitlines()[-1]
        assert name in last
        assert re.search(r"1[.,]5 ", last)


@pytest.mark.parametrize("file_format", MEASURED_FORMATS)
def test_the_map_reads_surroundings_back(land, file_format):
    found = read_shapes(made(file_format, land, asked=NEAR), f"measured.{file_format}").shapes
    assert all(one.sound for one in found)
    if file_format in {"geojson", "kml", "gpkg"}:
        assert max(one.geometry.bounds[3] for one in found) > 44.31


def test_where_nothing_can_be_drawn_around_the_other_sketches_are_saved_all_the_same(land):
    beyond = Sketch("line", ((179.9, 44.0), (179.95, 44.0)), "Beyond")
    sketches = (beyond, POINTS)
    found = json.loads(made("geojson", land, sketches, asked=Choices(around_m=100_000)))["features"]
    assert [one["properties"].get("around") for one in found] == [None, None, "Gates"]
    table = rows(made("csv", land, sketches, asked=Choices(around_m=100_000)))
    assert [bool(row["buffer_area_m2"]) for row in table] == [False, False, True, True]
    for file_format in ("kml", "gpx"):
        told = made(file_format, land, sketches, asked=Choices(around_m=100_000)).decode()
        assert told.count("A buffer of 100 km cannot be drawn") == 1
    assert made("gpkg", land, sketches, asked=Choices(around_m=100_000))
