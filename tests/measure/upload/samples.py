"""Small files of every format, each with the same two outlines near Khorgos, and ways to spoil them."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely import MultiPolygon, Polygon
from shapely.geometry import mapping

YARD = Polygon(
    [(80.40, 44.20), (80.44, 44.20), (80.44, 44.23), (80.40, 44.23)],
    [[(80.41, 44.21), (80.41, 44.22), (80.42, 44.22), (80.42, 44.21)]],
)
TWO_FIELDS = MultiPolygon(
    [
        Polygon([(80.50, 44.20), (80.52, 44.20), (80.52, 44.22)]),
        Polygon([(80.55, 44.20), (80.57, 44.20), (80.57, 44.22)]),
    ]
)
NAMES = ("Құрғақ порт", "霍尔果斯")
UTM_44N = 32644


def frame() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": NAMES, "lots": [3, 7]}, geometry=[YARD, TWO_FIELDS], crs=4326)


def geojson(*geometries: Any, **members: Any) -> bytes:
    """A collection of geometries, given as shapely's or as they shall stand there."""
    features = [
        {"type": "Feature", "properties": {"name": f"shape {number}"}, "geometry": _document(geometry)}
        for number, geometry in enumerate(geometries, 1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


def _document(geometry: Any) -> Any:
    return mapping(geometry) if hasattr(geometry, "__geo_interface__") else geometry


def written(name: str, epsg: int = 4326, **options: Any) -> dict[str, bytes]:
    """The files that GDAL writes for our two outlines, by their endings."""
    with tempfile.TemporaryDirectory() as folder:
        frame().to_crs(epsg).to_file(Path(folder, name), **options)
        return {path.suffix[1:]: path.read_bytes() for path in Path(folder).iterdir()}


def geopackage(epsg: int = 4326, *statements: str) -> bytes:
    """A GeoPackage of our two outlines, changed by SQL."""
    database = sqlite3.connect(":memory:")
    database.deserialize(written("a.gpkg", epsg)["gpkg"])
    # GDAL's triggers call functions that only GDAL has
    for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f'DROP TRIGGER "{trigger}"')
    for statement in statements:
        database.execute(statement)
    database.commit()
    return bytes(database.serialize())


def shapefile(*endings: str, epsg: int = 4326, encoding: str = "utf-8") -> bytes:
    """A zipped shapefile of our two outlines with only the parts named."""
    parts = written("a.shp", epsg, encoding=encoding)
    return archive({f"folder/Outlines.{ending}": parts[ending] for ending in endings})


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as file:
        for name, body in members.items():
            file.writestr(name, body)
    return packed.getvalue()


def kml(body: str = "") -> bytes:
    def ring(which: str, positions: Any) -> str:
        text = " ".join(f"{x},{y},650" for x, y in positions)
        return f"<{which}><LinearRing><coordinates>{text}</coordinates></LinearRing></{which}>"

    def polygon(shape: Polygon) -> str:
        rings = [ring("outerBoundaryIs", shape.exterior.coords)]
        rings += [ring("innerBoundaryIs", hole.coords) for hole in shape.interiors]
        return f"<Polygon>{''.join(rings)}</Polygon>"

    fields = "".join(map(polygon, TWO_FIELDS.geoms))
    return f"""<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>
    <Placemark><name>{NAMES[0]}</name><ExtendedData><Data name="lots"><value>3</value></Data></ExtendedData>
    {polygon(YARD)}</Placemark>
    <Placemark><name>{NAMES[1]}</name><ExtendedData><SchemaData><SimpleData name="lots">7</SimpleData></SchemaData>
    </ExtendedData><MultiGeometry>{fields}</MultiGeometry></Placemark>{body}</Folder></Document></kml>""".encode()


def gpx(body: str) -> bytes:
    return f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{body}</gpx>'.encode()


def table(delimiter: str = ",") -> bytes:
    rows = [("name", "lots", "WKT"), (NAMES[0], "3", f'"{YARD.wkt}"'), (NAMES[1], "7", f'"{TWO_FIELDS.wkt}"')]
    return "\n".join(delimiter.join(row) for row in rows).encode()


OUTLINES: dict[str, Callable[[], bytes]] = {
    "GeoJSON": lambda: frame().to_json(drop_id=True).encode(),
    "KML": kml,
    "KMZ": lambda: archive({"doc.kml": kml()}),
    "GeoPackage": lambda: written("a.gpkg")["gpkg"],
    "Shapefile": lambda: shapefile("shp", "dbf", "prj", "cpg"),
    "CSV": table,
}
