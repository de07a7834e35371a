"""Online basemaps by choice. None is asked for anything until the user picks it.

Only providers in WGS 84 / Web Mercator: a map in GCJ-02 would lie some 240 m beside the border here.
"""

from __future__ import annotations

from xyzservices import TileProvider, providers

ONLINE: dict[str, TileProvider] = {
    "osm": providers.OpenStreetMap.Mapnik,
    "light": providers.Esri.WorldGrayCanvas,
    "satellite": providers.Esri.WorldImagery,
    "topographic": providers.OpenTopoMap,
}


def tile_options(provider: TileProvider) -> dict[str, object]:
    """Return what Leaflet needs to show a provider: address template, credit, largest zoom level."""
    return {
        "url": provider.build_url(),
        "attribution": provider.html_attribution,
        "maxNativeZoom": provider.get("max_zoom", 18),
    }
