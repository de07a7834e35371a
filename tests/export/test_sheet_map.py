"""The map of the measurement sheet: its scale, its names on their own side, and what it shows."""

from __future__ import annotations

import math
import re
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPoint, box

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.draw.totals import Choices
from khorgos_map.export.sheet_frame import frame_of
from khorgos_map.geodesy import inverse
from khorgos_map.measure.coordinates import format_utm
from khorgos_map.measure.sketch import Sketch, SketchKind
from khorgos_map.text import catalogue, languages
from tests.export.sheets import (
    GATES,
    PAPER,
    ROAD,
    WAVES,
    WINDOW,
    YARD,
    bare,
    map_of,
    page_of,
    sheet,
    spots,
    words,
)


def test_what_lies_around_is_drawn_and_told(atlas: Atlas) -> None:
    steppe = Sketch("points", ((78.0, 44.2),))
    without, near, far = (
        sheet(atlas, steppe, asked=Choices(around_m=around_m)) for around_m in (0.0, 2000.0, 20_000.0)
    )
    size = re.search(r"Bufferof2km([\d,.]+)ha", words(near))
    assert size
    assert float(size[1].replace(",", "")) == pytest.approx(math.pi * 4 * 100, rel=0.01)
    assert "Buffer" not in words(without)
    dashed = [
        re.search(rb"\[\d[\d. ]*\] 0 d", page_of(one).get_contents().get_data()) for one in (without, near)
    ]
    assert [bool(found) for found in dashed] == [False, True]
    for content, across_m in ((near, 4000), (far, 40_000)):
        scale = re.search(r"Scale1:([\d,]+)on", words(content))
        assert scale
        assert 80 < 1000 * across_m / int(scale[1].replace(",", "")) < 180


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("size", [0.01, 0.03, 0.2, 3.0])
def test_names_stand_on_their_own_side_of_the_border(atlas: Atlas, code: str, size: float) -> None:
    corners = ((-1, -1), (1, -1), (0, 1))
    sketch = Sketch("area", tuple((80.4 + size * x, 44.2 + size * y) for x, y in corners))
    frame, content = map_of(atlas, sketch, code=code)
    text, land = catalogue(code), land_by_side(atlas)
    side_of = {text("side.KZ"): "KZ", text("side.CN"): "CN"}
    for feature in (*atlas.features["places"], *atlas.features["zones"]):
        short = feature.properties.map_label
        name = short.in_language(code) if short else feature.properties.name.in_language(code)[0]
        side_of[name] = feature.properties.side
    named = [(name, x, y, size_pt) for name, x, y, size_pt in spots(content) if name in side_of]
    assert {text("side.KZ"), text("side.CN")} <= {name for name, *_ in named}
    for name, x, y, size_pt in named:
        ends = frame.positions(np.array([(x, y), (x + PAPER.width(name, size_pt), y)]))
        assert land[side_of[name]].contains(MultiPoint(ends)), name


@pytest.mark.parametrize("kind", ["points", "line", "area"])
def test_numbers_of_points_cover_neither_each_other_nor_a_point(atlas: Atlas, kind: Any) -> None:
    frame, content = map_of(atlas, Sketch(kind, WAVES))
    numbers = {
        text: box(x, y - 1.5, x + PAPER.width(text, size_pt), y)
        for text, x, y, size_pt in spots(content)
        if text.isdecimal()
    }
    assert {"1", "60"} <= set(numbers)
    assert len(numbers) > 30
    assert not [pair for pair in combinations(numbers.values(), 2) if pair[0].intersects(pair[1])]
    points = MultiPoint(frame.places(WAVES))
    assert not [text for text, room in numbers.items() if room.intersects(points)]


@pytest.mark.parametrize("code", languages())
def test_the_map_gives_room_to_the_points_of_a_few_sketches(atlas: Atlas, code: str) -> None:
    pentagon = Sketch("area", (*YARD.positions, (80.39, 44.22)))
    said = words(sheet(atlas, pentagon, Sketch("line", ROAD.positions[:4]), GATES, language=code))
    points = [*pentagon.positions, *ROAD.positions[:4], *GATES.positions]
    assert [one for one in points if bare(format_utm(*one)) not in said] == []


def test_the_scale_bar_takes_the_place_of_a_label_and_covers_none(atlas: Atlas) -> None:
    beside_the_bar, free = (words(sheet(atlas, Sketch("points", ((80.3, lat),)))) for lat in (44.2181, 44.21))
    assert (beside_the_bar.count("44.20°N"), free.count("44.20°N")) == (1, 2)


@settings(max_examples=100)
@given(
    st.floats(56, 105),
    st.floats(35, 54),
    st.floats(1e-4, 5),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1),
)
def test_the_window_holds_the_sketch_at_its_scale(
    west: float, south: float, size: float, shares: list[tuple[float, float]]
) -> None:
    positions = [(west + x * size, south + y * size / 2) for x, y in shares]
    frame = frame_of(positions, WINDOW)
    places = frame.places(positions)
    assert (places >= (WINDOW.left, WINDOW.top)).all()
    assert (places <= (WINDOW.right, WINDOW.bottom)).all()
    assert frame.positions(places) == pytest.approx(np.array(positions), abs=1e-7)
    start, end = frame.positions(np.array([(95.0, 80.0), (115.0, 96.0)]))
    on_ground_m, _ = inverse(*start, *end)
    assert on_ground_m == pytest.approx(math.hypot(20, 16) / 1000 * frame.denominator, rel=2e-3)


@pytest.mark.parametrize("size_deg", [0.001, 0.1, 5, 30])
def test_the_scale_bar_and_the_ticks_are_true(size_deg: float) -> None:
    frame = frame_of([(80, 44), (80 + size_deg, 44 + size_deg / 2)], WINDOW)
    length_m, length_mm = frame.bar(20, 140)
    west, east = frame.positions(np.array([(20.0, 140.0), (20 + length_mm, 140.0)]))
    assert inverse(*west, *east)[0] == pytest.approx(length_m, rel=1e-2)
    assert 8 < length_mm < 60
    ticks = frame.ticks()
    assert {tick.is_meridian for tick in ticks} == {True, False}
    for tick in ticks:
        shown = frame.positions(np.array([tick.place]))[0][0 if tick.is_meridian else 1]
        assert shown == pytest.approx(tick.degrees, abs=2e-4 * size_deg)
        assert round(tick.degrees, tick.digits) == pytest.approx(tick.degrees)


@pytest.mark.parametrize(
    "positions",
    [
        ((-170.0, -60.0), (0.0, 80.0), (170.0, -60.0)),
        ((80.4, 44.2), (-99.6, -44.2)),
        ((-180.0, -90.0), (180.0, 90.0), (0.0, 0.0)),
        ((100.0, 89.0), (-80.0, 89.0), (10.0, 89.5)),
    ],
)
@pytest.mark.parametrize("kind", ["line", "area", "points"])
def test_a_sketch_round_the_earth_is_one_page_too(
    atlas: Atlas, kind: SketchKind, positions: tuple[tuple[float, float], ...]
) -> None:
    assert page_of(sheet(atlas, Sketch(kind, positions)))
