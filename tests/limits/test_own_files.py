"""What own files may cost: they are counted while they are read, and refused as soon as they are too much."""

from __future__ import annotations

import json
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.limits.child import costs
from tests.measure.upload.samples import archive, geopackage, gpx, kml

POINT = struct.pack("<BI2d", 1, 1, 80, 44)


def collections_in_collections() -> bytes:
    points = ",".join(['{"type":"Point","coordinates":[80,44]}'] * 300_000)
    return ('{"type":"GeometryCollection","geometries":[' * 15 + points + "]}" * 15).encode()


def blob(wkb: bytes) -> str:
    return (b"GP\0\1" + struct.pack("<i", 4326) + wkb).hex()


def one_row(wkb: bytes) -> bytes:
    return geopackage(4326, "DELETE FROM a WHERE fid > 1", f"UPDATE a SET geom = x'{blob(wkb)}'")  # noqa: S608


def rings(count: int) -> bytes:
    """A shapefile of one shape: triangles in each other, every second one a hole."""
    body = struct.pack(f"<i4d2i{count}i", 5, 0, 0, 0, 0, count, 4 * count, *range(0, 4 * count, 4))
    for n in range(count):
        x, up = 0.001 * n / count, (1, -1)[n % 2]
        body += struct.pack("<8d", 80 + x, 44, 81, 44 + up * (0.5 - x), 82 - x, 44, 80 + x, 44)
    record = struct.pack(">2i", 1, len(body) // 2) + body
    return archive({"a.shp": struct.pack(">i96x", 9994) + record}, zipfile.ZIP_STORED)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "collections.geojson": collections_in_collections,
    "line.geojson": lambda: b'{"type":"LineString","coordinates":[' + b"[80.1,44.1]," * 900_000 + b"[80,44]]}",
    "numbers.geojson": lambda: b'{"type":"Point","coordinates":[80,44],"x":[' + b"1.5," * 3_000_000 + b"1]}",
    "wide.geojson": lambda: b'{"type":"Point","coordinates":[80,44],"x":"' + b"\xf0\x9f\x98\x80" * 7_000_000 + b'"}',
    "track.gpx": lambda: gpx('<trk><trkseg>' + '<trkpt lat="44" lon="80"/>' * 900_000 + "</trkseg></trk>"),
    "nested.kml": lambda: kml("<Placemark>" * 90 + "<name>a</name>" * 9000 + "</Placemark>" * 90),
    "attributes.kml": lambda: b"<kml><a " + b" ".join(b'a%d=""' % n for n in range(900_000)) + b"/></kml>",
    "lines.kml": lambda: kml(
        "<Placemark><Point><coordinates>" + "\n" * 9_000_000 + "</coordinates></Point></Placemark>"
    ),
    "columns.csv": lambda: b"lat,lon" + b",a" * 998 + b"\n" + (b"44,80" + b"," * 998 + b"\n") * 9000,
    "one-row.csv": lambda: b"lat,lon," + b",".join(b"c%d" % n for n in range(900_000)) + b"\n44,80" + b"," * 900_000,
    "empties.csv": lambda: (
        b"id,wkt\n" + (b'1,"GEOMETRYCOLLECTION(' + b",".join([b"POINT EMPTY"] * 9000) + b')"\n') * 90
    ),
    "chinese.csv": lambda: ("lat,lon,name\n" + "44,80,霍尔果斯霍尔果斯\n" * 120_000).encode("gb18030"),
    "points.gpkg": lambda: one_row(struct.pack("<BII", 1, 7, 1_200_000) + POINT * 1_200_000),
    "rings.gpkg": lambda: one_row(struct.pack("<BII", 1, 3, 6_000_000) + bytes(24_000_000)),
    "rings.zip": lambda: rings(15_000),
    "parts.kmz": lambda: archive({"a.kml": b"<kml>" + b"<a/>" * 4_000_000 + b"</kml>"}),
}  # fmt: skip


def test_no_file_costs_more_than_it_may(tmp_path: Path) -> None:
    found = costs("upload", {name: make() for name, make in HOSTILE.items()}, tmp_path)
    assert list(found) == list(HOSTILE)
    assert {name: cost for name, cost in found.items() if cost.seconds > 10 or cost.grown_mb > 256} == {}
    read = {name for name, cost in found.items() if cost.refused is None}
    assert read <= {"nested.kml", "lines.kml", "wide.geojson"}


def polygons(count: int) -> bytes:
    chance = random.Random(1)  # nothing is secret
    features = []
    for n in range(count):
        west, south = chance.uniform(70, 90), chance.uniform(40, 50)
        ring = [
            [west, south],
            [west + 0.01, south],
            [west + 0.01, south + 0.01],
            [west, south + 0.01],
            [west, south],
        ]
        properties = {"name": f"field {n}", "lots": n, "crop": "maize"}
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.mark.parametrize("count", [40_000])
def test_honest_files_are_read_and_measured_within_the_bounds(tmp_path: Path, count: int) -> None:
    track = "".join(
        f'<trkpt lat="{44 + n * 1e-6:.6f}" lon="80.1"><ele>{600 + n % 9}</ele></trkpt>'
        for n in range(300_000)
    )
    wells = b"".join(b"n%d,%f,80.1,%d\n" % (n, 44 + n * 1e-6, n) for n in range(90_000))
    files = {
        "fields.geojson": polygons(count),
        "wells.csv": b"name,lat,lon,depth\n" + wells,
        "track.gpx": gpx(f"<trk><trkseg>{track}</trkseg></trk>"),
    }  # fmt: skip
    found = costs("upload", files, tmp_path)
    assert {name: cost.refused for name, cost in found.items()} == dict.fromkeys(files)
    assert {name: cost for name, cost in found.items() if cost.grown_mb > 256} == {}
