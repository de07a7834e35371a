"""The folium map: a pure function of the published files.

The script it renders holds no data, no words and nothing of the address. It is the same for all sessions, so that
the component around it is never rebuilt, not even when the server begins a new session under an open page; all
else is told to the running map by `State`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from folium import FeatureGroup, Map
from folium.template import Template

from khorgos_map.atlas import Atlas
from khorgos_map.draw.basemaps import ONLINE, tile_options
from khorgos_map.draw.files import Published
from khorgos_map.draw.verbatim import Verbatim
from khorgos_map.view import FIRST_YEAR, LAST_YEAR, MAX_ZOOM, MIN_ZOOM, Position, View

WORLD = [[30.0, 50.0], [58.0, 112.0]]


class KhorgosMap(Map, Verbatim):
    """A folium map whose only script is ours, Leaflet included, from our own server."""

    def __init__(self, position: Position, script_url: str) -> None:
        super().__init__(
            location=leaflet_position(position),
            zoom_start=position.zoom,
            tiles=None,
            track_resize=False,
            min_zoom=MIN_ZOOM,
            max_zoom=MAX_ZOOM,
            max_bounds=True,
            min_lat=WORLD[0][0],
            max_lat=WORLD[1][0],
            min_lon=WORLD[0][1],
            max_lon=WORLD[1][1],
        )
        self.default_js = [("khorgos", script_url)]
        self.default_css = []


class Shell(Verbatim):
    """The list, the card, the labels and the layers around a map; all are drawn by the script."""

    _template = Template(
        """{% macro script(this, kwargs) %}
        Khorgos.start({{ this._parent.get_name() }}, {{ this.config|tojson }});
        {% endmacro %}"""
    )

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca leaves it untyped
        self._name = "Shell"
        self.config = config


class State(FeatureGroup, Verbatim):
    """What the server tells the running map; streamlit-folium evaluates it whenever it changes.

    It keeps the name FeatureGroup, by which streamlit-folium adds it to the map.
    """

    _template = Template(
        """{% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.featureGroup();
        Khorgos.apply({{ this.state|tojson }});
        {% endmacro %}"""
    )

    def __init__(self, state: MapState) -> None:
        super().__init__(name="state", control=False)
        self.state = asdict(state)


@dataclass(frozen=True)
class MapState:
    """The server's part of what is shown: language, theme, mode, and the address a session began with."""

    lang: str
    theme: str
    mode: str
    restore: dict[str, Any]


def leaflet_position(position: Position) -> list[float]:
    """Return latitude, longitude as Leaflet wants them; the only place where the order is turned round."""
    return [position.latitude, position.longitude]


def draw_map(atlas: Atlas, published: Published, root: str, *, standalone: bool = False) -> KhorgosMap:
    """Return the map; ``root`` is the address under which the files are served.

    A standalone map has no server: it carries its files, reads its own address and switches its language itself.
    """
    home = Position(atlas.home.latitude, atlas.home.longitude, atlas.home.zoom)
    drawn = KhorgosMap(home, root + published.script)
    Shell(
        {
            "root": root,
            "mode": View.mode,
            "standalone": standalone,
            "years": {"first": FIRST_YEAR, "last": LAST_YEAR},
            "layers": [layer.id for layer in atlas.layers],
            "shown": atlas.shown_layers,
            "files": {"layers": published.layers, "words": published.words, "search": published.search},
            "basemap": published.basemap,
            "frame": [leaflet_position(Position(y, x)) for x, y in published.frame],
            "online": {name: tile_options(provider) for name, provider in ONLINE.items()},
            "home": [*leaflet_position(home), home.zoom],
        }
    ).add_to(drawn)
    return drawn


def state_of(view: View, opening: View, theme: str) -> MapState:
    """Return what the server tells the map for a view, with the address the session opened with."""
    restore = {
        "layers": opening.layers,
        "base": opening.base,
        "sel": opening.sel,
        "asof": opening.asof,
        "at": [*leaflet_position(opening.at), opening.at.zoom] if opening.at else None,
        "m": opening.m,
        "around": opening.around,
        "r": opening.r,
        "profile": opening.profile,
        "wait": opening.wait,
        "way": opening.way,
    }
    return MapState(view.lang, theme, view.mode, restore)
