"""Whether well-known binary can be given to GEOS, which follows its nesting as deep as it goes.

A nesting of 20,000 collections, 180 kB, ended the whole process with GEOS 3.14.
"""

from __future__ import annotations

import struct

_MAX_DEPTH = 16
_LINE, _POLYGON, _COLLECTION = 2, 3, 7
# what may stand in a multipoint, multiline and multipolygon
_MEMBERS = {4: (1,), 5: (2,), 6: (3,), _COLLECTION: (1, 2, 3, 4, 5, 6, 7)}
_EXTENDED_Z, _EXTENDED_M, _EXTENDED_SRID = 0x80000000, 0x40000000, 0x20000000


def is_plain_wkb(wkb: bytes) -> bool:
    """Tell whether bytes are one geometry, whole, of the seven simple kinds, and not deeply nested."""
    try:
        return _end(wkb, 0, (1, 2, 3, 4, 5, 6, 7), _MAX_DEPTH) == len(wkb)
    except (struct.error, ValueError, IndexError):
        return False


def _end(wkb: bytes, at: int, kinds: tuple[int, ...], depth: int) -> int:
    """Return where the geometry that begins here ends; raises if it is none of these kinds or nested deeper."""
    order = "<" if wkb[at] == 1 else ">"
    (code,) = struct.unpack_from(f"{order}I", wkb, at + 1)
    if code & _EXTENDED_SRID:
        raise ValueError(code)
    dimensions = 2 + bool(code & _EXTENDED_Z) + bool(code & _EXTENDED_M)
    code &= ~(_EXTENDED_Z | _EXTENDED_M)
    kind, more = code % 1000, code // 1000
    if kind not in kinds or more > 3 or not depth:
        raise ValueError(code)
    position_bytes: int = 8 * (dimensions + (0, 1, 1, 2)[more])
    at += 5
    if kind == 1:
        return at + position_bytes
    number: int
    (number,) = struct.unpack_from(f"{order}I", wkb, at)
    at += 4
    if kind == _LINE:
        return at + number * position_bytes
    for _ in range(number):
        if kind == _POLYGON:
            (positions,) = struct.unpack_from(f"{order}I", wkb, at)
            at += 4 + positions * position_bytes
        else:
            at = _end(wkb, at, _MEMBERS[kind], depth - 1)
    return at
