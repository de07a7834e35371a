"""Measurements as GPX 1.1 for navigation devices and as KML 2.2 for globes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from shapely.geometry import MultiPoint, Polygon

from khorgos_map.export.measured_report import SOFTWARE, Measured, Report
from khorgos_map.export.measured_words import told

GPX = "http://www.topografix.com/GPX/1/1"
KML = "http://www.opengis.net/kml/2.2"
Position = tuple[float, float]


def measured_gpx(report: Report) -> bytes:
    """Return a GPX file: points are waypoints, lines and outlines are tracks, an outline back to its start."""
    root = ET.Element("gpx", {"xmlns": GPX, "version": "1.1", "creator": report.program})
    metadata = ET.SubElement(root, "metadata")
    _text(metadata, "name", report.text("measured.title"))
    _text(metadata, "desc", "\n".join(_provenance(report)))
    ET.SubElement(metadata, "link", {"href": report.link})
    _text(metadata, "time", report.time)
    for sketch in report.sketches:
        if sketch.measurement.kind == "points":
            _waypoints(root, sketch)
    for sketch in report.sketches:
        if sketch.measurement.kind != "points":
            _track(root, sketch, report)
    return _written(root)


def measured_kml(report: Report) -> bytes:
    """Return a KML file, a placemark a sketch, with its figures as extended data."""
    root = ET.Element("kml", {"xmlns": KML})
    document = ET.SubElement(root, "Document")
    _text(document, "name", report.text("measured.title"))
    _text(document, "description", "\n".join(_provenance(report)))
    for sketch in report.sketches:
        placemark = ET.SubElement(document, "Placemark")
        _text(placemark, "name", sketch.title)
        if lines := list(told(sketch.measurement, report.text)):
            _text(placemark, "description", "\n".join(lines))
        data = ET.SubElement(placemark, "ExtendedData")
        for field, value in sketch.properties.items():
            if value is not None:
                _text(ET.SubElement(data, "Data", {"name": field}), "value", str(value))
        _geometry(placemark, sketch)
    return _written(root)


def _provenance(report: Report) -> Iterator[str]:
    yield report.text("measured.method", software=SOFTWARE)
    if report.border_credit:
        yield report.text("measured.border")
    yield report.text("measured.exported", time=report.time, program=report.program, link=report.link)


def _waypoints(root: ET.Element, sketch: Measured) -> None:
    positions = sketch.measurement.positions
    for place, position in enumerate(positions, start=1):
        waypoint = _located(root, "wpt", position)
        _text(waypoint, "name", sketch.title if len(positions) == 1 else f"{sketch.title} · {place}")


def _track(root: ET.Element, sketch: Measured, report: Report) -> None:
    measured = sketch.measurement
    track = ET.SubElement(root, "trk")
    _text(track, "name", sketch.title)
    _text(track, "desc", "\n".join(told(measured, report.text)))
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
    shape = ET.SubElement(placemark, geometry.geom_type)
    _text(shape, "tessellate", "1")
    if isinstance(geometry, Polygon):
        outer = ET.SubElement(shape, "outerBoundaryIs")
        ring = [(lon, lat) for lon, lat in geometry.exterior.coords]
        _coordinates(ET.SubElement(outer, "LinearRing"), ring)
    else:
        _coordinates(shape, positions)


def _closed(sketch: Measured) -> Iterator[Position]:
    yield from sketch.measurement.positions
    yield sketch.measurement.positions[0]


def _located(parent: ET.Element, name: str, position: Position) -> ET.Element:
    lon, lat = position
    return ET.SubElement(parent, name, {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}"})


def _coordinates(parent: ET.Element, positions: Iterable[Position]) -> None:
    _text(parent, "coordinates", " ".join(f"{lon:.6f},{lat:.6f}" for lon, lat in positions))


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _written(root: ET.Element) -> bytes:
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()
