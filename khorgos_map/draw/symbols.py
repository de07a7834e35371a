"""How a record looks: the classes its drawing carries. Colours and lines for them are in assets/symbols.css.

What is drawn follows from the record: a schematic shape has a dashed edge and a halo of its uncertainty,
a planned one is hatched and never a pin, a historical one fades. The legend draws its samples with the
same classes, so it cannot disagree with the map.
"""

from __future__ import annotations

from khorgos_map.atlas.records import UNPROVEN, Feature, Properties, Section

MARKS = {
    "checkpoint": "diamond",
    "gate": "diamond-small",
    "railway-station": "square",
    "break-of-gauge": "gauge",
    "dry-port": "hexagon",
    "pole-of-inaccessibility": "pole",
    "reference-point": "target",
    "settlement": "circle",
    "junction": "circle-small",
}
AREA_KINDS = {"special-economic-zone", "airport"}
HALO_KINDS = {"zone", *MARKS}


def shape_classes(properties: Properties, section: Section | None = None) -> str:
    """Return the classes of a feature's own shape, or of one section of its line."""
    basis = section.basis if section else properties.basis
    return f"kh k-{properties.kind} side-{properties.side} s-{properties.status} b-{basis}"


def mark_of(feature: Feature) -> str | None:
    """Return the name of the point symbol of a feature, or ``None`` where none may be drawn."""
    if feature.geometry is None or feature.geometry.type != "Point" or is_extent(feature):
        return None
    mark = MARKS.get(feature.properties.kind, "circle")
    return f"{mark}-town" if mark == "circle" and feature.properties.label_rank > 2 else mark


def is_extent(feature: Feature) -> bool:
    """Tell whether only the area within which something lies may be drawn, and no shape or pin of its own.

    True for what is planned or announced, and for areas of which no outline is published.
    """
    properties = feature.properties
    if feature.geometry is None:
        return False
    outline_known = properties.area_fitted_to is not None or properties.basis != "schematic"
    is_area = feature.geometry.type in {"Polygon", "MultiPolygon"} or properties.kind in AREA_KINDS
    return properties.status in UNPROVEN or (is_area and not outline_known)


def symbol_key(feature: Feature) -> str:
    """Return the key under which features that look alike share one line of the legend."""
    properties = feature.properties
    side = f".{properties.side}" if properties.kind == "zone" else ""
    status = f".{properties.status}" if properties.status != "existing" else ""
    return f"legend.{properties.kind}{side}{status}"
