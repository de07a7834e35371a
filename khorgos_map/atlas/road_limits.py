"""Faults of what is said of passes and bans, and of long sections of which only the two ends are known."""

from __future__ import annotations

from collections.abc import Iterator

from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.ledger import unknown
from khorgos_map.atlas.roads import EdgeProperties
from khorgos_map.errors import Fault

EDGES = "network/edges.geojson"
# A section of which nothing is known between its ends may bend as roads in hills and mountains do, within two standard
# deviations. Shorter ones cannot hide a mountain range.
LONG_STRAIGHT_KM, DETOUR_ALLOWED, COVERED = 25.0, 1.15, 2
# Lengths and their errors are recorded to ten metres.
ROUNDING_KM = 0.05


def straight_faults(known: EdgeProperties, positions: int, straight_km: float) -> Iterator[Fault]:
    """Yield the fault of a long section drawn straight whose error does not allow for any bend."""
    if positions > 2 or straight_km <= LONG_STRAIGHT_KM or known.length_basis in {"published", "derived"}:
        return
    needed_km = (DETOUR_ALLOWED * straight_km - known.length_km) / COVERED
    if known.length_sigma_km < needed_km - ROUNDING_KM:
        reason = (
            f"{known.length_sigma_km:g} km, but nothing is known between its ends, {straight_km:.1f} km apart"
        )
        yield Fault(EDGES, known.id, "length_sigma_km", f"{reason}: it must be {needed_km:.2f} km or more")


def limit_faults(known: EdgeProperties, atlas: Atlas) -> Iterator[Fault]:
    """Yield what is missing of a pass or a ban, and sources that are not known."""
    limits = known.limits
    if limits is None:
        # at a crossing its own record says who may pass
        if not known.truck and known.crossing is None:
            yield Fault(EDGES, known.id, "limits", "missing: who closes it to trucks?")
        return
    yield from unknown(EDGES, known.id, "limits.sources", limits.sources, atlas.sources)
    if limits.pass_name is not None and limits.season is None:
        yield Fault(EDGES, known.id, "limits.season", "missing: in which months is the pass open?")
    if known.truck != (limits.trucks == "allowed"):
        reason = f"{str(known.truck).lower()}, but its limits say that trucks are {limits.trucks}"
        yield Fault(EDGES, known.id, "truck", reason)
