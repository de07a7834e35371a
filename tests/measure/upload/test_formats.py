"""Every format gives the same shapes and words; what the format declares is what the shapes are in."""

from __future__ import annotations

import json

import pytest
from shapely import LineString, MultiLineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from khorgos_map.geodesy import area_m2
from khorgos_map.measure.upload import FORMATS, Shapes, UploadError, read_shapes
from khorgos_map.text import languages
from tests.measure.upload.samples import (
    NAMES,
    OUTLINES,
    TWO_FIELDS,
    UTM_44N,
    YARD,
    archive,
    geojson,
    geopackage,
    gpx,
    kml,
    shapefile,
    table,
    written,
)


def keys(shapes: Shapes) -> set[str]:
    return {note.key.removeprefix("upload.") for note in shapes.notes}


def same(found: BaseGeometry, meant: BaseGeometry, tolerance_deg: float = 1e-7) -> bool:
    one_of_one = isinstance(found, MultiPolygon) and len(found.geoms) == 1
    found = found.geoms[0] if one_of_one else found
    return bool(found.normalize().equals_exact(meant.normalize(), tolerance_deg))


@pytest.mark.parametrize("name", OUTLINES)
def test_a_format_gives_outlines_and_words(name: str) -> None:
    shapes = read_shapes(OUTLINES[name](), "own.file")
    assert shapes.format == name
    assert name in FORMATS
    assert [shape.name for shape in shapes.shapes] == list(NAMES)
    assert [str(shape.properties["lots"]) for shape in shapes.shapes] == ["3", "7"]
    assert all(shape.sound for shape in shapes.shapes)
    for shape, meant in zip(shapes.shapes, (YARD, TWO_FIELDS), strict=True):
        assert same(shape.geometry, meant)
        assert area_m2(shape.geometry) == pytest.approx(area_m2(meant))


@pytest.mark.parametrize(
    ("data", "crs"),
    [
        (geopackage(UTM_44N), "WGS 84 / UTM zone 44N"),
        (shapefile("shp", "prj", epsg=UTM_44N), "WGS 84 / UTM zone 44N"),
        (shapefile("shp", "prj", epsg=4490), "China Geodetic Coordinate System 2000"),
        (shapefile("shp", "prj", epsg=3857), "WGS 84 / Pseudo-Mercator"),
    ],
    ids=["geopackage", "shapefile", "cgcs2000", "mercator"],
)
def test_a_declared_system_is_converted_and_named(data: bytes, crs: str) -> None:
    shapes = read_shapes(data, "own")
    assert shapes.crs == crs
    assert ("converted" in keys(shapes)) == ("2000" not in crs)  # CGCS2000 is WGS 84 to within centimetres
    assert all(same(s.geometry, meant) for s, meant in zip(shapes.shapes, (YARD, TWO_FIELDS), strict=True))


@pytest.mark.parametrize(
    "code", ["urn:ogc:def:crs:EPSG::32644", "EPSG:32644", "urn:ogc:def:crs:EPSG:6.3:32644"]
)
def test_the_crs_of_old_geojson_counts(code: str) -> None:
    line = LineString([(413_000, 4_894_000), (414_000, 4_894_000)])
    shapes = read_shapes(geojson(line, crs={"type": "name", "properties": {"name": code}}), "old.geojson")
    west, south, _, _ = shapes.shapes[0].geometry.bounds
    assert (west, south) == pytest.approx((79.911, 44.195), abs=1e-3)
    (note,) = shapes.notes
    assert "UTM zone 44N" in note.said("kk")


@pytest.mark.parametrize("code", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326"])
def test_degrees_declared_as_degrees_stay(code: str) -> None:
    shapes = read_shapes(geojson(YARD, crs={"type": "name", "properties": {"name": code}}), "old.geojson")
    assert same(shapes.shapes[0].geometry, YARD, 0)
    assert not shapes.notes


@pytest.mark.parametrize(
    "document",
    [
        {"type": "Point", "coordinates": [80.4, 44.2]},
        {"type": "Feature", "properties": None, "geometry": {"type": "Point", "coordinates": [80.4, 44.2]}},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [80.4, 44.2]}]},
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_geojson_need_not_be_a_collection(document: object, encoding: str) -> None:
    (shape,) = read_shapes(json.dumps(document).encode(encoding), "a").shapes
    assert shape.geometry == Point(80.4, 44.2)


def test_gpx_has_points_routes_and_tracks() -> None:
    data = gpx(
        '<metadata><name>trip</name></metadata><wpt lat="44.2" lon="80.4"><ele>650</ele><name>Gate</name></wpt>'
        '<rte><name>Old road</name><rtept lat="44" lon="80"/><rtept lat="43" lon="79"/></rte>'
        '<trk><trkseg><trkpt lat="44" lon="80"/><trkpt lat="43" lon="79"/></trkseg><trkseg/>'
        '<trkseg><trkpt lat="42" lon="78"/><trkpt lat="41" lon="77"/></trkseg></trk><trk><trkseg/></trk>'
    )
    shapes = read_shapes(data, "trip.gpx")
    old_road = LineString([(80, 44), (79, 43)])
    assert [shape.name for shape in shapes.shapes] == ["Gate", "Old road", ""]
    assert [shape.geometry for shape in shapes.shapes] == [
        Point(80.4, 44.2),
        old_road,
        MultiLineString([old_road, LineString([(78, 42), (77, 41)])]),
    ]
    assert keys(shapes) == {"empty"}


def test_kml_links_are_told_and_not_followed() -> None:
    link = "<NetworkLink><Link><href>https://example.org/other.kml</href></Link></NetworkLink>"
    shapes = read_shapes(kml(link), "a.kml")
    assert keys(shapes) == {"links"}


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [
        ("lon", "lat"),
        ("Longitude", "LATITUDE"),
        ("x", "y"),
        ("бойлық", "ендік"),
        ("Долгота", "Широта"),
        ("经度", "纬度"),
    ],
)
@pytest.mark.parametrize(("delimiter", "comma"), [(",", "."), (";", ","), ("\t", ","), ("|", ".")])
def test_a_table_says_its_columns_in_any_language(
    longitude: str, latitude: str, delimiter: str, comma: str
) -> None:
    rows = [
        ("name", latitude, longitude),
        ("Gate", f"44{comma}25", f"80{comma}5"),
        ("Nowhere", "", ""),
        ("", "", ""),
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    shapes = read_shapes(text.encode("utf-8-sig"), "own.csv")
    assert [(shape.name, shape.geometry) for shape in shapes.shapes] == [("Gate", Point(80.5, 44.25))]
    assert keys(shapes) == {"empty"}


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("название,lat,lon\nпост Хоргос,44.2,80.4\n", "cp1251", "windows-1251"),
        ("名称,lat,lon\n霍尔果斯口岸,44.2,80.4\n", "gb18030", "GB 18030"),
    ],
)
def test_old_encodings_are_guessed_and_told(text: str, encoding: str, said: str) -> None:
    shapes = read_shapes(text.encode(encoding), "own.csv")
    assert shapes.shapes[0].name == text.splitlines()[1].partition(",")[0]
    assert [note.values["encoding"] for note in shapes.notes] == [said]


@pytest.mark.parametrize(
    ("parts", "encoding"), [(("shp", "dbf", "prj"), "gb18030"), (("shp", "dbf", "cpg"), "utf-8")]
)
def test_a_shapefile_says_its_words_with_and_without_an_encoding(
    parts: tuple[str, ...], encoding: str
) -> None:
    shapes = read_shapes(shapefile(*parts, encoding=encoding), "own.zip")
    assert shapes.shapes[1].name == NAMES[1]


def test_several_shapefiles_in_one_archive_are_one_file() -> None:
    parts = written("a.shp")
    names = {"roads/A.SHP": "shp", "roads/a.dbf": "dbf", "yards/a.shp": "shp", "__MACOSX/._a.shp": "dbf"}
    shapes = read_shapes(archive({name: parts[part] for name, part in names.items()}), "own.zip")
    assert [shape.name for shape in shapes.shapes] == [*NAMES, "", ""]


@pytest.mark.parametrize(
    ("view", "read"), [("SELECT * FROM a", True), ("SELECT *, upper(name) FROM a", False)]
)
def test_a_view_in_a_geopackage_is_read_unless_it_computes(view: str, *, read: bool) -> None:
    contents = "INSERT INTO gpkg_contents (table_name, data_type, srs_id) VALUES ('v', 'features', 4326)"
    column = "INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'GEOMETRY', 4326, 0, 0)"
    data = geopackage(4326, f"CREATE VIEW v AS {view}", contents, column)
    shapes = read_shapes(data, "own.gpkg")
    assert [shape.layer for shape in shapes.shapes] == (["a", "a", "v", "v"] if read else ["", ""])
    assert [note.values for note in shapes.notes] == ([] if read else [{"layer": "v"}])


def test_a_name_says_nothing_about_the_format() -> None:
    for name, data in OUTLINES.items():
        assert read_shapes(data(), "report.docx").format == name
    for data in (b"", b"hello", b"<svg/>", b"%PDF-1.7", b"{}", b"name,width\na,1\n", bytes(range(256))):
        with pytest.raises(UploadError, match=r"own\.geojson: "):
            read_shapes(data, "../own.geojson")


def test_refusals_and_notes_speak_every_language() -> None:
    with pytest.raises(UploadError) as refused:
        read_shapes(b"hello", "own.txt")
    assert len({refused.value.said(code) for code in languages()}) == len(languages())
    assert all("GeoPackage" in refused.value.said(code) for code in languages())
    assert str(refused.value) == refused.value.said("en")
    (note,) = read_shapes(archive({"a.kml": kml().replace(b",650", b""), "b.zip": b""}), "own.kmz").notes
    assert len({note.said(code) for code in languages()}) == len(languages())


def test_tables_with_any_delimiter_hold_well_known_text() -> None:
    for delimiter in ",;\t":
        assert same(read_shapes(table(delimiter), "a.csv").shapes[1].geometry, TWO_FIELDS, 0)
    (shape,) = read_shapes(b"id;wkt\n7;POLYGON Z((80 44 1,81 44 1,81 45 1,80 44 1))", "a.csv").shapes
    assert (shape.name, shape.geometry) == ("7", Polygon([(80, 44), (81, 44), (81, 45)]))
