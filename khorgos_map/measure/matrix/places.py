"""The places of a matrix: from a table of the user's, or all of the atlas that roads come near."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from geojson_pydantic import Point

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.errors import UsageError
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.records import Profile, Question, Stop

MOST_PLACES = 5_000_000
# Places met with the road are large: so many of them are kept at a time.
AT_ONCE = 10_000


def places_of_atlas(atlas: Atlas, profile: Profile) -> tuple[Stop, ...]:
    """Return the features of the atlas that are points within 25 km of a road."""
    stops = [
        Stop((lon, lat), feature.properties.name.in_language("en")[0], feature.properties.id)
        for feature in atlas.feature.values()
        if isinstance(feature.geometry, Point)
        for lon, lat, *_ in (feature.geometry.coordinates,)
    ]
    engine = Embedded(atlas.network, land_by_side(atlas))
    return tuple(stop for stop, near in zip(stops, _near(stops, engine, profile), strict=True) if near)


def far_from_roads(stops: Sequence[Stop], engine: Embedded, profile: Profile) -> list[Stop]:
    """Return the places that are farther than 25 km from any road, in their order."""
    return [stop for stop, near in zip(stops, _near(stops, engine, profile), strict=True) if not near]


def _near(stops: Sequence[Stop], engine: Embedded, profile: Profile) -> Iterator[bool]:
    snapper = engine.journeys(Question((), profile)).snapper
    for first in range(0, len(stops), AT_ONCE):
        yield from (snap.is_near for snap in snapper.snap_all(stops[first : first + AT_ONCE]))


def places_of_file(path: Path) -> tuple[Stop, ...]:
    """Return the places of a CSV file with the columns id (or name), lat and lon, in WGS 84 degrees.

    Raises `UsageError` that names the line for what cannot be understood, and for an id that stands twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            stops = tuple(_stops(path, csv.DictReader(file)))
    except FileNotFoundError:
        raise UsageError(
            f"{path} is missing; a CSV file with id,lat,lon is needed, or the word all"
        ) from None
    except IsADirectoryError:
        raise UsageError(f"{path} is a folder, not a file") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except (ValueError, csv.Error) as error:  # a ValueError is a name that no file can have
        raise UsageError(f"{path} cannot be read as CSV: {error}") from None
    if not stops:
        raise UsageError(f"{path} has no places; a line id,lat,lon and a line for each place are needed")
    return stops


def _stops(path: Path, reader: csv.DictReader[str]) -> Iterator[Stop]:
    columns = {name.strip().lower(): name for name in reader.fieldnames or () if name}
    called = columns.get("id") or columns.get("name")
    if called is None or not {"lat", "lon"} <= set(columns):
        raise UsageError(f"{path}: its first line must name the columns id,lat,lon")
    seen: set[str] = set()
    for row in reader:
        where = f"{path}: line {reader.line_num}"
        name = (row[called] or "").strip()
        if not name or name in seen:
            raise UsageError(f"{where}: " + (f"{name!r} stands twice" if name else "the id is missing"))
        seen.add(name)
        if len(seen) > MOST_PLACES:
            raise UsageError(f"{path} has more than {MOST_PLACES} places")
        lat = _degrees(where, "lat", row[columns["lat"]], 90)
        lon = _degrees(where, "lon", row[columns["lon"]], 180)
        # no id of a feature: a table's own word for a place must not move it to one of ours
        yield Stop((lon, lat), name)


def _degrees(where: str, column: str, text: str | None, most: float) -> float:
    if not (text or "").strip():
        raise UsageError(f"{where} has no {column}")
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not abs(value) <= most:
        raise UsageError(f"{where}: {column} {text!r} is no number of degrees from -{most:g} to {most:g}")
    return value
