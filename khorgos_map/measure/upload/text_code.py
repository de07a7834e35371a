"""The encoding of a text that does not say it."""

from __future__ import annotations

import codecs
import io

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


def decoded(data: bytes) -> tuple[str, str | None]:
    """Return a short text, and the encoding that had to be guessed; raises what `encoding_of` does."""
    codec, guess = encoding_of(data)
    return data.decode(codec), guess


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
