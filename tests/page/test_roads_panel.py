"""What the server answers to the roads panel: nothing that is not so, and what is not known said."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from khorgos_map.measure.routing.records import Question, Route, RoutingError
from khorgos_map.page import content, roads
from khorgos_map.text import catalogue, languages


def asked_here(**query: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(roads.routes_of(query).body)
    return found


def test_a_name_of_several_places_is_told_as_what_it_became() -> None:
    first, last = asked_here(r="Khorgos;almaty")["stops"]
    assert first["name"] == "Khorgos reference point"
    assert "Khorgos reference point is taken" in first["notice"]
    assert last["notice"] is None


def test_a_place_off_the_road_has_a_range_and_no_nothing() -> None:
    (way, *_) = asked_here(r="44.30,79.95;zharkent")["routes"]
    totals, texts = dict(way["totals"]), catalogue("en")
    assert totals[texts("route.distance")] == texts("route.no_road_driven")
    assert totals[texts("route.whole")] == "15.6 km to 29.6 km"
    assert texts("route.drive") not in totals
    assert any(note.startswith("44.30000, 79.95000 lies 15.6 km") for note in way["notes"])
    assert "0.0 km" not in json.dumps(way)
    assert "0 km ±" not in json.dumps(way)


@pytest.mark.parametrize("code", languages())
def test_a_truck_is_told_why_it_goes_round_and_a_car_in_which_months_it_need_not(code: str) -> None:
    (truck, *_) = asked_here(r="yining;zhaosu", profile="truck", lang=code)["routes"]
    assert any("S237" in note and "122" not in truck["title"] for note in truck["notes"])
    *_, summer = asked_here(r="yining;zhaosu", lang=code)["routes"]
    months = {
        "en": "June to October only",
        "kk": "тек маусым – қазан",
        "ru": "только с июня по октябрь",
        "zh": "仅六月至十月",
    }
    assert months[code].casefold() in summer["title"].casefold()


def test_another_engine_may_find_the_ways_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    class Theirs:
        name = "osrm"

        def route(self, question: Question) -> Route:
            found = content.engine().route(question)
            return dataclasses.replace(found, engine=self.name, sigma_m=None, steps=())

    monkeypatch.setattr(content, "router", Theirs)
    (way,) = asked_here(r="almaty;zharkent")["routes"]
    assert any(note.startswith("Found by osrm on its own roads") for note in way["notes"])
    assert len(asked_here(r="almaty;zharkent", year="2006")["routes"]) >= 1
    monkeypatch.undo()
    monkeypatch.setenv(content.ENGINE, "osrm")
    monkeypatch.setenv(content.ENGINE_URL, "http://127.0.0.1:9")
    content.router.cache_clear()
    with pytest.raises(RoutingError, match=r"osrm at http://127\.0\.0\.1:9 cannot be reached"):
        roads.routes_of({"r": "almaty;zharkent"})
    content.router.cache_clear()
