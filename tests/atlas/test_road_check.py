"""Every kind of fault of the roads is found, named by file, id and field, in a copy spoilt on purpose."""

from __future__ import annotations

import copy
import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from khorgos_map.atlas import check_content, sound_atlas
from khorgos_map.atlas.road_facts import COLUMNS, FACTS
from tests.atlas.spoiling import Document, Spoilt, feature, put, rounds, unanswered

NODES, EDGES, CROSSINGS = "network/nodes.geojson", "network/edges.geojson", "network/crossings.json"
PLACES = "network/places.geojson"
Spoil = Callable[[str, Callable[[Any], Any]], Path]
# a traced section, and the road across the border at the centre
ROAD, BORDER = "wenquan-bole", "nur-zholy-horgos-road-port"
# 46 km of which the graph has the ends only, and the provincial road 237 over the Wusun range
STRAIGHT, PASS = "j-80714-43799-j-80445-44166", "j-81053-43336-j-81176-43774"
TOTAL = "khorgos-almaty-361"


def move_end(document: Document) -> None:
    feature(document, ROAD)["geometry"]["coordinates"][-1][0] += 0.00001


def bend(document: Document) -> None:
    line = feature(document, ROAD)["geometry"]["coordinates"]
    line.insert(1, [line[0][0] + 0.8, line[0][1]])


def again(document: Document) -> None:
    twin = copy.deepcopy(feature(document, ROAD))
    twin["properties"]["id"] = "twin"
    document["features"].append(twin)


def loop(document: Document) -> None:
    known = feature(document, ROAD)
    known["properties"]["end"] = known["properties"]["start"]


def cut(document: Document) -> None:
    document["features"] = [f for f in document["features"] if f["properties"]["id"] != ROAD]


def swap_country(document: Document) -> None:
    feature(document, "zharkent")["properties"]["country"] = "CN"


def point(document: Document) -> None:
    feature(document, ROAD)["geometry"] = {"type": "Point", "coordinates": [81.0, 44.9]}


def limits(identifier: str, field: str, value: Any) -> Callable[[Document], None]:
    return lambda document: feature(document, identifier)["properties"]["limits"].__setitem__(field, value)


def crossing(field: str, value: Any) -> Callable[[Document], None]:
    return lambda document: document["crossings"][0].__setitem__(field, value)


CASES = [
    Spoilt("node", EDGES, put(ROAD, "end", "nowhere"), ROAD, "end", "unknown reference 'nowhere'"),
    Spoilt("end off", EDGES, move_end, ROAD, "geometry", "its end is not at the node 'bole'"),
    Spoilt("short", EDGES, put(ROAD, "length_km", 60.0), ROAD, "length_km", "less than the geodesic"),
    Spoilt("adjusted short", EDGES, put(ROAD, "length_adjusted_km", 60.0), ROAD, "length_adjusted_km",
           "less than the geodesic"),
    Spoilt("drawn", EDGES, bend, ROAD, "geometry", "drawn"),
    Spoilt("said", EDGES, put(ROAD, "length_km", 160.0), ROAD, "geometry", "said to be 160 km"),
    Spoilt("nothing", EDGES, put(ROAD, "length_km", 0), ROAD, "length_km", "greater than 0"),
    Spoilt("sources", EDGES, put(ROAD, "sources", ["nobody"]), ROAD, "sources", "unknown reference 'nobody'"),
    Spoilt("unknown crossing", EDGES, put(BORDER, "crossing", "ford"), BORDER, "crossing",
           "unknown reference 'ford'"),
    Spoilt("no crossing", EDGES, put(BORDER, "crossing", None), BORDER, "crossing", "needs its crossing"),
    Spoilt("border inland", EDGES, put(ROAD, "road_class", "border"), ROAD, "road_class", "both ends in CN"),
    Spoilt("joined", EDGES, put(BORDER, "road_class", "primary"), BORDER, "road_class", "joins the two countries"),
    Spoilt("country", EDGES, put(ROAD, "country", "KZ"), ROAD, "country", "both its ends lie in CN"),
    Spoilt("closed", EDGES, lambda d: feature(d, BORDER)["properties"].__setitem__("closed", "1990"), BORDER,
           "closed", "before it opened"),
    Spoilt("again", EDGES, again, "twin", "start", "the same road between the same nodes"),
    Spoilt("same id", EDGES, lambda d: d["features"].append(feature(d, ROAD)), ROAD, "id", "duplicate id"),
    Spoilt("loop", EDGES, loop, ROAD, "end", "leads back to its start"),
    Spoilt("class", EDGES, put(ROAD, "road_class", "track"), ROAD, "road_class", "unknown value 'track'"),
    Spoilt("point", EDGES, point, ROAD, "geometry", ""),
    Spoilt("node sources", NODES, put("bole", "sources", ["nobody"]), "bole", "sources", "'nobody'"),
    Spoilt("place", NODES, put("zharkent", "place", "nowhere"), "zharkent", "place", "'nowhere'"),
    Spoilt("wrong country", NODES, swap_country, "zharkent", "country", "lies in Kazakhstan"),
    Spoilt("no English", NODES, put("bole", "name", {"ru": {"text": "Болэ", "basis": "sourced"}}), "bole", "name",
           "missing English"),
    Spoilt("crossing sources", CROSSINGS, crossing("sources", ["nobody"]), "", "sources", "'nobody'"),
    Spoilt("wait", CROSSINGS, lambda d: d["crossings"][0]["waiting"][0].update(low_h=5, high_h=2), "", "waiting",
           "low_h 5 is more than high_h 2"),
    Spoilt("crossing feature", CROSSINGS, crossing("feature", "nowhere"), "", "feature", "'nowhere'"),
    Spoilt("place away", NODES, put("taldykorgan", "place", "almaty"), "taldykorgan", "place", "away from 'almaty'"),
    Spoilt("place without a point", NODES, put("taldykorgan", "place", "state-border"), "taldykorgan", "place",
           "is not drawn as a point"),
    Spoilt("crossing inland", EDGES, put(ROAD, "crossing", "icbc-link"), ROAD, "crossing", "only a road across"),
    Spoilt("hours' source", CROSSINGS, lambda d: d["crossings"][0]["hours"][0].update(source="geonames"), "", "hours",
           "'geonames' is not among its sources"),
    Spoilt("hours", CROSSINGS, lambda d: d["crossings"][0]["hours"][0].update(opens="24:00"), "", "hours",
           "open from 24:00 to 24:00"),
    Spoilt("wait's traffic", CROSSINGS, crossing("traffic", ["car"]), "", "waiting", "for the traffic 'truck'"),
    Spoilt("wait's source", CROSSINGS, lambda d: d["crossings"][0]["waiting"][0].update(source="geonames"), "",
           "waiting", "has another source"),
    Spoilt("place twice", PLACES, put("huiyuan", "id", "almaty"), "almaty", "id", "is the id of a node"),
    Spoilt("place's source", PLACES, put("huiyuan", "sources", ["nobody"]), "huiyuan", "sources", "'nobody'"),
    Spoilt("capital abroad", NODES, put("zharkent", "country", "KG"), "zharkent", "country", "lies in Kazakhstan"),
    Spoilt("ruler over a range", EDGES, put(STRAIGHT, "length_sigma_km", 1.5), STRAIGHT, "length_sigma_km",
           "nothing is known between its ends"),
    Spoilt("pass without a season", EDGES, limits(PASS, "season", None), PASS, "limits.season",
           "in which months is the pass open?"),
    Spoilt("season", EDGES, limits(PASS, "season", {"first_month": 10, "last_month": 6}), PASS, "limits.season",
           "first_month 10 is after last_month 6"),
    Spoilt("limits' source", EDGES, limits(PASS, "sources", ["nobody"]), PASS, "limits.sources", "'nobody'"),
    Spoilt("ban without a source", EDGES, put(ROAD, "truck", value=False), ROAD, "limits", "who closes it to trucks?"),
    Spoilt("trucks sent over a pass that forbids them", EDGES, put(PASS, "truck", value=True), PASS, "truck",
           "trucks are forbidden"),
    Spoilt("wait without its claim", CROSSINGS, lambda d: d["crossings"][0]["waiting"][0].update(high_h=40), "",
           "waiting", "'horgos-road-port-trucks-2023' says 51.4 h"),
]  # fmt: skip


@pytest.mark.parametrize("cases", rounds(CASES), ids=lambda cases: ", ".join(case.name for case in cases))
def test_what_is_spoilt_is_answered_by_the_right_line(cases: list[Spoilt], spoilt: Spoil) -> None:
    assert unanswered(cases, spoilt) == []


def with_facts(spoilt: Spoil, change: Callable[[list[dict[str, str]]], Any]) -> Path:
    """Return a copy of the content with a changed table of totals."""
    folder = spoilt(CROSSINGS, lambda document: document)
    rows = list(csv.DictReader(io.StringIO((folder / FACTS).read_text(encoding="utf-8"))))
    change(rows)
    with (folder / FACTS).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return folder


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("start", "nowhere", "unknown reference 'nowhere'"),
        ("via", "zharkent;nowhere", "unknown reference 'nowhere'"),
        ("source", "nobody", "unknown reference 'nobody'"),
        ("claim", "never-said", "unknown reference 'never-said'"),
        ("claim", "distance-almaty-370", "its claim 'distance-almaty-370' says 370"),
        ("km", "far", "valid number"),
        ("km", "-1", "greater than 0"),
        ("held_out", "perhaps", ""),
    ],
)
def test_a_spoilt_total_is_named(spoilt: Spoil, field: str, value: str, reason: str) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        next(row for row in rows if row["id"] == TOTAL)[field] = value

    faults = check_content(with_facts(spoilt, change))
    lines = [f for f in faults if (f.file, f.id) == (FACTS, TOTAL)]
    assert any(reason in fault.reason for fault in lines), faults


def test_a_town_without_a_road_is_named_and_so_is_the_total_from_there(spoilt: Spoil) -> None:
    faults = {(f.file, f.id, f.field): f.reason for f in check_content(spoilt(EDGES, cut))}
    assert faults == {
        (NODES, "wenquan", "id"): "no road joins it to the others in China (1 nodes)",
        (FACTS, "wenquan-urumqi-625", "via"): "no road leads through the places it names",
    }


def test_a_total_twice_is_named(spoilt: Spoil) -> None:
    faults = check_content(with_facts(spoilt, lambda rows: rows.append(rows[0])))
    assert [(f.file, f.field) for f in faults] == [(FACTS, "id")]


@pytest.mark.parametrize(
    ("text", "reason"), [("id,km\nfar,1\n", "must be id,start"), ("", "must be id,start")]
)
def test_a_table_with_other_columns_is_refused(spoilt: Spoil, text: str, reason: str) -> None:
    folder = spoilt(CROSSINGS, lambda document: document)
    (folder / FACTS).write_text(text, encoding="utf-8")
    faults = check_content(folder)
    assert [(f.file, f.field) for f in faults] == [(FACTS, "columns")]
    assert reason in faults[0].reason


def test_a_table_that_is_no_text_is_refused(spoilt: Spoil) -> None:
    folder = spoilt(CROSSINGS, lambda document: document)
    (folder / FACTS).write_bytes(b"\xff\xfe")
    assert [str(f) for f in check_content(folder)] == [f"{FACTS}: (no id): file: is not UTF-8 text"]


def test_a_row_of_another_length_is_refused(spoilt: Spoil) -> None:
    folder = spoilt(CROSSINGS, lambda document: document)
    with (folder / FACTS).open("a", encoding="utf-8") as file:
        file.write("too-short,almaty\ntoo-long" + ",x" * 12 + "\n")
    assert {f.id for f in check_content(folder) if f.file == FACTS} == {"too-short", "too-long"}


@pytest.mark.parametrize("name", [NODES, EDGES, FACTS])
def test_a_file_that_is_missing_is_named(spoilt: Spoil, name: str) -> None:
    folder = spoilt(CROSSINGS, lambda document: document)
    (folder / name).unlink()
    (fault,) = check_content(folder)
    assert (fault.file, fault.field) == (name, "file")
    assert "is missing" in fault.reason


@pytest.mark.parametrize("name", [NODES, EDGES, CROSSINGS])
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "is not JSON"),
        (b"\xff\x00", "is not UTF-8 text"),
        (b"[]", ""),
        (None, "is a folder, not a file"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_fault(
    spoilt: Spoil, name: str, body: bytes | None, reason: str
) -> None:
    folder = spoilt(CROSSINGS, lambda document: document)
    if body is None:
        (folder / name).unlink()
        (folder / name).mkdir()
    else:
        (folder / name).write_bytes(body)
    (fault,) = check_content(folder)
    assert fault.file == name
    assert reason in fault.reason


def test_a_folder_without_the_part_network_has_no_roads(spoilt: Spoil) -> None:
    folder = spoilt(CROSSINGS, lambda document: document)
    shutil.rmtree(folder / "network")
    network = sound_atlas(folder).network
    assert not any((network.nodes, network.edges, network.facts, network.crossings))
