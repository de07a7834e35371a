"""The records of how the content is arranged: where the map opens, layers and groups, charts, the introduction."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from khorgos_map.atlas.records import Id, PartialDate, Record, Text


class Group(Record):
    """A named group of layers in the list beside the map."""

    id: Id
    name: Text


class Layer(Record):
    """One overlay that can be shown or hidden."""

    id: Id
    group: Id
    file: str
    name: Text
    about: Text
    shown: bool


class Home(Record):
    """Where the map opens: latitude and longitude in decimal degrees on WGS 84, zoom level."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    zoom: int = Field(ge=5, le=18)


class LayerList(Record):
    """Where the map opens, and the groups and layers in the order in which they are listed."""

    home: Home

    groups: tuple[Group, ...] = Field(min_length=1)
    layers: tuple[Layer, ...] = Field(min_length=1)


class ChartPoint(Record):
    """A claim in a chart; ``when`` is the date it speaks of, where that is not the date it was made.

    ``counts`` says what it counts, where the points of the chart do not all count the same: what differs in it is
    never drawn on one axis. ``unproven`` marks what is computed from a plan and therefore is one.
    """

    claim: Id
    when: PartialDate | None
    counts: Text | None = None
    unproven: bool = False


class Chart(Record):
    """Claims of one unit in the order of time.

    ``running`` totals count from January to their date, and are drawn as averages of the months they cover.
    """

    id: Id
    title: Text
    note: Text
    running: bool = False
    points: tuple[ChartPoint, ...] = Field(min_length=1)


class Pair(Record):
    """Two claims of the class task that exclude each other, and a sentence that explains why both were made."""

    id: Id
    claims: tuple[Id, Id]
    key: Text


class Correction(Record):
    """What was corrected on some features and in some claims, and when; corrections stay visible."""

    id: Id
    date: dt.date
    features: tuple[Id, ...] = Field(min_length=1)
    claims: tuple[Id, ...] = ()
    text: Text


class Introduction(Record):
    """The first-visit answer to "Which Khorgos?": one sentence and one outline for each."""

    title: Text
    lead: Text
    entries: tuple[IntroductionEntry, ...] = Field(min_length=1)


class IntroductionEntry(Record):
    """One of the things called Khorgos, the features that outline it, and a sentence."""

    features: tuple[Id, ...] = Field(min_length=1)
    name: Text
    sentence: Text
