"""The lakes of the basemap: traced on the same picture tiles as the roads, so that no road runs over one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, box

from khorgos_map.derive.border import Position, mainland
from khorgos_map.derive.packages import DeriveError, member
from khorgos_map.derive.tiles import Grid, finer, lonlat

# A position in open water of each lake, longitude, latitude.
TRACED: dict[str, Position] = {
    "lake-alakol": (81.7, 46.1),
    "lake-balkhash": (74.2, 46.2),
    "lake-bosten": (87.06, 42.0),
    "lake-ebinur": (82.9, 44.88),
    "lake-kapchagay": (77.5, 43.85),
    "lake-sasykkol": (80.9, 46.57),
    "lake-sayram": (81.17, 44.6),
    "lake-ulungur": (87.212, 47.212),
    "lake-zaysan": (83.9, 48.0),
}
# Names of places cover its shore on the tiles, so this one comes from outlines.
OUTLINED: dict[str, Position] = {"lake-issyk-kul": (77.2, 42.4)}
TOLERANCE_DEG = 0.004
# Water is 53 steps bluer than red on the tiles.
WATER_BLUENESS = 53.0


def traced_lakes(picture: Grid) -> dict[str, Polygon]:
    """Return lakes by id, traced on a mosaic of tiles, WGS 84 longitude/latitude, right to about 1 km."""
    blueness = np.clip((picture[..., 2] - picture[..., 0]) / WATER_BLUENESS, 0, 1)
    waters = shapely.get_parts(outline(finer(blueness) > 0.5))
    return pick([shapely.transform(water, _to_lonlat) for water in waters], TRACED)


def outlined_lakes(archive: Path) -> dict[str, Polygon]:
    """Return lakes by id from a package of water bodies, WGS 84 longitude/latitude."""
    collection = json.loads(member(archive, "package/map.geo.json"))
    rings = [rings[0] for many in collection["geometries"] for rings in many["coordinates"]]
    return pick([Polygon(ring) for ring in rings if _is_near(ring[0])], OUTLINED)


def outline(mask: np.typing.NDArray[np.bool_]) -> Polygon | MultiPolygon:
    """Return the outline of the true cells of a mask, x counting columns and y counting rows."""
    runs = []
    for row, cells in enumerate(mask.astype(np.int8)):
        edges = np.diff(cells, prepend=0, append=0)
        starts, ends = np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist()
        runs += [box(first, row, past, row + 1) for first, past in zip(starts, ends, strict=True)]
    merged = shapely.union_all(runs)
    if not isinstance(merged, Polygon | MultiPolygon):
        raise DeriveError("no water on the tiles")
    return merged


def pick(waters: Iterable[Polygon], inside: dict[str, Position]) -> dict[str, Polygon]:
    """Return for each id the water that its position lies in, simplified and with its islands filled."""
    filled = [Polygon(water.exterior) for water in waters]
    found = {}
    for name, position in sorted(inside.items()):
        holding = [water for water in filled if water.covers(Point(position))]
        if len(holding) != 1:
            raise DeriveError(f"{name}: {len(holding)} waters at {position}")
        found[name] = mainland(holding[0].simplify(TOLERANCE_DEG))
    return found


def _to_lonlat(cells: Grid) -> Grid:
    return np.array([lonlat(row, column) for column, row in cells])


def _is_near(position: Position) -> bool:
    return any(abs(lon - position[0]) < 2 and abs(lat - position[1]) < 1 for lon, lat in OUTLINED.values())
