"""The content as of a year: what had been said, what was there, and nothing that refers to what is gone."""

from __future__ import annotations

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.asof import State, atlas_as_of, existed, state_in
from khorgos_map.draw.cards import card
from khorgos_map.text import catalogue
from tests.atlas.spoiling import changed


def test_without_a_year_all_is_there(atlas: Atlas) -> None:
    assert atlas_as_of(atlas, None) is atlas


@pytest.mark.parametrize("year", [2005, 2012, 2016, 2019, 2025, 2035])
def test_what_stays_refers_to_nothing_that_is_gone(atlas: Atlas, year: int) -> None:
    then = atlas_as_of(atlas, year)
    for claim in then.claims.values():
        assert int(claim.as_of[:4]) <= year
        assert set(claim.rivals) <= set(then.claims)
        assert claim.subject in then.feature
        assert claim.source in then.sources
    for feature in then.feature.values():
        assert set(feature.properties.sources) <= set(then.sources)
    for source in then.sources.values():
        assert source.cited_by is None or source.cited_by in then.sources
    for chart in then.charts:
        assert chart.points
        assert {point.claim for point in chart.points} <= set(then.claims)


def test_the_last_year_has_every_claim(atlas: Atlas) -> None:
    assert set(atlas_as_of(atlas, 2035).claims) == set(atlas.claims)


@pytest.mark.parametrize(
    ("identifier", "year", "there"),
    [
        ("nur-zholy", 2017, False),
        ("nur-zholy", 2018, True),
        ("old-gate-cn", 2018, True),
        ("old-gate-cn", 2019, False),
        ("airport-skyhansa", 2014, False),
        ("airport-skyhansa", 2025, True),
        ("almaty", 2005, True),
    ],
)
def test_a_thing_is_there_from_its_beginning_or_its_announcement_to_its_end(
    atlas: Atlas, identifier: str, year: int, *, there: bool
) -> None:
    assert existed(atlas.feature[identifier], atlas, year) is there


def test_what_is_out_of_use_today_existed_then(atlas: Atlas) -> None:
    assert atlas.feature["old-gate-cn"].properties.status == "historical"
    assert atlas_as_of(atlas, 2016).feature["old-gate-cn"].properties.status == "existing"


# What is drawn of the things at the border at the end of some years, as the ledger dates them.
YEARS = (2005, 2012, 2016, 2021, 2025)
DRAWN: dict[str, tuple[State, State, State, State, State]] = {
    # the centre was built from 2006, worked from April 2012, and was shut from January 2020 to April 2023
    "icbc": ("absent", "existing", "existing", "closed", "existing"),
    "icbc-kz": ("absent", "existing", "existing", "closed", "existing"),
    "icbc-cn": ("absent", "existing", "existing", "closed", "existing"),
    "sez-khorgos": ("absent", "absent", "absent", "existing", "existing"),
    "sez-eastern-gate": ("absent", "existing", "existing", "existing", "existing"),
    "dry-port": ("absent", "absent", "existing", "existing", "existing"),
    "airport-skyhansa": ("absent", "absent", "absent", "absent", "planned"),
    # of the old checkpoint nobody says since when; the gate opposite reopened in 1983
    "old-checkpoint-kz": ("undated", "undated", "undated", "absent", "absent"),
    "old-gate-cn": ("existing", "existing", "existing", "absent", "absent"),
    "nur-zholy": ("absent", "absent", "absent", "existing", "existing"),
    "horgos-road-port": ("absent", "absent", "absent", "existing", "existing"),
    "rail-border-crossing": ("absent", "existing", "existing", "existing", "existing"),
    "railway-altynkol-horgos": ("absent", "existing", "existing", "existing", "existing"),
    "railway-horgos-jinghe": ("under_construction", "existing", "existing", "existing", "existing"),
    "altynkol-station": ("absent", "existing", "existing", "existing", "existing"),
    "horgos-station": ("absent", "existing", "existing", "existing", "existing"),
    "altynkol-khorgos-section": ("undated", "undated", "undated", "undated", "undated"),
    "road-khorgos-almaty-motorway": ("absent", "absent", "absent", "existing", "existing"),
    "road-khorgos-almaty": ("undated", "undated", "undated", "undated", "undated"),
    "road-khorgos-yining": ("undated", "undated", "undated", "undated", "undated"),
    "khorgos-village": ("existing", "existing", "existing", "existing", "existing"),
    # there was a place before it was made a city, of which the ledger says nothing
    "horgos-city": ("undated", "undated", "existing", "existing", "existing"),
    "nurkent": ("undated", "undated", "existing", "existing", "existing"),
    "zhetisu-region": ("absent", "absent", "absent", "absent", "existing"),
    "almaty": ("existing", "existing", "existing", "existing", "existing"),
    "state-border": ("existing", "existing", "existing", "existing", "existing"),
}


@pytest.mark.parametrize("identifier", DRAWN)
def test_the_map_shows_what_was_there(atlas: Atlas, identifier: str) -> None:
    feature = atlas.feature[identifier]
    assert tuple(state_in(feature, atlas, year) for year in YEARS) == DRAWN[identifier]


def test_what_has_no_date_is_there_today(atlas: Atlas) -> None:
    undated = [f for f in atlas.feature.values() if state_in(f, atlas, 2005) == "undated"]
    assert undated
    assert {state_in(f, atlas, atlas.known_until) for f in undated} <= {
        "existing",
        "under_construction",
        "absent",
    }


def test_nothing_undated_is_exported_as_existing(atlas: Atlas) -> None:
    then = atlas_as_of(atlas, 2005)
    assert then.feature["road-khorgos-yining"].properties.status == "undated"
    assert atlas_as_of(atlas, 2021).feature["icbc-kz"].properties.status == "closed"


def test_what_was_only_announced_shuts_nothing_and_is_told_as_announced(atlas: Atlas) -> None:
    zone = atlas.feature["icbc-kz"]
    (announced,) = (c for c in zone.properties.closures if c.claims == ("icbc-closed-2026",))
    for_ever = announced.model_copy(update={"ends": None})
    open_ended = changed(zone, "properties.closures", (for_ever,))
    assert state_in(open_ended, atlas, 2027) == "existing"
    told = [closure["text"] for closure in card(zone, atlas, catalogue("en"))["closures"]]
    assert told == [
        "Closed, as reported: January 2020 to April 24, 2023",
        "Closure announced: February 16, 2026 to March 1, 2026",
    ]
