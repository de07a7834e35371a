"""The distance court in words: one row a published distance, for the page and for the command line."""

from __future__ import annotations

from khorgos_map.atlas import Atlas
from khorgos_map.draw import words
from khorgos_map.measure.court import Verdict, Way
from khorgos_map.measure.routing.records import Stop
from khorgos_map.measure.routing.verdict import TIMES_FROM_PERCENT
from khorgos_map.text import Catalogue

COLUMNS = ("court.road", "court.published", "court.straight", "court.ratio", "court.before", "court.today")


def verdict_row(verdict: Verdict, atlas: Atlas, text: Catalogue) -> list[str]:
    """Return the cells of a verdict under `COLUMNS`: the road, the figures, the old road and the road today."""
    start, end = (_name(stop, atlas, text) for stop in verdict.ends)
    return [
        f"{start} – {end}",
        text("unit.km", value=words.number(verdict.fact.km, text)),
        _kilometres(verdict.geodesic_m, text),
        words.number(verdict.detour_ratio, text, decimals=2),
        _cell(verdict, verdict.before, "before", text),
        _cell(verdict, verdict.today, "today", text),
    ]


def _cell(verdict: Verdict, way: Way | None, road: str, text: Catalogue) -> str:
    """Return a way's length, its error and the difference; marked where the figure is held against it."""
    if way is None:
        return "–"
    error = f" ± {words.number(way.sigma_m / 1000, text, decimals=1)}" if way.sigma_m is not None else ""
    if not verdict.comparable(way):
        return f"{_kilometres(way.distance_m, text)}{error} ({text('court.too_uncertain')})"
    covered = verdict.covered(way) is not False
    finding = text("court.within" if covered else "court.beyond") if verdict.held_against == road else ""
    found = (
        f"{_kilometres(way.distance_m, text)}{error} ({_difference(verdict.difference_percent(way), text)})"
    )
    return f"{found}: {finding}" if finding else found


def _difference(percent: float, text: Catalogue) -> str:
    """Return a difference in per cent with its sign; of what is several times as long, how many times."""
    if percent > TIMES_FROM_PERCENT:
        times = 1 + percent / 100
        return text("court.times", value=words.number(times, text, decimals=0 if times >= 10 else 1))
    size = text("unit.percent", value=words.number(abs(percent), text, decimals=1))
    return f"{'−' if percent < 0 else '+'}{size}"


def _name(stop: Stop, atlas: Atlas, text: Catalogue) -> str:
    identifier = stop.id or ""
    feature, node = atlas.feature.get(identifier), atlas.network.nodes.get(identifier)
    name = feature.properties.name if feature else node.properties.name if node else None
    return name.in_language(text.code)[0] if name else identifier


def _kilometres(metres: float, text: Catalogue) -> str:
    return text("unit.km", value=words.number(metres / 1000, text, decimals=1))
