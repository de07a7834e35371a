"""The headers that tell a browser what it may do with an answer, foremost the Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders

SAME_FOR_ALL = {
    "x-content-type-options": "nosniff",
    # the providers of online basemaps ask to be told which site shows them, not which view
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SELF, NONE, INLINE, EVAL = "'self'", "'none'", "'unsafe-inline'", "'unsafe-eval'"
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# an address template of tiles: {s} stands for one of several hosts
_SUBDOMAIN = re.compile(r"\{s\}")


class Policies:
    """A policy for each kind of document: Streamlit's page, the component with the map, our own pages, and all else.

    ``page`` is the HTML of Streamlit's page, whose inline scripts are allowed by their hashes; ``documents`` are our
    own, by path; ``frames`` the origins that may frame the page; ``tiles`` the address templates of online basemaps.
    """

    def __init__(
        self, page: str, documents: Mapping[str, str], frames: Iterable[str], tiles: Iterable[str]
    ) -> None:
        ancestors = " ".join((SELF, *frames))
        pictures = " ".join((SELF, "data:", "blob:", *sorted({_host(url) for url in tiles})))
        self._page = _policy(
            {
                # Vega, which draws the charts, compiles its expressions
                "script-src": " ".join((SELF, EVAL, *script_hashes(page))),
                # Streamlit's styles are made by script, elements of ours carry their colours
                "style-src": f"{SELF} {INLINE}",
                "img-src": f"{SELF} data: blob:",
                "font-src": f"{SELF} data:",
                "connect-src": SELF,
                "frame-src": SELF,
                "manifest-src": SELF,
                "worker-src": f"{SELF} blob:",
                "frame-ancestors": ancestors,
            }
        )
        self._component = _policy(
            {
                # streamlit-folium puts the script of the map, which comes over the page's own connection, into
                # an element and evaluates what follows; a handler in markup stays forbidden
                "script-src": f"{SELF} {EVAL}",
                "script-src-elem": f"{SELF} {INLINE}",
                "script-src-attr": NONE,
                "style-src": f"{SELF} {INLINE}",
                "img-src": pictures,
                "font-src": f"{SELF} data:",
                "connect-src": SELF,
                "frame-ancestors": ancestors,
            }
        )
        self._documents = {
            path: _policy(
                {
                    "script-src": " ".join(script_hashes(html)) or NONE,
                    "style-src": INLINE,
                    "frame-ancestors": ancestors,
                }
            )
            for path, html in documents.items()
        }
        self._other = _policy({"frame-ancestors": NONE, "sandbox": ""})

    def add(self, path: str, headers: MutableHeaders) -> None:
        """Add the headers of an answer to what is asked at a path."""
        for name, value in SAME_FOR_ALL.items():
            headers[name] = value
        headers["content-security-policy"] = self._of(path, headers.get("content-type", ""))

    def _of(self, path: str, media_type: str) -> str:
        if path in self._documents:
            return self._documents[path]
        if not media_type.startswith("text/html"):
            return self._other
        return self._component if path.startswith("/component/") else self._page


def script_hashes(html: str) -> list[str]:
    """Return the sources by which a policy allows the inline scripts of an HTML text."""
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _SCRIPT.findall(html)
    ]


def _policy(directives: Mapping[str, str]) -> str:
    closed = {"default-src": NONE, "base-uri": NONE, "form-action": NONE, "object-src": NONE}
    return "; ".join(f"{name} {value}".strip() for name, value in {**closed, **directives}.items())


def _host(template: str) -> str:
    url = urlsplit(_SUBDOMAIN.sub("*", template))
    return f"{url.scheme}://{url.netloc}"
