"""The distances of the evidence: the court's rows, and a matrix that is symmetric where roads are."""

from __future__ import annotations

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.page import content
from khorgos_map.page.matrix import (
    cell_colours,
    clock,
    contrast,
    heat_map,
    matrix_table,
    places_on_the_network,
)
from khorgos_map.text import catalogue, languages
from tests.page.test_evidence import evidence


def test_every_published_distance_of_the_network_is_before_the_court(atlas: Atlas) -> None:
    published = [fact for fact in atlas.network.facts.values() if fact.claim]
    tables = [table.value for table in evidence("en").dataframe]
    (court,) = [table for table in tables if "road today" in table.columns]
    assert len(court) == len(published) >= 5
    assert "361 km" in set(court["published"])


def test_the_matrix_knows_every_pair_and_says_where_a_truck_cannot_go(atlas: Atlas) -> None:
    text = catalogue("en")
    stops = places_on_the_network(atlas, text)
    table = matrix_table(content.engine().matrix(stops, stops, "truck"), text, timed=False)
    assert len(table) == len(stops) ** 2
    there = table.set_index(["from", "to"])["km"]
    assert there["Almaty", "Khorgos (village)"] == pytest.approx(
        there["Khorgos (village)", "Almaty"], rel=0.02
    )
    assert there["Almaty", "Urumqi"] > there["Almaty", "Yining (Ghulja)"] > 350
    unknown = table[table["km"].isna()]
    assert set(unknown["shown"]) <= {"–"}


@pytest.mark.parametrize("code", languages())
def test_the_matrix_has_both_sides_of_every_road_crossing_and_no_name_twice(atlas: Atlas, code: str) -> None:
    stops = places_on_the_network(atlas, catalogue(code))
    assert {stop.id for stop in stops} >= {
        "nur-zholy", "horgos-road-port", "dostyk", "alashankou", "kalzhat", "dulata", "bakhty", "bakty"
    }  # fmt: skip
    assert len({stop.name for stop in stops}) == len(stops)


def test_times_are_told_in_hours_and_minutes(atlas: Atlas) -> None:
    text = catalogue("en")
    assert [clock(seconds) for seconds in (0, 13 * 60, 58 * 60, 9480)] == ["0:00", "0:13", "1:00", "2:40"]
    stops = [stop for stop in places_on_the_network(atlas, text) if stop.id in {"koktal", "zharkent"}]
    table = matrix_table(content.engine().matrix(stops, stops, "car"), text, timed=True)
    told = table[table["from"] != table["to"]]
    assert all(cell.startswith("0:") and cell != "0:00" for cell in told["cell"])
    assert table["share"].max() == pytest.approx(1)
    drawn = heat_map(table, "h:mm", "en")
    assert all(f">{cell}</td>" in drawn for cell in told["cell"])


def test_a_figure_can_be_read_on_every_colour_of_the_scale() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert all(contrast(*cell_colours(percent / 100)) >= 4.5 for percent in range(101))
    assert cell_colours(0)[1] != cell_colours(1)[1]
