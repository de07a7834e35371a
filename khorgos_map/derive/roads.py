"""The traced roads of the basemap, and the published routes put together from them.

Positions are longitude, latitude in WGS 84 degrees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shapely.geometry import LineString, MultiLineString, Point
from shapely.ops import substring

from khorgos_map.derive.border import Position, positions
from khorgos_map.derive.packages import DeriveError
from khorgos_map.derive.tiles import Grid, trace

# Places that a road is known to pass, from GeoNames and from junctions of roads in OpenStreetMap.
ALMATY = (76.9115, 43.2525)
SHELEK = (78.2575, 43.596)
SHELEK_EAST = (78.312, 43.605)
KOKPEK = (78.754, 43.419)
SHONZHY = (79.4658, 43.5381)
KONAEV = (77.063, 43.867)
SARYOZEK = (77.955, 44.365)
SARYOZEK_JUNCTION = (77.948, 44.343)
TALDYKORGAN = (78.374, 45.0156)
ALTYNEMEL = (78.4475, 44.3357)
# Where the motorway and the old road part, north of the Ili, and a place on the motorway further east.
PARTING = (79.67756, 44.022729)
MOTORWAY = (79.971837, 44.050936)
MOTORWAY_EXIT = (80.236, 44.176)
MOTORWAY_END = (80.347, 44.172)
KOKTAL = (79.802, 44.123)
ZHARKENT = (80.0074, 44.1662)
PENJIM = (80.206, 44.2132)
KHORGOS_VILLAGE = (80.3852, 44.2234)
NUR_ZHOLY = (80.3986, 44.158)
HORGOS_CITY = (80.40972, 44.2125)
BORDER_EAST = (80.402, 44.16)
HORGOS_PORT = (80.45, 44.168)
QINGSHUIHE = (80.745, 44.18)
YINING = (81.30, 43.93)
SAYRAM_SHORE = (81.17, 44.50)
JINGHE = (82.89, 44.585)
KUYTUN = (84.9, 44.40)
SHIHEZI = (86.03, 44.28)
URUMQI = (87.60, 43.83)

TRACES: dict[str, tuple[Position, ...]] = {
    "road-trace-almaty-konaev-saryozek": (ALMATY, KONAEV, SARYOZEK),
    "road-trace-almaty-motorway": (ALMATY, SHELEK, PARTING, MOTORWAY, MOTORWAY_EXIT, MOTORWAY_END, NUR_ZHOLY),
    "road-trace-koktal-khorgos": (PARTING, KOKTAL, ZHARKENT, PENJIM, KHORGOS_VILLAGE),
    "road-trace-taldykorgan-saryozek": (TALDYKORGAN, SARYOZEK),
    "road-trace-urumqi": (
        (BORDER_EAST, HORGOS_PORT, QINGSHUIHE, SAYRAM_SHORE, JINGHE, KUYTUN, SHIHEZI, URUMQI)
    ),
    "road-trace-yining": (BORDER_EAST, HORGOS_PORT, QINGSHUIHE, YINING),
}


@dataclass(frozen=True)
class Chain:
    """A part known only by the places it passes; it is drawn straight from one to the next."""

    places: tuple[Position, ...] = ()


@dataclass(frozen=True)
class Traced:
    """A part cut from a trace, from beside one place to beside another."""

    trace: str
    start: Position
    end: Position


Part = Chain | Traced

# From Khorgos outwards. A chain begins where the part before it ends and leads on to the part after it.
ROUTES: dict[str, tuple[Part, ...]] = {
    "road-khorgos-almaty": (
        Chain(),
        Traced("road-trace-koktal-khorgos", KHORGOS_VILLAGE, PARTING),
        Chain((SHONZHY, KOKPEK)),
        Traced("road-trace-almaty-motorway", SHELEK_EAST, ALMATY),
    ),
    "road-khorgos-almaty-motorway": (
        Chain(),
        Traced("road-trace-almaty-motorway", NUR_ZHOLY, ALMATY),
    ),
    "road-khorgos-horgos-city": (Chain((HORGOS_CITY,)),),
    "road-khorgos-taldykorgan": (
        Chain(),
        Traced("road-trace-koktal-khorgos", KHORGOS_VILLAGE, KOKTAL),
        Chain((ALTYNEMEL,)),
        Traced("road-trace-taldykorgan-saryozek", SARYOZEK_JUNCTION, TALDYKORGAN),
    ),
    "road-khorgos-urumqi": (Chain(), Traced("road-trace-urumqi", HORGOS_PORT, URUMQI)),
    "road-khorgos-yining": (Chain(), Traced("road-trace-yining", HORGOS_PORT, YINING)),
}


def trace_roads(cost: Grid) -> dict[str, LineString]:
    """Return each traced road by id, WGS 84 longitude/latitude, right to about 2 km."""
    return {name: trace(cost, stops) for name, stops in TRACES.items()}


def routes(origin: Position, traces: Mapping[str, LineString]) -> dict[str, MultiLineString]:
    """Return each route by id, its parts in order from the origin and joined end to end."""
    return {name: assemble(origin, parts, traces) for name, parts in ROUTES.items()}


def assemble(origin: Position, parts: tuple[Part, ...], traces: Mapping[str, LineString]) -> MultiLineString:
    """Return the parts of a route as lines, the last position of one being the first of the next."""
    cuts = [cut(traces[p.trace], p.start, p.end) if isinstance(p, Traced) else None for p in parts]
    lines: list[list[Position]] = []
    here = origin
    for i, (part, traced) in enumerate(zip(parts, cuts, strict=True)):
        following = next((later[:1] for later in cuts[i + 1 :] if later), [])
        line = traced or [here, *(part.places if isinstance(part, Chain) else ()), *following]
        if line[0] != here:
            raise DeriveError(f"a route breaks off at {here} and goes on at {line[0]}")
        lines.append(line)
        here = line[-1]
    return MultiLineString(lines)


def cut(line: LineString, start: Position, end: Position) -> list[Position]:
    """Return the part of a line between the points nearest to two positions, in that direction."""
    first, last = (line.project(Point(position)) for position in (start, end))
    part = substring(line, first, last)
    if not isinstance(part, LineString):
        raise DeriveError(f"a road has no part between {start} and {end}")
    return [(round(x, 6), round(y, 6)) for x, y in positions(part)]
