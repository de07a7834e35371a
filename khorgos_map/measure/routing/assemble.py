"""A route in full from the pieces of edges that are driven: steps, countries, border, times and the line."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from khorgos_map.atlas.roads import Crossing, Edge
from khorgos_map.measure.routing.border import Passage, total_wait
from khorgos_map.measure.routing.graph import Graph, Piece, drive_time
from khorgos_map.measure.routing.records import Access, Position, Question, Route, Step, Stretch

NAME = "embedded"
# Said of every way, even where it has nothing of them.
COUNTRIES = ("KZ", "CN")
# A line traced from a map is right to about this; what is farther off follows no road that one could see.
ROUGH_BEYOND_M = 2_000.0


def assemble(  # noqa: PLR0913  # all that a route is made of
    question: Question,
    access: Sequence[Access],
    pieces: Sequence[Piece],
    graph: Graph,
    crossings: Mapping[str, Crossing],
    *,
    in_kazakhstan: Mapping[str, float],
    unit_weight: float,
    met_sigma_m: Sequence[float],
) -> Route:
    """Return the route of the embedded engine that the pieces make, in the order they are driven.

    ``in_kazakhstan`` says of each section over the border which part of it lies in Kazakhstan; the standard
    deviations of the sections, and those of where along the road the stops are met (``met_sigma_m``), are
    multiplied by ``unit_weight``.
    """
    driven = [piece for piece in pieces if piece.share > 0]
    per_country: defaultdict[str, float] = defaultdict(float, dict.fromkeys(COUNTRIES, 0.0))
    for piece in driven:
        own, metres = graph.edges[piece.edge].properties, piece.share * graph.metres[piece.edge]
        kz = in_kazakhstan.get(own.id, float(own.country == "KZ"))
        per_country["KZ"] += kz * metres
        if kz < 1:
            per_country[_beyond(piece, graph)] += (1 - kz) * metres
    crossed = _crossed(driven, graph)
    stretches = _stretches(driven, graph)
    return Route(
        engine=NAME,
        profile=question.profile,
        stops=question.stops,
        access=tuple(access),
        distance_m=math.fsum(per_country.values()),
        sigma_m=unit_weight * math.hypot(_sigma_m(driven, graph), *met_sigma_m),
        drive=drive_time(math.fsum(piece.share * graph.seconds[piece.edge] for piece in driven)),
        wait=total_wait(crossed, question, crossings),
        per_country_m=dict(per_country),
        crossings=tuple(identifier for identifier, _ in crossed),
        steps=_steps(driven, graph),
        geometry=_joined(stretch.line for stretch in stretches) or (access[0].on_road, access[-1].on_road),
        stretches=stretches,
        supposed_wait_s=_supposed_wait_s(crossed, graph),
    )


def _beyond(piece: Piece, graph: Graph) -> str:
    """Return the country that a section is in, where it is in Kazakhstan for no part of its length or for one only."""
    return next((side for side in _sides(piece, graph) if side != "KZ"), "CN")


def _supposed_wait_s(crossed: Sequence[Passage], graph: Graph) -> float | None:
    directions = {direction for _, direction in crossed}
    supposed = (wait.seconds for (_, way), wait in graph.waits.items() if wait.supposed and way in directions)
    return max(supposed, default=None)


def _sigma_m(pieces: Sequence[Piece], graph: Graph) -> float:
    # an edge driven there and back has the same error twice, so its shares are added first
    shares: defaultdict[int, float] = defaultdict(float)
    for piece in pieces:
        shares[piece.edge] += piece.share
    return math.hypot(*(s * graph.edges[e].properties.length_sigma_km * 1000 for e, s in shares.items()))


def _crossed(pieces: Sequence[Piece], graph: Graph) -> list[Passage]:
    """Return the crossings passed, each with its direction, "KZ-CN" or "CN-KZ"."""
    found = []
    for identifier, run in groupby(pieces, lambda piece: graph.edges[piece.edge].properties.crossing):
        if identifier is not None:
            passed = list(run)
            found.append((identifier, f"{_sides(passed[0], graph)[0]}-{_sides(passed[-1], graph)[1]}"))
    return found


def _sides(piece: Piece, graph: Graph) -> tuple[str, str]:
    sides = graph.country[graph.start[piece.edge]], graph.country[graph.end[piece.edge]]
    return sides if piece.begin < piece.end else sides[::-1]


def _steps(pieces: Sequence[Piece], graph: Graph) -> tuple[Step, ...]:
    def road(piece: Piece) -> tuple[str | None, str | None, str, str | None]:
        own = graph.edges[piece.edge].properties
        name = own.name.in_language("en") if own.name and not own.ref else None
        return own.ref, name, own.country, own.crossing

    steps = []
    for (ref, name, country, crossing), run in groupby(pieces, road):
        parts = list(run)
        steps.append(
            Step(
                ref=ref,
                name=name or _common_name([graph.edges[part.edge] for part in parts]),
                country=country,
                length_m=math.fsum(part.share * graph.metres[part.edge] for part in parts),
                duration_s=drive_time(math.fsum(p.share * graph.seconds[p.edge] for p in parts)).middle_s,
                edges=tuple(graph.edges[part.edge].properties.id for part in parts),
                crossing=crossing,
            )
        )
    return tuple(steps)


def _common_name(edges: Sequence[Edge]) -> str | None:
    names = {edge.properties.name.in_language("en") if edge.properties.name else None for edge in edges}
    return names.pop() if len(names) == 1 else None


def _stretches(pieces: Sequence[Piece], graph: Graph) -> tuple[Stretch, ...]:
    runs = groupby(pieces, lambda piece: _is_rough(piece, graph))
    return tuple(Stretch(_joined(graph.lines.part(*piece) for piece in run), rough) for rough, run in runs)


def _is_rough(piece: Piece, graph: Graph) -> bool:
    own = graph.edges[piece.edge].properties
    return own.basis == "schematic" or own.uncertainty_m > ROUGH_BEYOND_M


def _joined(parts: Iterable[Sequence[Position]]) -> tuple[Position, ...]:
    line: list[Position] = []
    for part in parts:
        line.extend(part[1:] if line and line[-1] == part[0] else part)
    return tuple(line)
