"""What the server answers when it cannot do what was asked: the reason, in the language of the page."""

from __future__ import annotations

from starlette.responses import JSONResponse

from khorgos_map.errors import KhorgosMapError, LimitError
from khorgos_map.measure.coordinates import PositionError
from khorgos_map.measure.routing.told import AskedError, NoRouteError
from khorgos_map.measure.upload.records import UploadError
from khorgos_map.text import Catalogue

# How a browser is told that its words were understood, but not what they ask for, or that this is too much.
UNPROCESSABLE, TOO_LARGE = 422, 413
POSITION_MESSAGES = {
    "empty": "position.empty",
    "one-number": "position.one_number",
    "unreadable": "position.unreadable",
    "too-far": "position.too_far",
    "swapped": "position.swapped",
    "utm": "position.utm",
}


def refusal(error: KhorgosMapError, text: Catalogue) -> JSONResponse:
    """Return an answer that says why not; reasons that have no translation are given in English."""
    status = TOO_LARGE if isinstance(error, LimitError) else UNPROCESSABLE
    return JSONResponse({"error": _said(error, text)}, status_code=status)


def _said(error: KhorgosMapError, text: Catalogue) -> str:
    if isinstance(error, UploadError | LimitError):
        return error.said(text.code)
    if isinstance(error, NoRouteError | AskedError):
        return error.said(text)
    if isinstance(error, PositionError) and text.code != "en":
        return text(POSITION_MESSAGES[error.reason])
    return str(error)
