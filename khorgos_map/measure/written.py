"""Angles as people write them: signs, letters of four languages, degree marks, decimal commas.

A reading is one angle in degrees and, where a letter says so, which axis it is on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Axis = Literal["lat", "lon"]
MOST_CHARACTERS = 200
# Signs for the same thing, made one; a comma of another script separates just as well.
_SAME = str.maketrans(
    {
        **dict.fromkeys("−–—‒﹣－", "-"),
        **dict.fromkeys("º˚⁰度", "°"),
        **dict.fromkeys("′’‘ʹʼ´`＇分", "'"),
        **dict.fromkeys("″”“„ʺ＂秒", '"'),
        **dict.fromkeys("，、", ", "),
        **dict.fromkeys("；", ";"),
        "．": ".",
        "：": ":",
        "＋": "+",
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
    }
)
# Hemispheres as written in Latin letters, Kazakh, Russian and Chinese; longer words first.
_HEMISPHERES: tuple[tuple[str, Axis, int], ...] = (
    (r"с\.?\s*ш\.?|с\.?\s*е\.?|北[纬緯]|north|n|с|北", "lat", 1),
    (r"ю\.?\s*ш\.?|о\.?\s*е\.?|南[纬緯]|south|s|ю|南", "lat", -1),
    (r"в\.?\s*д\.?|ш\.?\s*б\.?|[东東][经經]|east|e|в|[东東]", "lon", 1),
    (r"з\.?\s*д\.?|б\.?\s*б\.?|西[经經]|west|w|з|西", "lon", -1),
)
_NUMBER = r"(?P<number>(?:(?<![\d.,])[+-])?\d{1,15}(?:\.\d{1,20})?)"
_WORD = "|".join(f"(?P<h{i}>{words})" for i, (words, _, _) in enumerate(_HEMISPHERES))
_TOKEN = re.compile(
    rf"""\s*(?:{_NUMBER}|(?P<mark>''|[°'":])|(?P<end>[,;/])|(?:{_WORD})(?![^\W\d_]))\s*""", re.VERBOSE
)
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
# One decimal comma would leave only one number, so the comma between two whole degrees parts them.
_TWO_WHOLE = re.compile(r"[+-]?\d{1,3},(?:0|[1-9]\d?|1[0-7]\d|180)")
_PLACE = {"°": 0, "'": 1, '"': 2, "''": 2}


@dataclass(frozen=True)
class Reading:
    """One angle in degrees, south and west negative; ``axis`` only where a letter names it."""

    degrees: float
    axis: Axis | None


@dataclass
class _Angle:
    """One angle while it is being read: degrees, minutes and seconds as far as they have come."""

    numbers: list[str] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    hemisphere: tuple[Axis, int] | None = None


def read_angles(text: str) -> list[Reading] | None:
    """Return the angles in a text, in the order written; ``None`` if there is anything else in it.

    A comma is decimal where no point is, and no space beside it, but not where it alone parts two whole degrees:
    "44,80" is a pair, "44,198" one number. Numbers without any mark or separator are
    shared evenly: two degrees, four degrees and minutes, six degrees, minutes and seconds.
    """
    if len(text) > MOST_CHARACTERS:
        return None
    tokens = _tokens(_decimal_points(text.translate(_SAME).strip(" ()[]\t\r\n").lower()))
    angles = _angles(tokens) if tokens else None
    if angles is None:
        return None
    readings = [_reading(angle) for angle in _shared_evenly(angles)]
    complete = [reading for reading in readings if reading is not None]
    return complete if len(complete) == len(readings) else None


def _decimal_points(text: str) -> str:
    if _TWO_WHOLE.fullmatch(text):
        return text
    return text if "." in re.sub(r"[^\d.]|(?<!\d)\.|\.(?!\d)", " ", text) else _DECIMAL_COMMA.sub(".", text)


def _tokens(text: str) -> list[re.Match[str]] | None:
    found: list[re.Match[str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return None
        found.append(match)
        at = match.end()
    return found


def _angles(tokens: list[re.Match[str]]) -> list[_Angle] | None:
    """Return the angles that the tokens make up; ``None`` if a letter or mark has no number to go with."""
    letters_lead = _hemisphere(tokens[0]) is not None
    angles = [_Angle()]
    for token in tokens:
        hemisphere, number, mark = _hemisphere(token), token["number"], token["mark"]
        if token["end"] or (hemisphere and letters_lead and angles[-1].numbers):
            if not angles[-1].numbers:
                return None
            angles.append(_Angle())
        elif number and _begins_another(angles[-1], number, letters_lead=letters_lead):
            angles.append(_Angle())
        elif mark == "°" and len(angles[-1].numbers) > 1:
            # only this mark tells that its number did not belong to the angle before
            angles.append(_Angle([angles[-1].numbers.pop()]))
        if number:
            angles[-1].numbers.append(number)
        elif (mark and not _marked(angles[-1], mark)) or (
            hemisphere and not _lettered(angles[-1], hemisphere, letters_lead=letters_lead)
        ):
            return None
    return angles if angles[-1].numbers else None


def _hemisphere(token: re.Match[str]) -> tuple[Axis, int] | None:
    return next(
        ((axis, sign) for i, (_, axis, sign) in enumerate(_HEMISPHERES) if token[f"h{i}"] is not None), None
    )


def _begins_another(angle: _Angle, number: str, *, letters_lead: bool) -> bool:
    if not angle.numbers:
        return False
    signed = number[0] in "+-"
    ended = angle.hemisphere is not None and not letters_lead
    # after seconds, or a marked number with a fraction, nothing of the same angle can come
    full = bool(angle.marks) and (len(angle.numbers) == 3 or "." in angle.numbers[-1])
    return signed or ended or full


def _marked(angle: _Angle, mark: str) -> bool:
    """Take a mark for the last number; false if it cannot stand there."""
    place = len(angle.marks) if mark == ":" else _PLACE[mark]
    fits = place == len(angle.marks) == len(angle.numbers) - 1
    angle.marks.append(place)
    return fits


def _lettered(angle: _Angle, hemisphere: tuple[Axis, int], *, letters_lead: bool) -> bool:
    """Take a letter for the angle; false if it has one already, or no number before a letter that follows."""
    fits = angle.hemisphere is None and bool(angle.numbers) != letters_lead
    angle.hemisphere = hemisphere
    return fits


def _shared_evenly(angles: list[_Angle]) -> Iterator[_Angle]:
    alone = len(angles) == 1 and not angles[0].marks and angles[0].hemisphere is None
    count = len(angles[0].numbers)
    if alone and count in {2, 4, 6}:
        yield _Angle(angles[0].numbers[: count // 2])
        yield _Angle(angles[0].numbers[count // 2 :])
    else:
        yield from angles


def _reading(angle: _Angle) -> Reading | None:
    numbers, hemisphere = angle.numbers, angle.hemisphere
    signed = numbers[0][0] in "+-"
    whole = all("." not in number for number in numbers[:-1])
    if len(numbers) > 3 or not whole or any(n[0] in "+-" for n in numbers[1:]) or (signed and hemisphere):
        return None
    values = [abs(float(number)) for number in numbers]
    if any(value >= 60 for value in values[1:]):
        return None
    degrees = math.fsum(value / 60**i for i, value in enumerate(values))
    axis, sign = hemisphere or (None, -1 if numbers[0].startswith("-") else 1)
    return Reading(sign * degrees, axis)
