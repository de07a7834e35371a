"""The records of the atlas: what a source, a claimant, a claim, a feature and a layer are.

Every record rejects unknown fields, so that a misspelt field is a fault and never silently lost.
Positions are ``[longitude, latitude]`` in decimal degrees on WGS 84 (RFC 7946); a unit stands in
every name.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from functools import cached_property
from typing import Annotated, Any, Literal, get_args

import shapely.geometry
from geojson_pydantic import LineString, MultiLineString, MultiPolygon, Point, Polygon
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel
from shapely.geometry.base import BaseGeometry

from khorgos_map.web_address import web_address

Status = Literal[
    "existing",
    "under_construction",
    "planned",
    "announced",
    "historical",
    "took_place",
    # of a year only, and never recorded: open or closed changes, and what has no date is not known to have been there
    "undated",
    "closed",
]
Basis = Literal["surveyed", "osm", "traced", "schematic"]
Side = Literal["KZ", "CN", "both"]
Unit = Literal[
    "ha",
    "km",
    "km2",
    "mm",
    "date",
    "text",
    "ratio",
    "percent",
    "count",
    "people",
    "people_million",
    "people_per_day",
    "people_per_hour",
    "trains",
    "trucks",
    "vehicles",
    "vehicles_per_day",
    "teu_thousand",
    "hours",
    "usd_million",
    "usd_billion",
    "kzt_billion",
    "cny_billion",
    "kzt",
    "kzt_per_usd",
    "t_million",
    "t_per_year",
    "m3_million_per_day",
    "mw",
    "gcal",
    "kwh_million",
]
ClaimStatus = Literal["reported", "planned", "announced", "computed", "superseded"]
Licence = Literal["ODbL-1.0", "CC-BY-4.0", "CC-BY-SA-4.0"]
SourceKind = Literal["press", "official", "operator", "academic", "visitor", "dataset", "computed"]
Kind = Literal[
    "administrative-unit",
    "airport",
    "boundary",
    "break-of-gauge",
    "checkpoint",
    "cooperation-centre",
    "dry-port",
    "event",
    "functional-zone",
    "gate",
    "logistics-zone",
    "industrial-zone",
    "infrastructure",
    "investment-project",
    "junction",
    "pole-of-inaccessibility",
    "programme",
    "reference-point",
    "railway",
    "railway-station",
    "road-route",
    "sea",
    "settlement",
    "special-economic-zone",
    "statistic",
    "zone",
]
Rank = Literal["preferred", "normal", "deprecated"]
# of several claims about one thing, in this order
RANKS: tuple[Rank, ...] = get_args(Rank)
UNPROVEN: frozenset[Status] = frozenset({"planned", "announced"})
OF_A_YEAR: frozenset[Status] = frozenset({"undated", "closed"})
# Of these a date is not looked for: they were there before the first year that the map can be shown as of.
LASTING: frozenset[Kind] = frozenset(
    {
        "administrative-unit",
        "boundary",
        "junction",
        "pole-of-inaccessibility",
        "programme",
        "reference-point",
        "sea",
        "settlement",
        "statistic",
    }
)

Geometry = Annotated[
    Point | LineString | MultiLineString | Polygon | MultiPolygon, Field(discriminator="type")
]


def shape_of(geometry: Geometry | None) -> BaseGeometry:
    """Return a geometry in shapely's form, longitude/latitude on WGS 84; an empty point where there is none."""
    if geometry is None:
        return shapely.Point()
    return shapely.geometry.shape({"type": geometry.type, "coordinates": geometry.coordinates})


def _hyphenated(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise ValueError("an id has lower-case letters, digits and single hyphens, no underscore")
    return text


def partial_date(text: str) -> str:
    """Return a date of year, month or day precision unchanged; raises ValueError if it is none."""
    if re.fullmatch(r"\d{4}(-\d\d){0,2}", text, re.ASCII):
        year, month, day = ([int(part) for part in text.split("-")] + [1, 1])[:3]
        with contextlib.suppress(ValueError):
            dt.date(year, month, day)
            return text
    raise ValueError("a date is YYYY, YYYY-MM or YYYY-MM-DD")


def _has_english(texts: dict[str, Any]) -> dict[str, Any]:
    if not texts.get("en"):
        raise ValueError("missing English")
    return texts


LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Id = Annotated[str, AfterValidator(_hyphenated)]
PartialDate = Annotated[str, AfterValidator(partial_date)]
WebAddress = Annotated[str, AfterValidator(web_address)]


class Record(BaseModel):
    """A frozen record that rejects fields it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(RootModel[Annotated[dict[LanguageCode, str | None], AfterValidator(_has_english)]]):
    """A statement in our own words by language code; a missing language falls back to English."""

    model_config = ConfigDict(frozen=True)

    def in_language(self, language: str) -> str:
        """Return the text in a language, or in English where there is none."""
        return self.root.get(language) or self.root["en"] or ""


class Name(Record):
    """A proper name in one language and how we know it."""

    text: str = Field(min_length=1)
    basis: Literal["sourced", "transliterated", "unverified"]


class Names(RootModel[Annotated[dict[LanguageCode, Name | None], AfterValidator(_has_english)]]):
    """The names of one thing by language code; ``None`` means none is known."""

    model_config = ConfigDict(frozen=True)

    def in_language(self, language: str) -> tuple[str, bool]:
        """Return the name in a language and True, or the English name and False where none is known."""
        name = self.root.get(language)
        english = self.root["en"]
        if name is not None:
            return name.text, True
        return (english.text if english else ""), False


class Source(Record):
    """A document or data set that was seen, or that is cited by one that was seen.

    ``not_found_again`` is the day on which it was sought once more in vain: nobody can confirm what it is cited for.
    """

    id: Id
    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    author: str | None
    published: PartialDate | None
    accessed: dt.date | None
    accessed_note: str | None = None
    seen: Literal["full", "excerpt", "cited_by"]
    cited_by: Id | None = None
    not_found_again: dt.date | None = None
    language: str
    licence: str
    kind: SourceKind
    datum: Literal["WGS84", "GCJ-02"] = "WGS84"
    url: WebAddress | None
    note: str | None = None


class Claimant(Record):
    """Who says so: an office, a company, a newspaper, a scholar, a data set."""

    id: Id
    name: Text
    kind: SourceKind


class Claim(Record):
    """One value of one attribute of one feature, as somebody stated it at some time."""

    id: Id
    subject: Id
    attribute: Id
    value: float | int | str
    unit: Unit
    as_of: PartialDate
    status: ClaimStatus
    rank: Rank
    rank_reason: str | None
    claimant: Id
    source: Id
    locator: str | None
    confidence: Literal["high", "medium", "low"]
    rivals: tuple[Id, ...] = ()
    statement: Text
    computed_by: str | None = None
    computed_from: tuple[Id, ...] = ()


class Continuation(Record):
    """Where a line goes on beyond what is drawn of it; positions are longitude/latitude on WGS 84."""

    position: tuple[float, float]
    text: Text


class Closure(Record):
    """A time in which something that exists was shut, and who says so; without an end it still is."""

    begins: PartialDate
    ends: PartialDate | None
    claims: tuple[Id, ...] = Field(min_length=1)


class Section(Record):
    """One part of a line and how well its course is known.

    ``straight`` is no road: it joins one to the point that distances are counted from.
    """

    basis: Basis | Literal["straight"]
    uncertainty_m: float = Field(gt=0)
    description: Text
    sources: tuple[Id, ...] = Field(min_length=1)


class Properties(Record):
    """What the atlas knows about one feature besides its geometry."""

    id: Id
    name: Names
    kind: Kind
    description: Text
    side: Side
    status: Status
    valid_from: PartialDate | None
    valid_to: PartialDate | None
    built_from: PartialDate | None = None
    closures: tuple[Closure, ...] = ()
    continues: tuple[Continuation, ...] = ()
    basis: Basis
    precision: Text
    uncertainty_m: float | None = Field(ge=0)
    datum: str
    datum_conversion: str | None = None
    area_fitted_to: Id | None = None
    within: Id | None = None
    destination: Id | None = None
    aliases: tuple[str, ...] = ()
    label_rank: int = Field(ge=1, le=5)
    map_label: Text | None = None
    sections: tuple[Section, ...] = ()
    sources: tuple[Id, ...] = Field(min_length=1)
    licence: Licence


class Feature(Record):
    """A GeoJSON feature; ``geometry`` is ``None`` where no location is published."""

    type: Literal["Feature"]
    geometry: Geometry | None
    properties: Properties

    @cached_property
    def shape(self) -> BaseGeometry:
        """What `shape_of` makes of the geometry, once for all threads: not to be prepared for questions."""
        return shape_of(self.geometry)


class BasemapProperties(Record):
    """The little a basemap feature says about itself."""

    id: Id
    kind: Literal["land", "lake", "road", "railway", "boundary", "country-label"]
    side: Side | None
    name: Names | None
    basis: Basis
    uncertainty_m: float = Field(gt=0)
    sources: tuple[Id, ...] = Field(min_length=1)
    licence: Licence


class BasemapFeature(Record):
    """A feature of the tile-free basemap."""

    type: Literal["Feature"]
    geometry: Geometry
    properties: BasemapProperties

    @cached_property
    def shape(self) -> BaseGeometry:
        """What `shape_of` makes of the geometry, once for all threads: not to be prepared for questions."""
        return shape_of(self.geometry)
