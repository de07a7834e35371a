"""What the roads panel says of a way beside what is published, and under an earlier year."""

from __future__ import annotations

from typing import Any

import pytest

from khorgos_map.text import catalogue, languages
from tests.page.asking import Server


def ways(server: Server, stops: str, **asked: str) -> list[dict[str, Any]]:
    answer = server.get("/khorgos/route", params={"r": stops, **asked})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["routes"]
    return found


def test_one_kilometre_to_the_city_is_told_in_times_and_with_its_reason(server: Server) -> None:
    (first, *_) = ways(server, "khorgos;horgos-city")
    assert first["verdict"].startswith("20.3 times the published 1 km")
    assert "edge of the centre" in first["verdict"]
    assert "%" not in first["verdict"]


def test_a_way_that_is_hardly_known_judges_no_figure(server: Server) -> None:
    (first, *_) = ways(server, "khorgos;horgos-city", year="2025", wait="khorgos-old:1-2")
    assert "1 km" in first["verdict"]
    (old, *_) = ways(server, "horgos-city;khorgos", year="2016")
    assert old["verdict"] is None, "nobody had said 1 km by 2016"


def test_under_an_earlier_year_only_what_had_been_said_is_held_against_a_way(server: Server) -> None:
    today, *_ = ways(server, "khorgos;almaty")
    assert "361 km" in today["verdict"]
    before, *_ = ways(server, "khorgos;almaty", year="2006")
    assert before["verdict"] is None
    assert any("2006" in note for note in before["notes"])


def test_the_ring_of_almaty_is_there_since_2023(server: Server) -> None:
    for year, there in (("2022", False), ("2023", True)):
        roads = {row[0] for way in ways(server, "almaty;khorgos", year=year) for row in way["steps"]}
        assert any("BAKAD" in road for road in roads) == there


@pytest.mark.parametrize("code", languages())
def test_the_words_about_a_crossing_are_those_of_today(server: Server, code: str) -> None:
    text = catalogue(code)
    now, *_ = ways(server, "almaty;yining", lang=code)
    then, *_ = ways(server, "almaty;yining", lang=code, year="2020")
    words = now["crossings"][0]["lines"][0]
    assert then["crossings"][0]["lines"][0] == text("route.who_today", words=words)


def test_a_wait_longer_than_ten_days_is_refused(server: Server) -> None:
    for hours in ("1-241", "9" * 400 + "-" + "9" * 400):
        answer = server.get(
            "/khorgos/route", params={"r": "khorgos;yining", "wait": f"nur-zholy-horgos:{hours}"}
        )
        assert answer.status_code == 422
        assert "240" in answer.json()["error"]


@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e400", "91", "-181"])
@pytest.mark.parametrize("form", ["decimal", "dms", "utm"])
def test_what_is_no_position_is_refused(server: Server, value: str, form: str) -> None:
    for place in ({"lat": value, "lon": "80"}, {"lat": "44", "lon": value.replace("91", "200")}):
        assert server.get("/khorgos/position", params={**place, "form": form}).status_code in {400, 422}


@pytest.mark.parametrize("pixel", ["1e-320", "1e-9", "inf", "-1", "x"])
def test_any_size_of_a_pixel_has_an_answer(server: Server, pixel: str) -> None:
    asked = {"lat": "44.2", "lon": "80.4", "pixel": pixel}
    assert server.get("/khorgos/position", params=asked).status_code == 200


@pytest.mark.parametrize("typed", ["almatty", "Shonzy", "Талдыкурган"])
def test_a_misspelt_name_answers_with_the_nearest_ones(server: Server, typed: str) -> None:
    answer = server.get("/khorgos/place", params={"q": typed})
    assert answer.status_code == 422
    assert "did you mean" in answer.json()["error"]


@pytest.mark.parametrize("typed", ["Paris", "巴黎", "nowhere", "qqqq"])
def test_a_name_far_from_all_is_refused_without_a_guess(server: Server, typed: str) -> None:
    answer = server.get("/khorgos/place", params={"q": typed})
    assert answer.status_code == 422
    assert "did you mean" not in answer.json()["error"]
    assert "lat,lon" in answer.json()["error"]


def test_a_straight_line_through_a_stop_is_called_so(server: Server) -> None:
    text = catalogue("en")
    direct, *_ = ways(server, "khorgos;almaty")
    through, *_ = ways(server, "khorgos;shonzhy;almaty")
    assert text("route.straight") in dict(direct["totals"])
    assert text("route.straight_via") in dict(through["totals"])


def test_a_way_says_whether_it_is_the_motorway(server: Server) -> None:
    titles = [way["title"] for way in ways(server, "khorgos;almaty")]
    assert titles[0].startswith("Motorway · KAZ06")
    assert any(title.startswith("Ordinary roads · A-2") for title in titles)


def test_the_two_countries_add_up_to_the_whole_that_is_shown(server: Server) -> None:
    text = catalogue("en")
    for stops in ("khorgos;urumqi", "almaty;urumqi", "khorgos;yining", "khorgos;horgos-city"):
        for way in ways(server, stops):
            rows = dict(way["totals"])
            whole = float(rows[text("route.distance")].split(" ± ")[0].removesuffix(" km").replace(",", ""))
            parts = [rows[text(key)] for key in ("measure.in_kz", "measure.in_cn")]
            assert sum(float(part.removesuffix(" km").replace(",", "")) for part in parts) == pytest.approx(
                whole
            )


def test_a_distance_is_no_finer_than_its_error(server: Server) -> None:
    for stops in ("khorgos;almaty", "khorgos;horgos-city", "khorgos;nur-zholy"):
        shown = dict(ways(server, stops)[0]["totals"])[catalogue("en")("route.distance")]
        distance, error = shown.replace(" km", "").split(" ± ")
        assert len(distance.partition(".")[2]) == len(error.partition(".")[2])
