"""XML as users' files have it: without entities and document types, and no more elements than memory allows."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from khorgos_map.measure.upload.records import UploadError, UploadLimitError

# beginnings and ends; an element takes some 100 bytes of memory
_MAX_TAGS = 4_000_000
_MAX_DEPTH = 100


def parsed_xml(data: bytes) -> Element:
    """Return the root element of an XML text.

    Raises `UploadError` for a document type or entities, whether in the file or elsewhere, and for damage.
    """
    if data.count(b"<") > _MAX_TAGS:
        raise UploadLimitError("upload.error.elements", limit=f"{_MAX_TAGS:,}")
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise UploadError("upload.error.entities") from None
    except ParseError as error:
        line, column = error.position
        raise UploadError("upload.error.xml", line=line, column=column + 1) from None
    except (ValueError, LookupError):  # an encoding that is unknown or cannot be read
        raise UploadError("upload.error.encoding") from None
    _limit_depth(root)
    return root


def tag(element: Element) -> str:
    """Return an element's name without its namespace."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def child_text(element: Element, name: str) -> str:
    """Return the text of the first child of that name, or an empty text."""
    return next((child.text or "" for child in element if tag(child) == name), "")


def _limit_depth(root: Element) -> None:
    level = [root]
    for _ in range(_MAX_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return
    raise UploadError("upload.error.deep")
