"""Where the two countries' outlines lie apart, the border is a part of its own, and says so."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

from khorgos_map.derive import border

GEODATA = Path(__file__).parents[2] / "geodata"
STRAIGHT = [(80.0, 44.0), (80.0, 44.1), (80.0, 44.2), (80.0, 44.3), (80.0, 44.4)]


def test_a_stretch_is_weak_where_the_other_outline_lies_more_than_a_kilometre_off() -> None:
    near, far = (80.005, 44.15), (80.02, 44.25)  # 0.4 and 1.6 km east of the line
    other = [(80.0, 44.0), (80.0, 44.1), near, (80.0, 44.2), far, (80.0, 44.3), (80.0, 44.4)]
    assert border.weak_stretches(STRAIGHT, other) == [((80.0, 44.2), (80.0, 44.3))]
    assert border.weak_stretches(STRAIGHT, STRAIGHT) == []


def test_the_direction_of_the_other_outline_does_not_matter() -> None:
    other = [(80.0, 44.0), (80.05, 44.05), (80.0, 44.1), (80.0, 44.4)]
    assert border.weak_stretches(STRAIGHT, other[::-1]) == border.weak_stretches(STRAIGHT, other)


def test_a_line_is_cut_around_a_stretch_at_vertices_that_simplifying_kept() -> None:
    kept = [STRAIGHT[i] for i in (0, 1, 4)]
    parts = border.cut(kept, STRAIGHT, [(STRAIGHT[2], STRAIGHT[3])])
    assert parts == [[STRAIGHT[0], STRAIGHT[1]], [STRAIGHT[1], STRAIGHT[4]]]
    assert border.cut(kept, STRAIGHT, []) == [kept]


def test_the_border_as_it_stands_has_weak_parts_and_none_near_khorgos() -> None:
    (feature,) = json.loads((GEODATA / "layers/border.geojson").read_text(encoding="utf-8"))["features"]
    parts, sections = feature["geometry"]["coordinates"], feature["properties"]["sections"]
    assert len(parts) == len(sections)
    assert all(one[-1] == two[0] for one, two in pairwise(parts))
    weak = [part for part, section in zip(parts, sections, strict=True) if section["basis"] == "schematic"]
    assert len(weak) == 11
    assert not any(79.9 < x < 80.9 and 43.9 < y < 44.5 for part in weak for x, y in part)
