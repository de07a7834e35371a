"""Valhalla in this process, where its package is installed."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from khorgos_map.errors import UsageError
from khorgos_map.measure.routing.http_json import RefusalError, parsed
from khorgos_map.measure.routing.valhalla import NAME

T = TypeVar("T")


class InProcess:
    """Valhalla in this process, on the data that a configuration file names.

    Raises `UsageError` where the package is not installed or the file cannot be used.
    """

    def __init__(self, configuration: Path) -> None:
        try:
            valhalla = import_module(NAME)  # optional, and not there for Python 3.11
        except ImportError:
            raise UsageError(
                f"{NAME} in this process needs the package pyvalhalla, 3.9 or newer, and Python 3.12; "
                "or give the http:// address of a server"
            ) from None
        try:
            settings = json.loads(configuration.read_text(encoding="utf-8"))
            # its log would go to the standard output, where our answer goes
            self._actor = valhalla.Actor({**settings, "logging": {"type": ""}})
        except (OSError, ValueError, TypeError, AttributeError, RuntimeError) as error:
            raise UsageError(f"{NAME}: {configuration} cannot be used: {error}") from None

    def post(self, path: str, body: Any, kind: type[T]) -> T:
        """Return Valhalla's answer to a request; raises `RefusalError` where it says no."""
        act = {"/route": "route", "/locate": "locate", "/sources_to_targets": "matrix"}[path]
        try:
            answer = getattr(self._actor, act)(json.dumps(body))
        except RuntimeError as error:
            # since version 3.9 the error has Valhalla's own number for the reason
            raise RefusalError(f"{NAME} refused: {error}", str(getattr(error, "code", ""))) from None
        return parsed(kind, answer, NAME)

    def close(self) -> None:
        """Let go of the data."""
        del self._actor
