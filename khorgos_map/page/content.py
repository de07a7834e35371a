"""The atlas and its published files, made once a process and shared by all sessions."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from functools import cache

from shapely.geometry.base import BaseGeometry

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.draw.files import Published, publish, vocabulary_of
from khorgos_map.export.html import WholeMap
from khorgos_map.export.sheet import prepare_sheets
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.engines import make_engine
from khorgos_map.measure.routing.places import Places
from khorgos_map.measure.routing.records import Engine
from khorgos_map.text import languages
from khorgos_map.view import Vocabulary

# What names the engine of the roads panel and its address, in this process and those it starts.
ENGINE, ENGINE_URL = "KHORGOS_ENGINE", "KHORGOS_ENGINE_URL"
# Nobody waits longer for a way on a page.
ANSWER_WITHIN_S = 8.0


@cache
def atlas() -> Atlas:
    """Return the atlas of the content folder; raises `ContentError` if it is faulty."""
    return sound_atlas(content_folder())


@cache
def published() -> Published:
    """Return the files the browser fetches."""
    return publish(atlas())


@cache
def whole_map() -> WholeMap:
    """Return the map in one file, ready to be packed for any view."""
    return WholeMap(atlas(), published())


@cache
def land() -> Mapping[str, BaseGeometry]:
    """Return the land of each country, longitude/latitude on WGS 84."""
    return land_by_side(atlas())


@cache
def engine() -> Embedded:
    """Return the engine that answers about roads; its tables are shared by all sessions."""
    return Embedded(atlas().network, land())


@cache
def router() -> Engine:
    """Return the engine that finds the ways of the roads panel: the one `khorgos-map run --engine` names, else ours.

    Raises `UsageError` for one that cannot be made.
    """
    name = os.environ.get(ENGINE, Embedded.name)
    if name == Embedded.name:
        return engine()
    return make_engine(name, os.environ.get(ENGINE_URL), atlas().network, land(), timeout_s=ANSWER_WITHIN_S)


@cache
def places(language: str) -> Places:
    """Return the places that routes begin and end at, whose names are told in a language."""
    return Places(atlas(), language)


@cache
def vocabulary() -> Vocabulary:
    """Return the words an address of this map may use."""
    return vocabulary_of(atlas())


def load() -> None:
    """Load what measuring, roads and exports need; what a process begins with."""
    land()
    engine()
    for code in languages():
        places(code)
    prepare_sheets(atlas())
    # what some files are written by, and geopandas loads when the first is wanted
    importlib.import_module("pyogrio")
