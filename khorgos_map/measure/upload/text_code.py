"""The encoding of a text that does not say it."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator

from khorgos_map.measure.upload.records import UploadError

_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# in windows-1251 Cyrillic letters are the bytes from here on; in GB 18030 they are every other byte or so
_CYRILLIC_FROM = 0xC0
_CYRILLIC_SHARE = 0.9
_PIECE_BYTES = 1_000_000
CYRILLIC, CHINESE = "windows-1251", "GB 18030"


def encoding_of(data: bytes) -> tuple[str, str | None]:
    """Return the codec of a text, and its name if it had to be guessed: windows-1251 or GB 18030; else None.

    Raises `UploadError` for bytes that are neither of these nor Unicode. The text is never held as a whole.
    """
    codec = next((codec for mark, codec in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    if _reads(data, codec):
        return codec, None
    guess = guessed(data)
    if codec != "utf-8" or not _reads(data, guess.replace(" ", "")):
        raise UploadError("upload.error.encoding")
    return guess.replace(" ", ""), guess


def lines_of(data: bytes, codec: str) -> Iterator[str]:
    """Yield the lines of a text with their ends, one after the other; the text is never held as a whole."""
    decoder = codecs.getincrementaldecoder(codec)()
    rest, at = "", 0
    while at < len(data):
        piece = decoder.decode(data[at : at + _PIECE_BYTES], final=at + _PIECE_BYTES >= len(data))
        at += _PIECE_BYTES
        lines = io.StringIO(rest + piece, newline="").readlines()
        # the end of a line may have come only in part
        rest = lines.pop() if lines and at < len(data) else ""
        yield from lines


def guessed(data: bytes) -> str:
    """Return which of the two old encodings of the region bytes that are not UTF-8 are likely in."""
    high = [byte for byte in data[:_PIECE_BYTES] if byte >= 0x80]
    cyrillic = sum(byte >= _CYRILLIC_FROM for byte in high)
    if cyrillic < _CYRILLIC_SHARE * len(high) and _reads(data, "gb18030"):
        return CHINESE
    return CYRILLIC


def _reads(data: bytes, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    whole = io.BytesIO(data)
    try:
        while piece := whole.read(_PIECE_BYTES):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
