"""Names of features in the language of the page."""

from __future__ import annotations

from khorgos_map.atlas.records import Feature
from khorgos_map.text import Catalogue


def name_of(feature: Feature, text: Catalogue) -> str:
    """Return a feature's name in the language of the page."""
    return feature.properties.name.in_language(text.code)[0]
