"""Times OSRM's own bindings; started by a Python that has them, with the question on its standard input.

It stands alone: that Python need not have this package.
"""

import json
import statistics
import sys
import time
from importlib import import_module


def main() -> None:
    """Answer on the standard output: milliseconds a route, seconds a table, the metres of each route."""
    osrm = import_module("osrm")
    asked = json.load(sys.stdin)
    engine = osrm.OSRM(
        algorithm="CH",
        storage_config=asked["data"],
        use_shared_memory=False,
        max_locations_distance_table=len(asked["places"]) * 2,
    )
    metres: list[float | None] = []
    seconds: list[float] = []
    for origin, destination in asked["pairs"]:
        question = osrm.RouteParameters(coordinates=[tuple(origin), tuple(destination)], overview="full")
        started = time.perf_counter()
        try:
            answer = engine.Route(question)
        except RuntimeError:
            metres.append(None)
            continue
        seconds.append(time.perf_counter() - started)
        metres.append(answer["routes"][0]["distance"])
    places = [tuple(place) for place in asked["places"]]
    table = osrm.TableParameters(coordinates=places, annotations=["distance", "duration"])
    times = []
    for _ in range(3):
        started = time.perf_counter()
        engine.Table(table)
        times.append(time.perf_counter() - started)
    answer = {"route_ms": 1000 * statistics.median(seconds), "table_s": min(times), "metres": metres}
    sys.stdout.write(json.dumps(answer))


main()
