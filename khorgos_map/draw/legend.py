"""The legend: one line for each way something is drawn, with a sample drawn by the same classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from khorgos_map.atlas.records import Feature
from khorgos_map.draw.symbols import is_extent, mark_of, shape_classes, symbol_key
from khorgos_map.text import Catalogue

Line = dict[str, Any]


def legend_lines(features: tuple[Feature, ...], text: Catalogue) -> list[Line]:
    """Return the legend of a layer: one line for each distinct symbol, with the ids of the features that use it."""
    lines: dict[str, Line] = {}
    for feature in features:
        if feature.geometry is None:
            continue
        for key, sample in _samples(feature):
            line = lines.setdefault(
                key, {"text": text(key), "features": [], **sample, **_then(feature, text)}
            )
            line["features"].append(feature.properties.id)
    return list(lines.values())


def _then(feature: Feature, text: Catalogue) -> Line:
    """Return what a line says under a year in which what is out of use today was in use."""
    properties = feature.properties
    return {"then": text(f"legend.{properties.kind}")} if properties.status == "historical" else {}


def reading_notes(features: tuple[Feature, ...]) -> list[str]:
    """Return the keys of the general notes that a layer needs: halo, schematic, planned, historical, ..."""
    located = [f for f in features if f.geometry is not None]
    notes = {
        "halo": any(f.properties.uncertainty_m and f.properties.kind != "road-route" for f in located),
        "schematic": any(f.properties.basis == "schematic" and not f.properties.sections for f in located),
        "planned": any(f.properties.status in {"planned", "announced"} for f in located),
        "historical": any(f.properties.status == "historical" for f in located),
    }
    return [key for key, needed in notes.items() if needed]


def _samples(feature: Feature) -> Iterator[tuple[str, Line]]:
    properties = feature.properties
    if properties.sections:
        for basis, section in {s.basis: s for s in properties.sections}.items():
            yield (
                f"legend.{properties.kind}.{basis}",
                {"line": True, "cls": shape_classes(properties, section)},
            )
    else:
        yield symbol_key(feature), _sample(feature)


def _sample(feature: Feature) -> Line:
    mark = mark_of(feature)
    classes = shape_classes(feature.properties)
    if mark:
        return {"mark": mark, "cls": classes}
    kind = feature.geometry.type if feature.geometry else ""
    if "Line" in kind:
        return {"line": True, "cls": classes}
    return {"area": True, "cls": classes + (" extent" if is_extent(feature) else "")}
