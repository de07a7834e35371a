"""The records of the road network: junctions, road sections, published totals, and border crossings.

Positions are longitude, latitude in WGS 84 degrees; lengths are kilometres, as roads are published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, Self

from geojson_pydantic import LineString, Point
from pydantic import Field, model_validator

from khorgos_map.atlas.records import Basis, Id, Licence, Names, PartialDate, Record, Text

# Kyrgyzstan is off the map, but for the roads to its towns on the lake and to its capital.
Country = Literal["KZ", "CN", "KG"]
COUNTRIES: tuple[Country, ...] = ("KZ", "CN", "KG")
RoadClass = Literal["motorway", "trunk", "primary", "secondary", "tertiary", "city", "border"]
Surface = Literal["asphalt", "concrete", "gravel", "earth"]
LengthBasis = Literal["published", "derived", "traced", "estimated"]
Traffic = Literal["car", "bus", "truck", "pedestrian", "train"]


class NodeProperties(Record):
    """What is known of a place where road sections meet."""

    id: Id
    name: Names | None
    country: Country
    kind: Literal["town", "junction", "checkpoint", "boundary"]
    place: Id | None = None
    uncertainty_m: float = Field(gt=0)
    sources: tuple[Id, ...] = Field(min_length=1)
    licence: Licence


class Node(Record):
    """A place where road sections meet, or where a road enters a town."""

    type: Literal["Feature"]
    geometry: Point
    properties: NodeProperties


class NamedPlaceProperties(Record):
    """What is known of a place that can be named as the start or end of a way, though no road is known to meet it."""

    id: Id
    name: Names
    country: Country
    aliases: tuple[str, ...] = ()
    uncertainty_m: float = Field(gt=0)
    sources: tuple[Id, ...] = Field(min_length=1)
    licence: Licence


class NamedPlace(Record):
    """A village or district by name; ways to it end where the nearest road does."""

    type: Literal["Feature"]
    geometry: Point
    properties: NamedPlaceProperties


class Season(Record):
    """The months in which a road section is open as a rule, both included.

    ``supposed`` says that nothing was found by which it is open at all: such a section is kept off altogether.
    """

    first_month: int = Field(ge=1, le=12)
    last_month: int = Field(ge=1, le=12)
    supposed: bool = False

    @property
    def is_all_year(self) -> bool:
        """Whether the section is closed for no part of the year."""
        return (self.first_month, self.last_month) == (1, 12)

    def has(self, month: int | None) -> bool:
        """Return whether the section is open in a month; of no month in particular, whether it is all year."""
        return self.is_all_year if month is None else self.first_month <= month <= self.last_month

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first_month > self.last_month:
            raise ValueError(f"first_month {self.first_month} is after last_month {self.last_month}")
        return self


class Night(Record):
    """Between which hours a road section is closed at night, in its own time zone."""

    closes: Annotated[str, Field(pattern=r"^\d\d:\d\d$")]
    opens: Annotated[str, Field(pattern=r"^\d\d:\d\d$")]
    utc_offset_h: int


class Limits(Record):
    """When a road section is closed, and to whom: over which pass it leads, and who says so.

    ``trucks`` says what is known of heavy trucks; ``note`` names the notices and their years.
    """

    pass_name: Names | None
    pass_height_m: float | None = Field(gt=0)
    season: Season | None
    night: Night | None
    trucks: Literal["allowed", "forbidden", "unknown"]
    note: Text
    sources: tuple[Id, ...] = Field(min_length=1)


class EdgeProperties(Record):
    """What is known of one road section between two nodes.

    ``length_km`` is the section's own length and ``length_basis`` says where it comes from; where totals
    along a path adjusted it, ``length_adjusted_km`` is used for routing and the first stays beside it. A ``derived``
    length is worked out from the published one of a longer road, as ``note`` says.
    ``length_sigma_km`` is one standard deviation of the length used.
    """

    id: Id
    start: Id
    end: Id
    country: Country
    ref: str | None
    ref_old: str | None
    name: Text | None
    road_class: RoadClass
    surface: Surface
    oneway: bool = False
    length_km: float = Field(gt=0)
    length_basis: LengthBasis
    length_adjusted_km: float | None = Field(default=None, gt=0)
    length_sigma_km: float = Field(gt=0)
    speed_car_kmh: float = Field(gt=0)
    speed_truck_kmh: float = Field(gt=0)
    speed_basis: Literal["limit", "estimated"]
    truck: bool = True
    limits: Limits | None = None
    toll: bool = False
    opened: PartialDate | None
    closed: PartialDate | None = None
    crossing: Id | None = None
    basis: Basis
    uncertainty_m: float = Field(gt=0)
    sources: tuple[Id, ...] = Field(min_length=1)
    note: str | None = None
    licence: Licence


class Edge(Record):
    """One road section, drawn from its start to its end as well as its source allows."""

    type: Literal["Feature"]
    geometry: LineString
    properties: EdgeProperties


class Fact(Record):
    """A published road distance between two nodes along a declared path.

    ``via`` names the nodes the path passes, in order. A fact that is held out takes no part in the adjustment.
    """

    id: Id
    start: Id
    end: Id
    via: tuple[Id, ...]
    km: float = Field(gt=0)
    sigma_km: float = Field(gt=0)
    held_out: bool
    claim: Id | None
    source: Id
    locator: str | None
    note: str | None


class Hours(Record):
    """When a crossing is open, in its own time zone; ``None`` for the times where none are published."""

    days: Text
    opens: Annotated[str, Field(pattern=r"^\d\d:\d\d$")] | None
    closes: Annotated[str, Field(pattern=r"^\d\d:\d\d$")] | None
    utc_offset_h: int
    source: Id
    as_of: PartialDate


class Waiting(Record):
    """How long one kind of traffic waits at a crossing, as a range of hours somebody published or we suppose."""

    traffic: Traffic
    direction: Literal["KZ-CN", "CN-KZ", "KZ-KG", "KG-KZ", "both"]
    low_h: float = Field(ge=0)
    high_h: float = Field(ge=0)
    claim: Id | None
    source: Id | None
    as_of: PartialDate | None
    note: Text

    @model_validator(mode="after")
    def _shorter_first(self) -> Self:
        if self.low_h > self.high_h:
            raise ValueError(f"low_h {self.low_h:g} is more than high_h {self.high_h:g}")
        return self


class Crossing(Record):
    """A place where the border may be crossed: by what, since when, at what hours, after what wait."""

    id: Id
    name: Names
    feature: Id | None
    traffic: tuple[Traffic, ...] = Field(min_length=1)
    opened: PartialDate | None
    closed: PartialDate | None
    who: Text
    hours: tuple[Hours, ...]
    waiting: tuple[Waiting, ...]
    sources: tuple[Id, ...] = Field(min_length=1)


@dataclass(frozen=True)
class RoadNetwork:
    """All roads of a content folder by id; a folder without the part ``network`` has an empty one."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    crossings: Mapping[str, Crossing] = field(default_factory=dict)
    places: Mapping[str, NamedPlace] = field(default_factory=dict)

    @property
    def motor_crossings(self) -> tuple[str, ...]:
        """The ids of the crossings that vehicles have ever used."""
        return tuple(c.id for c in self.crossings.values() if {"car", "truck"} & set(c.traffic))
