"""What is done with shapes that are not plain, each with its stated answer."""

from __future__ import annotations

import json
import struct
import zipfile

import numpy as np
import pytest
import shapely
from shapely import GeometryCollection, LineString, MultiPoint, Point, Polygon
from shapely.geometry import mapping

from khorgos_map.measure.upload import MAX_FILE_BYTES, MAX_SHAPES, UploadError, read_shapes
from tests.measure.upload.samples import YARD, archive, geojson, geopackage, shapefile, written

BOW_TIE = Polygon([(80, 44), (81, 45), (81, 44), (80, 45)])


def counts(data: bytes) -> dict[str, object]:
    return {
        n.key.removeprefix("upload."): n.values.get("count", True) for n in read_shapes(data, "own").notes
    }


def refusal(data: bytes) -> str:
    with pytest.raises(UploadError) as refused:
        read_shapes(data, "own.geojson")
    return str(refused.value)


def test_mixed_kinds_are_kept_in_order() -> None:
    mixed = [Point(80, 44), LineString([(80, 44), (81, 44)]), YARD, MultiPoint([(80, 44), (81, 45)])]
    shapes = read_shapes(geojson(*mixed), "own").shapes
    assert [shape.geometry for shape in shapes] == mixed
    assert [shape.name for shape in shapes] == ["shape 1", "shape 2", "shape 3", "shape 4"]


def test_what_is_empty_or_broken_is_left_out_and_counted() -> None:
    one_position = {"type": "LineString", "coordinates": [[80, 44]]}
    words = {"type": "Point", "coordinates": ["east", "north"]}
    circle = {"type": "Circle", "coordinates": [80, 44]}
    data = geojson(None, Polygon(), YARD, one_position, words, circle)
    assert counts(data) == {"empty": 2, "broken": 3}
    (shape,) = read_shapes(data, "own").shapes
    assert shape.name == "shape 3"
    assert "no shape with a position" in refusal(geojson(None, words))


def test_a_collection_becomes_its_members_with_its_name() -> None:
    inner = GeometryCollection([Point(80, 44), Point()])
    data = geojson(Point(79, 44), GeometryCollection([YARD, inner]), Point(82, 44))
    assert [(s.name, s.geometry) for s in read_shapes(data, "own").shapes] == [
        ("shape 1", Point(79, 44)),
        ("shape 2", YARD),
        ("shape 2", Point(80, 44)),
        ("shape 3", Point(82, 44)),
    ]
    assert counts(data) == {"split": 1}


def test_heights_come_back_beside_the_geometry() -> None:
    data = geojson(Point(80, 44, 650), LineString([(80, 44, 1), (81, 44, 2)]), Point(80, 44))
    shapes = read_shapes(data, "own").shapes
    assert not any(shape.geometry.has_z for shape in shapes)
    heights = [None if shape.heights_m is None else shape.heights_m.tolist() for shape in shapes]
    assert heights == [[650], [1, 2], None]
    assert counts(data) == {}


def test_an_open_outline_is_closed() -> None:
    corners = [[80, 44], [81, 44], [81, 45]]
    polygon = {"type": "Polygon", "coordinates": [corners]}
    closed = [[82, 44], [83, 44], [83, 45], [82, 44]]
    several = {"type": "MultiPolygon", "coordinates": [[corners], [closed]]}
    data = geojson(polygon, several, {"type": "GeometryCollection", "geometries": [polygon]})
    assert counts(data) == {"closed": 3, "split": 1}
    assert read_shapes(data, "own").shapes[0].geometry == Polygon(corners)


def test_an_outline_that_crosses_itself_is_drawn_and_not_measured() -> None:
    shapes = read_shapes(geojson(BOW_TIE, YARD), "own").shapes
    assert [shape.sound for shape in shapes] == [False, True]
    assert counts(geojson(BOW_TIE, YARD)) == {"crossing": 1}


def test_an_outline_of_many_corners_is_measured_if_few_of_its_edges_lie_beside_each_other() -> None:
    turn = np.linspace(0, 2 * np.pi, 40_000, endpoint=False)
    shore = 1 + 0.05 * np.sin(900 * turn)
    (bay,) = read_shapes(
        geojson(Polygon(np.column_stack([80 + shore * np.cos(turn), 44 + shore * np.sin(turn)]))), "own"
    ).shapes
    assert bay.sound


def test_checking_an_outline_takes_bounded_time() -> None:
    corners = [(80 + i % 2, 44 + i % 2 + 2e-6 * i) for i in range(60_000)]
    data = geojson(Polygon([*corners, (82, 47), (82, 43), (79, 43)]), BOW_TIE)
    assert [shape.sound for shape in read_shapes(data, "own").shapes] == [False, False]
    assert counts(data) == {"unchecked": 1, "crossing": 1}


@pytest.mark.parametrize(
    ("geometry", "told"),
    [
        (LineString([(179, 44), (-179, 44)]), {"antimeridian": 1}),
        (Polygon([(179, 44), (-179, 44), (-179, 45), (179, 45)]), {"antimeridian": 1}),
        (LineString([(-80, 44), (80, 44)]), {}),
        (MultiPoint([(179, 44), (-179, 44)]), {}),
        (shapely.MultiLineString([[(179, 44), (178, 44)], [(-179, 44), (-178, 44)]]), {}),
    ],
)
def test_the_antimeridian_is_told(geometry: shapely.Geometry, told: dict[str, int]) -> None:
    assert counts(geojson(geometry)) == {"outside": 1, **told}
    assert read_shapes(geojson(geometry), "own").shapes[0].geometry == geometry


def test_what_lies_beyond_the_map_is_kept_and_told() -> None:
    assert counts(geojson(Point(2.35, 48.86), YARD)) == {"outside": 1}


def test_exchanged_coordinates_are_suspected() -> None:
    assert counts(geojson(Point(44.2, 80.4))) == {"outside": 1, "swapped": True}
    assert "swapped" not in counts(geojson(Point(44.2, 80.4), YARD))


def test_metres_without_a_system_are_refused_with_the_coordinates() -> None:
    assert refusal(geojson(Point(612345, 4895432))) == (
        "own.geojson: no coordinate system is declared, and the coordinates (612345, 4895432) cannot be degrees: "
        "declare it (a .prj beside the shapes, or crs in the file)"
    )
    assert "no coordinate system is declared" in refusal(shapefile("shp", "dbf", epsg=32644))
    assert "no coordinate system is declared" in refusal(geojson(Point(80, 90.001)))
    undefined = "UPDATE gpkg_geometry_columns SET srs_id = -1"
    assert "no coordinate system is declared" in refusal(geopackage(32644, undefined))


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("name,lat,lon\nA,95,80\n", "row 2: lat = 95 cannot be degrees"),
        ("name,lat,lon\nA,44,80\n\nB,44.2,190.5\n", "row 4: lon = 190.5 cannot be degrees"),
        ("y;x\n4895432;612345\n", "row 2: y = 4895432, x = 612345 cannot be degrees"),
        ('wkt\nPOINT (80 44)\n"LINESTRING (80 44, 612345 4895432)"\n', "row 3: wkt = 612345 4895432 cannot"),
    ],
)
def test_a_table_that_is_not_in_degrees_is_refused_with_row_and_column(table: str, told: str) -> None:
    reason = refusal(table.encode())
    assert told in reason
    assert all(advice in reason for advice in ("within ±90", "GeoJSON with crs", "GeoPackage", ".prj"))


def test_degrees_that_cannot_be_are_refused_although_declared() -> None:
    declared = {"type": "name", "properties": {"name": "EPSG:4326"}}
    assert "declared as WGS 84" in refusal(geojson(Point(80, 99), crs=declared))
    beyond = {"type": "name", "properties": {"name": "EPSG:32644"}}
    assert "shape 2: (1e+30, 0) lies outside" in refusal(geojson(Point(5e5, 4e6), Point(1e30, 0), crs=beyond))


@pytest.mark.parametrize(
    "declared",
    [
        {"type": "name", "properties": {"name": "EPSG:999999"}},
        {"type": "name", "properties": {"name": "Khorgos local grid"}},
        {"type": "name", "properties": {"name": "+proj=longlat +nadgrids=/etc/passwd"}},
        {"type": "link", "properties": {"href": "http://localhost/crs", "type": "ogcwkt"}},
        {"type": "name", "properties": {"name": "EPSG:5714"}},
    ],
    ids=["number", "words", "file", "address", "heights"],
)
def test_an_unknown_system_is_refused(declared: object) -> None:
    assert "the declared coordinate system is not known" in refusal(geojson(YARD, crs=declared))


@pytest.mark.parametrize(
    "prj",
    [
        b"GEOGCS[",
        b"\xff\xfe\x00",
        b'LOCAL_CS["site grid",UNIT["metre",1]]',
        b"A[" * 9000,
        b'PROJCS["x",EXTENSION["PROJ4","+proj=longlat +nadgrids=/etc/passwd"]]',
    ],
)
def test_an_unknown_prj_is_refused(prj: bytes) -> None:
    parts = written("a.shp")
    assert "the declared coordinate system is not known" in refusal(
        archive({"a.shp": parts["shp"], "a.prj": prj})
    )


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000, "null", '"x"'])
def test_a_position_that_is_no_finite_number_is_left_out_and_told(number: str) -> None:
    lines = [f"[[80, 44], [80, {number}], [81, 44]]"] * 2 + [f"[[80, {number}], [81, 44]]"]
    features = [
        f'{{"type": "Feature", "geometry": {{"type": "LineString", "coordinates": {line}}}}}'
        for line in lines
    ]
    data = f'{{"type": "FeatureCollection", "features": [{", ".join(features)}]}}'.encode()
    shapes = read_shapes(data, "own")
    assert [shape.geometry for shape in shapes.shapes] == [LineString([(80, 44), (81, 44)])] * 2
    told = {note.key: note.values for note in shapes.notes}
    assert told["upload.positions"] == {"count": 2, "which": "1, 2"}
    assert told["upload.broken"] == {"count": 1, "which": "3"}


def test_a_point_that_is_no_finite_number_is_left_out() -> None:
    assert "no shape with a position" in refusal(b"lat,lon\ninf,80\n")
    assert counts(b"lat,lon\ninf,80\n44,80\n") == {"broken": 1}
    point = struct.pack("<i2d", 1, 80, 44)
    records = [point, struct.pack("<i2d", 1, float("inf"), 44)]
    body = b"".join(struct.pack(">2i", 1, 10) + record for record in records)
    data = archive({"a.shp": struct.pack(">i20xi72x", 9994, (100 + len(body)) // 2) + body})
    assert counts(data) == {"broken": 1}


def test_sizes_have_limits() -> None:
    assert "at most 50 MB" in refusal(b" " * (MAX_FILE_BYTES + 1))
    too_many = b"lat,lon\n" + b"44,80\n" * (MAX_SHAPES + 1)
    assert "more than 100,000 shapes" in refusal(too_many)
    number = 600_001
    line = struct.pack("<i4d3i", 3, 0, 0, 0, 0, 1, number, 0) + bytes(16 * number)
    record = struct.pack(">2i", 1, len(line) // 2) + line
    packed = archive({"a.shp": struct.pack(">i96x", 9994) + record}, zipfile.ZIP_STORED)
    assert "more than 600,000 positions" in refusal(packed)
    lists = b'{"type":"LineString","coordinates":[' + b"[" * 3_200_001
    assert "more than 600,000 positions" in refusal(lists)
    numbers = b'{"type":"Point","coordinates":[' + b"1," * 10_000_001 + b"1]}"
    assert "100,000 shapes, 600,000 positions" in refusal(numbers)


def test_words_are_short_and_without_control_characters() -> None:
    name = "<script>alert(1)</script>\u202e\x00\x1b[31m\n" + "x" * 300
    properties = {"name": name, **{f"field {n}": n for n in range(50)}, "deep": {"a": 1}}
    feature = {"type": "Feature", "properties": properties, "geometry": mapping(YARD)}
    (shape,) = read_shapes(json.dumps(feature).encode(), "a\u202e\nb.geojson").shapes
    assert shape.name.startswith("<script>alert(1)</script>[31m xxx")
    assert len(shape.name) == 120
    assert all(text.isprintable() for text in (shape.name, str(shape.properties["name"])))
    assert len(shape.properties) == 52
    assert shape.properties["deep"] == '{"a": 1}'


def test_a_hole_belongs_to_the_smallest_outline_round_it() -> None:
    def ring(x: float, size: float, *, hole: bool) -> list[tuple[float, float]]:
        low, high = 44 - size / 2, 44 + size / 2
        square = [(x, low), (x, high), (x + size, high), (x + size, low), (x, low)]
        return square[::-1] if hole else square

    def shp(*rings: list[tuple[float, float]]) -> bytes:
        positions = [p for r in rings for p in r]
        starts = [sum(map(len, rings[:n])) for n in range(len(rings))]
        body = struct.pack("<i4d2i", 5, 0, 0, 0, 0, len(rings), len(positions))
        body += struct.pack(f"<{len(starts)}i", *starts) + b"".join(struct.pack("<2d", *p) for p in positions)
        return struct.pack(">i96x", 9994) + struct.pack(">2i", 1, len(body) // 2) + body

    nested = shp(
        ring(80, 8, hole=False), ring(80.5, 4, hole=True), ring(81, 2, hole=False), ring(81.5, 1, hole=True)
    )
    (found,) = (shape.geometry for shape in read_shapes(archive({"a.shp": nested}), "own").shapes)
    assert found.area == pytest.approx(64 - 16 + 4 - 1)
    holes = archive({"a.shp": shp(ring(80, 1, hole=True), ring(82, 1, hole=True))})
    (alone,) = (shape.geometry for shape in read_shapes(holes, "own").shapes)
    assert alone.area == pytest.approx(2)


def test_an_archive_in_an_archive_stays_closed() -> None:
    inner = shapefile("shp", "prj")
    (note,) = read_shapes(archive({"a/b.zip": inner, "a.shp": written("a.shp")["shp"]}), "own").notes
    assert note.values == {"count": 1}
    assert "neither a shapefile" in refusal(archive({"b.zip": inner}))
