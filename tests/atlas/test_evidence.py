"""Questions to the whole ledger, held against the real one."""

from __future__ import annotations

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.evidence import comparisons, contradictions, unknowns


def test_contradictions_are_rivals_that_differ_and_each_pair_comes_once(atlas: Atlas) -> None:
    pairs = contradictions(atlas)
    assert ("icbc-kz-area-120", "icbc-kz-area-460") in {(a.id, b.id) for a, b in pairs}
    assert len({frozenset((a.id, b.id)) for a, b in pairs}) == len(pairs)
    for first, second in pairs:
        assert second.id in first.rivals
        assert first.value != second.value
        assert (first.subject, first.unit) == (second.subject, second.unit)


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
