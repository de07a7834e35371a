"""The encoding of a text that does not say it."""

from __future__ import annotations

import codecs

from khorgos_map.measure.upload.records import UploadError

_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# in windows-1251 Cyrillic letters are the bytes from here on; in GB 18030 they are every other byte or so
_CYRILLIC_FROM = 0xC0
_CYRILLIC_SHARE = 0.9
CYRILLIC, CHINESE = "windows-1251", "GB 18030"


def decoded(data: bytes) -> tuple[str, str | None]:
    """Return a text, and the encoding that had to be guessed: windows-1251 or GB 18030; None for Unicode.

    Raises `UploadError` for bytes that are none of these.
    """
    for mark, codec in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return _strictly(data, codec), None
    try:
        return data.decode(), None
    except UnicodeDecodeError:
        guess = guessed(data)
        return _strictly(data, guess.replace(" ", "")), guess


def guessed(data: bytes) -> str:
    """Return which of the two old encodings of the region bytes that are not UTF-8 are likely in."""
    high = [byte for byte in data[:1_000_000] if byte >= 0x80]
    cyrillic = sum(byte >= _CYRILLIC_FROM for byte in high)
    if cyrillic < _CYRILLIC_SHARE * len(high):
        try:
            data.decode("gb18030")
        except UnicodeDecodeError:
            return CYRILLIC
        return CHINESE
    return CYRILLIC


def _strictly(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        raise UploadError("upload.error.encoding") from None
