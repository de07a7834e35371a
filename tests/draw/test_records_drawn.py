"""Record by record: what is drawn follows from the record, and its card says what the record says."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import geometry_of
from khorgos_map.atlas.records import Feature
from khorgos_map.draw.cards import card
from khorgos_map.draw.facts_page import facts_page
from khorgos_map.draw.shapes import layer_shapes
from khorgos_map.geodesy import area_ha
from khorgos_map.text import catalogue, languages
from tests.atlas.spoiling import changed

EN = catalogue("en")


Land = Mapping[str, BaseGeometry]


def parts_of(feature: Feature, land: Land) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(layer_shapes((feature,), land))["features"]
    return features


def undrawn(feature: Feature, parts: list[dict[str, Any]]) -> list[str]:
    """Return what of a record its drawn parts do not say."""
    properties = feature.properties
    shapes = [p["properties"] for p in parts if p["properties"]["role"] == "shape"]
    halos = [shape(p["geometry"]) for p in parts if p["properties"]["role"] != "shape"]
    extents = [p["cls"].endswith("extent") for p in shapes]
    unproven = properties.status in {"planned", "announced"}
    schematic = properties.basis == "schematic" and not properties.sections
    place = geometry_of(feature)
    rules = {
        "a shape": shapes,
        "its status": all(f"s-{properties.status}" in p["cls"] for p in shapes),
        "one label": sum("label" in p for p in shapes) == 1,
        "no pin on what is planned": not unproven or not any("mark" in p for p in shapes),
        "an extent of what is planned": not unproven or all(extents),
        "the area in which a schematic shape may lie": not schematic or any(extents) or halos,
        "a halo around it": all(halo.buffer(1e-5).intersects(place) for halo in halos),
    }
    return [rule for rule, kept in rules.items() if not kept]


def test_features_are_drawn_as_their_records_say(atlas: Atlas, land: Land) -> None:
    located = {i: feature for i, feature in atlas.feature.items() if feature.geometry is not None}
    found = {i: undrawn(feature, parts_of(feature, land)) for i, feature in located.items()}
    assert {i: rules for i, rules in found.items() if rules} == {}
    airport, port = located["airport-skyhansa"], located["dry-port"]
    assert undrawn(airport, parts_of(port, land)) == [
        "its status",
        "no pin on what is planned",
        "an extent of what is planned",
        "a halo around it",
    ]
    assert "a shape" in undrawn(port, [])


def over_the_border(feature: Feature, land: Land) -> bool:
    """Return whether a hectare or more of where a feature may lie is on the other bank than its record says."""
    opposite = land.get({"KZ": "CN", "CN": "KZ"}.get(feature.properties.side, ""))
    if opposite is None or feature.properties.sections:
        return False
    halos = [shape(part["geometry"]).buffer(0) for part in parts_of(feature, land)]
    return any(area_ha(halo.intersection(opposite)) >= 1 for halo in halos)


def test_where_a_thing_may_lie_stays_on_its_bank(atlas: Atlas, land: Land) -> None:
    located = {i: feature for i, feature in atlas.feature.items() if feature.geometry is not None}
    assert [i for i, feature in located.items() if over_the_border(feature, land)] == []
    of_one_side = [i for i, f in located.items() if f.properties.side != "both" and not f.properties.sections]
    assert len(of_one_side) > 20
    assert over_the_border(changed(located["icbc-cn"], "properties.side", "KZ"), land)


def unsaid(feature: Feature, drawn: dict[str, Any], atlas: Atlas) -> list[str]:
    """Return what a feature's card does not say of it."""
    fields = ("name", "kind", "side", "status", "description", "precision", "sources", "licence")
    missing = [field for field in fields if not drawn.get(field)]
    facts = drawn.get("facts", [])
    shown = {f["id"] for f in facts} | {r["id"] for f in facts for r in f.get("rivals", [])}
    missing += {c.id for c in atlas.claims_about.get(feature.properties.id, [])} - shown
    for fact in facts:
        missing += [
            f"{fact['id']}: {field}" for field in ("claimant", "asOf", "statement") if not fact[field]
        ]
        missing += [
            f"{fact['id']}: source: {field}" for field in ("title", "seen") if not fact["source"][field]
        ]
    told = json.dumps([drawn.get("kind"), drawn.get("side"), drawn.get("status"), drawn.get("sections", [])])
    return [*missing, *(["a filled placeholder"] if "{" in told.replace('{"', "") else [])]


@pytest.mark.parametrize("code", languages())
def test_cards_are_complete(atlas: Atlas, code: str) -> None:
    text = catalogue(code)
    found = {i: unsaid(feature, card(feature, atlas, text), atlas) for i, feature in atlas.feature.items()}
    assert {i: missing for i, missing in found.items() if missing} == {}


def test_a_card_that_is_not_complete_is_noticed(atlas: Atlas) -> None:
    zone = atlas.feature["icbc-kz"]
    whole = card(zone, atlas, EN)
    spoilt: dict[str, Any] = {
        "precision": "",
        "facts": whole["facts"][1:],
        "facts.0.claimant": "",
        "facts.0.source.seen": "",
        "kind": "{kind}",
    }
    assert [
        path for path, value in spoilt.items() if not unsaid(zone, changed(whole, path, value), atlas)
    ] == []


def test_the_two_zones_hold_their_published_areas_on_their_own_banks(atlas: Atlas, land: Land) -> None:
    for identifier, hectares in (("icbc-kz", 217), ("icbc-cn", 343)):
        feature = atlas.feature[identifier]
        geometry = geometry_of(feature)
        assert area_ha(geometry) == pytest.approx(hectares, abs=0.05)
        assert geometry.intersection(land[feature.properties.side]).area == pytest.approx(
            geometry.area, rel=1e-6
        )


@pytest.mark.parametrize(
    ("road", "published", "geodesic"),
    [
        ("road-khorgos-almaty", "361 km", 299.8),
        ("road-khorgos-taldykorgan", "321 km", 184.5),
        ("road-khorgos-horgos-city", "1 km", 1.9),
        ("road-khorgos-yining", "90 km", 80.5),
        ("road-khorgos-urumqi", "670 km", 579.3),
    ],
)
def test_a_road_quotes_its_distance_and_computes_the_straight_line(
    atlas: Atlas, road: str, published: str, geodesic: float
) -> None:
    drawn = card(atlas.feature[road], atlas, EN)
    assert drawn["facts"][0]["value"] == published
    straight, ratio = drawn["computed"]
    assert float(straight["value"].removesuffix(" km")) == pytest.approx(geodesic, abs=0.4)
    assert float(ratio["value"]) == pytest.approx(float(published.removesuffix(" km")) / geodesic, rel=0.02)
    assert len(drawn["sections"]) >= 1


@pytest.mark.parametrize("code", languages())
def test_the_page_of_facts_names_every_claim_with_its_claimant(atlas: Atlas, code: str) -> None:
    page = facts_page(atlas, catalogue(code))
    claimants = {claim.claimant for claim in atlas.claims.values()}
    names = {
        claimant: html.escape(atlas.claimants[claimant].name.in_language(code)) for claimant in claimants
    }
    assert [claimant for claimant, name in names.items() if name not in page] == []
    assert page.count("<section") == len(atlas.feature)
    assert not re.search(r"<script|javascript:", page)


def test_words_from_records_never_become_markup(atlas: Atlas) -> None:
    hostile = atlas.feature["zharkent"].model_copy(deep=True)
    texts = {"en": "<img src=x onerror=alert(1)>"}
    properties = hostile.properties.model_copy(
        update={"description": type(hostile.properties.description)(texts)}
    )
    feature = hostile.model_copy(update={"properties": properties})
    features = {**atlas.features, "places": (feature,)}
    page = facts_page(dataclasses.replace(atlas, features=features), EN)
    assert "<img" not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize("place", ["almaty", "taldykorgan", "urumqi", "yining", "horgos-city", "khorgos"])
def test_the_card_of_an_end_of_a_published_road_has_the_published_distance(atlas: Atlas, place: str) -> None:
    facts = card(atlas.feature[place], atlas, catalogue("en"))["facts"]
    assert any(fact["attribute"] == "Published road distance" and "km" in fact["value"] for fact in facts)


def test_nothing_printed_large_has_a_card_without_a_claim(atlas: Atlas) -> None:
    large = [f for f in atlas.feature.values() if f.geometry and f.properties.label_rank <= 2]
    silent = [f.properties.id for f in large if not card(f, atlas, catalogue("en")).get("facts")]
    assert silent == []
    assert card(atlas.feature["railway-horgos-jinghe"], atlas, catalogue("en"))["facts"]
