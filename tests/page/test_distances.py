"""The distances of the evidence: the court's rows, and a matrix that is symmetric where roads are."""

from __future__ import annotations

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.page import content
from khorgos_map.page.distances import matrix_table, places_on_the_network
from khorgos_map.text import catalogue
from tests.page.test_page import open_page


def test_every_published_distance_of_the_network_is_before_the_court(atlas: Atlas) -> None:
    page = open_page(mode="evidence")
    published = [fact for fact in atlas.network.facts.values() if fact.claim]
    tables = [table.value for table in page.dataframe]
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
