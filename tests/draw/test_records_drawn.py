"""Record by record: what is drawn follows from the record, and its card says what the record says."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

import pytest
from shapely.geometry import shape

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.places import geometry_of, land_by_side
from khorgos_map.atlas.records import Feature
from khorgos_map.draw.cards import card
from khorgos_map.draw.facts_page import facts_page
from khorgos_map.draw.shapes import layer_shapes
from khorgos_map.geodesy import area_ha
from khorgos_map.text import catalogue, languages

ATLAS = sound_atlas(content_folder())
LAND = land_by_side(ATLAS)
FEATURES = [pytest.param(f, id=i) for i, f in ATLAS.feature.items()]
LOCATED = [pytest.param(f, id=i) for i, f in ATLAS.feature.items() if f.geometry is not None]
EN = catalogue("en")


def parts_of(feature: Feature) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(layer_shapes((feature,), LAND))["features"]
    return features


@pytest.mark.parametrize("feature", LOCATED)
def test_a_feature_is_drawn_as_its_record_says(feature: Feature) -> None:
    properties = feature.properties
    parts = parts_of(feature)
    shapes = [p["properties"] for p in parts if p["properties"]["role"] == "shape"]
    halos = [shape(p["geometry"]) for p in parts if p["properties"]["role"] != "shape"]
    assert shapes
    assert all(f"s-{properties.status}" in p["cls"] for p in shapes)
    assert sum("label" in p for p in shapes) == 1
    if properties.status in {"planned", "announced"}:
        assert not any("mark" in p for p in shapes)
        assert all(p["cls"].endswith("extent") for p in shapes)
    if properties.basis == "schematic" and not properties.sections:
        extent = any(p["cls"].endswith("extent") for p in shapes)
        assert extent or halos, "a schematic shape without the area in which it may lie"
    for halo in halos:
        assert halo.buffer(1e-5).intersects(geometry_of(feature))


@pytest.mark.parametrize("feature", LOCATED)
def test_where_it_may_lie_stays_on_its_bank(feature: Feature) -> None:
    opposite = LAND.get({"KZ": "CN", "CN": "KZ"}.get(feature.properties.side, ""))
    if opposite is None or feature.properties.sections:
        assert feature.properties.side == "both" or feature.properties.sections
        return
    for part in parts_of(feature):
        assert area_ha(shape(part["geometry"]).buffer(0).intersection(opposite)) < 1


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("code", languages())
def test_a_card_is_complete(feature: Feature, code: str) -> None:
    drawn = card(feature, ATLAS, catalogue(code))
    for field in ("name", "kind", "side", "status", "description", "precision", "sources", "licence"):
        assert drawn[field], field
    shown = {f["id"] for f in drawn.get("facts", [])}
    shown |= {r["id"] for f in drawn.get("facts", []) for r in f.get("rivals", [])}
    assert {c.id for c in ATLAS.claims_about.get(feature.properties.id, [])} <= shown
    for fact in drawn.get("facts", []):
        assert fact["claimant"]
        assert fact["asOf"]
        assert fact["source"]["title"]
        assert fact["source"]["seen"]
        assert fact["statement"]
    assert "{" not in json.dumps(
        [drawn["kind"], drawn["side"], drawn["status"], drawn.get("sections", [])]
    ).replace('{"', "")


def test_the_two_zones_hold_their_published_areas_on_their_own_banks(atlas: Atlas) -> None:
    for identifier, hectares in (("icbc-kz", 217), ("icbc-cn", 343)):
        feature = atlas.feature[identifier]
        geometry = geometry_of(feature)
        assert area_ha(geometry) == pytest.approx(hectares, abs=0.05)
        assert geometry.intersection(LAND[feature.properties.side]).area == pytest.approx(
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
    road: str, published: str, geodesic: float
) -> None:
    drawn = card(ATLAS.feature[road], ATLAS, EN)
    assert drawn["facts"][0]["value"] == published
    straight, ratio = drawn["computed"]
    assert float(straight["value"].removesuffix(" km")) == pytest.approx(geodesic, abs=0.4)
    assert float(ratio["value"]) == pytest.approx(float(published.removesuffix(" km")) / geodesic, rel=0.02)
    assert len(drawn["sections"]) >= 1


@pytest.mark.parametrize("code", languages())
def test_the_page_of_facts_names_every_claim_with_its_claimant(code: str) -> None:
    page = facts_page(ATLAS, catalogue(code))
    for claim in ATLAS.claims.values():
        assert ATLAS.claimants[claim.claimant].name.in_language(code).replace("’", "’") in page or "&" in page
    assert page.count("<section") == len(ATLAS.feature)
    assert not re.search(r"<script|javascript:", page)


def test_words_from_records_never_become_markup(atlas: Atlas) -> None:
    hostile = ATLAS.feature["zharkent"].model_copy(deep=True)
    texts = {"en": "<img src=x onerror=alert(1)>"}
    properties = hostile.properties.model_copy(
        update={"description": type(hostile.properties.description)(texts)}
    )
    feature = hostile.model_copy(update={"properties": properties})
    features = {**atlas.features, "places": (feature,)}
    page = facts_page(dataclasses.replace(atlas, features=features), EN)
    assert "<img" not in page
    assert "&lt;img src=x" in page
