"""Sketches in the address: what was drawn comes back, and no text does harm."""

from __future__ import annotations

import string
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from khorgos_map.errors import KhorgosMapError
from khorgos_map.measure.sketch import (
    MOST_CHARACTERS,
    Sketch,
    SketchError,
    clean_name,
    decode_sketches,
    encode_sketches,
    round_pixel,
)

GATE = (80.4, 44.2)
positions = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
sketches = st.builds(
    Sketch,
    st.sampled_from(["points", "line", "area"]),
    st.lists(positions, min_size=1, max_size=12).map(tuple),
    st.text(),
    st.none() | st.floats(0, 1e6),
)


@given(st.lists(sketches, max_size=5))
def test_what_was_drawn_comes_back_exactly(drawn):
    text = encode_sketches(drawn)
    if len(text) <= MOST_CHARACTERS:
        assert decode_sketches(text) == tuple(drawn)


@given(st.floats(0, 1e6))
def test_a_pixel_is_kept_to_two_digits_or_a_centimetre_and_only_once(pixel_m):
    kept_m = round_pixel(pixel_m)
    assert kept_m == pytest.approx(pixel_m, rel=0.0505, abs=0.0051)
    assert len(f"{kept_m:.2f}".replace(".", "").strip("0")) <= 2
    assert round_pixel(kept_m) == kept_m


@given(st.sampled_from(["points", "line"]), st.lists(positions, min_size=1))
def test_positions_move_by_less_than_a_millionth_of_a_degree(kind, drawn):
    (back,) = decode_sketches(encode_sketches([Sketch(kind, tuple(drawn))]), most_characters=10**6)
    for there, here in zip(back.positions, drawn, strict=True):
        assert there == pytest.approx(here, rel=0, abs=0.5000001e-6)


@given(st.text() | st.text(string.ascii_letters + string.digits + "-_!~", max_size=60).map(lambda t: "P" + t))
@example("P" + "_" * 1999)
@example("P~")
@example("!")
@example("Pgk4p0Cgonr5E~\ud800")
@example("Pgk4p0Cgonr5E.~")
@example("Pgk4p0Cgonr5E.xxxxxE")
def test_any_text_is_sketches_or_refused_in_one_line(text):
    drawn, refusal = None, ""
    try:
        drawn = decode_sketches(text)
    except KhorgosMapError as error:
        refusal = str(error)
    if drawn is None:
        assert 0 < len(refusal) < 200
        assert "\n" not in refusal
    else:
        assert decode_sketches(encode_sketches(drawn)) == drawn


def test_the_form_is_the_one_documented():
    assert encode_sketches([Sketch("points", (GATE,))]) == "Pgk4p0Cgonr5E"
    assert encode_sketches([Sketch("points", (GATE,), "Gate")]) == "Pgk4p0Cgonr5E~Gate"
    assert encode_sketches([Sketch("points", (GATE,), "Gate", 38.2187)]) == "Pgk4p0Cgonr5E.wtH~Gate"
    assert encode_sketches([Sketch("points", (GATE,), pixel_m=0)]) == "Pgk4p0Cgonr5E.A"
    # 0.000001 down and 0.000016 right: -1 is 1 unsigned, 16 is 32, in five bits 0 with more to come, then 1
    assert encode_sketches([Sketch("line", ((0, 0), (0.000016, -0.000001)))]) == "LAABgB"
    assert encode_sketches([Sketch("area", ((0, 0),)), Sketch("points", ((0, 0),))]) == "AAA!PAA"
    assert encode_sketches([]) == ""
    assert decode_sketches("") == ()


def test_a_code_from_before_pixels_were_kept_is_read_and_tells_none():
    assert decode_sketches("Pgk4p0Cgonr5E~Gate") == (Sketch("points", (GATE,), "Gate", pixel_m=None),)
    assert decode_sketches("Pgk4p0Cgonr5E.A")[0].pixel_m == 0
    # three digits are read as two
    assert decode_sketches("Pgk4p0Cgonr5E.-uH") == decode_sketches("Pgk4p0Cgonr5E.wtH")


def test_a_code_without_names_needs_no_escaping_in_an_address():
    drawn = [
        Sketch("area", (GATE, (80.41, 44.2), (80.4, 44.21)), pixel_m=2.4),
        Sketch("line", (GATE, (-170, -80))),
    ]
    text = encode_sketches(drawn)
    assert quote(text, safe="!") == text


def test_two_hundred_positions_near_each_other_fit_into_an_address():
    line = tuple((80.4 + i * 0.001, 44.2 + i % 7 * 0.001) for i in range(200))
    assert len(encode_sketches([Sketch("line", line)])) <= MOST_CHARACTERS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L" + "A" * 2000, "has 2001 characters; at most 2000"),
        ("XAA", "unknown kind of sketch 'X'"),
        ("PAA!", "unknown kind of sketch ''"),
        ("P", "at least one position"),
        ("PA", "a latitude without a longitude"),
        ("PAg", "ends within a number"),
        ("PA A", "broken at ' '"),
        ("PggggggAA", "broken at 'A'"),
        ("PAA~one~two", "two names"),
        ("PAA.", "size of one pixel"),
        ("PAA.AA", "size of one pixel"),
        ("PAA.B", "a pixel of -0.01 m cannot be"),
        ("PAA.g475xG", "a pixel of 1.1e.06 m cannot be"),
        ("PAA.A.A", "broken at '.'"),
        ("Pgggg8FA", "is no position"),
        ("P_____fA", "is no position"),
    ],
)
def test_a_broken_sketch_is_refused_with_the_reason(text, words):
    with pytest.raises(SketchError, match=words):
        decode_sketches(text)


@pytest.mark.parametrize(
    "position", [(80, 90.1), (180.1, 44), (float("nan"), 44), (80, float("inf"))], ids=str
)
def test_what_is_no_position_is_refused(position):
    with pytest.raises(SketchError, match="is no position"):
        Sketch("line", (GATE, position))


@pytest.mark.parametrize("pixel_m", [-0.1, 1e6 + 1, float("nan"), float("inf")])
def test_what_is_no_size_of_a_pixel_is_refused(pixel_m):
    with pytest.raises(SketchError, match=r"a pixel of .* cannot be"):
        Sketch("line", (GATE,), pixel_m=pixel_m)


def test_a_sketch_has_a_known_kind_and_a_position():
    with pytest.raises(SketchError, match="unknown kind of sketch 'circle'"):
        Sketch("circle", (GATE,))  # type: ignore[arg-type]  # what a caller's mistake would be
    with pytest.raises(SketchError, match="at least one position"):
        Sketch("line", ())


def test_an_outline_is_closed_by_itself():
    ring = (GATE, (80.41, 44.2), (80.4, 44.21))
    assert Sketch("area", (*ring, GATE)) == Sketch("area", ring)
    assert Sketch("line", (*ring, GATE)).positions[-1] == GATE


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Site\n 1\t", "Site 1"),
        ("a!b~c", "a b c"),
        ("Қорғас 霍尔果斯", "Қорғас 霍尔果斯"),
        ("evil\u202egnp.exe\x00", "evil gnp.exe"),
        ("x" * 100, "x" * 60),
        ("<script>&\"'", "<script>&\"'"),
        ("", ""),
    ],
)
def test_a_name_is_one_short_line(typed, name):
    assert clean_name(typed) == name
    assert Sketch("points", (GATE,), typed).name == name
