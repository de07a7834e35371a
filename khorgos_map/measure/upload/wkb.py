"""How many parts a well-known binary has: a line or a ring takes a hundred bytes of memory, even where it is empty."""

from __future__ import annotations

import struct

from khorgos_map.measure.upload.records import UploadError, UploadLimitError

MAX_PARTS = 200_000
_MAX_DEPTH = 32
_POINT, _LINE, _POLYGON, _MULTIPOINT = 1, 2, 3, 4
_EXTENDED_Z, _EXTENDED_M, _EXTENDED_SRID = 0x80000000, 0x40000000, 0x20000000


class Parts:
    """Counts the parts of geometries; raises `UploadLimitError` as soon as they are too many."""

    def __init__(self) -> None:
        self._left = MAX_PARTS

    def count(self, wkb: bytes, at: int = 0) -> None:
        """Count the parts of a geometry that begins at a place; one that is damaged is left to others to refuse."""
        try:
            self._end(wkb, at, _MAX_DEPTH)
        except (struct.error, IndexError):
            return

    def _take(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise UploadLimitError("upload.error.parts", limit=f"{MAX_PARTS:,}")

    def _end(self, wkb: bytes, at: int, depth: int) -> int:
        """Return where the geometry ends that begins here."""
        if not depth:
            raise UploadError("upload.error.deep")
        self._take()
        order = "<" if wkb[at] == 1 else ">"
        kind, dimensions, at = _kind(wkb, at, order)
        position_bytes = 8 * dimensions
        if kind == _POINT:
            return at + position_bytes
        number: int
        (number,) = struct.unpack_from(f"{order}I", wkb, at)
        at += 4
        if kind == _LINE:
            return at + number * position_bytes
        if kind == _MULTIPOINT:
            return at + number * (5 + position_bytes)
        for _ in range(number):
            if kind == _POLYGON:
                self._take()
                (positions,) = struct.unpack_from(f"{order}I", wkb, at)
                at += 4 + positions * position_bytes
            else:
                at = self._end(wkb, at, depth - 1)
        return at


def _kind(wkb: bytes, at: int, order: str) -> tuple[int, int, int]:
    """Return the kind of a geometry, its dimensions, and where its content begins."""
    code: int
    (code,) = struct.unpack_from(f"{order}I", wkb, at + 1)
    extended = bool(code & _EXTENDED_Z) + bool(code & _EXTENDED_M)
    at += 9 if code & _EXTENDED_SRID else 5
    code &= ~(_EXTENDED_Z | _EXTENDED_M | _EXTENDED_SRID)
    return code % 1000, 2 + extended + (0, 1, 1, 2)[min(code // 1000, 3)], at
