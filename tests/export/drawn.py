"""Sketches to save, and the files made of them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

from khorgos_map.draw.totals import Choices
from khorgos_map.export.measured import export_measured
from khorgos_map.export.measured_words import UNASKED
from khorgos_map.measure.sketch import Sketch

TIME = dt.datetime(2026, 11, 22, 15, 0, 5, tzinfo=dt.timezone(dt.timedelta(hours=5)))
LINK = "http://localhost:8501/?lang=ru&m=Pgk4p0Cgonr5E"
POINTS = Sketch("points", ((80.4, 44.2), (80.3, 44.21)), "Gates")
LINE = Sketch("line", ((80.3, 44.2), (80.5, 44.2), (80.5, 44.3)))
SITE = Sketch("area", ((80.38, 44.18), (80.38, 44.22), (80.42, 44.22), (80.42, 44.18)), 'Site <1> & "2"')
ALL = (POINTS, LINE, SITE)
FACTS = {
    "ellipsoid": "WGS 84",
    "exported": "2026-11-22T10:00:05Z",
    "link": LINK,
    "border_credit": "© OpenStreetMap contributors (ODbL 1.0), border as of November 2017",
}


def made(
    file_format: str,
    land: dict[str, Any],
    sketches: tuple[Sketch, ...] = ALL,
    language: str = "en",
    asked: Choices = UNASKED,
) -> bytes:
    return export_measured(file_format, sketches, land, time=TIME, link=LINK, language=language, asked=asked)


def features(land: dict[str, Any], sketches: tuple[Sketch, ...] = ALL) -> list[dict[str, Any]]:
    collection = json.loads(made("geojson", land, sketches))
    assert collection["type"] == "FeatureCollection"
    return collection["features"]


def rows(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""), strict=True))


NEAR = Choices(around_m=1500.0)
