"""Files as planners have them: every kind is read with what it brings, or refused with what would be right."""

from __future__ import annotations

import io
import json
import struct
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from openpyxl import Workbook
from shapely import LineString, Point, Polygon, from_wkt

from khorgos_map.measure.upload import Shapes, UploadError, read_shapes
from tests.measure.upload.samples import (
    NAMES,
    OUTLINES,
    TWO_FIELDS,
    YARD,
    archive,
    geojson,
    geopackage,
    gpx,
    kml,
    shapefile,
    written,
)

GATE = Point(80.5, 44.25)
SQUARE = "80,44 81,44 81,45 80,44"


def one(data: bytes) -> Any:
    (shape,) = read_shapes(data, "own").shapes
    return shape


def told(shapes: Shapes) -> dict[str, Any]:
    return {note.key: dict(note.values) for note in shapes.notes}


def refusal(data: bytes) -> str:
    with pytest.raises(UploadError) as refused:
        read_shapes(data, "own")
    return str(refused.value)


def saved(frame: gpd.GeoDataFrame, name: str, **options: Any) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        frame.to_file(path, **options)
        return path.read_bytes()


@pytest.mark.parametrize(
    "header",
    [
        "WGS_LAT;WGS_LON", "lat_deg;lon_deg", "Lat.;Long.", "Latitude (N);Longitude (E)", "Широта (N);Долгота (E)",
        "Координата Y;Координата X", "latitude_wgs84;longitude_wgs84", "GPS Lat;GPS Lng", "LAT;LONG", "Ендік;Бойлық",
        "纬度;经度", "北纬;东经", "纬度(N);经度(E)", "Широта, град.;Долгота, град.", "y;x", "pointLat;pointLon",
        "с.ш.;в.д.", "Northing;Easting", "ендік (градус);бойлық (градус)",
    ],
)  # fmt: skip
def test_columns_are_known_in_all_usual_forms(header: str) -> None:
    assert one(f"name;{header}\nGate;44,25;80,5\n".encode()).geometry == GATE


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nname;lat;lon\nGate;44.25;80.5\n",
        "SEP=|\r\nname|lat|lon\r\nGate|44.25|80.5\r\n",
        "# exported in 2026\n# by hand\nname,lat,lon\nGate,44.25,80.5\n# end\n",
        "Wells of the district;;\n;;\nname;lat;lon\nGate;44.25;80.5\n",
        "name\tlat\tlon\rGate\t44.25\t80.5\r",
        'name,coordinates\nGate,"44.25, 80.5"\n',
        "name;lat, lon\nGate;44.25, 80.5\n",
        'name,"lng, lat"\nGate,"80.5, 44.25"\n',
        "name;Координаты\nGate;44°15′ с. ш. 80°30′ в. д.\n",
        "position\n44.25 80.5\n",
        "name;lat;lon\nGate;44°15'00\" N;80°30'00\" E\n",
        "name;lat;lon\nGate;44.25°;80.5°\n",
        "name;lat;lon\nGate;N 44 15 0;E 80 30 0\n",
        "name,wkt\nGate,SRID=4326;POINT (80.5 44.25)\n",
    ],
)
def test_tables_are_written_in_many_ways(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        found = one(text.encode(encoding)).geometry
        assert found.equals_exact(GATE, 1e-9)


def test_a_table_without_named_coordinates_says_what_it_has_and_what_would_be_right() -> None:
    reason = refusal("Объект;Площадь;Владелец\nПоле;3;А\nСад;4;Б\n".encode())
    assert "Объект, Площадь, Владелец" in reason
    assert "lat and lon" in reason
    assert "plot length, width" in refusal(b"plot length,width\n1,2\n")
    assert "none of the formats" in refusal(b"only words\nand more, of them\n")


def test_rows_that_cannot_be_are_left_out_and_listed() -> None:
    rows = "".join(f"p{n},44.{n},80.{n}\n" for n in range(30))
    shapes = read_shapes(f"name,lat,lon\n{rows}far,95,80\nnot,north,east\n,,\n".encode(), "own")
    assert len(shapes.shapes) == 30
    assert told(shapes)["upload.beyond_degrees"] == {"count": 1, "which": "32"}
    assert told(shapes)["upload.broken"]["which"] == "32, 33"


def workbook(*rows: tuple[Any, ...], before: tuple[Any, ...] = ()) -> bytes:
    book = Workbook()
    book.active.append(("Notes", "of no use"))
    sheet = book.create_sheet("Скважины")
    for row in (*before, *rows):
        sheet.append(row)
    written_to = io.BytesIO()
    book.save(written_to)
    return written_to.getvalue()


def test_a_workbook_is_a_table() -> None:
    data = workbook(
        ("Имя", "Широта", "Долгота", "глубина"), ("Скважина 1", 44.25, 80.5, 12.5), (None, None, None, None)
    )
    shape = one(data)
    assert (shape.name, shape.geometry) == ("Скважина 1", GATE)
    assert shape.properties["глубина"] == "12.5"
    assert read_shapes(data, "own").format == "XLSX"
    assert one(workbook(("lat", "lon"), ("44°15'N", "80,5"), before=(("Wells",), ()))).geometry == GATE
    assert "Notes, of no use" in refusal(workbook(("a", "b"), (1, 2)))
    assert "damaged" in refusal(archive({"xl/workbook.xml": b"<workbook/>"}))


@pytest.mark.parametrize(
    "doctype", ["", "<!DOCTYPE kml>", '<!DOCTYPE kml PUBLIC "-//x" "http://localhost:9/a.dtd">']
)
@pytest.mark.parametrize(
    "coordinates", ["80.5, 44.25", "80.5,44.25", " 80.5 , 44.25 , 650 ", "\n\t80.5,44.25,0\n"]
)
def test_kml_as_people_write_it(doctype: str, coordinates: str) -> None:
    point = f"<Point><coordinates>{coordinates}</coordinates></Point>"
    placemark = f"<Placemark id='g1'><name>Gate</name>{point}</Placemark>"
    data = f"<?xml version='1.0'?>{doctype}<kml><Document><name>own</name><Folder><name>Roads</name><Folder>"
    data += f"<name>Old</name>{placemark}</Folder></Folder></Document></kml>"
    shape = one(data.encode())
    assert shape.geometry == GATE
    assert (shape.name, shape.layer, shape.id) == ("Gate", "Roads / Old", "g1")


def test_kml_times_and_bad_vertices() -> None:
    line = "<LineString><coordinates>80,44 east,44 81,44</coordinates></LineString>"
    times = "<TimeSpan><begin>2011</begin><end>2016</end></TimeSpan>"
    shapes = read_shapes(kml(f"<Placemark><name>Way</name>{times}{line}</Placemark>"), "own")
    way = shapes.shapes[-1]
    assert way.geometry == LineString([(80, 44), (81, 44)])
    assert (way.properties["begin"], way.properties["end"]) == ("2011", "2016")
    assert told(shapes)["upload.positions"] == {"count": 1, "which": "3"}


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-16"])
def test_xml_says_its_encoding(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        + gpx('<wpt lat="44.25" lon="80.5"><name>Пост</name></wpt>').decode()
    )
    assert one(text.encode(encoding)).name == "Пост"


def test_gpx_keeps_heights_and_times_and_the_rest_of_a_bad_track() -> None:
    points = "".join(
        f'<trkpt lat="44.{n}" lon="80"><ele>{600 + n}</ele><time>2026-05-0{n}T08:00:00Z</time></trkpt>'
        for n in range(1, 5)
    )
    bad = '<trkpt lat="north" lon="80"/>'
    alone = '<trkseg><trkpt lat="44" lon="80"/></trkseg>'
    track = f"<trk><name>Ride</name><type>walk</type><trkseg>{points}{bad}</trkseg>{alone}</trk>"
    shapes = read_shapes(gpx(track), "own")
    (ride,) = shapes.shapes
    assert len(ride.geometry.coords) == 4
    assert ride.height_range_m == (601, 604)
    assert ride.layer == "tracks"
    assert (ride.properties["time_begin"], ride.properties["time_end"]) == (
        "2026-05-01T08:00:00Z",
        "2026-05-04T08:00:00Z",
    )
    assert told(shapes)["upload.positions"]["count"] == 1


@pytest.mark.parametrize("between", ["\n", "\n\x1e", "\r\n\r\n"])
def test_a_sequence_of_geojson_is_one_file(between: str) -> None:
    features = json.loads(geojson(YARD, GATE))["features"]
    data = between.join(map(json.dumps, features)).encode()
    assert [shape.geometry for shape in read_shapes(b"\x1e" + data, "own").shapes] == [YARD, GATE]
    assert len(read_shapes(json.dumps(features).encode(), "own").shapes) == 2


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "EPSG", "properties": {"code": 32644}},
        {"type": "name", "properties": {"name": "EPSG:32644"}},
        "EPSG:32644",
    ],
)
def test_systems_of_old_geojson(crs: Any) -> None:
    shape = one(geojson(Point(413_000, 4_894_000), crs=crs))
    assert shape.geometry.distance(Point(79.911, 44.194)) < 1e-3


def test_geojson_keeps_ids_and_values_as_they_are() -> None:
    properties = {"crop": "maize", "ha": 3.5, "lots": 7, "own": True, "none": None, "tags": ["a", "b"]}
    geometry = {"type": "Point", "coordinates": [80.5, 44.25]}
    feature = {"type": "Feature", "id": "f-1", "properties": properties, "geometry": geometry}
    shape = one(json.dumps(feature).encode())
    assert shape.id == "f-1"
    assert shape.properties == {"crop": "maize", "ha": 3.5, "lots": 7, "own": True, "tags": '["a", "b"]'}


def test_dbase_in_old_encodings_without_a_word_about_them() -> None:
    names = gpd.GeoDataFrame(
        {"Имя": ["Поле Жаркент", "Сад"], "ha": [123.45, 7.0]}, geometry=[YARD, TWO_FIELDS], crs=4326
    )
    with tempfile.TemporaryDirectory() as folder:
        names.to_file(Path(folder, "a.shp"), encoding="cp1251")
        parts = {ending: Path(folder, f"a.{ending}").read_bytes() for ending in ("shp", "dbf", "prj")}
    parts["dbf"] = parts["dbf"][:29] + b"\0" + parts["dbf"][30:]
    shapes = read_shapes(
        archive({f"Данные/поля/a.{ending}": body for ending, body in parts.items()}), "own"
    ).shapes
    assert [shape.properties["Имя"] for shape in shapes] == ["Поле Жаркент", "Сад"]
    assert shapes[0].properties["ha"] == 123.45


def test_deleted_rows_are_not_measured() -> None:
    parts = written("a.shp")
    header_bytes = struct.unpack_from("<H", parts["dbf"], 8)[0]
    parts["dbf"] = parts["dbf"][:header_bytes] + b"*" + parts["dbf"][header_bytes + 1 :]
    shapes = read_shapes(
        archive({f"a.{ending}": parts[ending] for ending in ("shp", "dbf", "prj", "cpg")}), "own"
    ).shapes
    assert [shape.name for shape in shapes] == [NAMES[1]]


def test_a_shapefile_cut_short_is_read_as_far_as_it_goes() -> None:
    parts = written("a.shp")
    shapes = read_shapes(
        archive({"a.shp": parts["shp"][:-20], "a.dbf": parts["dbf"], "a.cpg": b"UTF-8"}), "own"
    )
    assert [shape.name for shape in shapes.shapes] == [NAMES[0]]
    assert "upload.cut" in told(shapes)


def test_layers_dates_and_numbers_of_a_geopackage() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.gpkg")
        frame = gpd.GeoDataFrame({"since": ["2011-07-02"], "n": [5]}, geometry=[YARD], crs=4326)
        frame["since"] = frame["since"].astype("datetime64[ms]")
        frame.to_file(path, layer="fields")
        gpd.GeoDataFrame({"kind": ["canal"]}, geometry=[LineString([(80, 44), (81, 45)])], crs=4326).to_file(
            path, layer="water"
        )
        data = path.read_bytes()
    field, canal = read_shapes(data, "own").shapes
    assert (field.layer, canal.layer) == ("fields", "water")
    assert (field.id, field.properties["n"]) == (1, 5)
    assert str(field.properties["since"]).startswith("2011-07-02")


def test_curves_are_followed() -> None:
    arc = struct.pack("<BII6d", 1, 8, 3, 80, 44, 80.1, 44.1, 80.2, 44)
    header = (b"GP\0\1" + struct.pack("<i", 4326) + arc).hex()
    data = geopackage(4326, "DELETE FROM a WHERE fid > 1", f"UPDATE a SET geom = x'{header}'")  # noqa: S608
    bend = one(data).geometry
    assert bend.geom_type == "LineString"
    assert len(bend.coords) > 10


@pytest.mark.parametrize("name", ["a.fgb", "a.gml"])
def test_what_gdal_reads_besides(name: str) -> None:
    frame = gpd.GeoDataFrame({"name": NAMES, "lots": [3, 7]}, geometry=[YARD, TWO_FIELDS], crs=4326)
    data = saved(frame.explode(), name) if name == "a.fgb" else saved(frame, name, driver="GML")
    shapes = read_shapes(data, "own")
    assert shapes.format == {"a.fgb": "FlatGeobuf", "a.gml": "GML"}[name]
    assert {shape.name for shape in shapes.shapes} == set(NAMES)
    assert sum(shape.geometry.area for shape in shapes.shapes) == pytest.approx(YARD.area + TWO_FIELDS.area)


@pytest.mark.parametrize("name", ["GeoJSON", "GeoPackage", "CSV"])
def test_other_formats_may_be_zipped(name: str) -> None:
    ending = {"GeoJSON": "geojson", "GeoPackage": "gpkg", "CSV": "csv"}[name]
    packed = archive({f"folder/own.{ending}": OUTLINES[name](), "readme.txt": b"hello"}, zipfile.ZIP_DEFLATED)
    assert [shape.name for shape in read_shapes(packed, "own.zip").shapes] == list(NAMES)


def test_shapefiles_in_one_archive_are_layers() -> None:
    parts = written("a.shp")
    packed = archive(
        {f"{where}/a.{ending}": parts[ending] for where in ("old", "new") for ending in ("shp", "dbf", "prj")}
    )
    assert [shape.layer for shape in read_shapes(packed, "own").shapes] == [
        "old/a",
        "old/a",
        "new/a",
        "new/a",
    ]


def test_a_vertex_that_is_no_number_costs_the_vertex_only() -> None:
    wkt = 'id,wkt\n1,"LINESTRING (80 44, NaN NaN, 81 44)"\n2,POINT (80 44)\n'
    shapes = read_shapes(wkt.encode(), "own")
    assert shapes.shapes[0].geometry == LineString([(80, 44), (81, 44)])
    assert told(shapes)["upload.positions"] == {"count": 1, "which": "2"}
    outline = struct.pack("<BIII10d", 1, 3, 1, 5, 80, 44, 81, 44, float("nan"), 44.5, 81, 45, 80, 44)
    hexed = (b"GP\0\1" + struct.pack("<i", 4326) + outline).hex()
    data = geopackage(4326, "DELETE FROM a WHERE fid > 1", f"UPDATE a SET geom = x'{hexed}'")  # noqa: S608
    assert one(data).geometry.normalize() == Polygon([(80, 44), (81, 44), (81, 45)]).normalize()


def test_heights_and_measures_of_a_shapefile() -> None:
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[from_wkt("LINESTRING Z (80 44 600, 81 44 700)")], crs=4326)
    with tempfile.TemporaryDirectory() as folder:
        frame.to_file(Path(folder, "a.shp"))
        parts = {f"a.{ending}": Path(folder, f"a.{ending}").read_bytes() for ending in ("shp", "dbf", "prj")}
    assert one(archive(parts)).height_range_m == (600, 700)
    assert len(read_shapes(shapefile("shp"), "own").shapes) == 2
