"""What the server answers to the tools: numbers that hold, and for any nonsense a reason instead of a failure."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khorgos_map.measure.sketch import Sketch, encode_sketches
from khorgos_map.text import catalogue, languages
from tests.page.asking import ALMATY, Server, measured

few = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


words = st.text(max_size=60) | st.from_regex(
    r"-?\d{1,3}[.,]\d{1,6}[ ,;]+-?\d{1,3}[.,]\d{1,6}", fullmatch=True
)


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("form", ["decimal", "dms", "utm"])
def test_positions_are_told_in_every_form_and_language(server: Server, code: str, form: str) -> None:
    asked = {"lat": "44.198", "lon": "80.397", "form": form, "lang": code, "pixel": "10"}
    assert "44" in server.get("/khorgos/position", params=asked).json()["text"]


@pytest.mark.parametrize("code", languages())
def test_a_way_is_told_in_every_language(server: Server, code: str) -> None:
    answer = server.get(
        "/khorgos/route", params={"r": "zharkent;urumqi", "profile": "truck", "lang": code}
    ).json()
    first = answer["routes"][0]
    assert first["crossings"][0]["id"] == "nur-zholy-horgos"
    assert first["totals"]
    assert answer["stops"][1]["id"] == "urumqi"
    said = [word for row in first["totals"] for word in row] + [
        *first["notes"],
        *first["crossings"][0]["lines"],
        first["title"],
    ]
    assert not [text for text in said if "{" in text or "unit." in text]


def asked_way(server: Server, **asked: str) -> dict[str, Any]:
    answer: dict[str, Any] = server.get("/khorgos/route", params=asked).json()
    return answer


def test_a_crossing_whose_wait_was_typed_keeps_its_box(server: Server) -> None:
    for hours in ("44-44", "50-50", "200-240"):
        ways = asked_way(server, r="zharkent;yining", profile="truck", wait=f"kalzhat-dulata:{hours}")[
            "routes"
        ]
        assert "kalzhat-dulata" in {crossing["id"] for way in ways for crossing in way["crossings"]}
    assert len({way["title"] for way in ways}) == len(ways)


def test_a_way_names_its_crossing_its_time_with_the_wait_and_from_where_to_where(server: Server) -> None:
    way = asked_way(server, r="urumqi;zharkent", profile="truck")["routes"][0]
    assert "Nur Zholy – Horgos" in way["title"]
    assert "with the wait" in way["title"]
    assert any(
        note.startswith("To choose the way, crossings for which no figure for the wait was found")
        for note in way["notes"]
    )
    assert any(
        road.startswith("G30: ") and road.endswith(" – Qingshuihe (China)") for road, _, _ in way["steps"]
    )


def test_beside_the_road_the_ratio_counts_the_whole_way(server: Server) -> None:
    totals = dict(asked_way(server, r="44.3,79.0;44.35,79.05")["routes"][0]["totals"])
    texts = catalogue("en")
    assert float(totals[texts("route.detour")]) >= 1
    low, high = (float(word) for word in re.findall(r"\d+\.\d", totals[texts("route.access")]))
    assert low < high < 3 * low
    assert texts("route.whole") in totals


@pytest.mark.parametrize(
    "asked",
    [
        {"r": "khorgos;khorgos"},
        {"r": ";".join(["khorgos"] * 9)},
        {"r": "khorgos;almaty", "wait": "x"},
        {"r": "khorgos;almatyy"},
    ],
)
def test_why_there_is_no_way_is_said_in_each_language(server: Server, asked: dict[str, str]) -> None:
    said = {asked_way(server, **asked, lang=code)["error"] for code in languages()}
    assert len(said) == len(languages())
    assert not [text for text in said if "{" in text or "almaty," in text]


@few
@given(code=st.text(max_size=80) | st.from_regex(r"[PLA][A-Za-z0-9_-]{1,60}(~.{0,9})?", fullmatch=True))
def test_any_sketch_is_measured_or_refused(server: Server, code: str) -> None:
    answer = server.post("/khorgos/measure", params={"form": "utm", "around": "1"}, content=code.encode())
    assert answer.status_code in {200, 422}
    assert answer.status_code == 200 or answer.json()["error"]


@few
@given(first=words, second=words, wait=st.text(max_size=20), lang=st.sampled_from([*languages(), "tlh"]))
def test_any_words_are_a_way_or_a_reason(
    server: Server, first: str, second: str, wait: str, lang: str
) -> None:
    for path, asked in (
        ("place", {"q": first}),
        ("route", {"r": f"{first};{second}", "wait": wait}),
        ("reach", {"r": first}),
        ("position", {"lat": first, "lon": second}),
    ):
        answer = server.get(f"/khorgos/{path}", params={**asked, "lang": lang})
        assert answer.status_code in {200, 400, 422}
        assert answer.status_code == 200 or "\n" not in answer.json()["error"].strip()


@few
@given(body=st.binary(max_size=300), name=st.text(max_size=20))
def test_any_file_is_read_or_refused(server: Server, body: bytes, name: str) -> None:
    answer = server.post("/khorgos/upload", params={"name": name}, content=body)
    assert answer.status_code in {200, 422}
    assert answer.status_code == 200 or answer.json()["error"]


def test_more_than_may_be_sent_is_refused_while_it_comes(server: Server) -> None:
    answer = server.post("/khorgos/upload", params={"name": "large.csv"}, content=b"1" * 50_000_001)
    assert answer.status_code == 413
    assert "50" in answer.json()["error"]


@pytest.mark.parametrize("form", ["exe", ""])
def test_an_unknown_format_is_refused(server: Server, form: str) -> None:
    code = encode_sketches([Sketch("points", (ALMATY,))])
    answer = server.post("/khorgos/measured", params={"format": form}, content=code)
    assert answer.status_code == 422
    assert "geojson" in answer.json()["error"]


def test_near_a_pole_positions_are_in_degrees_whatever_was_chosen(server: Server) -> None:
    (pole,) = measured(server, Sketch("points", ((10.0, 86.0),)), form="utm")
    assert pole["vertices"][0][1] == "86.00000, 10.00000"  # type: ignore[index]


@pytest.mark.parametrize("year", ["9" * 5000, "٢٠١٥", "1e3", ""])
def test_a_year_that_is_none_counts_as_today(server: Server, year: str) -> None:
    today = asked_way(server, r="khorgos;almaty")
    assert asked_way(server, r="khorgos;almaty", year=year) == today
