"""The loop on which the tests of the server ask."""

from __future__ import annotations

import asyncio
import threading
from functools import cache


@cache
def loop() -> asyncio.AbstractEventLoop:
    """Return the loop on which all tests ask, in a thread of its own: the worker processes belong to one loop."""
    made = asyncio.new_event_loop()
    threading.Thread(target=made.run_forever, daemon=True).start()
    return made
