"""The limits of roads in words: passes, months, nights, trucks."""

from __future__ import annotations

from collections.abc import Iterator

from babel.dates import get_month_names

from khorgos_map.atlas.roads import Edge, Limits, RoadNetwork, Season
from khorgos_map.draw.words import number
from khorgos_map.measure.routing.limits import KeptOff, limited, open_months
from khorgos_map.measure.routing.records import Route
from khorgos_map.text import Catalogue

ALL_YEAR = (1, 12)


def limits_note(edge: Edge, text: Catalogue) -> str:
    """Return what closes a road section, with the notices that say so; for a section that has limits."""
    return f"{limits_of(edge, text)}. {notices_of(edge, text)}"


def notices_of(edge: Edge, text: Catalogue) -> str:
    """Return the notices that close a road section, with their years; empty for one without limits."""
    limits = edge.properties.limits
    return limits.note.in_language(text.code) if limits else ""


def limits_of(edge: Edge, text: Catalogue) -> str:
    """Return what closes a road section, in one phrase."""
    own = edge.properties
    road = own.ref or (own.name.in_language(text.code) if own.name else text("route.local_road"))
    limits = own.limits
    if limits is None:
        return road
    return f"{_over(road, limits, text)}: {', '.join(_phrases(limits, text))}"


def _over(road: str, limits: Limits, text: Catalogue) -> str:
    if limits.pass_name is None:
        return road
    words = {"road": road, "pass": limits.pass_name.in_language(text.code)[0]}
    if limits.pass_height_m is None:
        return text("limits.pass", **words)
    height = text("unit.m", value=number(limits.pass_height_m, text, decimals=0))
    return text("limits.pass_height", height=height, **words)


def _phrases(limits: Limits, text: Catalogue) -> Iterator[str]:
    if limits.season:
        yield _season(limits.season, text)
    if limits.night:
        night = limits.night
        yield text("limits.night", closes=night.closes, opens=night.opens, zone=f"UTC+{night.utc_offset_h}")
    if limits.trucks == "forbidden":
        yield text("limits.trucks_forbidden")
    elif limits.trucks == "unknown":
        yield text("limits.trucks_unknown")


def _season(season: Season, text: Catalogue) -> str:
    if season.is_all_year:
        return text("limits.all_year")
    return text("limits.months", **_months((season.first_month, season.last_month), text))


def _months(months: tuple[int, int], text: Catalogue) -> dict[str, str]:
    # Russian has "с июня по октябрь": the first in the genitive, as in a date, the last as it is named alone
    in_dates, alone = (get_month_names("wide", form, text.code) for form in ("format", "stand-alone"))
    first, last = months
    return {"first": str((in_dates if text.code == "ru" else alone)[first]), "last": str(alone[last])}


def months_in_title(route: Route, network: RoadNetwork, text: Catalogue) -> str | None:
    """Return in which months a route can be driven, in a few words; ``None`` for one that is open all year."""
    months = open_months(route, network)
    return None if months == ALL_YEAR else text("limits.title", **_months(months, text))


def season_notes(route: Route, network: RoadNetwork, text: Catalogue) -> Iterator[str]:
    """Yield when a route can be driven, and what closes its sections."""
    sections = limited(route, network)
    months = open_months(route, network)
    if months != ALL_YEAR:
        yield text("limits.only", **_months(months, text))
    for edge in sections:
        yield limits_note(edge, text)


def kept_off_note(off: KeptOff, distance: str, text: Catalogue) -> str:
    """Return why a quicker way of some length, told in words, is not taken."""
    return text(
        "limits.kept_off", distance=distance, limits="; ".join(limits_of(edge, text) for edge in off.edges)
    )
