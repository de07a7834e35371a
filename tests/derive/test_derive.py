"""The pure parts of the derivation, on small made-up shapes; nothing is fetched."""

from __future__ import annotations

import hashlib
import io
import json
import math
import shutil
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box, shape

from khorgos_map.derive import __main__ as command
from khorgos_map.derive import border, lakes, land, packages, railway, region, roads, tiles, ways, zones
from khorgos_map.derive import write as writing
from khorgos_map.geodesy import area_ha

GEODATA = Path(__file__).parents[2] / "geodata"
WEST = [(78.0, 43.0), (80.0, 43.0), (80.2, 44.0), (80.1, 45.0), (80.0, 46.0), (78.0, 46.0), (78.0, 43.0)]
EAST = [(80.0, 43.0), (84.0, 43.0), (84.0, 46.0), (80.0, 46.0), (80.1, 45.0), (80.2, 44.0), (80.0, 43.0)]
SHARED = [(80.0, 43.0), (80.2, 44.0), (80.1, 45.0), (80.0, 46.0)]
RIVER = [(80.40 + 0.003 * math.sin(40 * i / 99), 44.24 - i * 0.001) for i in range(100)]


def package(content: bytes, archive: str) -> packages.Package:
    return packages.Package("pip", "made-up", "1.0", archive, hashlib.sha256(content).hexdigest())


def test_split_ring_gives_the_shared_line_and_the_rest():
    shared, rest = border.split_ring(WEST, EAST)
    assert shared == SHARED
    assert rest == [(80.0, 46.0), (78.0, 46.0), (78.0, 43.0), (80.0, 43.0)]


@pytest.mark.parametrize("turn", range(6))
def test_split_ring_does_not_depend_on_where_a_ring_begins(turn):
    turned = WEST[turn:-1] + WEST[:turn]
    assert border.split_ring([*turned, turned[0]], EAST)[0] == SHARED


def test_split_ring_keeps_the_first_rings_vertices_where_the_two_were_drawn_apart():
    bent = [(80.0, 43.0), (84.0, 43.0), (84.0, 46.0), (80.0, 46.0), (80.15, 44.9), (80.2, 44.0), (80.0, 43.0)]
    assert border.split_ring(WEST, bent)[0] == SHARED


def test_split_ring_refuses_rings_apart():
    with pytest.raises(packages.DeriveError, match="no two vertices in common"):
        border.split_ring(WEST, [(x + 30, y) for x, y in EAST])


def test_simplify_by_zone_keeps_every_vertex_where_the_tolerance_is_nothing():
    line = [(i / 100, 0.001 * (i % 2)) for i in range(300)]
    inner = (1.0, -1.0, 2.0, 1.0)
    simple = border.simplify_by_zone(line, [(inner, 0.0), ((-180.0, -90.0, 180.0, 90.0), 0.01)])
    assert [p for p in simple if 1 <= p[0] <= 2] == [p for p in line if 1 <= p[0] <= 2]
    assert len([p for p in simple if p[0] < 1]) == 2
    assert (simple[0], simple[-1]) == (line[0], line[-1])


def test_mainland_is_the_largest_part_without_its_lakes():
    country = MultiPolygon([Polygon(WEST, [box(79, 44, 79.5, 44.5).exterior]), box(90, 43, 91, 44)])
    assert border.mainland(country).equals(Polygon(WEST))


def test_the_lands_have_exactly_the_vertices_of_the_border_and_leave_no_gap():
    outlines = {"KAZ": Polygon(WEST), "CHN": Polygon(EAST), "RUS": box(78, 46, 84, 48)}
    made = land.divide(outlines)
    assert made.border == SHARED
    for side in (made.kazakhstan, made.china):
        assert side.is_valid
        assert set(made.border) <= set(side.exterior.coords)
    assert made.kazakhstan.intersection(made.china).area == 0
    assert made.kazakhstan.union(made.china).area == pytest.approx(Polygon(WEST).area + Polygon(EAST).area)


def test_other_boundaries_leave_out_the_border_and_what_no_neighbour_shares():
    outlines = {"KAZ": Polygon(WEST), "CHN": Polygon(EAST), "RUS": box(78, 46, 84, 48)}
    boundaries = land.divide(outlines).boundaries
    # Along 46 degrees north, once; the ends reach a little round the corners.
    assert boundaries.length == pytest.approx(6, abs=6 * land.APART_DEG)
    assert boundaries.distance(Point(79, 46)) == 0
    assert boundaries.distance(Point(82, 46)) == 0
    assert boundaries.distance(Point(80.2, 44)) > 1


def test_enclose_refuses_a_line_that_does_not_meet_the_border():
    with pytest.raises(packages.DeriveError, match="do not meet"):
        land.enclose(SHARED, [(80.0, 46.0), (78.0, 46.0), (78.0, 43.0), (80.0, 43.1)])


def test_enclose_refuses_an_outline_that_crosses_the_border():
    with pytest.raises(packages.DeriveError, match="crosses the border"):
        land.enclose(SHARED, [(80.0, 46.0), (84.0, 44.2), (78.0, 44.2), (78.0, 43.0), (80.0, 43.0)])


@pytest.mark.parametrize("line", [RIVER, RIVER[::-1]], ids=["southwards", "northwards"])
@pytest.mark.parametrize(("side", "ha"), [("west", 217.0), ("east", 343.0)])
def test_a_zone_has_its_area_and_the_borders_own_vertices(line, side, ha):
    zone = zones.fit_zone(line, (80.4, 44.209), (80.4, 44.1785), side, ha)
    assert zone.is_valid
    assert area_ha(zone) == pytest.approx(ha, rel=0, abs=0.01)
    assert set(zone.exterior.coords) - set(line) == set(list(zone.exterior.coords)[-3:-1])
    outer = [lon for lon, _ in list(zone.exterior.coords)[-3:-1]]
    assert max(outer) - min(outer) < 1e-4
    assert all((lon < 80.397) if side == "west" else (lon > 80.403) for lon in outer)
    assert all(round(value, 6) == value for value in outer)


def test_the_two_zones_share_the_border_and_do_not_overlap():
    west = zones.fit_zone(RIVER, (80.4, 44.209), (80.4, 44.1865), "west", 217.0)
    east = zones.fit_zone(RIVER, (80.4, 44.209), (80.4, 44.1785), "east", 343.0)
    assert west.intersection(east).area == 0
    assert west.intersection(east).length > 0.02


def test_a_region_is_led_along_the_border():
    ring = [(78.0, 43.5), (80.11, 43.5), (80.19, 44.01), (80.11, 45.0), (78.0, 45.0), (78.0, 43.5)]
    line = [(80.0, 43.0), (80.1, 43.5), (80.2, 44.0), (80.1, 45.0), (80.0, 46.0)]
    made = region.along_border(ring, line)
    assert made.is_valid
    assert {(80.1, 43.5), (80.2, 44.0), (80.1, 45.0)} <= set(made.exterior.coords)
    assert not {(80.11, 43.5), (80.19, 44.01)} & set(made.exterior.coords)


def test_a_region_away_from_the_border_is_refused():
    with pytest.raises(packages.DeriveError, match="does not run along"):
        region.along_border(list(box(70, 43, 71, 44).exterior.coords), SHARED)


def test_an_outline_follows_the_cells():
    mask = np.zeros((6, 8), dtype=bool)
    mask[1:4, 2:6] = True
    mask[2, 3] = False
    drawn = lakes.outline(mask)
    assert drawn.area == 11
    assert drawn.bounds == (2, 1, 6, 4)
    assert len(drawn.interiors) == 1


def test_a_lake_is_found_by_a_place_in_it_and_its_islands_are_filled():
    lake = Polygon(box(80, 44, 82, 46).exterior, [box(80.5, 44.5, 81, 45).exterior])
    found = lakes.pick([lake, box(83, 44, 84, 45)], {"lake-made-up": (80.7, 44.7)})
    assert found["lake-made-up"].equals(box(80, 44, 82, 46))


def test_a_lake_that_is_not_there_is_an_error():
    with pytest.raises(packages.DeriveError, match="lake-made-up: 0 waters"):
        lakes.pick([box(83, 44, 84, 45)], {"lake-made-up": (80.7, 44.7)})


def test_traced_roads_follow_the_cheap_cells():
    cost = np.full((2 * 256 * 4, 3 * 256 * 4), 10.0)
    row, column = 900, 1000
    cost[row, column : column + 300] = 0.1
    start, end = (tiles.lonlat(row + 0.5, column + shift + 0.5) for shift in (0, 299))
    line = tiles.trace(cost, [start, end])
    assert len(line.coords) == 2
    assert line.coords[0] == pytest.approx(start, abs=1e-4)
    assert line.coords[-1] == pytest.approx(end, abs=1e-4)


def test_road_colours_are_cheap_and_land_and_boundaries_are_not():
    red, land_colour, boundary = (232, 146, 162), (242, 239, 233), (174, 156, 188)
    picture = np.array([[red] * 4, [land_colour] * 4, [boundary] * 4], dtype=np.float64).repeat(4, axis=0)
    cost = tiles.road_cost(picture)
    assert cost[8, 8] < 1.5
    assert cost[24, 8] > 5 * cost[8, 8]
    assert cost[40, 8] > 5 * cost[8, 8]


def test_a_route_runs_outwards_and_its_parts_meet():
    traces = {"road": LineString([(76.0, 43.0), (77.0, 43.5), (78.0, 43.5), (79.0, 44.0)])}
    parts = (
        roads.Chain(),
        roads.Traced("road", (79.0, 44.1), (77.5, 43.6)),
        roads.Chain(((76.0, 45.0),)),
    )
    drawn = roads.assemble((80.0, 44.0), parts, traces)
    lines = [list(line.coords) for line in drawn.geoms]
    assert lines[0] == [(80.0, 44.0), (79.0, 44.0)]
    assert lines[1] == [(79.0, 44.0), (78.0, 43.5), (77.5, 43.5)]
    assert lines[2] == [(77.5, 43.5), (76.0, 45.0)]


def test_a_route_that_breaks_off_is_refused():
    traces = {"road": LineString([(76.0, 43.0), (77.0, 43.5)])}
    with pytest.raises(packages.DeriveError, match="breaks off"):
        roads.assemble((80.0, 44.0), (roads.Traced("road", (77.0, 43.5), (76.0, 43.0)),), traces)


BOX = (80.0, 44.0, 81.0, 45.0)


def test_a_railway_graph_is_read_without_running_it_and_followed():
    source = (
        "from scgraph.core import GeoGraph\n"
        "graph=[{1: 10.0, 2: 99.0, 0: 0.0}, {0: 10.0, 2: 10.0}, {1: 10.0, 0: 99.0}, {}]\n"
        "nodes=[[44.1, 80.1], [44.2, 80.2], [44.3, 80.3], [10.0, 10.0]]\n"
    )
    edges, nodes = ways.parse(source)
    line = railway.follow(ways.within(edges, nodes, BOX), [(80.1, 44.1), (80.2, 44.2), (80.3, 44.3)])
    assert list(line.coords) == [(80.1, 44.1), (80.2, 44.2), (80.3, 44.3)]
    broken = ways.within([{"1": 1.0}, {"0": 1.0}, {}], nodes[:3], BOX)
    with pytest.raises(packages.DeriveError, match="no way joins"):
        railway.follow(broken, [(80.1, 44.1), (80.3, 44.3)])


def test_a_wrong_sha256_is_one_line_that_names_the_file(tmp_path, capsys, monkeypatch):
    (tmp_path / "made_up-1.0.whl").write_bytes(b"something else")
    wrong = package(b"the real thing", "made_up-1.0.whl")
    with pytest.raises(packages.DeriveError) as error:
        packages.fetch(wrong, tmp_path)
    assert "\n" not in str(error.value)
    assert "made_up-1.0.whl: sha256 is" in str(error.value)

    monkeypatch.setattr(packages, "COUNTRIES", wrong)
    assert command.main(["--download", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    assert printed.err.startswith("derive: made_up-1.0.whl: sha256 is")
    assert not (tmp_path / "out").exists()


def test_a_package_that_is_there_and_right_is_not_fetched_again(tmp_path, monkeypatch):
    (tmp_path / "made_up-1.0.whl").write_bytes(b"content")
    monkeypatch.setattr(packages, "_download", lambda *_: pytest.fail("fetched"))
    assert packages.fetch(package(b"content", "made_up-1.0.whl"), tmp_path) == tmp_path / "made_up-1.0.whl"


def test_a_manager_that_leaves_no_file_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "_download", lambda *_: None)
    with pytest.raises(packages.DeriveError, match=r"left no made_up-1\.0\.whl"):
        packages.fetch(package(b"content", "made_up-1.0.whl"), tmp_path)


@pytest.mark.parametrize("suffix", [".tgz", ".whl"])
def test_a_member_of_an_archive_is_read_and_a_missing_one_is_told(tmp_path, suffix):
    archive = tmp_path / f"made_up{suffix}"
    if suffix == ".tgz":
        with tarfile.open(archive, "w:gz") as tar:
            info = tarfile.TarInfo("inner/file")
            info.size = 2
            tar.addfile(info, io.BytesIO(b"ok"))
    else:
        with zipfile.ZipFile(archive, "w") as zipped:
            zipped.writestr("inner/file", "ok")
    assert packages.member(archive, "inner/file") == b"ok"
    with pytest.raises(packages.DeriveError, match="has no file inner/other"):
        packages.member(archive, "inner/other")


def test_geojson_is_rounded_and_wound_as_rfc_7946_asks():
    clockwise = Polygon([(0, 0), (0, 1.123456789), (1, 1), (1, 0)], [[(0.2, 0.2), (0.4, 0.2), (0.4, 0.4)]])
    drawn = writing.rfc7946(clockwise)
    assert shape(drawn).exterior.is_ccw
    assert not shape(drawn).interiors[0].is_ccw
    assert [0, 1.123457] in drawn["coordinates"][0]


def border_file(folder):
    path = folder / "border.geojson"
    shutil.copy(GEODATA / "layers/border.geojson", path)
    return path


def test_new_geometry_keeps_the_words_and_is_the_same_every_time(tmp_path):
    path = border_file(tmp_path)
    before = json.loads(path.read_text(encoding="utf-8"))["features"][0]
    writing.remake(path, {"state-border": LineString(RIVER)})
    once = path.read_bytes()
    writing.remake(path, {"state-border": LineString(RIVER)})
    assert path.read_bytes() == once
    assert once.endswith(b"\n")
    assert len(once.splitlines()) == 3
    feature = json.loads(once)["features"][0]
    assert feature["properties"] == before["properties"]
    assert shape(feature["geometry"]).equals_exact(LineString(RIVER), tolerance=1e-6)


def test_a_shape_without_words_is_told_and_nothing_written(tmp_path):
    path = border_file(tmp_path)
    before = path.read_bytes()
    with pytest.raises(
        packages.DeriveError, match=r"border\.geojson: no feature 'sea'; write its properties"
    ):
        writing.remake(path, {"sea": LineString(RIVER)})
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", roads.ROUTES)
def test_every_part_of_a_route_has_its_section_of_words(name):
    features = json.loads((GEODATA / "layers/roads.geojson").read_text(encoding="utf-8"))["features"]
    said = next(f["properties"] for f in features if f["properties"]["id"] == name)
    made = ["schematic" if isinstance(part, roads.Chain) else "traced" for part in roads.ROUTES[name]]
    bases = [section["basis"] for section in said["sections"]]
    # the first part joins the reference point to a road, and is none itself
    assert bases == ["straight", *made[1:]]
    assert made[0] == "schematic"
