"""What the server answers to the tools: numbers that hold, and for any nonsense a reason instead of a failure."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from khorgos_map.measure.sketch import Sketch, encode_sketches
from khorgos_map.page.server import ROUTES
from khorgos_map.text import languages

ALMATY, KHORGOS = (76.9115, 43.2525), (80.397, 44.198)
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
words = st.text(max_size=60) | st.from_regex(
    r"-?\d{1,3}[.,]\d{1,6}[ ,;]+-?\d{1,3}[.,]\d{1,6}", fullmatch=True
)


class Server:
    """The routes, asked without a network, from a thread of their own: the browser tests keep a loop in this one."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._transport = httpx.ASGITransport(Starlette(routes=ROUTES))

    def get(self, path: str, **words: Any) -> httpx.Response:
        return self._thread.submit(lambda: asyncio.run(self._ask("GET", path, **words))).result()

    def post(self, path: str, **words: Any) -> httpx.Response:
        return self._thread.submit(lambda: asyncio.run(self._ask("POST", path, **words))).result()

    async def _ask(self, method: str, path: str, **words: Any) -> httpx.Response:
        async with httpx.AsyncClient(transport=self._transport, base_url="http://map.test") as client:
            return await client.request(method, path, timeout=60, **words)


@pytest.fixture(scope="module")
def server() -> Server:
    return Server()


def measured(server: Server, *sketches: Sketch, **asked: str) -> list[dict[str, object]]:
    answer = server.post("/khorgos/measure", params=asked, content=encode_sketches(sketches))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["sketches"]
    return found


def test_a_length_is_the_geodesic_in_the_unit_asked_for(server: Server) -> None:
    (line,) = measured(server, Sketch("line", (KHORGOS, ALMATY)), length="nmi")
    label, shown = line["totals"][0]  # type: ignore[index]
    nautical_miles = Geodesic.WGS84.Inverse(KHORGOS[1], KHORGOS[0], ALMATY[1], ALMATY[0])["s12"] / 1852
    assert label == "Length"
    assert float(shown.removesuffix(" nmi")) == pytest.approx(nautical_miles, abs=0.001)
    assert len(line["drawn"]) > 40  # type: ignore[arg-type]


def test_what_lies_around_is_measured_too(server: Server) -> None:
    (point,) = measured(server, Sketch("points", (ALMATY,)), around="2")
    label, shown = point["totals"][-1]  # type: ignore[index]
    assert label.startswith("Area within 2")
    assert float(shown.split()[0].replace(",", "")) == pytest.approx(3.1416 * 4 * 100, rel=0.01)
    assert point["around"]["type"] == "Polygon"  # type: ignore[index,call-overload]


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


@few
@given(code=st.text(max_size=80) | st.from_regex(r"[PLA][A-Za-z0-9_-]{1,60}(~.{0,9})?", fullmatch=True))
def test_any_sketch_is_measured_or_refused(server: Server, code: str) -> None:
    answer = server.post("/khorgos/measure", params={"pixel": "nan", "around": "1"}, content=code.encode())
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
    assert answer.status_code == 422
    assert "50" in answer.json()["error"]


@pytest.mark.parametrize("form", ["exe", ""])
def test_an_unknown_format_is_refused(server: Server, form: str) -> None:
    code = encode_sketches([Sketch("points", (ALMATY,))])
    answer = server.post("/khorgos/measured", params={"format": form}, content=code)
    assert answer.status_code == 422
    assert "geojson" in answer.json()["error"]
