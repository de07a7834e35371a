"""Every computed claim of the ledger is computed again from the claims and shapes it names."""

from __future__ import annotations

import dataclasses

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.records import Claim
from khorgos_map.measure import checks
from khorgos_map.measure.routing.embedded import Embedded

# what cannot be made again here, and says in `computed_by` why
SEAS = {f"sea-{name}-distance" for name in ("arabian", "bengal", "bohai", "caspian", "kara")}
IN_WORDS = {"icbc-function-separate-site", "state-border-natural-earth", *SEAS}


@pytest.fixture(scope="module")
def computed(atlas: Atlas) -> list[Claim]:
    return [claim for claim in atlas.claims.values() if claim.status == "computed"]


def is_what_its_inputs_give(claim: Claim, atlas: Atlas, embedded: Embedded) -> bool:
    value = checks.recompute(claim, atlas, embedded)
    if claim.id in IN_WORDS:
        return value is None and len(claim.computed_by or "") > 40
    return value is not None and value == pytest.approx(
        claim.value, rel=1e-12, abs=checks.half_a_digit(claim)
    )


def rests_on_others(claim: Claim) -> bool:
    name = (claim.computed_by or "").rpartition(".")[2]
    return bool(claim.computed_from) or name in checks.OF_FEATURES or claim.id in IN_WORDS


def rests_on_itself(claim: Claim, atlas: Atlas) -> bool:
    below, seen = list(claim.computed_from), set()
    while below:
        inner = below.pop()
        if inner not in seen:
            seen.add(inner)
            below += atlas.claims[inner].computed_from
    return claim.id in seen


def test_computed_claims_are_what_their_inputs_give(
    atlas: Atlas, embedded: Embedded, computed: list[Claim]
) -> None:
    assert [claim.id for claim in computed if not is_what_its_inputs_give(claim, atlas, embedded)] == []
    drifted = atlas.claims["icbc-sum-560"].model_copy(update={"value": 561})
    assert not is_what_its_inputs_give(drifted, atlas, embedded)
    wordless = atlas.claims["state-border-natural-earth"].model_copy(update={"computed_by": "by hand"})
    assert not is_what_its_inputs_give(wordless, atlas, embedded)


def test_computed_claims_are_ours_and_rest_on_others(atlas: Atlas, computed: list[Claim]) -> None:
    ours = {"khorgos-map"}
    assert [claim.id for claim in computed if {claim.claimant, claim.source} != ours] == []
    assert [claim.id for claim in computed if not rests_on_others(claim)] == []
    assert not rests_on_others(atlas.claims["icbc-sum-560"].model_copy(update={"computed_from": ()}))


def test_no_computed_claim_rests_on_itself(atlas: Atlas, computed: list[Claim]) -> None:
    assert [claim.id for claim in computed if rests_on_itself(claim, atlas)] == []
    total = atlas.claims["icbc-sum-560"]
    part = atlas.claims[total.computed_from[0]].model_copy(update={"computed_from": (total.id,)})
    assert rests_on_itself(total, dataclasses.replace(atlas, claims={**atlas.claims, part.id: part}))


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


def test_a_claim_that_drifts_is_noticed(atlas: Atlas, embedded: Embedded) -> None:
    claim = atlas.claims["icbc-sum-560"]
    part = atlas.claims["icbc-kz-area-217"].model_copy(update={"value": 218})
    drifted = dataclasses.replace(atlas, claims={**atlas.claims, part.id: part})
    assert checks.recompute(claim, atlas, embedded) == 560
    assert checks.recompute(claim, drifted, embedded) == 561


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
