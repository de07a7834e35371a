"""The command `khorgos-map reach`: GeoJSON as RFC 7946 wants it, and its words."""

from __future__ import annotations

import argparse
import json
from typing import Any

import pytest
import shapely
from shapely.geometry import shape

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.cli import reach
from khorgos_map.geodesy import area_m2


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    reach.add_words(parser)
    return reach.run(parser.parse_args(arguments))


def features(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert run(*arguments, "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["type"] == "FeatureCollection"
    return list(found["features"])


def test_one_area_for_each_limit(capsys: pytest.CaptureFixture[str]) -> None:
    found = features(capsys, "khorgos", "--minutes", "240,60,120")
    assert [f["properties"]["minutes"] for f in found] == [60, 120, 240]
    areas = [shape(f["geometry"]) for f in found]
    for feature, area in zip(found, areas, strict=True):
        assert area.is_valid
        assert all(part.exterior.is_ccw for part in area.geoms)
        assert feature["properties"]["area_m2"] == pytest.approx(area_m2(area), rel=1e-6)
        assert feature["properties"]["margin_m"] == 5000
    assert shapely.difference(areas[0], areas[1]).area < 1e-4
    assert found[0]["properties"]["road_m"] < found[1]["properties"]["road_m"]
    assert "zharkent" in found[0]["properties"]["places"]
    assert "almaty" not in found[1]["properties"]["places"]
    assert "almaty" in found[2]["properties"]["places"]


def test_without_the_crossings_the_other_country_is_out_of_reach(
    atlas: Atlas, capsys: pytest.CaptureFixture[str]
) -> None:
    shut = [word for crossing in atlas.network.crossings for word in ("--avoid", crossing)]
    (found,) = features(capsys, "khorgos", "--minutes", "120", *shut)
    assert found["properties"]["crossings"] == []
    assert area_m2(shape(found["geometry"]).intersection(land_by_side(atlas)["CN"])) < 1e4


def test_a_truck_waits_at_the_border_for_longer_than_four_hours(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = features(capsys, "khorgos", "--minutes", "240", "--profile", "truck")
    assert "nur-zholy-horgos" not in found["properties"]["crossings"]
    assert found["properties"]["waits_s"]["nur-zholy-horgos CN-KZ"] > 4 * 3600
    assert "nur-zholy-horgos CN-KZ" not in found["properties"]["waits_supposed"]
    assert "kalzhat-dulata KZ-CN" in found["properties"]["waits_supposed"]


def test_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("zharkent", "--minutes", "30") == 0
    told = capsys.readouterr().out
    assert told.startswith("30 min from Zharkent: ")
    assert "Koktal" in told
    assert "wait counted" not in told
    assert run("khorgos", "--minutes", "60") == 0
    waits = [line for line in capsys.readouterr().out.splitlines() if line.startswith("wait counted")]
    assert waits == ["wait counted at nur-zholy-horgos KZ-CN: 12 h, supposed: no figure found"]


def test_from_a_place_far_from_the_road_the_way_to_it_takes_time(capsys: pytest.CaptureFixture[str]) -> None:
    found = features(capsys, "44.30,79.95", "--minutes", "15,60")
    near, far = (one["properties"] for one in found)
    assert near["places"] == {}
    assert near["road_m"] == near["area_m2"] == 0
    assert near["off_the_road"] is True
    assert 15_000 < near["access_m"] < 16_000
    assert far["places"]["zharkent"] > 20 * 60
    assert far["road_sigma_m"] > 0
    assert run("44.30,79.95", "--minutes", "15") == 0
    assert "off road: 15.6 km in a straight line" in capsys.readouterr().out


def test_far_from_any_road(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("48.9,79.5") == 1
    assert "no road within 25 km of 48.9, 79.5" in capsys.readouterr().err


@pytest.mark.parametrize("minutes", ["", "0", "60,,120", "an hour", "60;120", "99999", "-5", "²"])
def test_limits_that_are_none(minutes: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("khorgos", f"--minutes={minutes}")
    assert "type minutes with commas between them" in capsys.readouterr().err
