"""Which columns of a table hold its coordinates, by what they are called in four languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple


def _split(words: str) -> list[str]:
    return words.split()


_LONGITUDES = frozenset(
    _split("lon lng long longitude longitud east easting x бойлық б долгота долг вд 经度 經度 经 東經 东经")
)
_LATITUDES = frozenset(
    _split("lat latitude latitud north northing y ендік е широта шир сш 纬度 緯度 纬 北緯 北纬")
)
_TEXTS = frozenset(("wkt", "geometry", "geom", "the_geom", "wkt_geom"))
_PAIRS = frozenset(
    _split(
        "coordinates coordinate coords coord latlon latlng latlong lonlat lnglat position location gps point "
        "координаты координата координаттар координат положение местоположение 坐标 座標 经纬度 經緯度 位置"
    )
)
# what may stand beside the word that tells, in a header such as "WGS84_LAT" or "Широта (N), град."
_BESIDE = frozenset(
    _split(
        "wgs wgs84 deg degree degrees dd dms decimal dec n s e w d m coordinate coord coords gps geo map gis point pt "
        "center centre centroid google с ю в з ш д град градус градусы градусах координата коорд центр точка точки "
        "географическая гео географиялық градуспен нүкте 坐标 座標 度 中心 北 东 東 wgs1984"
    )
)
_WORD = re.compile(r"[^\W\d_]+")
_SPLIT = re.compile(r"(?<=[a-zа-я])(?=[A-ZА-Я])")


class Columns(NamedTuple):
    """The places of the columns with coordinates: two, or one with both, or one with well-known text."""

    header: tuple[str, ...]
    longitude: int | None = None
    latitude: int | None = None
    text: int | None = None
    both: int | None = None
    longitude_first: bool = False


def columns_in(header: Sequence[str]) -> Columns | None:
    """Return the columns of coordinates that a header names, None if it names none."""
    names = [name.strip().strip("\ufeff").casefold() for name in header]
    words = [_words(name) for name in header]
    own = tuple(header)
    text = next((place for place, name in enumerate(names) if name in _TEXTS), None)
    if text is not None:
        return Columns(own, text=text)
    longitude, latitude = (_place(names, words, known) for known in (_LONGITUDES, _LATITUDES))
    if longitude is not None and latitude is not None and longitude != latitude:
        return Columns(own, longitude, latitude)
    both = next((place for place, own_words in enumerate(words) if _is_pair(own_words)), None)
    if both is None:
        return None
    first = next((word for word in words[both] if word in _LONGITUDES | _LATITUDES), words[both][0])
    return Columns(own, both=both, longitude_first=first in _LONGITUDES or first.startswith(("lon", "lng")))


def _words(name: str) -> list[str]:
    return _WORD.findall(_SPLIT.sub(" ", name).casefold())


def _place(names: Sequence[str], words: Sequence[Sequence[str]], known: frozenset[str]) -> int | None:
    """Return the first column called by one of the words known, else the first called by it and what is beside."""
    exact = next((place for place, name in enumerate(names) if name in known), None)
    if exact is not None:
        return exact
    return next(
        (place for place, own in enumerate(words) if len(_telling(own)) == 1 and _telling(own) <= known), None
    )


def _telling(words: Sequence[str]) -> set[str]:
    """Return the words of a name without those that may stand beside."""
    joined = "".join(words)  # as of "с. ш."
    return {joined} if joined in _LONGITUDES | _LATITUDES else set(words) - _BESIDE


def _is_pair(words: Sequence[str]) -> bool:
    left = _telling(words)
    both = bool(left & _LONGITUDES) and bool(left & _LATITUDES)
    return (both and left <= _LONGITUDES | _LATITUDES) or (bool(set(words) & _PAIRS) and left <= _PAIRS)
