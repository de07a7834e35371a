"""The third-party code the map runs on in the browser, taken from an installed package and never fetched.

folium-offline carries, as text by address, the files folium links to. The table is a private name of that
package, which is why its version is pinned and a test holds this module against folium's own links.
"""

from __future__ import annotations

from folium import Map
from offlinefolium.elements import _res as _carried

LEAFLET = "leaflet"


def leaflet_js() -> str:
    """Return Leaflet's script, of the version that the installed folium links to."""
    return str(_carried[dict(Map.default_js)[LEAFLET]])


def leaflet_css() -> str:
    """Return Leaflet's style sheet, of the version that the installed folium links to."""
    return str(_carried[dict(Map.default_css)["leaflet_css"]])
