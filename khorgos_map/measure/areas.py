"""An area held against the published ones: how large is this site, told in zones that people know."""

from __future__ import annotations

import math
from dataclasses import dataclass

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.records import Claim
from khorgos_map.measure.units import SQUARE_METRES

ATTRIBUTE = "area"
_HECTARES = {unit: size_m2 / SQUARE_METRES["ha"] for unit, size_m2 in SQUARE_METRES.items()}


@dataclass(frozen=True)
class AreaComparison:
    """A published area and how many times as large an area in question is."""

    feature: str
    claim: Claim
    published_ha: float
    ratio: float


def compare_area(area_ha: float, atlas: Atlas) -> tuple[AreaComparison, ...]:
    """Return every feature with a preferred published area in force, the one nearest in size first.

    Nearest is the ratio nearest to 1, up or down; superseded claims and those in words are left out. Nothing
    is compared with an area of 0. Planned areas are among them: the claim says so (``status``).
    """
    if not area_ha > 0:
        return ()
    found = []
    for claim in atlas.claims.values():
        in_force = claim.attribute == ATTRIBUTE and claim.rank == "preferred" and claim.status != "superseded"
        if in_force and claim.unit in _HECTARES and not isinstance(claim.value, str):
            published_ha = claim.value * _HECTARES[claim.unit]
            found.append(AreaComparison(claim.subject, claim, published_ha, area_ha / published_ha))
    return tuple(sorted(found, key=lambda comparison: abs(math.log(comparison.ratio))))
