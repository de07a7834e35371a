"""What is shown on the map, as one frozen record, and its form in the address bar.

The address bar holds ``lang``, ``layers``, ``at`` (latitude, longitude, zoom), ``base``, ``sel``, ``asof``
(a year), ``mode``, ``chart`` (of the evidence), ``m`` (what is measured, as `khorgos_map.measure.sketch`
writes it), ``around`` (how far around that, in km), ``r`` (the stops of a route), ``profile``, ``wait`` (hours
at crossings) and ``way`` (which of its other ways was chosen); a value equal to the default is left out, but for
the language: without one the page speaks that of the reader's browser. Parsing what was written gives the same
view again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

NO_LAYERS = "none"
LOCAL_BASEMAP = "local"
MIN_ZOOM, MAX_ZOOM = 5, 18
FIRST_YEAR, LAST_YEAR = 2005, 2035
MODES = ("explore", "evidence")
VEHICLES = ("car", "truck")
WAYS = frozenset("123456789")
LONGEST_SKETCH = 2000
MOST_AROUND_KM = 500.0
MOST_SHOWN = 60
_SKETCH = r"[PLA][A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)?(~[^!~]*)?"
_SKETCHES = re.compile(rf"{_SKETCH}(!{_SKETCH})*")
_STOPS = re.compile(r"[^;]{1,80}(;[^;]{1,80}){1,7}")
_WAIT = r"[a-z0-9-]{1,40}:\d{1,3}(\.\d{1,3})?-\d{1,3}(\.\d{1,3})?"
_WAITS = re.compile(rf"{_WAIT}(,{_WAIT}){{0,9}}", re.ASCII)


@dataclass(frozen=True)
class Position:
    """The centre of the map in decimal degrees (WGS 84) to five decimals, about 1 m, and the zoom level."""

    latitude: float = 44.2
    longitude: float = 80.3
    zoom: int = 10

    def __post_init__(self) -> None:
        object.__setattr__(self, "latitude", round(self.latitude, 5))
        object.__setattr__(self, "longitude", round(self.longitude, 5))

    def __str__(self) -> str:
        return f"{self.latitude:.5f},{self.longitude:.5f},{self.zoom}"


@dataclass(frozen=True)
class View:
    """What is shown: language, layers (``None`` for the usual ones), position, basemap, open card, year, mode.

    ``m``, ``r`` and ``wait`` are kept as they stand in the address; measuring and routing read them. ``around``
    is how far around what is measured the area is wanted, in km to the metre, up to 500; 0 is not at all.
    """

    lang: str = "en"
    layers: tuple[str, ...] | None = None
    at: Position | None = None
    base: str = LOCAL_BASEMAP
    sel: str | None = None
    asof: int | None = None
    mode: str = "explore"
    chart: str | None = None
    m: str | None = None
    around: float = 0.0
    r: str | None = None
    profile: str = "car"
    wait: str | None = None
    way: int = 0


@dataclass(frozen=True)
class Vocabulary:
    """The words an address may use."""

    languages: frozenset[str]
    layers: frozenset[str]
    basemaps: frozenset[str]
    features: frozenset[str]
    charts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Notice:
    """A part of an address that could not be understood and was left out."""

    parameter: str
    value: str

    @property
    def shown(self) -> str:
        """The value as a notice shows it: one line of at most 60 characters, without invisible ones."""
        visible = (" " if unicodedata.category(c)[0] in "CZ" else c for c in self.value[: 2 * MOST_SHOWN])
        line = " ".join("".join(visible).split())
        return line if len(self.value) <= MOST_SHOWN else f"{line[: MOST_SHOWN - 1]}…"


def write_view(view: View) -> dict[str, str]:
    """Return the address-bar parameters of a view: its language, and what differs from the default."""
    parameters = {
        "lang": view.lang,
        "layers": None if view.layers is None else ",".join(view.layers) or NO_LAYERS,
        "at": str(view.at) if view.at else None,
        "base": view.base if view.base != LOCAL_BASEMAP else None,
        "sel": view.sel,
        "mode": view.mode if view.mode != View.mode else None,
        "asof": None if view.asof is None else str(view.asof),
        "chart": view.chart,
        "m": view.m,
        "around": f"{view.around:.3f}".rstrip("0").rstrip(".") if view.around else None,
        "r": view.r,
        "profile": view.profile if view.profile != View.profile else None,
        "wait": view.wait,
        "way": str(view.way) if view.way else None,
    }
    return {key: value for key, value in parameters.items() if value is not None}


def read_view(parameters: Mapping[str, str], vocabulary: Vocabulary) -> tuple[View, list[Notice]]:
    """Return the view that an address describes and a notice for each value that was not understood.

    Parameters that do not belong to the view are ignored.
    """
    notices: list[Notice] = []

    def one_of(parameter: str, words: frozenset[str], default: str | None) -> str | None:
        value = parameters.get(parameter)
        if value is None or value in words:
            return value if value is not None else default
        notices.append(Notice(parameter, value))
        return default

    view = View(
        lang=one_of("lang", vocabulary.languages, View.lang) or View.lang,
        layers=_read_layers(parameters.get("layers"), vocabulary.layers, notices),
        at=_read_position(parameters.get("at"), notices),
        base=one_of("base", vocabulary.basemaps, View.base) or View.base,
        sel=one_of("sel", vocabulary.features, None),
        mode=one_of("mode", frozenset(MODES), View.mode) or View.mode,
        asof=_read_year(parameters.get("asof"), notices),
        chart=one_of("chart", vocabulary.charts, None),
        m=_matching("m", _SKETCHES, parameters, notices),
        around=_read_around(parameters.get("around"), notices),
        r=_matching("r", _STOPS, parameters, notices),
        profile=one_of("profile", frozenset(VEHICLES), View.profile) or View.profile,
        wait=_matching("wait", _WAITS, parameters, notices),
        way=int(one_of("way", WAYS, None) or View.way),
    )
    return view, notices


def _matching(
    parameter: str, form: re.Pattern[str], parameters: Mapping[str, str], notices: list[Notice]
) -> str | None:
    value = parameters.get(parameter)
    if value is None or (len(value) <= LONGEST_SKETCH and form.fullmatch(value)):
        return value
    notices.append(Notice(parameter, value))
    return None


def _read_layers(value: str | None, known: frozenset[str], notices: list[Notice]) -> tuple[str, ...] | None:
    if value is None:
        return None
    if value == NO_LAYERS:
        return ()
    words = tuple(dict.fromkeys(value.split(",")))
    notices.extend(Notice("layers", word) for word in words if word not in known)
    return tuple(word for word in words if word in known) or None


def _read_year(value: str | None, notices: list[Notice]) -> int | None:
    if value is None:
        return None
    if re.fullmatch(r"\d{4}", value, re.ASCII) and FIRST_YEAR <= int(value) <= LAST_YEAR:
        return int(value)
    notices.append(Notice("asof", value))
    return None


def _read_around(value: str | None, notices: list[Notice]) -> float:
    if value is None:
        return View.around
    if re.fullmatch(r"\d{1,3}(\.\d{1,3})?", value, re.ASCII) and float(value) <= MOST_AROUND_KM:
        return float(value)
    notices.append(Notice("around", value))
    return View.around


def _read_position(value: str | None, notices: list[Notice]) -> Position | None:
    if value is None:
        return None
    match = re.fullmatch(r"(-?\d{1,3}(?:\.\d{1,15})?),(-?\d{1,3}(?:\.\d{1,15})?),(\d{1,2})", value, re.ASCII)
    if match:
        latitude, longitude, zoom = float(match[1]), float(match[2]), int(match[3])
        if abs(latitude) <= 90 and abs(longitude) <= 180 and MIN_ZOOM <= zoom <= MAX_ZOOM:
            return Position(latitude, longitude, zoom)
    notices.append(Notice("at", value))
    return None
