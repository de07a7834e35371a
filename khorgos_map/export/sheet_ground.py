"""What the window of a measurement sheet shows of the ground, in millimetres on the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.records import BasemapFeature, Feature
from khorgos_map.export.sheet_frame import Frame

# A record, and what the window shows of it, which may be empty.
DrawnFeature = tuple[Feature, BaseGeometry]
_MAJOR_ROADS, _ZONES, _BORDERS, _PLACES = "roads", "zones", "border", "places"


@dataclass(frozen=True)
class Ground:
    """The land by country, "" where it is of neither, what lies on it, and the zones and places of the map."""

    land: tuple[tuple[str, BaseGeometry], ...]
    lakes: tuple[BaseGeometry, ...]
    boundaries: tuple[BaseGeometry, ...]
    roads: tuple[BaseGeometry, ...]
    zones: tuple[DrawnFeature, ...]
    borders: tuple[BaseGeometry, ...]
    places: tuple[tuple[Feature, Point], ...]


def ground_of(frame: Frame, atlas: Atlas) -> Ground:
    """Return what a window shows of the basemap and of the layers of an atlas."""

    def drawn(features: Iterable[Feature | BasemapFeature]) -> tuple[BaseGeometry, ...]:
        return tuple(frame.drawn(feature.shape) for feature in features)

    def layer(name: str) -> tuple[BaseGeometry, ...]:
        return drawn(atlas.basemap.get(name, ()))

    land = atlas.basemap.get("land", ())
    zones = [f for f in atlas.features.get(_ZONES, ()) if f.properties.kind == "zone"]
    places = atlas.features.get(_PLACES, ())
    return Ground(
        land=tuple(zip((feature.properties.side or "" for feature in land), drawn(land), strict=True)),
        lakes=layer("lakes"),
        boundaries=layer("boundaries"),
        roads=layer(_MAJOR_ROADS),
        zones=tuple(zip(zones, drawn(zones), strict=True)),
        borders=drawn(atlas.features.get(_BORDERS, ())),
        places=tuple(
            (place, spot)
            for place, spot in zip(places, drawn(places), strict=True)
            if isinstance(spot, Point) and not spot.is_empty
        ),
    )
