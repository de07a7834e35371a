"""The table of a shapefile (dBASE III): its rows as texts.

After the description of the table file at the Library of Congress (dBASE Table File Format, DBF).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from khorgos_map.measure.upload.records import MAX_PROPERTIES
from khorgos_map.measure.upload.text_code import decoded

_HEADER_BYTES = 32
_FIELD_BYTES = 32
_HEADER_ENDS = 0x0D
_DELETED = b"*"
_TEXTS_AND_NUMBERS = b"CNFDL"
_NUMBERS = b"NF"
# what files say in their .cpg or the byte for the language, as Python calls it
_CODECS = {
    "UTF-8": "utf-8", "UTF8": "utf-8", "65001": "utf-8", "1251": "cp1251", "CP1251": "cp1251", "ANSI 1251": "cp1251",
    "WINDOWS-1251": "cp1251", "936": "gb18030", "CP936": "gb18030", "GBK": "gb18030", "GB2312": "gb18030",
    "GB18030": "gb18030", "ISO-8859-1": "latin-1", "88591": "latin-1", "1252": "cp1252", "CP1252": "cp1252",
    "866": "cp866", "CP866": "cp866",
}  # fmt: skip
_LANGUAGE_CODECS = {0x26: "cp866", 0x4D: "gb18030", 0x65: "cp866", 0xC9: "cp1251"}


class _Field(NamedTuple):
    name: bytes
    kind: int
    at: int
    size: int


def rows_of(dbf: bytes, cpg: bytes, limit: int) -> list[dict[str, str]]:
    """Return the rows of a table by the names of its fields, at most so many; none where it is damaged.

    The words beside a shape matter less than the shape: a damaged table costs the words only.
    """
    if len(dbf) < _HEADER_BYTES:
        return []
    number, header_bytes, row_bytes = struct.unpack_from("<IHH", dbf, 4)
    fields = list(_fields(dbf[:header_bytes]))
    if row_bytes < 2 or not fields or fields[-1].at + fields[-1].size > row_bytes:
        return []
    codec = _codec(cpg, dbf)
    names = [_text(field.name, codec) for field in fields]
    ends = min(header_bytes + min(number, limit) * row_bytes, len(dbf) - row_bytes + 1)
    return [
        {
            name: _tidy(_text(dbf[at + field.at : at + field.at + field.size], codec), field.kind)
            for name, field in zip(names, fields, strict=True)
        }
        for at in range(header_bytes, ends, row_bytes)
    ]


def _fields(header: bytes) -> Iterator[_Field]:
    at = 1  # the first byte of a row says whether it is deleted
    taken = 0
    for begin in range(_HEADER_BYTES, len(header) - _FIELD_BYTES + 1, _FIELD_BYTES):
        if header[begin] == _HEADER_ENDS or taken == MAX_PROPERTIES:
            break
        kind, size = header[begin + 11], header[begin + 16]
        if kind in _TEXTS_AND_NUMBERS:
            yield _Field(header[begin : begin + 11].split(b"\0")[0], kind, at, size)
            taken += 1
        at += size


def _codec(cpg: bytes, dbf: bytes) -> str | None:
    said = cpg.decode("ascii", errors="replace").strip().upper()
    return _CODECS.get(said) or _LANGUAGE_CODECS.get(dbf[29])


def _tidy(text: str, kind: int) -> str:
    return text.rstrip("0").rstrip(".") if kind in _NUMBERS and "." in text else text


def _text(raw: bytes, codec: str | None) -> str:
    raw = raw.strip(b" \0")
    if raw.isascii():
        return raw.decode("ascii")
    return raw.decode(codec, errors="replace") if codec else decoded(raw)[0]
