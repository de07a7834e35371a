"""The command ``khorgos-map export``: from its words to a file, one function a format."""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from khorgos_map.atlas import Atlas, content_folder, sound_atlas
from khorgos_map.atlas.asof import atlas_as_of
from khorgos_map.atlas.places import land_by_side
from khorgos_map.draw.files import publish, vocabulary_of
from khorgos_map.draw.totals import Choices
from khorgos_map.errors import UsageError
from khorgos_map.export.cite import (
    ADDRESS,
    Reference,
    bibtex,
    cite_chart,
    cite_claim,
    cite_view,
    csl_json,
    plain,
)
from khorgos_map.export.html import export_html
from khorgos_map.export.layers import geopackage, layers_geojson
from khorgos_map.export.measured import export_measured
from khorgos_map.export.package import data_package
from khorgos_map.export.save import save
from khorgos_map.export.sheet import measurement_sheet
from khorgos_map.export.table import claims_csv
from khorgos_map.measure.roads import refuse_roadless
from khorgos_map.measure.routing.osm_file import osm_pbf
from khorgos_map.measure.sketch import Sketch, decode_sketches
from khorgos_map.nearest import nearest_words
from khorgos_map.text import languages
from khorgos_map.view import View, read_view, write_view
from khorgos_map.web_address import is_web_address

CITE = "cite"
WITHOUT_MEASUREMENTS = {"geojson", "gpkg", "csv", "package"}


def _sketches(view: View) -> tuple[Sketch, ...]:
    if not view.m:
        raise UsageError("nothing is measured in the view: --view needs m=, as the address bar has it")
    return decode_sketches(view.m)


def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC).replace(microsecond=0)


def _measured(file_format: str) -> Callable[[Atlas, View], bytes]:
    return lambda atlas, view: export_measured(
        file_format,
        _sketches(view),
        land_by_side(atlas),
        time=_now(),
        link=_link(view),
        language=view.lang,
        asked=_around(view),
    )


def _sheet(atlas: Atlas, view: View) -> bytes:
    return measurement_sheet(
        _sketches(view),
        atlas_as_of(atlas, view.asof),
        time=_now(),
        link=_link(view),
        language=view.lang,
        asked=_around(view),
    )


def _around(view: View) -> Choices:
    return Choices(around_m=1000 * view.around)


def _link(view: View) -> str:
    return f"{ADDRESS}?{urlencode(write_view(view), safe=',!')}"


FORMATS: dict[str, Callable[[Atlas, View], bytes]] = {
    "html": lambda atlas, view: export_html(atlas, publish(atlas), view).encode(),
    "geojson": lambda atlas, view: layers_geojson(atlas_as_of(atlas, view.asof)).encode(),
    "gpkg": lambda atlas, view: geopackage(atlas_as_of(atlas, view.asof)),
    "csv": lambda atlas, view: claims_csv(atlas_as_of(atlas, view.asof), view.lang).encode(),
    "package": lambda atlas, view: data_package(atlas, content_folder(), language=view.lang, asof=view.asof),
    "kml": _measured("kml"),
    "gpx": _measured("gpx"),
    "pdf": _sheet,
    "osm": lambda atlas, _: osm_pbf(atlas.network),
}
ABOUT = (
    "html: the whole map in one file, no network needed; geojson, gpkg: the layers; csv: the claims; "
    "package: claims, sources and layers as a Data Package (zip); "
    "kml, gpx, pdf: what is measured in the view (m=), the last as a sheet to print; "
    "osm: the roads as OpenStreetMap data (.osm.pbf, under the ODbL) to build other routing engines from; "
    "cite: how to cite the view, a claim or a chart"
)
CITATIONS: dict[str, Callable[[Sequence[Reference]], str]] = {
    ".bib": bibtex,
    ".json": lambda references: json.dumps(csl_json(references), ensure_ascii=False, indent=2) + "\n",
    ".txt": plain,
}


def add_words(command: argparse.ArgumentParser) -> None:
    """Add what the command understands to its parser."""
    command.add_argument("format", choices=[*FORMATS, CITE], help=ABOUT)
    command.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        help="the file to write; cite: .bib, .json or .txt, or none",
    )
    command.add_argument(
        "--view",
        metavar="QUERY",
        default="",
        help="what the address bar says after the ? (html, cite; kml, gpx, pdf: m= and around=; of the "
        "others its language and its year, asof=)",
    )
    command.add_argument("--lang", choices=languages(), help="language (default: that of the view)")
    command.add_argument(
        "--force",
        action="store_true",
        help="replace the file if it exists; links, folders, pipes and devices are never replaced",
    )
    command.add_argument(
        "--claim", metavar="ID", help="cite: this claim, its source and the map that shows it"
    )
    command.add_argument("--chart", metavar="ID", help="cite: this chart and the sources of its points")
    command.add_argument(
        "--address", metavar="URL", help=f"cite: where the map is served (default: {ADDRESS})"
    )


def run(options: argparse.Namespace) -> int:
    """Write a file in the format asked for, or print a citation; raises `UsageError` for words that do not fit."""
    if options.format == CITE:
        return _cite(options)
    if options.output is None:
        raise UsageError(f"export {options.format} needs a file to write: -o FILE")
    for word in ("claim", "chart", "address"):
        if getattr(options, word):
            raise UsageError(f"--{word} goes with export cite only")
    folder = content_folder()
    atlas = sound_atlas(folder)
    if options.format == "osm":
        refuse_roadless(atlas, folder)
    view = _view(options, atlas)
    body = FORMATS[options.format](atlas, view)
    if view.m and options.format in WITHOUT_MEASUREMENTS:
        told = "the layers are exported" if options.format != "csv" else "the claims are exported"
        sys.stderr.write(f"khorgos-map: note: {told}; kml, gpx and pdf take what is measured in the view\n")
    return _save(body, options)


def _cite(options: argparse.Namespace) -> int:
    write = CITATIONS.get(options.output.suffix.lower()) if options.output else plain
    if write is None:
        raise UsageError(
            f"{options.output}: a citation is written to a file that ends in {' or '.join(CITATIONS)}"
        )
    atlas = sound_atlas(content_folder())
    text = write(_references(options, atlas, _view(options, atlas)))
    if options.output:
        return _save(text.encode(), options)
    sys.stdout.write(text)
    return 0


def _save(body: bytes, options: argparse.Namespace) -> int:
    try:
        save(body, options.output, force=options.force)
    except (OSError, ValueError) as error:  # a name that no file can have
        raise UsageError(f"{str(options.output)!r} cannot be written: {_reason(error)}") from None
    print(f"{options.output}: {_size(len(body))}")
    return 0


def _view(options: argparse.Namespace, atlas: Atlas) -> View:
    parameters = dict(parse_qsl(options.view.removeprefix("?"), keep_blank_values=True))
    view, notices = read_view(parameters, vocabulary_of(atlas))
    if notices:
        raise UsageError(f"--view: unknown {notices[0].parameter} {notices[0].shown!r}")
    return dataclasses.replace(view, lang=options.lang or view.lang)


def _references(options: argparse.Namespace, atlas: Atlas, view: View) -> Sequence[Reference]:
    address = options.address or ADDRESS
    if not is_web_address(address):
        raise UsageError(f"--address {address!r}: must begin with https:// or http:// and name a host")
    today = dt.datetime.now(tz=dt.UTC).date()
    if options.claim and options.chart:
        raise UsageError("--claim and --chart: cite one of them at a time")
    if options.chart:
        chart = next((chart for chart in atlas.charts if chart.id == options.chart), None)
        if chart is None:
            ids = [chart.id for chart in atlas.charts]
            near = nearest_words(options.chart, ids, f"the charts are {', '.join(ids)}")
            raise UsageError(f"unknown chart {options.chart!r}; {near}")
        return cite_chart(chart, atlas, view, today, address=address)
    if options.claim is None:
        return [cite_view(view, today, address=address)]
    claim = atlas.claims.get(options.claim)
    if claim is None:
        near = nearest_words(options.claim, atlas.claims, "khorgos-map facts --json lists all claims")
        raise UsageError(f"unknown claim {options.claim!r}; {near}")
    return cite_claim(claim, atlas, view, today, address=address)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)).lower()


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 100_000 else f"{size_bytes / 1e3:.1f} kB"
