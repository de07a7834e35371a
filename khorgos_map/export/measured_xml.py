"""Measurements as GPX 1.1 for navigation devices and as KML 2.2 for globes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from shapely.geometry import MultiPoint, MultiPolygon, Polygon

from khorgos_map.draw import quantities
from khorgos_map.draw.measured import no_around
from khorgos_map.export.measured_report import SOFTWARE, Around, Measured, Report, Value
from khorgos_map.export.measured_words import told

GPX = "http://www.topografix.com/GPX/1/1"
KML = "http://www.opengis.net/kml/2.2"
Position = tuple[float, float]


def measured_gpx(report: Report) -> bytes:
    """Return a GPX file: points are waypoints, lines and outlines are tracks, an outline back to its start.

    The format has no areas: how large the surrounding of a sketch is, its description says.
    """
    root = ET.Element("gpx", {"xmlns": GPX, "version": "1.1", "creator": report.program})
    metadata = ET.SubElement(root, "metadata")
    _text(metadata, "name", report.text("measured.title"))
    _text(metadata, "desc", "\n".join(_provenance(report)))
    if report.link:
        ET.SubElement(metadata, "link", {"href": report.link})
    _text(metadata, "time", report.time)
    for sketch in report.sketches:
        if sketch.measurement.kind == "points":
            _waypoints(root, sketch, report)
    for sketch in report.sketches:
        if sketch.measurement.kind != "points":
            _track(root, sketch, report)
    return _written(root)


def measured_kml(report: Report) -> bytes:
    """Return a KML file, a placemark a sketch, with its figures as extended data; one more for what is around it."""
    root = ET.Element("kml", {"xmlns": KML})
    document = ET.SubElement(root, "Document")
    _text(document, "name", report.text("measured.title"))
    _text(document, "description", "\n".join(_provenance(report)))
    for sketch in report.sketches:
        lines = [*told(sketch.measurement, report.text, report.asked), *_around_lines(sketch, report)]
        _geometry(_placemark(document, sketch.title, lines, sketch.properties), sketch)
        if around := sketch.around:
            _outlines(_placemark(document, around.title, [], around.properties), around)
    return _written(root)


def _placemark(
    document: ET.Element, name: str, lines: Iterable[str], properties: Mapping[str, Value]
) -> ET.Element:
    placemark = ET.SubElement(document, "Placemark")
    _text(placemark, "name", name)
    if description := "\n".join(lines):
        _text(placemark, "description", description)
    data = ET.SubElement(placemark, "ExtendedData")
    for field, value in properties.items():
        if value is not None:
            _text(ET.SubElement(data, "Data", {"name": field}), "value", str(value))
    return placemark


def _provenance(report: Report) -> Iterator[str]:
    yield report.text("measured.method", software=SOFTWARE)
    if report.border_credit:
        yield report.text("measured.border")
    yield report.text("measured.exported", time=report.time, program=report.program)
    if report.link:
        yield report.text("measured.row", label=report.text("measured.link"), value=report.link)


def _around_lines(sketch: Measured, report: Report) -> Iterator[str]:
    """Yield how large what lies around a sketch is, or why there is nothing though it was asked for."""
    if sketch.around:
        size = quantities.area(sketch.around.area_m2, report.text, report.asked.area)
        yield report.text("measured.row", label=sketch.around.title, value=size)
    elif report.asked.around_m:
        yield no_around(report.text, report.asked)


def _waypoints(root: ET.Element, sketch: Measured, report: Report) -> None:
    positions = sketch.measurement.positions
    for place, position in enumerate(positions, start=1):
        waypoint = _located(root, "wpt", position)
        _text(waypoint, "name", sketch.title if len(positions) == 1 else f"{sketch.title} · {place}")
        if lines := [*_around_lines(sketch, report)]:
            _text(waypoint, "desc", "\n".join(lines))


def _track(root: ET.Element, sketch: Measured, report: Report) -> None:
    measured = sketch.measurement
    track = ET.SubElement(root, "trk")
    _text(track, "name", sketch.title)
    lines = [*told(measured, report.text, report.asked), *_around_lines(sketch, report)]
    _text(track, "desc", "\n".join(lines))
    _text(track, "type", measured.kind)
    segment = ET.SubElement(track, "trkseg")
    for position in _closed(sketch) if measured.kind == "area" else measured.positions:
        _located(segment, "trkpt", position)


def _geometry(placemark: ET.Element, sketch: Measured) -> None:
    geometry, positions = sketch.geometry, sketch.measurement.positions
    if isinstance(geometry, MultiPoint):
        together = ET.SubElement(placemark, "MultiGeometry") if len(positions) > 1 else placemark
        for position in positions:
            _coordinates(ET.SubElement(together, "Point"), [position])
        return
    if isinstance(geometry, Polygon):
        _polygon(placemark, geometry)
    else:
        line = ET.SubElement(placemark, "LineString")
        _text(line, "tessellate", "1")
        _coordinates(line, positions)


def _outlines(placemark: ET.Element, around: Around) -> None:
    outlines = around.geometry
    if isinstance(outlines, MultiPolygon):
        placemark = ET.SubElement(placemark, "MultiGeometry")
    for outline in getattr(outlines, "geoms", [outlines]):
        _polygon(placemark, outline)


def _polygon(parent: ET.Element, polygon: Polygon) -> None:
    shape = ET.SubElement(parent, "Polygon")
    _text(shape, "tessellate", "1")
    for name, ring in [
        ("outerBoundaryIs", polygon.exterior),
        *(("innerBoundaryIs", hole) for hole in polygon.interiors),
    ]:
        _coordinates(ET.SubElement(ET.SubElement(shape, name), "LinearRing"), ring.coords)


def _closed(sketch: Measured) -> Iterator[Position]:
    yield from sketch.measurement.positions
    yield sketch.measurement.positions[0]


def _located(parent: ET.Element, name: str, position: Position) -> ET.Element:
    lon, lat = position
    return ET.SubElement(parent, name, {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}"})


def _coordinates(parent: ET.Element, positions: Iterable[Sequence[float]]) -> None:
    _text(parent, "coordinates", " ".join(f"{lon:.6f},{lat:.6f}" for lon, lat in positions))


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _written(root: ET.Element) -> bytes:
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()
