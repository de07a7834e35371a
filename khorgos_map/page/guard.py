"""What stands before everything the server answers: who may ask for what, and what a browser may do with the answer.

Streamlit sees a request only after this has let it pass, so that what a page of another origin asks is refused before
it costs anything, and before Streamlit looks for the machine's own address at a host outside.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from khorgos_map.page.policies import Policies

# What the page uses of Streamlit's own addresses; uploads, metrics, the agents' interface and the rest stay closed.
OPEN_PATHS = frozenset(
    {
        "/",
        "/favicon.png",
        "/manifest.json",
        "/_stcore/health",
        "/_stcore/host-config",
        "/_stcore/stream",
    }
)
OWN_PREFIX = "/khorgos/"
COMPONENT_PREFIX = "/component/streamlit_folium."
OPEN_PREFIXES = (OWN_PREFIX, COMPONENT_PREFIX, "/static/", "/media/")
# A form on any page can send these to any server; nothing else can be sent without the browser asking first.
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
LONGEST_QUERY = 16_000
MOST_SESSIONS = 500
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_POLICY_VIOLATION = 1008


@dataclass(frozen=True)
class Doors:
    """Who may ask: the names this server goes by beside its addresses, and the origins whose pages may frame it."""

    hosts: frozenset[str] = frozenset()
    frames: tuple[str, ...] = ()
    machine: str = field(default_factory=lambda: socket.gethostname().casefold())

    def knows(self, host: str) -> bool:
        """Return whether a Host header names this server.

        An address of numbers is always its own: only a name can be made to lead here from elsewhere.
        """
        name = host_name(host)
        return name in _LOCAL or name in self.hosts or name == self.machine or _is_address(name)


def host_name(host: str) -> str:
    """Return the name or address in a Host header, without port and brackets, in lower case; empty if there is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".").casefold()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Guard:
    """ASGI middleware, the first in line: refuses what does not belong, and adds the headers every answer carries.

    ``posts`` are the addresses that take what is sent to them; whoever answers there bounds how much.
    """

    def __init__(self, app: ASGIApp, doors: Doors, posts: frozenset[str], policies: Policies) -> None:
        self._app = app
        self._doors = doors
        self._posts = posts
        self._policies = policies
        self._sessions = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._policies.add(scope["path"], MutableHeaders(scope=message))
            await send(message)

        refused = self._refused(scope)
        app: ASGIApp = PlainTextResponse(refused[1], refused[0]) if refused else self._app
        await app(_without_origin(scope), receive, send_with_headers)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._refused(scope) or self._sessions >= MOST_SESSIONS:
            # closed before it is accepted, it is answered with 403
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        self._sessions += 1
        try:
            await self._app(_without_origin(scope), receive, send)
        finally:
            self._sessions -= 1

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        """Return the status and the reason for which a request is not passed on."""
        headers, path, method = Headers(scope=scope), scope["path"], scope.get("method", "GET")
        host = headers.get("host", "")
        known, posted = self._doors.knows(host), method == "POST"
        reasons = (
            (not known, 403, f"another name; khorgos-map run --allow-host {host_name(host)[:100]} allows it"),
            (_is_foreign(headers, host), 403, "a page of another origin may not ask this server"),
            (path not in OPEN_PATHS and not path.startswith(OPEN_PREFIXES), 404, "not found"),
            (method not in {"GET", "HEAD"} and not (posted and path in self._posts), 405, "not allowed"),
            (len(scope["query_string"]) > LONGEST_QUERY, 414, "the address is too long"),
            (posted and _media_type(headers) in FORM_TYPES, 415, "to be sent as application/octet-stream"),
        )
        return next(((status, reason) for refused, status, reason in reasons if refused), None)


def _is_foreign(headers: Headers, host: str) -> bool:
    """Return whether a page of another origin asks, other than by leading its reader here."""
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.casefold() != host.casefold():
        return True
    # browsers that know these headers send them with everything; without them Origin has decided
    return (
        headers.get("sec-fetch-site") in {"cross-site", "same-site"}
        and headers.get("sec-fetch-mode") != "navigate"
    )


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().casefold()


def _without_origin(scope: Scope) -> Scope:
    """Return a request without its Origin, which has been checked: Streamlit would look for its own outside."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"origin"]}
