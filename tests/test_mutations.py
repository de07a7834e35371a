"""Fifty thousand inputs made by spoiling good ones: each is read, or refused in plain words; nothing else happens.

`pytest tests/test_mutations.py --mutations 5000000` tries more of them.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable

import pytest

from khorgos_map.errors import KhorgosMapError
from khorgos_map.measure.coordinates import parse_position
from khorgos_map.measure.sketch import SketchError, decode_sketches, encode_sketches
from khorgos_map.measure.upload import UploadError, read_shapes
from khorgos_map.page import content
from khorgos_map.view import LONGEST_SKETCH, View, read_view, write_view
from tests.measure.upload.samples import OUTLINES, gpx
from tests.page.asking import Server

SHARES = {"view": 0.44, "sketch": 0.44, "position": 0.08, "file": 0.03, "http": 0.01}
SPECIAL = [
    "{{7*191}}",
    "{% raw %}",
    "</script>",
    "${x}",
    "\0",
    "\u202e",
    "\ud800",
    "٣",
    "9" * 400,
    "%00",
    "é",
    "霍",
    "~",
    "!",
]
LETTERS = string.ascii_letters + string.digits + "-_.~!,;:/ "
VIEW = {
    "lang": "zh",
    "layers": "zones,roads",
    "at": "44.20000,80.40000,12",
    "base": "osm",
    "sel": "icbc-kz",
    "asof": "2016",
    "mode": "evidence",
    "chart": "jobs",
    "m": "Agk4p0Cgonr5E_3B_3BgtD.wtH~Gate!Pgk4p0Cgonr5E",
    "around": "12.5",
    "r": "khorgos;almaty",
    "profile": "truck",
    "wait": "nur-zholy-horgos:2-5",
    "way": "2",
}
POSITIONS = [
    "44.198, 80.397",
    "44°12′45″ N 80°24′35″ E",
    "44N 611000 4900000",
    "с.ш. 44,2 в.д. 80,4",
    "北纬44.2 东经80.4",
]
FILES = [*(make() for make in OUTLINES.values()), gpx('<wpt lat="44" lon="80"/>'), b"lat,lon,name\n44,80,a\n"]
ADDRESSES = [
    ("GET", "place", {"q": "almaty"}),
    ("GET", "route", {"r": "khorgos;almaty", "wait": "nur-zholy-horgos:2-5", "year": "2016"}),
    ("GET", "position", {"lat": "44.2", "lon": "80.4", "form": "dms", "pixel": "10"}),
    ("POST", "measure", {"around": "2", "length": "km"}),
]
ANSWERS = {200, 400, 403, 404, 413, 414, 415, 422, 503}


@pytest.fixture
def chance() -> random.Random:
    return random.Random(912)


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Callable[[str], int]:
    total = int(request.config.getoption("--mutations"))
    return lambda what: int(total * SHARES[what])


def spoilt_text(text: str, chance: random.Random) -> str:
    """Return a text with some places changed, taken out, doubled, or replaced by what often does harm."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice((0, 1, 1, 2, 8)))
        put = chance.choice(("", chance.choice(LETTERS), chance.choice(SPECIAL), text[start:end] * 2))
        text = text[:start] + put + text[end:]
    return text


def spoilt_bytes(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with some places changed, taken out or doubled."""
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        start = chance.randrange(len(spoilt) + 1)
        end = min(len(spoilt), start + chance.choice((0, 1, 1, 4, 64)))
        spoilt[start:end] = chance.choice((b"", bytes([chance.randrange(256)]), bytes(spoilt[start:end]) * 2))
    return bytes(spoilt)


def test_addresses(chance: random.Random, count: Callable[[str], int]) -> None:
    vocabulary = content.vocabulary()
    for _ in range(count("view")):
        changed = dict(VIEW)
        for name in chance.sample(list(VIEW), chance.randint(1, 4)):
            changed[name] = spoilt_text(changed[name], chance)
        view, notices = read_view(changed, vocabulary)
        assert isinstance(view, View)
        assert all(notice.parameter in VIEW for notice in notices)
        again, none = read_view(write_view(view), vocabulary)
        assert (again, none) == (view, []), changed


def test_sketches(chance: random.Random, count: Callable[[str], int]) -> None:
    for _ in range(count("sketch")):
        code = spoilt_text(VIEW["m"], chance)
        try:
            sketches = decode_sketches(code)
        except SketchError as error:
            assert str(error)
            continue
        written = encode_sketches(sketches)
        assert len(code) <= LONGEST_SKETCH
        assert decode_sketches(written, most_characters=len(written)) == sketches


def test_positions(chance: random.Random, count: Callable[[str], int]) -> None:
    for _ in range(count("position")):
        try:
            lon, lat = parse_position(spoilt_text(chance.choice(POSITIONS), chance))
        except KhorgosMapError as error:
            assert len(str(error).splitlines()) <= 2
        else:
            assert abs(lon) <= 180
            assert abs(lat) <= 90


def test_files(chance: random.Random, count: Callable[[str], int]) -> None:
    for _ in range(count("file")):
        try:
            found = read_shapes(spoilt_bytes(chance.choice(FILES), chance), "own.dat")
        except UploadError as error:
            assert str(error).startswith("own.dat: ")
        else:
            assert found.shapes


def test_questions(chance: random.Random, count: Callable[[str], int]) -> None:
    server = Server()
    for _ in range(count("http")):
        method, path, query = chance.choice(ADDRESSES)
        changed = {name: spoilt_text(value, chance) for name, value in query.items()}
        changed = {name: value.encode("utf-8", "replace").decode() for name, value in changed.items()}
        body = spoilt_text(VIEW["m"], chance).encode("utf-8", "replace") if method == "POST" else None
        headers = {"content-type": "application/octet-stream"}
        answer = server.ask(method, f"/khorgos/{path}", params=changed, content=body, headers=headers)
        assert answer.status_code in ANSWERS, (changed, answer.text)
        if answer.status_code in {413, 422, 503}:
            assert answer.json()["error"]
