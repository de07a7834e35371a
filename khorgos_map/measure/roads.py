"""What all that answers from the roads asks of the content first."""

from __future__ import annotations

from pathlib import Path

from khorgos_map.atlas import Atlas
from khorgos_map.measure.routing.records import RoutingError


def refuse_roadless(atlas: Atlas, folder: Path) -> None:
    """Raise `RoutingError` if the content has no roads; ``folder`` is where it was read from."""
    if not atlas.network.edges:
        raise RoutingError(f"this content has no road network: network/ is missing in {folder}")
