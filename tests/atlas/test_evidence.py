"""Questions to the whole ledger, held against the real one."""

from __future__ import annotations

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.asof import atlas_as_of
from khorgos_map.atlas.evidence import comparisons, excluding, months_covered, unknowns


def test_the_pairs_of_the_class_task_exclude_each_other_and_each_claim_has_a_source(atlas: Atlas) -> None:
    pairs = [tuple(atlas.claims[claim] for claim in pair.claims) for pair in atlas.pairs]
    assert len(pairs) >= 10
    assert [pair.id for pair, claims in zip(atlas.pairs, pairs, strict=True) if excluding(*claims)] == []
    assert len({frozenset(pair.claims) for pair in atlas.pairs}) == len(pairs)


def test_a_year_leaves_the_pairs_of_which_both_had_been_said(atlas: Atlas) -> None:
    kept = {pair.id for pair in atlas_as_of(atlas, 2020).pairs}
    assert "four-zones-inside-outside" not in kept
    assert {"kazakh-part-185-460", "dry-port-size"} <= kept


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("icbc-established-2004", "icbc-established-2012", None),
        ("icbc-established-2005", "icbc-established-2005-07-04", "more precisely"),
        ("icbc-kz-area-185", "icbc-kz-area-185-company", "not each other's rivals"),
        ("icbc-kz-area-120", "icbc-kz-area-460", "different years"),
        ("trains-2020-9m", "trains-2020-9m-implied", "computed"),
        ("dry-port-cargo-doubted", "rail-cargo-2020-9m", "not about one attribute"),
    ],
)
def test_why_two_claims_do_not_exclude_each_other(
    atlas: Atlas, first: str, second: str, reason: str | None
) -> None:
    found = excluding(atlas.claims[first], atlas.claims[second])
    assert (found is None) if reason is None else (found is not None and reason in found)


@pytest.mark.parametrize(
    ("when", "months"),
    [("2018", 12), ("2025-06", 6), ("2021-12-31", 12), ("2021-12-14", 11 + 14 / 31), ("2024-02-29", 2)],
)
def test_months_from_the_beginning_of_a_year(when: str, months: float) -> None:
    assert months_covered(when) == pytest.approx(months)


def test_comparisons_bring_different_voices_together(atlas: Atlas) -> None:
    found = comparisons(atlas)
    assert found
    for comparison in found:
        assert len(comparison.voices.keys() - {"computed"}) > 1
        for kind, claims in comparison.voices.items():
            assert {atlas.claimants[claim.claimant].kind for claim in claims} == {kind}
            assert {(c.subject, c.attribute) for c in claims} == {(comparison.subject, comparison.attribute)}


def test_what_is_not_known_is_read_off_the_records(atlas: Atlas) -> None:
    missing = unknowns(atlas)
    assert "panfilov-district" in {f.properties.id for f in missing.without_location}
    assert "icbc-kz" in {f.properties.id for f in missing.schematic}
    assert "penjim" in {f.properties.id for f in missing.names_missing}
    settled = {c.id for c in atlas.claims.values() if c.rank == "preferred"}
    assert not {c.id for c in missing.undecided} & settled
