"""Every computed claim of the ledger is computed again from the claims and shapes it names."""

from __future__ import annotations

import dataclasses

import pytest

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.atlas.records import Claim
from khorgos_map.measure import checks
from khorgos_map.measure.routing.embedded import Embedded

ATLAS = sound_atlas(content_folder())
ENGINE = Embedded(ATLAS.network, land_by_side(ATLAS))
COMPUTED = [c for c in ATLAS.claims.values() if c.status == "computed"]
# what cannot be made again here, and says in `computed_by` why
SEAS = {f"sea-{name}-distance" for name in ("arabian", "bengal", "bohai", "caspian", "kara")}
IN_WORDS = {"icbc-function-separate-site", "state-border-natural-earth", *SEAS}


@pytest.mark.parametrize("claim", COMPUTED, ids=lambda c: c.id)
def test_a_computed_claim_is_what_its_inputs_give(claim: Claim) -> None:
    value = checks.recompute(claim, ATLAS, ENGINE)
    if claim.id in IN_WORDS:
        assert value is None
        assert claim.computed_by
        assert len(claim.computed_by) > 40
        return
    assert value == pytest.approx(claim.value, rel=1e-12, abs=checks.half_a_digit(claim))


@pytest.mark.parametrize("claim", COMPUTED, ids=lambda c: c.id)
def test_a_computed_claim_is_ours_and_rests_on_others(claim: Claim) -> None:
    assert claim.claimant == "khorgos-map"
    assert claim.source == "khorgos-map"
    name = (claim.computed_by or "").rpartition(".")[2]
    assert bool(claim.computed_from) or name in checks.OF_FEATURES or claim.id in IN_WORDS


def test_no_computed_claim_rests_on_itself() -> None:
    def inputs(claim: Claim, seen: frozenset[str] = frozenset()) -> None:
        assert claim.id not in seen
        for identifier in claim.computed_from:
            inputs(ATLAS.claims[identifier], seen | {claim.id})

    for claim in COMPUTED:
        inputs(claim)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (checks.total(217, 343), 560),
        (checks.total(185, 343), 528),
        (checks.difference(5431.5, 4591.5), 840),
        (checks.remainder(10, 2, 3), 5),
        (checks.growth_percent(10, 12), 20),
        (checks.growth_percent(12, 12.5), 4.1667),
        (checks.implied_base(115, 15), 100),
        (checks.exchange_rate(715.5e9, 1.3e9), 550.385),
        (checks.converted(522.7e9, 522.7), 1e9),
        (checks.multiple(1135, 2), 2270),
        (checks.clearing_hours(1500, 750), 48),
    ],
)
def test_the_functions(value: float, expected: float) -> None:
    assert value == pytest.approx(expected, rel=1e-4)


def test_a_claim_that_drifts_is_noticed(atlas: Atlas) -> None:
    claim = atlas.claims["icbc-sum-560"]
    part = atlas.claims["icbc-kz-area-217"].model_copy(update={"value": 218})
    drifted = dataclasses.replace(atlas, claims={**atlas.claims, part.id: part})
    assert checks.recompute(claim, atlas, ENGINE) == 560
    assert checks.recompute(claim, drifted, ENGINE) == 561


def test_units_with_a_multiple_in_their_name_become_base_units(atlas: Atlas) -> None:
    assert checks.quantity(atlas.claims["facilities-cost-kzt"]) == pytest.approx(40.7e9)
    assert checks.quantity(atlas.claims["facilities-cost-usd"]) == pytest.approx(77.5e6)
    assert checks.quantity(atlas.claims["icbc-area-560"]) == 560
    with pytest.raises(TypeError, match="no number"):
        checks.quantity(atlas.claims["visit-2025-date"])


def test_what_has_no_place_or_no_distance_is_refused(atlas: Atlas) -> None:
    with pytest.raises(TypeError, match="not a point"):
        checks.distance_to_khorgos_m("icbc", atlas)
    with pytest.raises(ValueError, match="no published distance"):
        checks.detour_ratio("railway-altynkol-horgos", atlas)
