"""Asking a server for JSON over HTTP, with one plain message for each way in which that goes wrong."""

from __future__ import annotations

import re
import time
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from khorgos_map.errors import UsageError
from khorgos_map.measure.routing.records import RoutingError

T = TypeVar("T")
TIMEOUT_S = 20.0
MOST_BYTES = 64_000_000
_HOST = re.compile(r"[\w.:-]+")
OTHERWISE = "; the embedded engine needs no server (--engine embedded)"


class Answer(BaseModel):
    """A part of an engine's answer; what we do not read of it may be anything."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class RefusalError(RoutingError):
    """The engine understood the request and says no; `code` is its own word or number for the reason."""

    def __init__(self, text: str, code: str = "") -> None:
        self.code = code
        super().__init__(text)


class JsonServer:
    """A routing engine behind an address; `engine` is what it is called in messages.

    Raises `UsageError` for an address that cannot be one.
    """

    def __init__(self, engine: str, url: str, timeout_s: float = TIMEOUT_S) -> None:
        self.address = _checked(engine, url)
        self._who = f"{engine} at {_without_password(self.address)}"
        self._timeout_s = timeout_s
        self._client = httpx.Client(timeout=timeout_s)

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()

    def get(self, path: str, parameters: dict[str, str], kind: type[T]) -> T:
        """Return the answer to a GET request; raises `RoutingError`, or `RefusalError` where the engine says no."""
        return self._read("GET", path, kind, params=parameters)

    def post(self, path: str, body: Any, kind: type[T]) -> T:
        """Return the answer to a POST request with a JSON body; raises as `get` does."""
        return self._read("POST", path, kind, json=body)

    def _read(self, method: str, path: str, kind: type[T], **request: Any) -> T:
        status, body = self._send(method, f"{self.address}{path}", request)
        if status >= HTTPStatus.BAD_REQUEST:
            raise self._refusal(status, body)
        if status != HTTPStatus.OK:
            raise self._wrong(f"answered {_status(status)}; is this its full address?")
        return parsed(kind, body, self._who)

    def _send(self, method: str, url: str, request: dict[str, Any]) -> tuple[int, bytes]:
        deadline = time.monotonic() + self._timeout_s
        body = bytearray()
        try:
            with self._client.stream(method, url, **request) as response:
                for part in response.iter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise self._wrong(f"answered more than {MOST_BYTES // 1_000_000} MB")
                    # a server that sends a byte now and then never lets the client's own clock run out
                    if time.monotonic() > deadline:
                        raise self._late()
        except httpx.TimeoutException:
            raise self._late() from None
        except httpx.HTTPError as error:
            raise self._wrong(f"cannot be reached: {_plain(error)}") from None
        return response.status_code, bytes(body)

    def _late(self) -> RoutingError:
        return self._wrong(f"gave no answer within {self._timeout_s:g} s")

    def _refusal(self, status: int, body: bytes) -> RoutingError:
        try:
            said = TypeAdapter(_Refusal).validate_json(body)
        except ValidationError:
            return self._wrong(f"answered {_status(status)} without a reason; is it a routing engine?")
        if said.reason is None:
            return self._wrong(f"answered {_status(status)} without a reason; is it a routing engine?")
        return RefusalError(f"{self._who} refused: {said.reason}{OTHERWISE}", said.word)

    def _wrong(self, what: str) -> RoutingError:
        return RoutingError(f"{self._who} {what}{OTHERWISE}")


def parsed(kind: type[T], body: bytes | str, who: str) -> T:
    """Return an answer as the record it should be; raises `RoutingError` that names the field that is wrong."""
    try:
        return TypeAdapter(kind).validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        raise RoutingError(
            f"{who} did not answer with JSON; is this the address of a routing engine?{OTHERWISE}"
        )
    field = ".".join(str(part) for part in first["loc"]) or "answer"
    raise RoutingError(
        f"{who} gave an answer that cannot be read: {field}: {first['msg'].lower()}{OTHERWISE}"
    )


class _Refusal(Answer):
    """What OSRM (code, message) and Valhalla (error_code, error) say when they refuse."""

    code: str | None = None
    message: str | None = None
    error_code: int | None = None
    error: str | None = None

    @property
    def reason(self) -> str | None:
        text = self.message or self.error
        return _one_line(text) if text else None

    @property
    def word(self) -> str:
        return self.code or str(self.error_code or "")


def _checked(engine: str, url: str) -> str:
    if not _is_address(url):
        raise UsageError(f"{engine}: {url!r} is no address of a server; http://HOST:PORT is needed")
    return url.rstrip("/")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = parts.port != 0 and _HOST.fullmatch(parts.hostname or "")
    except ValueError:  # half a bracket of an IPv6 address, a port that is no number
        return False
    return bool(named) and parts.scheme in {"http", "https"} and not (parts.query or parts.fragment)


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _status(number: int) -> str:
    try:
        return f"{number} {HTTPStatus(number).phrase}"
    except ValueError:
        return str(number)


def _plain(error: Exception) -> str:
    text = str(error).partition("] ")[2] or str(error) or type(error).__name__
    return _one_line(text).lower()


def _one_line(text: str) -> str:
    shown = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return shown if len(shown) <= 200 else f"{shown[:200]}…"
