"""Lengths, areas, directions and halos on the WGS 84 ellipsoid.

Every position is longitude, latitude in decimal degrees, in that order, as in GeoJSON. A unit
stands in the name of every function or result that has one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from shapely.geometry import LinearRing, Polygon
from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry

WGS84 = Geod(ellps="WGS84")
# The sphere of Leaflet's CRS.Earth, on which maps in browsers measure as a rule.
SPHERE = Geod(a=6_371_000.0, f=0.0)
# Web Mercator (EPSG:3857) draws the equator, of the ellipsoid's semi-major axis, on tiles of 256 pixels.
_TILE_PIXELS = 256
M2_PER_HA = 10_000.0
BUFFER_REACH_M = 2_500_000.0
# So many edges of a line are widened at a time.
_PIECE = 16
# A degree of latitude at the equator, where it is shortest, rounded down.
_SHORTEST_DEGREE_M = 110_000.0
Positions = NDArray[np.float64]
_Numbers = Sequence[float] | NDArray[np.float64]

# The ellipsoid of Krasovsky (1940), on which the published GCJ-02 formula is written.
_GCJ_SEMI_MAJOR_M = 6_378_245.0
_GCJ_ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
_GCJ_TOLERANCE_DEG = 1e-10


def length_m(coords: Sequence[Sequence[float]]) -> float:
    """Return the geodesic length in metres of a line of WGS 84 longitude/latitude positions.

    Fewer than two positions have the length 0. A third coordinate, if any, is not looked at.
    """
    if len(coords) < 2:
        return 0.0
    return float(WGS84.line_length([c[0] for c in coords], [c[1] for c in coords]))


def area_m2(geometry: BaseGeometry) -> float:
    """Return the geodesic area in square metres of a geometry in WGS 84 longitude/latitude.

    The area is never negative, whatever the winding of the rings; holes are subtracted. The parts
    of a collection are added up, and points and lines have the area 0.
    """
    if isinstance(geometry, Polygon):
        holes = math.fsum(_ring_area_m2(ring) for ring in geometry.interiors)
        return _ring_area_m2(geometry.exterior) - holes
    if isinstance(geometry, BaseMultipartGeometry):
        return math.fsum(area_m2(part) for part in geometry.geoms)
    return 0.0


def area_ha(geometry: BaseGeometry) -> float:
    """Return the geodesic area in hectares of a geometry in WGS 84 longitude/latitude."""
    return area_m2(geometry) / M2_PER_HA


def inverse(lon1: float, lat1: float, lon2: float, lat2: float) -> tuple[float, float]:
    """Return (distance_m, azimuth_deg) of the geodesic from the first point to the second.

    The points are WGS 84 longitude/latitude in degrees. The azimuth is the direction at the first
    point, clockwise from north, at least 0 and less than 360.
    """
    azimuth_deg, _, distance_m = WGS84.inv(lon1, lat1, lon2, lat2)
    # A tiny negative azimuth rounds to 360.0 in the first remainder; the second makes it 0.
    return float(distance_m), float(azimuth_deg) % 360.0 % 360.0


def legs(lons: _Numbers, lats: _Numbers) -> tuple[Positions, Positions, Positions]:
    """Return (lengths_m, start_azimuths_deg, end_azimuths_deg) of the geodesics between positions in a row.

    One value a leg, none for fewer than two positions (WGS 84 degrees). The azimuths are the directions of
    travel at the start and at the end of each leg, clockwise from north, at least 0 and less than 360.
    """
    if len(lons) < 2:
        return np.empty(0), np.empty(0), np.empty(0)
    start_deg, back_deg, lengths_m = WGS84.inv(lons[:-1], lats[:-1], lons[1:], lats[1:])
    start, end = np.asarray(start_deg), np.asarray(back_deg) + 180.0
    return np.asarray(lengths_m), start % 360.0 % 360.0, end % 360.0 % 360.0


def along(lon: float, lat: float, azimuth_deg: float, distances_m: _Numbers) -> Positions:
    """Return the positions on the geodesic that leaves a point in a direction, at distances from the point.

    A row of longitude and latitude a distance, WGS 84 degrees, longitudes from -180 to 180.
    """
    count = len(distances_m)
    start = np.full(count, lon), np.full(count, lat), np.full(count, azimuth_deg)
    lons, lats, _ = WGS84.fwd(*start, np.asarray(distances_m, dtype=float))
    return np.column_stack([lons, lats])


def pixel_m(latitude: float, zoom: float) -> float:
    """Return the ground size in metres of one pixel of a Web Mercator map of 256-pixel tiles.

    It is the size east to west on the ellipsoid, which is at most 0.7 % more than that north to south: the
    circle of latitude, by its radius a cos(lat) / sqrt(1 - e2 sin2(lat)), shared among the map's pixels.
    """
    phi = math.radians(latitude)
    parallel_m = WGS84.a * math.cos(phi) / math.sqrt(1.0 - WGS84.es * math.sin(phi) ** 2)
    return float(math.tau * parallel_m / (_TILE_PIXELS * 2.0**zoom))


def has_buffer(geometry: BaseGeometry, distance_m: float, *, reach_m: float = BUFFER_REACH_M) -> bool:
    """Return whether the area within `distance_m` metres of a geometry in WGS 84 longitude/latitude can be drawn.

    All of the geometry must lie within ``reach_m`` of the middle of its bounds, since the projection of
    `buffer` tears apart what is near the other side of the earth; and neither a pole nor the antimeridian may
    lie in the area, which would be torn apart in longitude/latitude.
    """
    positions = shapely.get_coordinates(geometry)
    west, south, east, north = geometry.bounds
    highest = math.radians(max(abs(south), abs(north)) + distance_m / _SHORTEST_DEGREE_M)
    if highest >= math.pi / 2:
        return False
    aside = distance_m / (_SHORTEST_DEGREE_M * math.cos(highest))
    middle = np.broadcast_to(_middle(geometry), positions.shape)
    _, _, away_m = WGS84.inv(*middle.T, *positions.T)
    return west - aside > -180 and east + aside < 180 and bool((away_m <= reach_m).all())


def _middle(geometry: BaseGeometry) -> tuple[float, float]:
    west, south, east, north = geometry.bounds
    return (west + east) / 2, (south + north) / 2


def buffer(geometry: BaseGeometry, distance_m: float, *, quarter_sides: int = 16) -> BaseGeometry:
    """Return the area within `distance_m` metres of a geometry, both in WGS 84 longitude/latitude.

    The buffer is made in an azimuthal equidistant projection about the middle of the geometry's
    bounds. For a geometry less than 500 km across its edge is within 0.2 % of the distance asked for. Round
    corners have ``quarter_sides`` sides a quarter of a circle, whose ends lie on it.
    Raises `ValueError` for a geometry that `has_buffer` says no to.
    """
    if not has_buffer(geometry, distance_m):
        raise ValueError("no buffer is made of what is too wide, or near a pole or the antimeridian")
    lon, lat = _middle(geometry)
    middle = f"+lat_0={lat} +lon_0={lon}"
    local = CRS.from_proj4(f"+proj=aeqd {middle} +ellps=WGS84 +units=m +type=crs")
    lonlat = CRS.from_proj4("+proj=longlat +ellps=WGS84 +type=crs")
    widened = _widened(_project(geometry, lonlat, local), distance_m, quarter_sides)
    return _project(widened, local, lonlat)


def _widened(geometry: BaseGeometry, distance_m: float, quarter_sides: int) -> BaseGeometry:
    """Return a buffer in the plane, made piece by piece.

    GEOS compares all sides of the buffer of a geometry with each other: 40 s for 1,000 points within its distance.
    """
    if shapely.get_num_coordinates(geometry) <= _PIECE:
        return geometry.buffer(distance_m, quad_segs=quarter_sides)
    parts = np.array([geometry])
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts = shapely.get_parts(parts)
    dimensions = shapely.get_dimensions(parts)
    areas, lines, points = (parts[dimensions == dimension] for dimension in (2, 1, 0))
    paths = [shapely.get_coordinates(line) for line in (*lines, *shapely.get_rings(areas))]
    pieces = [
        shapely.LineString(path[first : first + _PIECE + 1])
        for path in paths
        for first in range(0, len(path) - 1, _PIECE)
    ]
    widened = shapely.buffer([*points, *pieces], distance_m, quad_segs=quarter_sides)
    return shapely.union_all([*areas, *widened])


def gcj02_from_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Return the GCJ-02 longitude and latitude in degrees of a WGS 84 longitude and latitude.

    GCJ-02 is the shifted datum of public maps in China, 240 m off at Khorgos. The shift has no
    official text; the formula is the series published in the project googollee/eviltransform, here
    on the Krasovsky ellipsoid. It is meant for China, and is applied wherever the caller asks for it.
    """
    d_lon, d_lat = _gcj_shift_deg(lon, lat)
    return lon + d_lon, lat + d_lat


def wgs84_from_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Return the WGS 84 longitude and latitude in degrees of a GCJ-02 longitude and latitude.

    The inverse of `gcj02_from_wgs84`, found by iteration; the two agree to better than 1e-7 degrees.
    """
    wgs_lon, wgs_lat = lon, lat
    for _ in range(30):
        moved_lon, moved_lat = gcj02_from_wgs84(wgs_lon, wgs_lat)
        off_lon, off_lat = moved_lon - lon, moved_lat - lat
        wgs_lon, wgs_lat = wgs_lon - off_lon, wgs_lat - off_lat
        if max(abs(off_lon), abs(off_lat)) < _GCJ_TOLERANCE_DEG:
            break
    return wgs_lon, wgs_lat


def _ring_area_m2(ring: LinearRing) -> float:
    if ring.is_empty:
        return 0.0
    area, _ = WGS84.polygon_area_perimeter(*shapely.get_coordinates(ring).T)
    return abs(float(area))


def _project(geometry: BaseGeometry, source: CRS, target: CRS) -> BaseGeometry:
    transformer = Transformer.from_crs(source, target, always_xy=True)

    def move(positions: Positions) -> Positions:
        return np.column_stack(transformer.transform(positions[:, 0], positions[:, 1]))

    return shapely.transform(geometry, move)


def _gcj_shift_deg(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    ripple = 20.0 * math.sin(6.0 * math.pi * x) + 20.0 * math.sin(2.0 * math.pi * x)
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m += (ripple + _waves(y, ((20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)))) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m += (ripple + _waves(x, ((20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)))) * 2.0 / 3.0
    phi = math.radians(lat)
    flat = 1.0 - _GCJ_ECCENTRICITY_SQUARED * math.sin(phi) ** 2
    meridian_m = _GCJ_SEMI_MAJOR_M * (1.0 - _GCJ_ECCENTRICITY_SQUARED) / flat**1.5
    parallel_m = _GCJ_SEMI_MAJOR_M / math.sqrt(flat) * math.cos(phi)
    return math.degrees(east_m / parallel_m), math.degrees(north_m / meridian_m)


def _waves(value: float, terms: tuple[tuple[float, float], ...]) -> float:
    return math.fsum(height * math.sin(value / length * math.pi) for height, length in terms)
