"""Whatever the bytes, either shapes that hold what is promised come out, or a refusal in plain words."""

from __future__ import annotations

import functools
import json
import struct

import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khorgos_map.measure.upload import Shapes, UploadError, read_shapes
from khorgos_map.text import languages
from tests.measure.upload.samples import OUTLINES, archive, gpx, shapefile

WAYS = '<wpt lat="44" lon="80"/><rte><rtept lat="44" lon="80"/><rtept lat="43" lon="79"/></rte>'
FILES = [*(make() for make in OUTLINES.values()), gpx(WAYS), shapefile("shp", "prj", epsg=32644)]
BEGINNINGS = [
    b"",
    b"{",
    b"[",
    b"<",
    b"<kml>",
    b"<gpx>",
    b"PK\3\4",
    b"PK\5\6",
    b"SQLite format 3\0",
    b"lat,lon\n",
    b"\xff\xfe",
]
many = functools.partial(settings, deadline=5000, suppress_health_check=list(HealthCheck))

numbers = st.integers() | st.floats() | st.floats(-180, 180) | st.none() | st.booleans() | st.text(max_size=3)
nested = st.recursive(numbers, lambda inner: st.lists(inner, max_size=4), max_leaves=12)
kinds = st.sampled_from(
    ["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "?", 3, None, []]
)
geometries = st.recursive(
    st.fixed_dictionaries({"type": kinds, "coordinates": nested}) | st.none() | numbers,
    lambda inner: st.fixed_dictionaries(
        {"type": st.just("GeometryCollection"), "geometries": st.lists(inner, max_size=3)}
    ),
    max_leaves=4,
)
values = st.recursive(
    numbers | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
features = st.fixed_dictionaries(
    {"type": st.just("Feature"), "geometry": geometries},
    optional={
        "properties": values | st.dictionaries(st.sampled_from(["name", "id", "x"]), values),
        "id": values,
    },
)
collections = st.fixed_dictionaries(
    {"type": st.just("FeatureCollection"), "features": st.lists(features | values, max_size=4)},
    optional={"crs": values | st.fixed_dictionaries({"properties": st.fixed_dictionaries({"name": values})})},
)
cells = (
    st.text(max_size=8)
    | st.floats().map(str)
    | st.sampled_from(["44,2", "80.4", "POINT(80 44)", "POINT(", '"', "\r", "1e999"])
)
headers = st.sampled_from(["lat", "lon", "x", "y", "wkt", "name", "经度", "широта", ""])


def tried(data: bytes) -> None:
    """Read a file and look at what came out; whatever else is raised fails the test."""
    try:
        shapes = read_shapes(data, "own.file")
    except UploadError as error:
        refused = [str(error), *(error.said(code) for code in languages())]
    else:
        refused = []
        check(shapes)
    for text in refused:
        assert text.startswith("own.file: ")
        assert len(text.splitlines()) == 1


def check(shapes: Shapes) -> None:
    assert shapes.shapes
    for shape in shapes.shapes:
        west, south, east, north = shape.geometry.bounds
        assert -180 <= west <= east <= 180
        assert -90 <= south <= north <= 90
        assert not shape.geometry.is_empty
        assert not shape.geometry.has_z
        assert shape.geometry.geom_type != "GeometryCollection"
        assert shape.sound == (shapely.is_valid(shape.geometry) or shape.geometry.area == 0)
        texts = [value for value in shape.properties.values() if isinstance(value, str)]
        assert all(len(name) <= 120 for name in (shape.name, *shape.properties))
        for text in (shape.name, *shape.properties, *texts):
            assert len(text) <= 500
            text.encode()
    assert all(note.said(code) for note in shapes.notes for code in languages())


@many(max_examples=300)
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=400))
def test_any_bytes(beginning: bytes, rest: bytes) -> None:
    tried(beginning + rest)


@many(max_examples=500)
@given(st.sampled_from(FILES), st.data())
def test_any_damage_to_a_good_file(whole: bytes, draw: st.DataObject) -> None:
    data = bytearray(whole)
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(data) - 1))
        length = draw.draw(st.sampled_from([0, 1, 4, 8, 100]))
        data[at : at + length] = draw.draw(
            st.binary(max_size=8) | st.floats().map(lambda x: struct.pack("<d", x))
        )
        if not data:
            break
    tried(bytes(data))


@many(max_examples=100)
@given(st.sampled_from(FILES), st.floats(0, 1))
def test_any_file_cut_short(whole: bytes, part: float) -> None:
    tried(whole[: int(part * len(whole))])


@many(max_examples=200)
@given(collections | features | geometries)
def test_any_json_that_looks_like_geojson(document: object) -> None:
    tried(json.dumps(document).encode())


@many(max_examples=200)
@given(
    st.lists(headers, min_size=1, max_size=4),
    st.lists(st.lists(cells, max_size=5), max_size=5),
    st.sampled_from(",;\t|"),
)
def test_any_table(header: list[str], rows: list[list[str]], delimiter: str) -> None:
    tried("\n".join(delimiter.join(row) for row in [header, *rows]).encode("utf-8", "replace"))


@many(max_examples=150)
@given(st.binary(max_size=200), st.binary(max_size=100), st.binary(max_size=60), st.binary(max_size=10))
def test_any_parts_of_a_shapefile(shp: bytes, dbf: bytes, prj: bytes, cpg: bytes) -> None:
    header = struct.pack(">i96x", 9994) + struct.pack(">2i", 1, len(shp) // 2)
    tried(archive({"a.shp": header + shp, "a.dbf": dbf, "a.prj": prj, "a.cpg": cpg}))
    tried(archive({"a.shp": header + shp, "a.dbf": dbf}))


ELEMENTS = [
    *("Placemark", "Point", "Polygon", "LinearRing", "LineString", "MultiGeometry", "outerBoundaryIs"),
    *("innerBoundaryIs", "coordinates", "name", "Data", "value", "Track", "coord"),
    *("trk", "trkseg", "trkpt", "rte", "rtept", "wpt", "ele"),
]


@many(max_examples=150)
@given(
    st.lists(st.sampled_from(ELEMENTS), max_size=8),
    st.sampled_from(["80,44 81,44 81,45", "80 44", "x", "1,2,3", ",", "1,2 1,2,3", ""]),
)
def test_any_nesting_of_known_elements(names: list[str], text: str) -> None:
    inside = (
        "".join(f"<{n} lat='44' lon='{len(n)}'>" for n in names)
        + text
        + "".join(f"</{n}>" for n in names[::-1])
    )
    tried(f"<kml>{inside}</kml>".encode())
    tried(f"<gpx>{inside}</gpx>".encode())
