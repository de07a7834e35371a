"""GDAL reads what it is given and nothing else: no file of the server, no address, no program."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import struct
import subprocess
import sys
from pathlib import Path

import pyogrio
import pytest

from khorgos_map import SKIPPED_DRIVERS
from khorgos_map.measure.upload import UploadError, read_shapes
from tests.measure.upload.samples import archive, geopackage, shapefile

READ = {"GPKG", "SQLite", "ESRI Shapefile", "FlatGeobuf", "GML", "XLSX", "GeoJSON"}
# drivers that read one file, or write; a new one of a later GDAL has to be looked at
HARMLESS = {
    "MEM", "MapInfo File", "CSV", "GPX", "LIBKML", "KML", "GeoJSONSeq", "OGR_GMT", "PGDUMP", "DXF", "ODS", "JML", "PDF",
    "JSONFG",
}  # fmt: skip


PLAIN = {name: value for name, value in os.environ.items() if name != "OGR_SKIP"}


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.geojson"
    properties = {"name": "a text inside the server"}
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [80, 44]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a file reached out")

    monkeypatch.setattr(socket.socket, "connect", forbidden)


def test_gdal_has_no_driver_that_opens_what_a_file_names() -> None:
    drivers = set(pyogrio.list_drivers())
    assert not drivers & set(SKIPPED_DRIVERS)
    assert drivers <= READ | HARMLESS
    assert {"OGR_VRT", "GDALG", "HTTP", "WFS", "OAPIF", "GPSBabel"} <= set(SKIPPED_DRIVERS)


def vrt(path: Path) -> bytes:
    source = f"<SrcDataSource>{path}</SrcDataSource><SrcLayer>secret</SrcLayer>"
    return f'<OGRVRTDataSource><OGRVRTLayer name="secret">{source}</OGRVRTLayer></OGRVRTDataSource>'.encode()


def attacks(path: Path) -> dict[str, bytes]:
    own = vrt(path)
    return {
        "vrt": own,
        "vrt in a comment": b"<!-- x -->" + own,
        "zipped as geojson": archive({"x.geojson": own}),
        "zipped as gpkg": archive({"x.gpkg": own}),
        "zipped as shapefile": archive({"a.shp": own}),
        "zipped as fgb": archive({"x.fgb": own}),
        "shapefile": archive({"a.shp": struct.pack(">i", 9994) + own}),
        "flatgeobuf": b"fgb\3fgb\1" + own,
        "gml": b"<FeatureCollection>" + own + b"</FeatureCollection>",
        "gdalg": json.dumps(
            {"type": "gdal_streamed_alg", "command_line": f"gdal vector convert {path}"}
        ).encode(),
        "path": str(path).encode(),
        "csv of paths": f"name,wkt\n{path},{path}\n".encode(),
        "curl": b"/vsicurl/http://127.0.0.1:9/a.geojson",
        "database": b"PG:host=127.0.0.1",
    }


@pytest.mark.parametrize("name", attacks(Path("x")))
def test_a_file_that_names_another_does_not_get_it(name: str, secret: Path) -> None:
    with pytest.raises(UploadError):
        read_shapes(attacks(secret)[name], "x.geojson")


def test_the_driver_that_would_follow_is_what_is_missing(secret: Path) -> None:
    """In a process of its own with all its drivers GDAL does open the file that is named."""
    code = "import pyogrio, sys; print(pyogrio.raw.read(sys.stdin.buffer.read())[3][0][0])"
    for before, follows in (("", True), ("import khorgos_map; ", False)):
        ended = subprocess.run(
            [sys.executable, "-c", before + code],
            input=vrt(secret),
            capture_output=True,
            check=False,
            env=PLAIN,
        )
        assert (b"inside the server" in ended.stdout) == follows


def test_a_schema_that_gml_names_is_not_sought(secret: Path) -> None:
    gml = (
        '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns:o="http://o" xsi:schemaLocation="http://o http://127.0.0.1:9/a.xsd"><gml:featureMember><o:a><o:name>Gate</o:name>'
        '<o:g><gml:Point srsName="EPSG:4326"><gml:coordinates>80.5,44.25</gml:coordinates></gml:Point></o:g></o:a>'
        "</gml:featureMember></gml:FeatureCollection>"
    )  # fmt: skip
    (shape,) = read_shapes(gml.encode(), "own.gml").shapes
    assert shape.name == "Gate"
    entity = gml.replace(
        "<gml:FeatureCollection", f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret}">]><gml:FeatureCollection', 1
    )
    with pytest.raises(UploadError, match="declares entities"):
        read_shapes(entity.replace("Gate", "&x;").encode(), "own.gml")


@pytest.mark.parametrize(
    "view",
    [
        "SELECT fid, geom, ogr_geocode('Khorgos') AS name FROM a",
        "SELECT fid, geom, load_extension('/tmp/x') AS name FROM a",
        "SELECT a.fid, a.geom, readfile('/etc/passwd') AS name FROM a",
        "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n) SELECT x AS fid, geom FROM n, a",
    ],
)
def test_a_view_does_not_compute(view: str) -> None:
    contents = "INSERT INTO gpkg_contents (table_name, data_type, srs_id) VALUES ('v', 'features', 4326)"
    column = "INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'GEOMETRY', 4326, 0, 0)"
    data = geopackage(4326, f"CREATE VIEW v AS {view}", contents, column)
    try:
        shapes = read_shapes(data, "own.gpkg")
    except UploadError as error:
        assert "more than" in str(error)  # what does not end is too much
        return
    assert [note.key for note in shapes.notes] == ["upload.view"]


def test_pyogrio_made_ready_before_is_refused() -> None:
    code = "import pyogrio, khorgos_map.measure.upload as u; u.read_shapes(open(0, 'rb').read(), 'x')"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        input=shapefile("shp", "prj"),
        capture_output=True,
        check=False,
        env=PLAIN,
    )
    assert b"import khorgos_map before pyogrio" in ended.stderr


def test_a_plain_database_is_no_geopackage() -> None:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE a (geometry BLOB)")
    with pytest.raises(UploadError, match="no GeoPackage"):
        read_shapes(bytes(database.serialize()), "own.sqlite")
