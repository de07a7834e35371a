"""Measurements as files: read back by others, they say what was drawn, how large it is and how that is known."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, shape

from khorgos_map.cli import main
from khorgos_map.draw.totals import Choices
from khorgos_map.errors import UsageError
from khorgos_map.export.measured import MEASURED_FORMATS, export_measured
from khorgos_map.export.measured_xml import GPX, KML
from khorgos_map.measure.measurement import measure_sketch
from khorgos_map.measure.sketch import Sketch, encode_sketches
from khorgos_map.measure.upload import read_shapes
from khorgos_map.text import languages
from tests.export.drawn import ALL, FACTS, LINE, LINK, POINTS, SITE, TIME, features, made, rows


def test_geojson_has_what_was_drawn_and_what_was_measured(land):
    points, line, site = features(land)
    assert shape(points["geometry"]).equals(shape({"type": "MultiPoint", "coordinates": POINTS.positions}))
    assert [tuple(p) for p in line["geometry"]["coordinates"]] == list(LINE.positions)
    polygon = shape(site["geometry"])
    assert polygon.exterior.is_ccw
    assert polygon.equals(Polygon(SITE.positions))
    measured = measure_sketch(SITE, land)
    figures = site["properties"]
    assert figures["area_ha"] == pytest.approx(measured.area_ha, abs=1e-6)
    assert figures["perimeter_m"] == pytest.approx(measured.perimeter_m, abs=1e-3)
    assert figures["area_kz_m2"] + figures["area_cn_m2"] == pytest.approx(figures["area_m2"], abs=0.05)
    assert figures["length_m"] is points["properties"]["area_m2"] is None
    assert line["properties"]["length_m"] == pytest.approx(measure_sketch(LINE, land).length_m, abs=1e-3)
    assert [f["properties"]["name"] for f in (points, line, site)] == ["Gates", "Line 2", SITE.name]


def test_every_feature_says_how_when_and_from_where(land):
    for feature in features(land):
        properties = feature["properties"]
        assert properties.items() >= FACTS.items()
        assert properties["method"].startswith("geodesic on the WGS 84 ellipsoid (Karney 2013), pyproj ")
        assert ", PROJ " in properties["method"]
        assert properties["program"].startswith("Khorgos Map")


def test_without_land_no_border_is_credited():
    assert {f["properties"]["border_credit"] for f in features({})} == {None}
    assert b"OpenStreetMap" not in made("gpx", {})


def test_a_table_has_a_row_a_position_with_its_leg_and_the_figures_of_its_sketch(land):
    table = rows(made("csv", land))
    assert len(table) == 2 + 3 + 4
    line = [row for row in table if row["sketch"] == "2"]
    assert [(float(row["longitude"]), float(row["latitude"])) for row in line] == list(LINE.positions)
    assert sum(float(row["leg_m"]) for row in line[:2]) == pytest.approx(
        float(line[0]["length_m"]), abs=0.002
    )
    assert float(line[-1]["cumulative_m"]) == pytest.approx(float(line[0]["length_m"]), abs=0.002)
    assert line[-1]["leg_m"] == ""
    assert [row["side"] for row in line] == ["KZ", "CN", "CN"]
    assert all(row["exported"] == FACTS["exported"] for row in table)


def test_a_spreadsheet_sees_that_the_table_is_utf_8(land):
    assert made("csv", land).startswith(b"\xef\xbb\xbf")


def test_descriptions_are_in_the_units_asked_for(land):
    asked = Choices(length="nmi", area="mu", around_m=1852.0)
    for file_format in ("kml", "gpx"):
        told = made(file_format, land, asked=asked).decode()
        assert re.search(r"Area: [\d,.]+ mu", told)
        assert re.search(r"Length: [\d.]+ nmi", told)
        assert re.search(r"Buffer of 1.852 km around [^:]+: [\d,.]+ mu", told)


def test_a_geopackage_has_a_layer_a_type_with_numbers_as_numbers(land, tmp_path: Path):
    path = tmp_path / "measured.gpkg"
    path.write_bytes(made("gpkg", land))
    assert set(geopandas.list_layers(path).name) == {"points", "lines", "areas"}
    expected = {f["properties"]["name"]: f for f in features(land)}
    for layer in ("points", "lines", "areas"):
        frame = geopandas.read_file(path, layer=layer)
        assert frame.crs.to_epsg() == 4326
        assert frame["area_m2"].dtype.kind == frame["length_kz_m"].dtype.kind == "f"
        for row in frame.to_dict("records"):
            feature = expected[row["name"]]
            assert row["geometry"].equals(shape(feature["geometry"]))
            assert row["link"] == LINK
            assert row["border_crossings"] == feature["properties"]["border_crossings"]
            if feature["properties"]["area_m2"] is not None:
                assert row["area_m2"] == feature["properties"]["area_m2"]


@pytest.mark.parametrize("language", languages())
def test_gpx_has_waypoints_and_tracks_that_other_programs_read(land, tmp_path: Path, language):
    body = made("gpx", land, language=language)
    path = tmp_path / "measured.gpx"
    path.write_bytes(body)
    waypoints, tracks = (geopandas.read_file(path, layer=layer) for layer in ("waypoints", "tracks"))
    assert [(p.x, p.y) for p in waypoints.geometry] == list(POINTS.positions)
    line, site = tracks.geometry
    assert list(line.geoms[0].coords) == list(LINE.positions)
    assert list(site.geoms[0].coords) == [*SITE.positions, SITE.positions[0]]
    root = fromstring(body)
    assert root.find(f"{{{GPX}}}metadata/{{{GPX}}}time").text == FACTS["exported"]
    assert root.find(f"{{{GPX}}}metadata/{{{GPX}}}link").get("href") == LINK
    assert "Karney 2013" in root.find(f"{{{GPX}}}metadata/{{{GPX}}}desc").text
    assert "OpenStreetMap" in root.find(f"{{{GPX}}}metadata/{{{GPX}}}desc").text
    # the order of the schema: all waypoints before all tracks
    assert [child.tag.rpartition("}")[2] for child in root] == ["metadata", "wpt", "wpt", "trk", "trk"]


def test_kml_has_a_placemark_a_sketch_with_its_figures(land, tmp_path: Path):
    body = made("kml", land)
    path = tmp_path / "measured.kml"
    path.write_bytes(body)
    frame = geopandas.read_file(path)
    assert list(frame["Name"]) == ["Gates", "Line 2", SITE.name]
    assert [g.geom_type for g in frame.geometry] == ["MultiPoint", "LineString", "Polygon"]
    site = fromstring(body).findall(f".//{{{KML}}}Placemark")[2]
    assert "Kazakhstan: " in site.findtext(f"{{{KML}}}description")
    data = {d.get("name"): d.findtext(f"{{{KML}}}value") for d in site.iter(f"{{{KML}}}Data")}
    assert data.items() >= FACTS.items()
    assert float(data["area_ha"]) == pytest.approx(measure_sketch(SITE, land).area_ha, abs=1e-6)


@pytest.mark.parametrize("file_format", MEASURED_FORMATS)
def test_the_map_reads_its_own_files_back(land, file_format):
    shapes = read_shapes(made(file_format, land), f"measured.{file_format}")
    names = {found.name for found in shapes.shapes}
    assert any("Gates" in name for name in names)
    bounds = [found.geometry.bounds for found in shapes.shapes]
    assert min(b[0] for b in bounds) == pytest.approx(80.3)
    assert max(b[3] for b in bounds) == pytest.approx(44.3)


@pytest.mark.parametrize("file_format", MEASURED_FORMATS)
def test_equal_input_makes_equal_bytes(land, file_format):
    assert made(file_format, land) == made(file_format, land)


@pytest.mark.parametrize("file_format", MEASURED_FORMATS)
def test_what_is_not_finished_or_crosses_itself_is_saved_all_the_same(land, file_format):
    bow_tie = Sketch("area", (SITE.positions[0], SITE.positions[2], SITE.positions[1], SITE.positions[3]))
    unfinished = (Sketch("line", LINE.positions[:1]), Sketch("area", SITE.positions[:2]), bow_tie)
    assert made(file_format, land, unfinished)
    *_, crossed = features(land, unfinished)
    assert crossed["properties"]["self_crossing"] is True
    assert crossed["properties"]["area_m2"] is None


@settings(max_examples=60)
@given(st.text())
@example("=HYPERLINK(1)")
@example("+7 <script>alert(1)</script> & ]]>")
@example("\x00\ud800\ufffe\u202e")
def test_any_name_is_only_a_name(name):
    sketch = Sketch("points", ((80.4, 44.2),), name)
    shown = sketch.name or "Points 1"
    gpx = fromstring(made("gpx", {}, (sketch,)))
    kml = fromstring(made("kml", {}, (sketch,)))
    assert gpx.find(f"{{{GPX}}}wpt/{{{GPX}}}name").text == shown
    assert kml.find(f".//{{{KML}}}Placemark/{{{KML}}}name").text == shown
    assert features({}, (sketch,))[0]["properties"]["name"] == shown
    (row,) = rows(made("csv", {}, (sketch,)))
    assert row["name"].removeprefix("'") == shown.removeprefix("'")
    assert row["name"][0] not in "=+-@\t\r"


def test_a_link_cannot_break_out_of_a_file(land):
    link = 'http://localhost/?m="><script>\n'
    for file_format in ("gpx", "kml", "csv", "geojson"):
        body = export_measured(file_format, ALL, land, time=TIME, link=link, language="zh")
        assert b"<script>" not in body
        assert b"%3Cscript%3E" in body


def test_an_unknown_format_and_an_empty_sketchbook_are_refused(land):
    with pytest.raises(UsageError, match=r"unknown format 'dxf'.*geojson, csv, gpx, kml, gpkg"):
        made("dxf", land)
    with pytest.raises(UsageError, match="nothing has been drawn"):
        made("gpx", land, ())


@pytest.mark.parametrize("form", ["kml", "gpx", "pdf"])
def test_the_command_saves_what_the_view_measures(form: str, tmp_path: Path) -> None:
    target = tmp_path / f"line.{form}"
    view = f"m={encode_sketches([LINE])}&lang=ru"
    assert main(["export", form, "-o", str(target), "--view", view]) == 0
    assert target.stat().st_size > 500


def test_the_command_says_what_is_missing_where_nothing_is_measured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["export", "kml", "-o", "nothing.kml"]) == 2
    assert "m=" in capsys.readouterr().err
