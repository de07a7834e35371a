"""Prepared geometries, shared by threads.

GEOS (seen in 3.14) ends the whole process where two threads ask the same prepared geometry at once, and the
sessions of the page are threads: whoever asks one takes a turn.
"""

from __future__ import annotations

import threading

ONE_AT_A_TIME = threading.Lock()
