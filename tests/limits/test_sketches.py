"""What sketches may cost: what is far from the border is not followed, and what is too much is refused before."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.draw.measured import sketches_words
from khorgos_map.draw.totals import Choices
from khorgos_map.errors import LimitError
from khorgos_map.export.measured import export_measured
from khorgos_map.measure.around import MOST_COURSE_STEPS, around, course
from khorgos_map.measure.cost import FEW_STEPS, sketch_cost
from khorgos_map.measure.follow import MOST_STEPS, Steps
from khorgos_map.measure.measurement import measure_sketch
from khorgos_map.measure.sketch import (
    MOST_POSITIONS,
    MOST_SKETCHES,
    Position,
    Sketch,
    SketchKind,
    decode_sketches,
    encode_sketches,
)
from khorgos_map.text import catalogue, languages
from tests.export.sheets import TIME
from tests.limits.child import MOST_POSTED, costs

KINDS: tuple[SketchKind, ...] = ("points", "line", "area")


def all_over_the_world(count: int) -> tuple[Position, ...]:
    chance = random.Random(1)  # nothing is secret
    return tuple((chance.uniform(-179, 179), chance.uniform(-80, 80)) for _ in range(count))


def star(count: int, radius_deg: float) -> tuple[Position, ...]:
    """Lines across the middle, each of which crosses nearly all others."""
    turn = math.tau * ((count - 1) // 2) / count
    return tuple(
        (80.4 + radius_deg * math.cos(i * turn), 44.2 + 0.7 * radius_deg * math.sin(i * turn))
        for i in range(count)
    )


def comb(count: int, west: float, east: float) -> tuple[Position, ...]:
    """An outline of long teeth that does not cross itself."""
    teeth = ((east if i % 2 else west, 43 + 2 * i / count) for i in range(count))
    return (*teeth, (west - 0.1, 45.01), (west - 0.1, 42.99))


def fits(kind: SketchKind, positions: tuple[Position, ...]) -> bytes:
    """As many of the positions as one request may bring, as they are sent."""
    code = encode_sketches([Sketch(kind, positions)])
    kept = len(positions) * MOST_POSTED // max(len(code), MOST_POSTED)
    return encode_sketches([Sketch(kind, positions[: kept - 1])]).encode()


@pytest.mark.parametrize("kind", ["line", "area"])
def test_lines_far_from_the_border_are_not_followed(atlas: Atlas, kind: SketchKind) -> None:
    steps = Steps()
    sketch = Sketch(kind, all_over_the_world(135))
    measured = measure_sketch(sketch, land_by_side(atlas), steps=steps)
    # a million kilometres: 5,000,000 steps of 200 m
    assert steps.taken < 30_000
    assert measured.course_m is not None
    assert measured.course_m > 1e9
    assert math.fsum(measured.length_by_country_m.values()) == pytest.approx(measured.course_m, abs=0.1)


def test_a_line_across_both_countries_is_followed_at_their_border_only(atlas: Atlas) -> None:
    steps = Steps()
    line = Sketch("line", ((57.0, 45.0), (105.0, 42.0)))
    measured = measure_sketch(line, land_by_side(atlas), steps=steps)
    assert len(measured.border_crossings) == 1
    assert steps.taken < 1000


def test_what_is_drawn_of_a_course_is_bounded(atlas: Atlas) -> None:
    measured = measure_sketch(Sketch("line", all_over_the_world(4000)), {})
    way = course(measured)
    assert len(way) < MOST_COURSE_STEPS + 2 * 4000
    assert set(measured.positions) <= set(way)
    short = measure_sketch(Sketch("line", ((80, 44), (82, 44))), {})
    assert len(course(short)) == 34


LARGEST = {
    "world": fits("line", all_over_the_world(6000)),
    "world-area": fits("area", all_over_the_world(6000)),
    "star": fits("line", star(6001, 5)),
    "star-area": fits("area", star(6001, 5)),
    "comb": fits("area", comb(6000, 78, 83)),
    "continent": fits("line", tuple((60 if i % 2 else 100, 42 + 0.001 * i) for i in range(6000))),
    "edge-of-the-land": fits("line", tuple((106, 41 + 6 * (i % 2)) for i in range(6000))),
    "border": fits("line", tuple((80.4 + 0.03 * (i % 2), 44.1 + 2e-5 * i) for i in range(9000))),
    "large": encode_sketches([Sketch("area", ((60, 41), (105, 42), (80, 55)))] * MOST_SKETCHES).encode(),
    "circles": encode_sketches(
        [
            Sketch("points", tuple((80 + 0.01 * k, 44 + 0.01 * i) for i in range(30)))
            for k in range(MOST_SKETCHES)
        ]
    ).encode(),
}


@pytest.mark.parametrize("around_km", [0, 0.05])
def test_no_sketches_cost_more_than_they_may(tmp_path: Path, around_km: float) -> None:
    found = costs("measure", LARGEST, tmp_path, around_km)
    assert {name: cost for name, cost in found.items() if not cost.is_bounded} == {}
    assert list(found) == list(LARGEST)
    # many have one bound together
    assert found["large"].refused == "limit.steps"
    assert (found["circles"].refused == "limit.steps") == (around_km > 0)


def test_numbers_are_refused_while_they_are_read() -> None:
    many = "!".join(["PAA"] * (MOST_SKETCHES + 1))
    with pytest.raises(LimitError, match="201 sketches; at most 200"):
        decode_sketches(many)
    assert len(decode_sketches(many.removesuffix("!PAA"))) == MOST_SKETCHES
    long = "L" + "CC" * (MOST_POSITIONS + 1)
    with pytest.raises(LimitError, match="10,001 positions; at most 10,000"):
        decode_sketches(long, most_characters=MOST_POSTED)
    assert decode_sketches(long.removesuffix("CC"), most_characters=MOST_POSTED)


def test_what_is_not_read_is_not_measured_or_saved_either(atlas: Atlas) -> None:
    many = [Sketch("points", ((80, 44),))] * (MOST_SKETCHES + 1)
    land, text = land_by_side(atlas), catalogue("en")
    with pytest.raises(LimitError, match="201 sketches"):
        sketches_words(many, land, atlas, text, Choices())
    with pytest.raises(LimitError, match="201 sketches"):
        export_measured("csv", many, land, time=TIME, link="", language="en")


def test_a_link_is_not_written_beside_thousands_of_positions_if_it_is_long(atlas: Atlas) -> None:
    line = [Sketch("line", tuple((80 + 1e-4 * i, 44.0) for i in range(5000)))]
    with pytest.raises(LimitError, match="link to this view"):
        export_measured("csv", line, {}, time=TIME, link="http://map.test/?" + "x" * 10_000, language="en")
    short = export_measured("csv", line, {}, time=TIME, link="http://map.test/?" + "x" * 2000, language="en")
    assert short.count(b"\n") == 5001


@pytest.mark.parametrize("kind", KINDS)
def test_ordinary_use_is_not_refused_and_told_at_once(atlas: Atlas, kind: SketchKind) -> None:
    corners = ((80.3, 44.1), (80.5, 44.15), (80.45, 44.3), (80.2, 44.25))
    few = [Sketch(kind, corners), Sketch("points", corners)]
    assert sketch_cost(few) <= FEW_STEPS
    track = [Sketch(kind, tuple((78 + 0.003 * i, 44 + 0.3 * math.sin(i / 20)) for i in range(2000)))]
    assert sketch_cost(track) > FEW_STEPS
    for sketches in (few, track):
        words = sketches_words(sketches, land_by_side(atlas), atlas, catalogue("en"), Choices(around_m=5000))
        assert all(one["around"] for one in words)


def test_the_estimate_tells_what_is_dear() -> None:
    point, line = Sketch("points", ((80, 44),)), Sketch("line", ((80, 44), (81, 45)))
    assert sketch_cost([]) == 0
    assert sketch_cost([point]) < sketch_cost([line]) < sketch_cost([line, line])
    assert sketch_cost([line]) < sketch_cost([line], around_m=1000)
    for kind in ("line", "area"):
        assert sketch_cost([Sketch(kind, all_over_the_world(135))]) > FEW_STEPS
    assert sketch_cost([Sketch("line", ((57, 45), (105, 42)))] * MOST_SKETCHES) > FEW_STEPS
    assert FEW_STEPS < MOST_STEPS


def test_a_thousand_points_beside_each_other_have_a_surrounding() -> None:
    chance = random.Random(2)  # nothing is secret
    points = tuple((80 + chance.uniform(0, 0.001), 44 + chance.uniform(0, 0.001)) for _ in range(1000))
    steps = Steps()
    made = around(measure_sketch(Sketch("points", points), {}), 5000, steps)
    assert made is not None
    assert made.geom_type == "Polygon"
    assert steps.taken < MOST_STEPS / 10


@pytest.mark.parametrize("distance_m", [300.0, 40_000.0])
def test_a_star_is_filled_where_it_is_inside(distance_m: float) -> None:
    # a pentagram: its middle is inside twice, which is outside by the rule of even and odd
    made = around(measure_sketch(Sketch("area", star(5, 1)), {}), distance_m)
    assert made is not None
    assert made.is_valid
    assert len(made.interiors) == (1 if distance_m < 1000 else 0)


@pytest.mark.parametrize("code", languages())
def test_what_is_too_much_is_told_in_every_language(code: str) -> None:
    for error in (
        LimitError("limit.sketches", count="201", limit="200"),
        LimitError("limit.positions", count="10,001", limit="10,000"),
        LimitError("limit.steps"),
        LimitError("limit.link"),
    ):
        assert error.said(code)
        assert (error.said(code) == str(error)) == (code == "en")
