"""The content as of a year: what had been said, what was there, and nothing that refers to what is gone."""

from __future__ import annotations

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.asof import atlas_as_of, existed


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
    assert atlas.feature["old-checkpoint-kz"].properties.status == "historical"
    assert atlas_as_of(atlas, 2016).feature["old-checkpoint-kz"].properties.status == "existing"
