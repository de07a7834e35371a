"""The command `khorgos-map route`: its JSON, which other programs rely on, its words and its refusals."""

from __future__ import annotations

import argparse
import json
from typing import Any

import pytest

from khorgos_map.cli import route
from khorgos_map.errors import UsageError

CONTRACT = {
    "from", "to", "engine", "profile", "distance_m", "duration_s", "geodesic_m", "detour_ratio",
    "published_km", "published_claim", "difference_percent", "per_country_m", "crossings", "geometry",
}  # fmt: skip
FIVE_KM = {"almaty": 361, "taldykorgan": 321, "horgos-city": 1, "yining": 90, "urumqi": 670}


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    route.add_words(parser)
    return route.run(parser.parse_args(arguments))


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert run(*arguments, "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(("destination", "km"), FIVE_KM.items())
def test_the_json_of_each_published_distance(
    capsys: pytest.CaptureFixture[str], destination: str, km: float
) -> None:
    found = answer(capsys, "khorgos", destination)
    assert found.keys() >= CONTRACT
    assert (found["from"], found["to"], found["engine"], found["profile"]) == (
        "khorgos",
        destination,
        "embedded",
        "car",
    )
    assert found["published_km"] == km
    assert found["published_claim"] == f"distance-{destination}-{km}"
    assert found["difference_percent"] == pytest.approx((found["distance_m"] / 1000 / km - 1) * 100, abs=0.01)
    assert found["per_country_m"].keys() == {"KZ", "CN"}
    assert sum(found["per_country_m"].values()) == pytest.approx(found["distance_m"], abs=0.2)
    assert found["detour_ratio"] == pytest.approx(found["distance_m"] / found["geodesic_m"], abs=1e-3)
    assert found["geometry"]["type"] == "LineString"
    assert found["geometry"]["coordinates"][0] == pytest.approx([80.397, 44.198], abs=1e-3)
    assert found["duration_s"] == pytest.approx(
        (found["drive_s"]["low"] + found["drive_s"]["high"]) / 2, abs=1
    )


def test_a_way_through_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    by_shonzhy = answer(capsys, "khorgos", "almaty", "--via", "shonzhy", "--year", "2006")
    assert by_shonzhy["via"] == ["shonzhy"]
    assert by_shonzhy["verdict"].startswith(("Agrees", "Differs from the published 361 km by"))
    assert len(by_shonzhy["access_m"]) == 3


def test_positions_are_given_back_as_they_can_be_typed(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "43.9,80.2", "Алматы")
    assert found["from"] == "43.9,80.2"
    assert found["to"] == "almaty"
    assert found["published_km"] is found["published_claim"] is found["difference_percent"] is None


def test_a_wait_is_published_or_typed_or_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    car, truck = (answer(capsys, "urumqi", "khorgos", "--profile", p) for p in ("car", "truck"))
    assert car["wait_s"] is car["total_s"] is None
    assert truck["wait_s"]["low"] > 3600
    assert truck["total_s"]["low"] == pytest.approx(truck["drive_s"]["low"] + truck["wait_s"]["low"], abs=1)
    typed = answer(capsys, "khorgos", "urumqi", "--wait", "nur-zholy-horgos=0.5-2")
    assert typed["wait_s"] == {"low": 1800, "high": 7200}


def test_what_is_supposed_of_the_wait_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("khorgos", "urumqi") == 0
    assert "12 h at crossings for whose wait no figure was found" in capsys.readouterr().out
    assert answer(capsys, "khorgos", "urumqi")["supposed_wait_s"] == 12 * 3600
    assert answer(capsys, "khorgos", "almaty")["supposed_wait_s"] is None


@pytest.mark.parametrize(
    "words", [("44.3,79.0", "44.35,79.05"), ("khorgos", "almaty", "--via", "taldykorgan")]
)
def test_the_detour_ratio_is_one_and_counts_the_ways_to_the_road(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, *words)
    first, *between, last = found["access_m"]
    beside_m = first + last + 2 * sum(between)
    ratio = found["detour_ratio"]
    assert ratio == pytest.approx((found["distance_m"] + beside_m) / found["geodesic_m"], abs=1e-3)
    assert ratio >= 1
    assert run(*words) == 0
    assert float(capsys.readouterr().out.split("ratio ")[1].split()[0]) == pytest.approx(ratio, abs=0.006)


def test_two_places_that_meet_the_road_at_the_same_place_have_a_way_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = answer(capsys, "44.30,79.95", "zharkent")
    assert found["distance_m"] is found["sigma_m"] is found["duration_s"] is None
    assert found["whole_m"]["low"] == pytest.approx(found["geodesic_m"], abs=1)
    assert found["whole_m"]["high"] > 1.5 * found["whole_m"]["low"]
    assert [end["off_the_road"] for end in found["access"]] == [True, False]
    assert run("44.30,79.95", "zharkent") == 0
    told = capsys.readouterr().out
    assert "0.0 km" not in told
    assert " 0 min" not in told
    assert "15.6 km in a straight line from the nearest road of this network" in told


def test_what_lies_beside_the_road_is_in_the_whole_way_and_in_its_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = answer(capsys, "44.28,80.05", "zharkent")
    assert found["whole_m"]["low"] >= found["geodesic_m"] - 1
    assert found["whole_m"]["high"] > found["distance_m"] + sum(found["access_m"])
    assert found["sigma_m"] > 500
    by_node = answer(capsys, "khorgos", "almaty")
    assert by_node["whole_m"]["low"] == pytest.approx(by_node["distance_m"] - by_node["sigma_m"], abs=1)


def test_a_crossing_is_gone_round(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "khorgos", "yining", "--avoid", "nur-zholy-horgos")
    assert found["crossings"] == ["kalzhat-dulata"]


def test_other_ways(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "khorgos", "almaty", "--alternatives")
    assert 1 <= len(found["alternatives"]) <= 2
    assert found["alternatives"][0]["distance_m"] != found["distance_m"]


def test_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("Хоргос", "Үрімжі") == 0
    told = capsys.readouterr()
    assert "Khorgos reference point - Urumqi by car (embedded)" in told.out
    assert "nur-zholy-horgos" in told.out
    assert "670 km" in told.out
    assert "G30" in told.out
    assert (
        "of several places: Khorgos reference point (khorgos) is taken; also Khorgos (village) (khorgos-village)"
        in told.err
    )


def test_no_route_is_an_answer_and_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("khorgos", "48.9,79.5") == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("khorgos-map: no road within 25 km of 48.9, 79.5: the nearest, ")
    assert run("khorgos", "Khorgos reference point") == 1
    assert "start and end are the same place" in capsys.readouterr().err
    assert run("khorgos", "urumqi", "--year", "1970") == 1
    assert "no road for a car leads from" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["khorgos", "shonzy"], r"did you mean Shonzhy \(shonzhy\)"),
        (["khorgos", "almaty", "--via", "nowhere-at-all"], "unknown place"),
        (["khorgos", "almaty", "--avoid", "nur-zholy"], "nur-zholy-horgos"),
        (["khorgos", "almaty", "--wait", "nur-zholy-horgos"], "type a crossing and hours"),
        (["khorgos", "almaty", "--wait", "nur-zholy-horgos=5-2"], "nur-zholy-horgos=2-5"),
        (["khorgos", "almaty", "--wait", "khorgos=1-2"], "unknown crossing 'khorgos'"),
        (["khorgos", "almaty", "--engine-url", "http://127.0.0.1:1"], "--engine-url"),
        (["khorgos", "almaty", "--engine", "osrm"], "--engine-url"),
        (["khorgos", "almaty", "--engine", "osrm", "--engine-url", "http://127.0.0.1:1", "--alternatives"], "embedded"),
    ],
)  # fmt: skip
def test_words_that_do_not_fit(arguments: list[str], hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        run(*arguments)


def test_roads_of_a_year_say_that_not_all_dates_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("khorgos", "almaty", "--year", "1999") == 0
    assert "open in 1999, as far as their dates are known" in capsys.readouterr().out
    assert run("khorgos", "almaty") == 0
    assert "dates are known" not in capsys.readouterr().out


@pytest.mark.parametrize("year", ["18", "2OO6", "1066", "٢٠٠٦"])
def test_a_year_that_is_none(year: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("khorgos", "almaty", "--year", year)
    assert "is no year" in capsys.readouterr().err
