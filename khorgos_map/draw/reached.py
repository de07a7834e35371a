"""What is within reach, in words and areas for the browser."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon

from khorgos_map.draw import quantities
from khorgos_map.draw.routed import BESIDE_THE_ROAD_M, off_road_words, road_distance, stop_name
from khorgos_map.draw.words import number
from khorgos_map.measure.routing.reach import ACCESS_KMH, MARGIN_M, Reach, access_s
from khorgos_map.measure.routing.whole import OFF_THE_ROAD_M
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
                    roads=road_distance(one.road_m, one.sigma_m, text),
                ),
            }
        )
    notes = [text("reach.note", margin=text("unit.km", value=number(MARGIN_M / 1000, text)))]
    if found.access.length_m > OFF_THE_ROAD_M:
        notes.append(off_road_words(stop_name(found.access.stop), found.access.length_m, text))
    if found.access.length_m > BESIDE_THE_ROAD_M:
        time = quantities.duration(access_s(found.access.length_m), text)
        notes.append(text("reach.access_time", time=time, speed=number(ACCESS_KMH, text)))
    if found.undecided:
        supposed_s = max(found.waits_s[passage] for passage in found.undecided)
        notes.append(text("reach.waits_unknown", time=quantities.duration(supposed_s, text)))
    whole = shapely.union_all([one.area for one in found.within])
    west, south, east, north = whole.bounds
    bounds = None if whole.is_empty else [[west, south], [east, north]]
    return {"areas": areas, "rows": rows, "notes": notes, "bounds": bounds}


def _beyond(area: MultiPolygon, nearer: MultiPolygon) -> MultiPolygon:
    parts = shapely.get_parts(area.difference(nearer))
    wide = [p for p in parts if isinstance(p, Polygon) and not p.buffer(-SLIVER_DEG).is_empty]
    return shapely.orient_polygons(MultiPolygon(wide))
