"""XML as users' files have it: read as it comes, without entities, and no more of it held than is asked for."""

from __future__ import annotations

import io
import re
from abc import ABC, abstractmethod
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import XMLParserType
from xml.sax import SAXParseException

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from khorgos_map.measure.upload.records import UploadError, UploadLimitError

# An element takes 0.7 to 2 microseconds and, while what it stands in is read, 100 to 250 bytes.
_MAX_ELEMENTS = 2_500_000
_MAX_ELEMENTS_TOGETHER = 400_000
_MAX_DEPTH = 100
# Expat reads a tag again from its beginning with every piece of it that comes, and makes all its attributes at once.
_LONG_TAG = re.compile(rb"<[^<>]{1000000}")
_MAX_OTHER_BRACKETS = 100_000


class Walk(ABC):
    """Goes through a document: containers are entered and left, all other elements come whole, one after the other.

    ``path`` are the names of the containers that are open, without their namespaces, as all names here.
    """

    containers: frozenset[str]

    def __init__(self) -> None:
        self.path: list[str] = []
        self._depth = self._elements = 0
        self._most = _MAX_ELEMENTS
        self._builder: TreeBuilder | None = None
        self._whole_at = 0

    def entered(self, name: str) -> None:  # noqa: B027  # not all want to know
        """Take note of a container that begins; it is in ``path`` already."""

    def left(self, name: str) -> None:  # noqa: B027  # not all want to know
        """Take note of a container that ends; it is in ``path`` no more."""

    @abstractmethod
    def take(self, element: Element) -> None:
        """Take an element with all that is in it."""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Enter a container, or begin an element that comes whole."""
        self._depth += 1
        self._elements += 1 + len(attributes) // 4
        if self._elements > self._most or self._depth > _MAX_DEPTH:
            self._refuse()
        if ":" in name:
            name = name.rpartition(":")[2]
        if self._builder is None:
            if name in self.containers:
                self.path.append(name)
                self.entered(name)
                return
            self._builder, self._whole_at = TreeBuilder(), self._depth
            self._most = min(_MAX_ELEMENTS, self._elements + _MAX_ELEMENTS_TOGETHER)
        self._builder.start(name, attributes)

    def end(self, name: str) -> None:
        """Leave a container, or hand over what has come whole."""
        if ":" in name:
            name = name.rpartition(":")[2]
        self._depth -= 1
        if self._builder is None:
            self.path.pop()
            self.left(name)
            return
        self._builder.end(name)
        if self._depth < self._whole_at:
            element, self._builder = self._builder.close(), None
            self._most = _MAX_ELEMENTS
            self.take(element)

    def characters(self, content: str) -> None:
        """Add to the text of the element that is open."""
        if self._builder is not None:
            self._builder.data(content)

    def _refuse(self) -> None:
        if self._depth > _MAX_DEPTH:
            raise UploadError("upload.error.deep")
        limit = _MAX_ELEMENTS if self._most == _MAX_ELEMENTS else _MAX_ELEMENTS_TOGETHER
        raise UploadLimitError("upload.error.elements", limit=f"{limit:,}")


def root_name(data: bytes) -> str:
    """Return the name of the root element of an XML text; raises what `walk` does."""
    root = _Root()
    try:
        walk(data, root)
    except _FoundError as found:
        return str(found)
    return ""


def walk(data: bytes, handler: Walk) -> None:
    """Go through an XML text.

    Raises `UploadError` for entities, for damage and for what is too much. A document type is passed over: what it
    points to is not opened.
    """
    if _LONG_TAG.search(data) or data.count(b">") > data.count(b"<") + _MAX_OTHER_BRACKETS:
        raise UploadLimitError("upload.error.elements", limit=f"{_MAX_ELEMENTS:,}")
    parser = _Parser(handler)
    try:
        parser.parse(io.BytesIO(data))
    except DefusedXmlException:
        raise UploadError("upload.error.entities") from None
    except SAXParseException as error:
        raise UploadError(
            "upload.error.xml", line=error.getLineNumber() or 0, column=(error.getColumnNumber() or 0) + 1
        ) from None
    except (ValueError, LookupError):  # an encoding that is unknown or cannot be read
        raise UploadError("upload.error.encoding") from None


def child_text(element: Element, name: str) -> str:
    """Return the text of the first child of that name, or an empty text."""
    for child in element:
        if child.tag == name:
            return child.text or ""
    return ""


class _Parser(DefusedExpatParser):
    """Passes over what a document type points to; entities are refused where they are declared.

    What is read goes to the walk at once, not through the objects that SAX makes of attributes.
    """

    def __init__(self, walk: Walk) -> None:
        super().__init__(forbid_dtd=False, forbid_entities=True, forbid_external=True)
        self._walk = walk

    def reset(self) -> None:
        super().reset()
        self._parser: XMLParserType
        self._parser.buffer_text = True  # else every line of a text comes alone
        self._parser.StartElementHandler = self._walk.begin
        self._parser.EndElementHandler = self._walk.end
        self._parser.CharacterDataHandler = self._walk.characters

    def defused_external_entity_ref_handler(  # type: ignore[override]  # it answers expat, as its stub does not say
        self,
        context: str,  # noqa: ARG002  # expat's own
        base: str | None,  # noqa: ARG002
        sysid: str | None,  # noqa: ARG002
        pubid: str | None,  # noqa: ARG002
    ) -> int:
        return 1


class _FoundError(Exception):
    """The root has been read; what follows it need not be."""


class _Root(Walk):
    containers = frozenset()

    def begin(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002  # Walk's own
        raise _FoundError(name.rpartition(":")[2])

    def take(self, element: Element) -> None:
        raise NotImplementedError
