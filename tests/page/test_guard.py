"""Who may ask the server for what, and what a browser is told it may do with the answer."""

from __future__ import annotations

import pytest

from khorgos_map.page.guard import Doors
from khorgos_map.page.policies import script_hashes
from tests.page.asking import Server

PLACE = "/khorgos/place?q=almaty"
FOREIGN = [
    {"origin": "https://elsewhere.example"},
    {"origin": "null"},
    {"origin": "http://localhost:3000"},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_page_of_another_origin_may_not_ask(server: Server, headers: dict[str, str]) -> None:
    assert server.get(PLACE, headers=headers).status_code == 403
    assert server.post("/khorgos/measure", content="Pgk4p0Cgonr5E", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://localhost"},
        {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"},
        {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
    ids=str,
)
def test_the_page_itself_a_program_and_whoever_follows_a_link_may(
    server: Server, headers: dict[str, str]
) -> None:
    assert server.get(PLACE, headers=headers).status_code == 200


@pytest.mark.parametrize("host", ["rebound.example", "", "localhost.example:8501", "[::1"])
def test_only_names_of_its_own_are_answered(server: Server, host: str) -> None:
    assert server.get(PLACE, headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501", "192.0.2.7:80", "LOCALHOST."])
def test_addresses_and_localhost_are_its_own_names(server: Server, host: str) -> None:
    assert server.get(PLACE, headers={"host": host}).status_code == 200


def test_a_name_that_is_allowed_is_answered_too() -> None:
    behind = Server(Doors(hosts=frozenset({"map.example.org"})))
    assert behind.get(PLACE, headers={"host": "map.example.org"}).status_code == 200
    same = {"host": "map.example.org", "origin": "https://map.example.org"}
    assert behind.get(PLACE, headers=same).status_code == 200
    assert behind.get(PLACE, headers={**same, "origin": "https://example.org"}).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/upload_file/some-session/some-file",
        "/_stcore/agent/interact",
        "/_stcore/bidi-components/x/y.js",
        "/component/other.component/index.html",
        "/app/static/x",
        "/oauth2callback",
        "/anything",
    ],
)
def test_what_the_page_does_not_use_is_closed(server: Server, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        assert server.ask(method, path).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/khorgos/upload", 405),
        ("POST", "/khorgos/place", 405),
        ("DELETE", "/", 405),
        ("GET", f"{PLACE}{'x' * 20_000}", 414),
    ],
)
def test_other_methods_and_endless_addresses_are_refused(
    server: Server, method: str, path: str, status: int
) -> None:
    assert server.ask(method, path).status_code == status


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_form_of_any_page_cannot_send(server: Server, kind: str) -> None:
    answer = server.post("/khorgos/measure", content="Pgk4p0Cgonr5E", headers={"content-type": kind})
    assert answer.status_code == 415


def test_every_answer_says_what_browsers_may_do_with_it(server: Server) -> None:
    for path in (PLACE, "/khorgos/facts-en.html", "/khorgos/nothing", "/_stcore/metrics"):
        headers = server.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"


def test_only_pages_that_are_named_may_show_the_map_in_a_frame(server: Server) -> None:
    facts = "/khorgos/facts-en.html"
    assert server.get(facts).headers["content-security-policy"].endswith("frame-ancestors 'self'")
    framed = Server(Doors(frames=("https://example.org",))).get(facts).headers["content-security-policy"]
    assert framed.endswith("frame-ancestors 'self' https://example.org")


def test_a_script_in_a_page_of_ours_is_allowed_by_its_hash_alone(server: Server) -> None:
    waiting = server.get("/khorgos/waiting-zh.html")
    (hashed,) = script_hashes(waiting.text)
    policy = waiting.headers["content-security-policy"]
    assert f"script-src {hashed};" in policy
    assert "'unsafe-inline'" not in policy.partition("style-src")[0]
