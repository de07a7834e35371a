"""The command ``khorgos-map reach``: the roads, the land and the places within reach in a given time."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from shapely.geometry import mapping

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.cli.journey import add_journey_words, asked, in_hours, refuse
from khorgos_map.measure.routing.answer import called
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.places import Places
from khorgos_map.measure.routing.reach import ACCESS_KMH, MARGIN_M, Reach, Reached, access_s, reach
from khorgos_map.measure.routing.records import RoutingError, Stop
from khorgos_map.measure.routing.whole import DETOUR_AT_MOST, OFF_THE_ROAD_M

LONGEST_MINUTES = 24 * 60
KINDS = frozenset({"settlement", "junction", "checkpoint", "reference-point", "dry-port", "railway-station"})


def add_words(command: argparse.ArgumentParser) -> None:
    """Add what the command understands to its parser."""
    command.add_argument("origin", metavar="PLACE", help="a place id, a name in any language, or lat,lon")
    command.add_argument(
        "--minutes", type=_minutes, default=(60, 120, 240), help="limits (default: 60,120,240)"
    )
    add_journey_words(command)
    command.add_argument("--json", action="store_true", help="print GeoJSON, one feature for each limit")


def run(options: argparse.Namespace) -> int:
    """Print what is within reach; raises `UsageError` for words that cannot be understood."""
    atlas, question = asked(options, [options.origin])
    places = _places(atlas)
    engine = Embedded(atlas.network, land_by_side(atlas))
    try:
        found = reach(engine, question, [60 * m for m in options.minutes], places)
    except RoutingError as error:
        return refuse(error)
    if options.json:
        features = [_feature(found, reached, places, options.profile) for reached in found.within]
        print(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False))
    else:
        print("\n".join(_text(found, reached, places) for reached in found.within))
        for line in (*_access(found), *_waits(found)):
            print(line)
        if options.month is None:
            print(
                "roads that are closed for part of the year are left out; --month 8 takes those open in August"
            )
    return 0


def _places(atlas: Atlas) -> list[Stop]:
    known = Places(atlas)
    wanted = [f.properties for f in atlas.feature.values() if f.geometry and f.properties.kind in KINDS]
    return [known.find(own.id).stop for own in wanted if own.status == "existing"]


def _feature(found: Reach, reached: Reached, places: list[Stop], profile: str) -> dict[str, Any]:
    properties = {
        "from": called(found.access.stop),
        "profile": profile,
        "minutes": round(reached.limit_s / 60),
        "area_m2": round(reached.area_m2),
        "road_m": round(reached.road_m),
        "road_sigma_m": round(reached.sigma_m),
        "margin_m": MARGIN_M,
        "access_m": round(found.access.length_m, 1),
        "off_the_road": found.access.length_m > OFF_THE_ROAD_M,
        "access_s": round(access_s(found.access.length_m)),
        "access_note": f"access_m is in a straight line to the nearest road; how long it takes is not known, "
        f"access_s is supposed: 1 to {DETOUR_AT_MOST:g} times as far, at {ACCESS_KMH:g} km/h",
        "crossings": list(reached.crossings),
        "waits_s": {f"{crossing} {way}": seconds for (crossing, way), seconds in found.waits_s.items()},
        "waits_supposed": [f"{crossing} {way}" for crossing, way in sorted(found.supposed)],
        "waits_note": "as asked for, else the middle of the published wait; waits_supposed: no figure was found, "
        "so the longest known in that direction, at least 12 h",
        "places": {called(places[n]): round(seconds) for n, seconds in reached.places.items()},
        "places_access_m": {
            called(places[n]): round(found.place_access[n].length_m, 1) for n in reached.places
        },
    }
    return {"type": "Feature", "geometry": mapping(reached.area), "properties": properties}


def _text(found: Reach, reached: Reached, places: list[Stop]) -> str:
    names = [places[n].name or "" for n in sorted(reached.places, key=reached.places.__getitem__)]
    road = f"{reached.road_m / 1000:.0f} ± {reached.sigma_m / 1000:.0f} km of road"
    land = f"{reached.area_m2 / 1e6:.0f} km² within {MARGIN_M / 1000:g} km of it"
    return (
        f"{in_hours(reached.limit_s)} from {found.access.stop.name or called(found.access.stop)}: {road}, {land}\n"
        f"  places    {', '.join(names) or 'none'}\n"
        f"  crossings {', '.join(reached.crossings) or 'none'}"
    )


def _access(found: Reach) -> Iterator[str]:
    """Yield how far the place is from the road, and what time is supposed for that."""
    if round(found.access.length_m) > 0:
        straight = (
            f"{found.access.length_m / 1000:.1f} km in a straight line to the nearest road of this network"
        )
        supposed = in_hours(access_s(found.access.length_m))
        yield f"off road: {straight}; {supposed} are supposed for it, as it is not known"


def _waits(found: Reach) -> Iterator[str]:
    """Yield the waits counted at the crossings that matter: those passed, and those met whose wait is supposed."""
    passed = {crossing for reached in found.within for crossing in reached.crossings}
    for passage, seconds in found.waits_s.items():
        if passage[0] in passed or passage in found.undecided:
            supposed = ", supposed: no figure found" if passage in found.supposed else ""
            yield f"wait counted at {' '.join(passage)}: {in_hours(seconds)}{supposed}"


def _minutes(text: str) -> tuple[int, ...]:
    parts = text.split(",")
    if all(part.isdecimal() and 0 < int(part) <= LONGEST_MINUTES for part in parts):
        return tuple(sorted({int(part) for part in parts}))
    reason = f"{text!r}: type minutes with commas between them, 1 to {LONGEST_MINUTES}: 60,120,240"
    raise argparse.ArgumentTypeError(reason)
