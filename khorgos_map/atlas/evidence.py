"""Questions to the whole ledger: who disagrees with whom, what officials and visitors say, what is not known."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass

from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.records import Claim, Feature, SourceKind

# What adds up over the months of a year, so that totals of different numbers of months cannot be compared.
FLOWS = {
    "cargo-volume",
    "containers",
    "passages",
    "rail-cargo",
    "taxes",
    "trade-volume",
    "trade-volume-yuan",
    "trains",
    "visitors-kz",
}


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


def months_covered(when: str) -> float:
    """Return how many months lie between the beginning of the year and the end of a year, a month or a day."""
    year, *rest = (int(part) for part in when.split("-"))
    if not rest:
        return 12.0
    month, *day = rest
    return float(month) if not day else month - 1 + day[0] / monthrange(year, month)[1]


def excluding(first: Claim, second: Claim) -> str | None:
    """Return why two claims do not exclude each other, or ``None`` if they do.

    They do if each names the other as its rival and what they say differs about one attribute of one feature: for
    numbers, in one unit and within one year, since what changes may have had both values; for dates, if neither
    only says more precisely what the other says. What is computed of a claim cannot contradict it.
    """
    one, other = str(first.value), str(second.value)
    precise = first.unit == "date" and (one.startswith(other) or other.startswith(one))
    years_apart = first.unit not in {"date", "text"} and first.as_of[:4] != second.as_of[:4]
    reasons = {
        "they are not each other's rivals": second.id not in first.rivals or first.id not in second.rivals,
        "they are not about one attribute of one feature in one unit": _topic(first) != _topic(second),
        "one of them is computed": "computed" in {first.status, second.status},
        "they say the same": one == other,
        "one only says more precisely what the other says": precise,
        "they are of different years, and both may have been true": years_apart,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _topic(claim: Claim) -> tuple[str, str, str]:
    return claim.subject, claim.attribute, claim.unit


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
