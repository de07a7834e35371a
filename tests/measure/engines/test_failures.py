"""Whatever a server does, the answer is one or two plain lines that name it and say what would help."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from khorgos_map.errors import UsageError
from khorgos_map.measure.routing.http_json import JsonServer
from khorgos_map.measure.routing.osrm import Osrm
from khorgos_map.measure.routing.records import Question, RoutingError, Stop
from khorgos_map.measure.routing.valhalla import Valhalla
from tests.measure.engines.fake import Fake
from tests.measure.engines.network import LAND, NETWORK

HERE, THERE = Stop((79.6, 44.2), "Here"), Stop((80.9, 44.2), "There")
LINE = [[79.6, 44.2], [80.9, 44.2]]
STEP = {"name": "", "distance": 104000.0, "duration": 4000.0}
OSRM_ROUTE = {
    "distance": 104000.0,
    "duration": 4000.0,
    "geometry": {"coordinates": LINE},
    "legs": [{"steps": [STEP]}],
}
OSRM = {"code": "Ok", "routes": [OSRM_ROUTE], "waypoints": [{"location": p} for p in LINE]}
# two positions in the encoded polyline format: 44.2, 79.6 and 44.2, 80.9
SHAPE = "_clrsAohywwL?_jkmpA"
VALHALLA = {
    "trip": {
        "summary": {"length": 104.0, "time": 4000.0},
        "legs": [{"shape": SHAPE, "maneuvers": [{"length": 104.0, "time": 4000.0}]}],
    }
}
PATIENCE_S = 60.0
HELP = "; the embedded engine needs no server (--engine embedded)"


@pytest.fixture
def fake() -> Iterator[Fake]:
    server = Fake()
    yield server
    server.stop()


def message(engine: str, url: str, timeout_s: float = PATIENCE_S, question: Question | None = None) -> str:
    """Return what a user is told when a route fails."""
    asked = (
        Osrm(url, NETWORK, LAND, timeout_s)
        if engine == "osrm"
        else Valhalla(JsonServer("valhalla", url, timeout_s), NETWORK, LAND)
    )
    with closing(asked), pytest.raises(RoutingError) as caught:
        asked.route(question or Question((HERE, THERE)))
    text = str(caught.value)
    assert len(text.splitlines()) <= 2
    return text


both = pytest.mark.parametrize("engine", ["osrm", "valhalla"])


@both
def test_nobody_listens(engine: str) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert message(engine, url) == f"{engine} at {url} cannot be reached: connection refused{HELP}"


@both
def test_no_such_host(engine: str) -> None:
    text = message(engine, "http://routing.invalid")
    assert text.startswith(f"{engine} at http://routing.invalid cannot be reached: ")


@both
def test_no_answer_in_time(engine: str, fake: Fake) -> None:
    waiting = threading.Event()

    def say(handler: BaseHTTPRequestHandler) -> None:
        waiting.wait(PATIENCE_S)

    fake.say = say
    try:
        assert message(engine, fake.url, 0.2) == f"{engine} at {fake.url} gave no answer within 0.2 s{HELP}"
    finally:
        waiting.set()


@both
def test_an_answer_that_never_ends(engine: str, fake: Fake) -> None:
    stop = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1000):  # without end but for whom it is tested on
            if stop.wait(0.02):
                return
            handler.wfile.write(b" ")

    fake.say = drip
    try:
        assert "gave no answer within 0.3 s" in message(engine, fake.url, 0.3)
    finally:
        stop.set()


@both
def test_the_connection_is_cut(engine: str, fake: Fake) -> None:
    fake.say = lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)
    assert "cannot be reached: server disconnected" in message(engine, fake.url)


@both
@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (
            502,
            b"<html>Bad Gateway</html>",
            "answered 502 Bad Gateway without a reason; is it a routing engine?",
        ),
        (404, b"", "answered 404 Not Found without a reason; is it a routing engine?"),
        (500, b'{"detail": 1}', "answered 500 Internal Server Error without a reason"),
        (301, b"", "answered 301 Moved Permanently; is this its full address?"),
        (204, b"", "answered 204 No Content; is this its full address?"),
        (200, b"<!DOCTYPE html><title>Welcome</title>", "did not answer with JSON"),
        (200, b"", "did not answer with JSON"),
        (200, b"\xff\xfe{", "did not answer with JSON"),
        (200, b"[" * 100_000, "did not answer with JSON"),
        (200, b"[]", "gave an answer that cannot be read: answer: input should be"),
        (200, b"{}", "gave an answer that cannot be read: "),
        (
            400,
            b'{"code": "TooBig", "message": "Too many\\n\\u001b[31mthings"}',
            "refused: Too many [31mthings",
        ),
        (400, b'{"error_code": 154, "error": "Path distance exceeds"}', "refused: Path distance exceeds"),
        (418, b"short and stout", "answered 418 I'm a Teapot without a reason"),
        (599, b"", "answered 599 without a reason"),
    ],
)
def test_an_answer_that_is_none(engine: str, status: int, body: bytes, reason: str, fake: Fake) -> None:
    fake.answers(body, status)
    text = message(engine, fake.url)
    assert text.startswith(f"{engine} at {fake.url} {reason}")
    assert text.endswith(HELP)


def altered(whole: Any, path: str, value: Any) -> Any:
    """Return a copy of an answer in which one field is another, or is left out if that is ``...``."""
    copy = json.loads(json.dumps(whole))
    *way, last = [int(key) if key.isdecimal() else key for key in path.split(".")]
    inner = copy
    for key in way:
        inner = inner[key]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("routes", ...),
        ("routes", []),
        ("routes.0.distance", ...),
        ("routes.0.distance", "far"),
        ("routes.0.distance", -1),
        ("routes.0.distance", float("nan")),
        ("routes.0.duration", float("inf")),
        ("routes.0.geometry", "a~l~Fjk~uOwHJy@P"),
        ("routes.0.geometry.coordinates", [[79.6, 44.2]]),
        ("routes.0.geometry.coordinates", [[44.2, 79.6], [44.2, 190.0]]),
        ("routes.0.legs.0.steps", ...),
        ("waypoints", ...),
        ("waypoints.0.location", None),
    ],
)
def test_an_answer_of_osrm_with_a_wrong_field(path: str, value: Any, fake: Fake) -> None:
    fake.answers(altered(OSRM, path, value))
    assert f"osrm at {fake.url} gave an answer that cannot be read: {path.partition('.')[0]}" in message(
        "osrm", fake.url
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("trip", ...),
        ("trip.legs", []),
        ("trip.summary.length", None),
        ("trip.summary.time", -4),
        ("trip.legs.0.shape", 7),
        ("trip.legs.0.maneuvers", ...),
    ],
)
def test_an_answer_of_valhalla_with_a_wrong_field(path: str, value: Any, fake: Fake) -> None:
    fake.answers(altered(VALHALLA, path, value))
    assert f"valhalla at {fake.url} gave an answer that cannot be read: {path}" in message(
        "valhalla", fake.url
    )


@pytest.mark.parametrize("shape", ["", "?", "_clrsAohywwL", "~~~~~~~~~~~~", "é" * 9])
def test_a_line_of_valhalla_that_makes_no_sense(shape: str, fake: Fake) -> None:
    fake.answers(altered(VALHALLA, "trip.legs.0.shape", shape))
    assert "valhalla answered with a line that cannot be read" in message("valhalla", fake.url)


def test_too_few_places_in_an_answer(fake: Fake) -> None:
    three = Question((HERE, THERE, HERE))
    fake.answers(OSRM)
    assert "osrm answered with 2 places to 3" in message("osrm", fake.url, question=three)
    fake.answers(VALHALLA)
    assert "valhalla answered with 1 legs to 3 places" in message("valhalla", fake.url, question=three)


def test_no_way_is_said_in_our_words(fake: Fake) -> None:
    fake.answers({"code": "NoRoute", "message": "Impossible route between points"}, 400)
    assert message("osrm", fake.url) == "osrm knows no road for a car from Here to There"
    for code in (170, 442):
        fake.answers({"error_code": code, "error": "No path could be found for input"}, 400)
        assert message("valhalla", fake.url) == "valhalla knows no road for a car from Here to There"


def test_a_road_too_far_away_is_refused_even_if_the_server_does_not(fake: Fake) -> None:
    fake.answers(altered(OSRM, "waypoints.1.location", [83.0, 44.2]))
    assert message("osrm", fake.url) == "no road within 25 km of There: the nearest is 168 km away"


def test_a_table_of_the_wrong_size(fake: Fake) -> None:
    fake.answers({"distances": [[1.0]], "durations": [[1.0]], "sources": [], "destinations": []})
    with (
        closing(Osrm(fake.url, NETWORK, LAND)) as engine,
        pytest.raises(RoutingError, match="a table that has not 2 x 1 values"),
    ):
        engine.matrix([HERE, THERE], [HERE], "car")


def test_the_profile_is_passed_on(fake: Fake) -> None:
    fake.answers(OSRM)
    with closing(Osrm(f"{fake.url}/behind/a/path/", NETWORK, LAND)) as engine:
        engine.route(Question((HERE, THERE), profile="truck"))
    assert fake.seen[0].startswith("/behind/a/path/route/v1/truck/79.600000,44.200000;80.900000,44.200000?")


@both
def test_a_password_in_the_address_is_not_shown(engine: str, fake: Fake) -> None:
    fake.answers(b"", 401)
    text = message(engine, fake.url.replace("http://", "http://me:secret@"))
    assert "secret" not in text
    assert fake.url in text


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:5000",
        "ftp://127.0.0.1",
        "http://",
        "http://[::1",
        "http://a:99999",
        "http://a/?key=1",
        "http://a b",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(UsageError, match=r"is no address of a server; http://HOST:PORT is needed"):
        Osrm(url, NETWORK, LAND)
