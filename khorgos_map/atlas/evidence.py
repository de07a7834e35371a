"""Questions to the whole ledger: who disagrees with whom, what officials and visitors say, what is not known."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.records import Claim, Feature, SourceKind


@dataclass(frozen=True)
class Comparison:
    """What is said about one attribute of one feature, by kind of claimant."""

    subject: str
    attribute: str
    voices: dict[SourceKind, tuple[Claim, ...]]


@dataclass(frozen=True)
class Unknowns:
    """What the atlas does not know, by what is missing."""

    without_location: tuple[Feature, ...]
    schematic: tuple[Feature, ...]
    names_unverified: tuple[Feature, ...]
    names_missing: tuple[Feature, ...]
    undated_sources: tuple[str, ...]
    second_hand_sources: tuple[str, ...]
    undecided: tuple[Claim, ...]
    low_confidence: tuple[Claim, ...]


def comparisons(atlas: Atlas) -> list[Comparison]:
    """Return where at least two kinds of claimant speak about the same thing and their claims are rivals."""
    grouped: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in atlas.claims.values():
        if claim.rivals:
            grouped[claim.subject, claim.attribute].append(claim)
    found = []
    for (subject, attribute), claims in grouped.items():
        voices: defaultdict[SourceKind, list[Claim]] = defaultdict(list)
        for claim in claims:
            voices[atlas.claimants[claim.claimant].kind].append(claim)
        if len(voices.keys() - {"computed"}) > 1:
            found.append(Comparison(subject, attribute, {kind: tuple(said) for kind, said in voices.items()}))
    return found


def contradictions(atlas: Atlas) -> list[tuple[Claim, Claim]]:
    """Return pairs of rival claims that do not fit together: one pair for each attribute of each feature.

    Of all rivals the pair that lies furthest apart is taken. Dates of which one only says more precisely what
    the other says, values in words and computed ones do not count.
    """
    furthest: dict[tuple[str, str], tuple[Claim, Claim]] = {}
    for claim in atlas.claims.values():
        for other in (atlas.claims[rival] for rival in claim.rivals):
            if claim.id < other.id and _clash(claim, other):
                key = (claim.subject, claim.attribute)
                if key not in furthest or _apart(claim, other) > _apart(*furthest[key]):
                    furthest[key] = (claim, other)
    return list(furthest.values())


def _clash(first: Claim, second: Claim) -> bool:
    same_thing = (first.subject, first.attribute, first.unit) == (
        second.subject,
        second.attribute,
        second.unit,
    )
    if not same_thing or first.unit == "text" or "computed" in {first.status, second.status}:
        return False
    one, other = str(first.value), str(second.value)
    return one != other and not (first.unit == "date" and (one.startswith(other) or other.startswith(one)))


def _apart(first: Claim, second: Claim) -> float:
    if isinstance(first.value, str) or isinstance(second.value, str):
        return abs(int(str(first.value)[:4]) - int(str(second.value)[:4]))
    return abs(first.value - second.value) / max(abs(first.value), abs(second.value))


def unknowns(atlas: Atlas) -> Unknowns:
    """Return what the atlas does not know, read off its records."""
    features = list(atlas.feature.values())
    claims = list(atlas.claims.values())
    settled = {(c.subject, c.attribute) for c in claims if c.rank == "preferred"}
    return Unknowns(
        # a sea has a place, only beyond the frame of the map
        without_location=tuple(f for f in features if f.geometry is None and f.properties.kind != "sea"),
        schematic=tuple(f for f in features if f.geometry is not None and f.properties.basis == "schematic"),
        names_unverified=tuple(f for f in features if _has_basis(f, "unverified")),
        names_missing=tuple(f for f in features if None in f.properties.name.root.values()),
        undated_sources=tuple(
            s.id for s in atlas.sources.values() if s.published is None and s.kind != "computed"
        ),
        second_hand_sources=tuple(s.id for s in atlas.sources.values() if s.seen == "cited_by"),
        undecided=tuple(c for c in claims if c.rivals and (c.subject, c.attribute) not in settled),
        low_confidence=tuple(c for c in claims if c.confidence == "low"),
    )


def _has_basis(feature: Feature, basis: str) -> bool:
    return any(name is not None and name.basis == basis for name in feature.properties.name.root.values())
