"""What can be found: every feature and claim as folded text of all languages, for the search in the browser.

Folding makes spellings meet: case, accents and letters of the Kazakh alphabet beyond the Russian one do not
count. The browser folds what is typed by the same rules (assets/search.js).
"""

from __future__ import annotations

import unicodedata

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.records import Claim, Feature, Text
from khorgos_map.text import catalogue, languages

LETTERS = str.maketrans("әғқңөұүһіё", "агкноуухие")
Entry = dict[str, str]


def fold(text: str) -> str:
    """Return a text as it is compared: lower case, no accents, Kazakh letters as their Russian neighbours."""
    apart = unicodedata.normalize("NFKD", text.lower().translate(LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def search_index(atlas: Atlas) -> list[Entry]:
    """Return an entry for each feature, and for each claim under its feature: ids and folded text."""
    entries = []
    for identifier, feature in atlas.feature.items():
        entries.append({"id": identifier, "text": fold(_feature_text(feature))})
        entries.extend(
            {"id": identifier, "claim": claim.id, "text": fold(_claim_text(claim, atlas))}
            for claim in atlas.claims_about.get(identifier, [])
        )
    return entries


def _feature_text(feature: Feature) -> str:
    properties = feature.properties
    names = [name.text for name in properties.name.root.values() if name]
    kinds = [catalogue(code)(f"kind.{properties.kind}") for code in languages()]
    return "\n".join([properties.id, *names, *properties.aliases, *kinds, *_all(properties.description)])


def _claim_text(claim: Claim, atlas: Atlas) -> str:
    source = atlas.sources[claim.source]
    words = [catalogue(code)(f"attribute.{claim.attribute}") for code in languages()]
    said = [*_all(claim.statement), *_all(atlas.claimants[claim.claimant].name)]
    return "\n".join([*words, str(claim.value), *said, source.title, source.publisher, source.author or ""])


def _all(text: Text) -> list[str]:
    return [words for words in text.root.values() if words]
