"""What is within reach, in words and areas for the browser."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon

from khorgos_map.draw import quantities
from khorgos_map.draw.words import number
from khorgos_map.measure.routing.reach import MARGIN_M, Reach
from khorgos_map.text import Catalogue

# What is narrower than twice this comes from following lines, not from the time.
SLIVER_DEG = 0.001


def reach_words(found: Reach, text: Catalogue) -> dict[str, Any]:
    """Return areas to draw, each without what less time reaches so that none covers another, and a line for each.

    The line tells the whole area. Positions are longitude, latitude on WGS 84.
    """
    areas, rows = [], []
    nearer = MultiPolygon()
    for one in found.within:
        minutes = round(one.limit_s / 60)
        areas.append({"minutes": minutes, "geometry": shapely.geometry.mapping(_beyond(one.area, nearer))})
        nearer = one.area
        rows.append(
            {
                "minutes": minutes,
                "text": text(
                    "reach.row",
                    time=quantities.duration(one.limit_s, text),
                    area=text("unit.km2", value=number(one.area_m2 / 1e6, text, decimals=0)),
                    roads=text("unit.km", value=number(one.road_m / 1000, text, decimals=0)),
                ),
            }
        )
    notes = [text("reach.note", margin=text("unit.km", value=number(MARGIN_M / 1000, text)))]
    if found.undecided:
        supposed_s = max(found.waits_s[passage] for passage in found.undecided)
        notes.append(text("reach.waits_unknown", time=quantities.duration(supposed_s, text)))
    west, south, east, north = shapely.union_all([one.area for one in found.within]).bounds
    return {"areas": areas, "rows": rows, "notes": notes, "bounds": [[west, south], [east, north]]}


def _beyond(area: MultiPolygon, nearer: MultiPolygon) -> MultiPolygon:
    parts = shapely.get_parts(area.difference(nearer))
    wide = [p for p in parts if isinstance(p, Polygon) and not p.buffer(-SLIVER_DEG).is_empty]
    return shapely.orient_polygons(MultiPolygon(wide))
