"""Files that mean harm: each is refused with a reason, or read without doing what it wants."""

from __future__ import annotations

import io
import os
import resource
import socket
import sqlite3
import stat
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from khorgos_map.measure.upload import UploadError, read_shapes
from tests.measure.upload.samples import OUTLINES, archive, geopackage, gpx, kml, shapefile

POINT = b'<wpt lat="44.2" lon="80.4"><name>%s</name></wpt>'
INSIDE = "a text inside the server"


def refusal(data: bytes) -> str:
    with pytest.raises(UploadError) as refused:
        read_shapes(data, "own.file")
    return str(refused.value)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No reader may open a connection or start a program."""

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a file reached out")

    monkeypatch.setattr(socket.socket, "connect", forbidden)
    monkeypatch.setattr(subprocess.Popen, "__init__", forbidden)
    monkeypatch.setattr(os, "system", forbidden)


def test_entities_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(INSIDE)
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    types = [
        f'<!DOCTYPE gpx [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
        f'<!DOCTYPE gpx [<!ENTITY l0 "ha">{laughs}<!ENTITY x "&l9;">]>',
        f'<!DOCTYPE gpx [<!ENTITY % p SYSTEM "{secret.as_uri()}">%p;]>',
    ]
    for doctype in types:
        for data in (gpx((POINT % b"&x;").decode()), kml("&x;")):
            body = data.decode().replace('<?xml version="1.0"?>', "")
            assert "declares entities" in refusal((doctype + body).encode())
            assert "declares entities" in refusal(archive({"doc.kml": (doctype + body).encode()}))


@pytest.mark.parametrize(
    "points_to", ["", ' SYSTEM "http://localhost:9/x.dtd"', ' PUBLIC "-//x" "file:///etc/passwd"']
)
def test_a_document_type_is_passed_over(points_to: str) -> None:
    doctype = f"<!DOCTYPE gpx{points_to}>".encode()
    (shape,) = read_shapes(doctype + gpx((POINT % b"Gate").decode()), "own.gpx").shapes
    assert shape.name == "Gate"
    if not points_to:
        assert "damaged" in refusal(doctype + gpx((POINT % b"&x;").decode()))


def test_an_include_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(INSIDE)
    include = (
        f'<name><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret}" parse="text"/></name>'
    )
    (shape,) = read_shapes(gpx(f'<wpt lat="44" lon="80">{include}</wpt>'), "own.gpx").shapes
    assert INSIDE not in repr(shape)


@pytest.mark.parametrize(
    "data",
    [
        b"<OGRVRTDataSource><OGRVRTLayer><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        b"<OGRWFSDataSource><URL>http://localhost:9/</URL></OGRWFSDataSource>",
        b'{"type": "gdal_streamed_alg", "command_line": "gdal vector convert /etc/passwd"}',
        b"/vsicurl/http://localhost:9/a.geojson",
        b"<GDAL_WMS></GDAL_WMS>",
        b"PG:host=localhost",
    ],
)
def test_what_other_programs_would_follow_is_no_format_here(data: bytes) -> None:
    assert "none of the formats" in refusal(data) or "not GeoJSON" in refusal(data)
    assert "neither a shapefile" in refusal(archive({"a.vrt": data}))


@pytest.mark.parametrize(
    "name", ["../a.shp", "a/../../b.shp", "/etc/a.shp", "..\\a.shp", "C:\\a.shp", "\\\\host\\a.shp"]
)
def test_a_path_that_leads_out_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "leads out of it" in refusal(archive({name: b"x"}))
    assert not list(tmp_path.parent.rglob("*.shp"))


def test_a_link_in_an_archive_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        link = zipfile.ZipInfo("a.shp")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    assert "leads out of it: a.shp" in refusal(packed.getvalue())


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "unpacked it would have 40 MB" in refusal(archive({"a.shp": bytes(40_000_000)}))
    assert "more than 1000 files" in refusal(archive({f"{n}.shp": b"" for n in range(1001)}))
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 100_000


def test_a_bomb_that_lies_about_its_size_is_damaged() -> None:
    data = bytearray(archive({"a.shp": bytes(40_000_000)}))
    central = data.rindex(b"PK\1\2")
    data[central + 24 : central + 28] = struct.pack("<I", 1000)
    assert "damaged" in refusal(bytes(data))


def test_archives_of_other_kinds_are_refused() -> None:
    encrypted = bytearray(shapefile("shp", "prj"))
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        encrypted[encrypted.index(mark) + flags] |= 1
    assert "encrypted" in refusal(bytes(encrypted))
    assert "packed in a way that is not taken" in refusal(archive({"a.shp": b"x" * 99}, zipfile.ZIP_LZMA))
    assert "damaged" in refusal(shapefile("shp", "prj")[:-30])
    assert "neither a shapefile" in refusal(archive({}))


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0"]
)
def test_script_in_names_stays_text(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for data in (
        gpx((POINT % escaped.encode()).decode()),
        kml(f"<Placemark><name>{escaped}</name></Placemark>"),
    ):
        assert isinstance(read_shapes(data, "own").shapes[0].name, str)
    assert read_shapes(gpx((POINT % escaped.encode()).decode()), "own").shapes[0].name == text


NESTED = """
import struct
from khorgos_map.measure.upload import UploadError, read_shapes
from tests.measure.upload.samples import geopackage
def blob(kind):
    wkb = (b"\\1" + struct.pack("<2I", kind, 1)) * 100_000 + b"\\1" + struct.pack("<I2d", 1, 80, 44)
    return (b"GP\\0\\1" + struct.pack("<i", 4326) + wkb).hex()
files = [
    geopackage(4326, f"UPDATE a SET geom = x'{blob(4)}'"),
    geopackage(4326, f"UPDATE a SET geom = x'{blob(7)}'"),
    b"id,wkt\\n1," + b"GEOMETRYCOLLECTION(" * 6000,
    b"[" * 300_000,
    b'{"type":"GeometryCollection","geometries":[' * 400 + b"]}" * 400,
    b"<kml>" + b"<Folder>" * 200_000,
    b"<kml>" + b"<Folder>" * 200_000 + b"</Folder>" * 200_000 + b"</kml>",
]
for data in files:
    try:
        read_shapes(data, "own")
    except UploadError as error:
        print(error)
"""


def test_deep_nesting_does_not_end_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # in a process of its own, as what is tested is whether it ends
    ended = subprocess.run([sys.executable, "-c", NESTED], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("own: ") == 7


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT load_extension('/tmp/x'); END",),
        ("CREATE TABLE computed (x, y AS (zeroblob(1000000000)) STORED)",),
        ("CREATE INDEX i ON a (abs(lots))",),
    ],
)
def test_sql_in_a_geopackage_is_not_run(statements: tuple[str, ...]) -> None:
    assert len(read_shapes(geopackage(4326, *statements), "own.gpkg").shapes) == 2


def test_a_view_instead_of_a_table_of_the_standard_is_refused() -> None:
    endless = (
        "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n) SELECT x, x, x, x, x, x FROM n"
    )
    for table in ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"):
        data = geopackage(
            4326, "PRAGMA foreign_keys = OFF", f"DROP TABLE {table}", f"CREATE VIEW {table} AS {endless}"
        )
        assert "no GeoPackage" in refusal(data)


def test_a_generated_column_is_bounded() -> None:
    doubled = ", ".join(f"c{n} AS (c{n - 1} || c{n - 1})" for n in range(1, 20))
    data = geopackage(
        4326,
        "ALTER TABLE a RENAME TO b",
        f"CREATE TABLE a (fid INTEGER PRIMARY KEY, geom, name, c0, {doubled})",
        "INSERT INTO a (fid, geom, name, c0) SELECT fid, geom, name, 'x' FROM b",
    )
    for shape in read_shapes(data, "own.gpkg").shapes:
        assert "geom" not in shape.properties
        assert len(str(shape.properties["c19"])) <= 500
    doubled_more = doubled + ", " + ", ".join(f"d{n} AS (c19 || c19)" for n in range(200))
    assert "more than" in refusal(
        geopackage(
            4326,
            "ALTER TABLE a RENAME TO b",
            f"CREATE TABLE a (fid INTEGER PRIMARY KEY, geom, name, c0, {doubled_more})",
            "INSERT INTO a (fid, geom, name, c0) SELECT fid, geom, name, 'x' FROM b",
        )
    )


def test_other_databases_are_refused() -> None:
    other = sqlite3.connect(":memory:")
    other.execute("CREATE TABLE a (x)")
    assert "no GeoPackage" in refusal(bytes(other.serialize()))
    whole = OUTLINES["GeoPackage"]()
    assert "no GeoPackage" in refusal(whole[:5000])


def test_a_hostile_megabyte_takes_seconds_at_most() -> None:
    number = 15_000  # rings one in the other, every second one a hole
    body = struct.pack(f"<i4d2i{number}i", 5, 0, 0, 0, 0, number, 4 * number, *range(0, 4 * number, 4))
    for n in range(number):
        x, up = 0.001 * n / number, (1, -1)[n % 2]
        body += struct.pack("<8d", 80 + x, 44, 81, 44 + up * (0.5 - x), 82 - x, 44, 80 + x, 44)
    record = struct.pack(">2i", 1, len(body) // 2) + body
    files = [
        b"lat,lon\n" + b'"' * 1_000_000,
        b'{"type":"FeatureCollection","features":[' + b"{}," * 150_000 + b"{}]}",
        b"<kml>" + b"<Placemark/>" * 100_000 + b"</kml>",
        b"<kml>" + b"<Placemark>" * 100_000 + b"</Placemark>" * 100_000 + b"</kml>",
        archive({"a.shp": struct.pack(">i96x", 9994) + record}, zipfile.ZIP_STORED),
    ]
    for data in files:
        began = time.process_time()
        refusal(data)
        assert time.process_time() - began < 10


def test_a_placemark_inside_another_one_multiplies_nothing() -> None:
    line = "<LineString><coordinates>" + "80,44 81,44 " * 500 + "</coordinates></LineString>"
    nested = "<Placemark>" * 90 + line + "</Placemark>" * 90
    found = read_shapes(kml(nested), "nested.kml")
    (drawn,) = (shape.geometry for shape in found.shapes if shape.geometry.geom_type == "LineString")
    assert len(drawn.coords) == 1000
