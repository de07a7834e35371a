"""What a user has drawn to be measured, and its short form in the address bar (the parameter ``m``).

The form is this, in the notation of RFC 5234::

    sketches = sketch *("!" sketch)
    sketch   = kind *number ["." pixel] ["~" name]
    kind     = "P" / "L" / "A"        ; points, a line, an area
    pixel    = number                 ; in centimetres, 0 to 100,000,000
    name     = 1*60 of any characters but "!" and "~"

The numbers are whole and come in pairs, a latitude and a longitude in millionths of a degree, each as the
difference from that of the position before (from 0, 0 for the first of a sketch). A number n is made
unsigned, z = 2n for n >= 0 and z = -2n - 1 for n < 0, and written five bits at a time, the lowest first; each
group but the last has 32 added. A group g, 0 to 63, is the character at that place of the alphabet of
base64url (RFC 4648 section 5): A-Z, a-z, 0-9, "-", "_". No number takes more than six characters. It is
Google's encoded polyline algorithm with another alphabet and a decimal more.

The pixel is the size on the ground of the coarsest pixel that any of the positions was set with: 0 if all were
typed or snapped to something, left out if it is not known. It has two digits, halves rounded up, and none below
a centimetre; more of them are read and rounded.

The outline of an area is closed by itself: its first position is not repeated at its end. The point 44.2 N
80.4 E is ``Pgk4p0Cgonr5E``, the same with a name ``Pgk4p0Cgonr5E~Gate``, and if it was set to a pixel of 38 m
``Pgk4p0Cgonr5E.wtH~Gate``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from khorgos_map.errors import LimitError, UsageError

SketchKind = Literal["points", "line", "area"]
Position = tuple[float, float]
# The longest parameter `m` that an address carries; longer sketches are saved as a file.
MOST_CHARACTERS = 2000
LONGEST_NAME = 60
# More are not drawn by hand, and nobody reads their tables; what a device has recorded comes as a file.
MOST_SKETCHES, MOST_POSITIONS = 200, 10_000
# Coarser than any map that a point can be set on.
MOST_PIXEL_M = 1_000_000.0
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_GROUP = {character: place for place, character in enumerate(_ALPHABET)}
_LETTERS: dict[SketchKind, str] = {"points": "P", "line": "L", "area": "A"}
_KINDS: dict[str, SketchKind] = {letter: kind for kind, letter in _LETTERS.items()}
_PARTS_PER_DEG = 1_000_000
_CM_PER_M = 100
_MOST_GROUPS = 6


class SketchError(UsageError):
    """A sketch, or its form in an address, that cannot be."""


@dataclass(frozen=True)
class Sketch:
    """Points, a line or the outline of an area with at least one position, perhaps not finished yet.

    Positions are (longitude, latitude) in WGS 84 degrees, kept to a millionth of a degree (0.1 m). A name is
    one line of at most 60 characters without "!" and "~". ``pixel_m`` is the size in metres of the coarsest
    pixel that a position was set with, as `round_pixel` keeps it: 0 if all were typed or snapped to something,
    ``None`` if that is not known. Raises `SketchError` for what is no position and no size.
    """

    kind: SketchKind
    positions: tuple[Position, ...]
    name: str = ""
    pixel_m: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(SketchKind):
            raise SketchError(f"unknown kind of sketch {self.kind!r}; known are points, line and area")
        positions = tuple(_rounded(*position) for position in self.positions)
        while self.kind == "area" and len(positions) > 1 and positions[0] == positions[-1]:
            positions = positions[:-1]
        if not positions:
            raise SketchError("a sketch needs at least one position")
        object.__setattr__(self, "positions", positions)
        object.__setattr__(self, "name", clean_name(self.name))
        if self.pixel_m is not None:
            object.__setattr__(self, "pixel_m", round_pixel(self.pixel_m))


def clean_name(text: str) -> str:
    """Return a text as a name: one line of at most 60 characters, without "!", "~" and invisible ones."""
    visible = (c if c not in "!~" and unicodedata.category(c)[0] not in "CZ" else " " for c in text)
    return re.sub(r" +", " ", "".join(visible)).strip()[:LONGEST_NAME].strip()


def round_pixel(pixel_m: float) -> float:
    """Return the size of a pixel in metres with two digits, halves rounded up, and none below a centimetre.

    Raises `SketchError` for what is no size up to 1,000 km.
    """
    if not 0 <= pixel_m <= MOST_PIXEL_M:
        raise SketchError(f"a pixel of {pixel_m:g} m cannot be; it has between 0 and {MOST_PIXEL_M:g} m")
    pixel_cm = math.floor(pixel_m * _CM_PER_M + 0.5)
    step_cm: int = 10 ** max(0, len(str(pixel_cm)) - 2)
    return (pixel_cm + step_cm // 2) // step_cm * step_cm / _CM_PER_M


def encode_sketches(sketches: Iterable[Sketch]) -> str:
    """Return sketches as the parameter ``m`` of an address, not yet percent-encoded.

    The text may be longer than `MOST_CHARACTERS`, which `decode_sketches` does not read: whoever puts it
    into an address looks.
    """
    return "!".join(_encode(sketch) for sketch in sketches)


def decode_sketches(text: str, *, most_characters: int = MOST_CHARACTERS) -> tuple[Sketch, ...]:
    """Return the sketches that `encode_sketches` wrote; none for an empty text.

    What comes from elsewhere than an address may be longer. Raises `SketchError`, a `KhorgosMapError`, with
    the reason for any other text, and `LimitError` as `refuse_many` does.
    """
    if len(text) > most_characters:
        raise SketchError(
            f"the sketch in the address has {len(text)} characters; at most {most_characters} are read"
        )
    if not text:
        return ()
    parts = text.split("!")
    _refuse_more_than(MOST_SKETCHES, len(parts), "limit.sketches")
    sketches = tuple(_decode(part) for part in parts)
    refuse_many(sketches)
    return sketches


def refuse_many(sketches: Sequence[Sketch]) -> None:
    """Raise `LimitError` for more sketches than are measured together, or more positions in all of them."""
    _refuse_more_than(MOST_SKETCHES, len(sketches), "limit.sketches")
    _refuse_more_than(MOST_POSITIONS, sum(len(s.positions) for s in sketches), "limit.positions")


def _refuse_more_than(most: int, count: int, key: str) -> None:
    if count > most:
        raise LimitError(key, count=f"{count:,}", limit=f"{most:,}")


def _rounded(lon: float, lat: float) -> Position:
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lat) <= 90 and abs(lon) <= 180):
        reason = "latitudes lie between -90 and 90, longitudes between -180 and 180"
        raise SketchError(f"{lat:g}, {lon:g} is no position: {reason}")
    # adding zero turns the negative zero that rounding leaves into zero
    return round(lon, 6) + 0.0, round(lat, 6) + 0.0


def _encode(sketch: Sketch) -> str:
    code, before = [_LETTERS[sketch.kind]], (0, 0)
    for lon, lat in sketch.positions:
        here = round(lat * _PARTS_PER_DEG), round(lon * _PARTS_PER_DEG)
        code += [_encode_number(new - old) for new, old in zip(here, before, strict=True)]
        before = here
    if sketch.pixel_m is not None:
        code += [".", _encode_number(round(sketch.pixel_m * _CM_PER_M))]
    return "".join(code) + (f"~{sketch.name}" if sketch.name else "")


def _encode_number(number: int) -> str:
    rest = 2 * number if number >= 0 else -2 * number - 1
    groups = []
    while rest >= 32:
        groups.append(_ALPHABET[32 + rest % 32])
        rest //= 32
    return "".join(groups) + _ALPHABET[rest]


def _decode(part: str) -> Sketch:
    placed, _, name = part.partition("~")
    code, dot, pixel = placed.partition(".")
    if code[:1] not in _KINDS:
        known = ", ".join(f"{letter} ({kind})" for kind, letter in _LETTERS.items())
        raise SketchError(f"unknown kind of sketch {code[:1]!r} in the address; known are {known}")
    if "~" in name:
        raise SketchError("a sketch in the address has two names")
    numbers = list(_numbers(code[1:]))
    if len(numbers) % 2:
        raise SketchError("the sketch in the address is broken: a latitude without a longitude")
    return Sketch(_KINDS[code[0]], tuple(_positions(numbers)), name, _pixel_m(pixel) if dot else None)


def _pixel_m(code: str) -> float:
    numbers = list(_numbers(code))
    if len(numbers) != 1:
        raise SketchError("the sketch in the address is broken: after the point comes the size of one pixel")
    return numbers[0] / _CM_PER_M


def _positions(numbers: list[int]) -> Iterator[Position]:
    lat = lon = 0
    for d_lat, d_lon in zip(numbers[::2], numbers[1::2], strict=True):
        lat, lon = lat + d_lat, lon + d_lon
        yield lon / _PARTS_PER_DEG, lat / _PARTS_PER_DEG


def _numbers(code: str) -> Iterator[int]:
    unsigned = groups = 0
    for character in code:
        if character not in _GROUP or groups == _MOST_GROUPS:
            raise SketchError(f"the sketch in the address is broken at {character!r}")
        more, five_bits = divmod(_GROUP[character], 32)
        unsigned += five_bits << (5 * groups)
        groups += 1
        if not more:
            yield unsigned // 2 if unsigned % 2 == 0 else -(unsigned + 1) // 2
            unsigned = groups = 0
    if groups:
        raise SketchError("the sketch in the address is broken: it ends within a number")
