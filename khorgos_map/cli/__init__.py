"""The command line: a thin door to the page and the atlas.

Every command exits 0 when all is well, 1 when the answer is no or the content is wrong, 2 on wrong usage.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from khorgos_map.atlas import check_content, content_folder, sound_atlas
from khorgos_map.atlas.facts import facts_as_of
from khorgos_map.atlas.folder import VARIABLE
from khorgos_map.atlas.places import land_by_side
from khorgos_map.atlas.records import partial_date
from khorgos_map.cli import bench, court, matrix, measure, network, reach, route
from khorgos_map.errors import ContentError, KhorgosMapError, UsageError
from khorgos_map.export.command import add_words as export_words
from khorgos_map.export.command import export
from khorgos_map.measure.checks import drifted
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.engines import ENGINES, engine_named
from khorgos_map.measure.routing.records import RoutingError
from khorgos_map.nearest import nearest_words
from khorgos_map.text import languages

EXIT_NO = EXIT_WRONG_CONTENT = 1
EXIT_WRONG_USAGE, EXIT_INTERRUPTED = 2, 130


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}; see {self.prog} --help\n")
        sys.exit(EXIT_WRONG_USAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    if options.geodata:
        os.environ[VARIABLE] = options.geodata
    folder = content_folder()
    if not folder.is_dir():
        sys.stderr.write(f"khorgos-map: the content folder {folder} does not exist\n")
        return EXIT_WRONG_CONTENT
    try:
        code = int(options.command(options))
        sys.stdout.flush()
    except KhorgosMapError as error:
        return _refuse(error)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except OSError as error:
        return _unwritten(error)
    return code


def _refuse(error: KhorgosMapError) -> int:
    if not isinstance(error, ContentError):
        sys.stderr.write(f"khorgos-map: {error}\n")
        return EXIT_NO if isinstance(error, RoutingError) else EXIT_WRONG_USAGE
    # what is wrong with a record itself goes before references to it that lead nowhere for that reason
    first = min(error.faults, key=lambda fault: fault.reason.startswith("unknown reference"))
    more = f"{len(error.faults) - 1} more: khorgos-map check\n" if error.faults[1:] else ""
    sys.stderr.write(f"{first}\n{more}")
    return EXIT_WRONG_CONTENT


def _unwritten(error: OSError) -> int:
    # what is still to be printed goes nowhere, or it would fail once more when the program ends
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return 0  # whoever read our output has had enough of it
    sys.stderr.write(f"khorgos-map: {error.filename or 'the output'}: {error.strerror or error}\n")
    return EXIT_NO


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="khorgos-map", description="The map of Khorgos and the facts it stands on.")
    shared = _Parser(add_help=False)
    shared.add_argument("--geodata", metavar="DIR", help=f"another content folder (also: {VARIABLE})")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=_Parser)

    def add(name: str, run: Any, summary: str, example: str) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, help=summary, description=summary, epilog=f"example: {example}", parents=[shared]
        )
        command.set_defaults(command=run)
        return command

    run = add("run", _run, "Serve the page.", "khorgos-map run --port 8600 --no-browser")
    run.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    run.add_argument("--port", type=_port, default=8501, help="port to listen on (default: 8501)")
    run.add_argument("--no-browser", action="store_true", help="do not open the page in a browser")
    run.add_argument(
        "--allow-host",
        metavar="NAME",
        action="append",
        default=[],
        type=_name_of_host,
        help="a name this server is reached by, such as map.example.org (its addresses and localhost always work)",
    )
    run.add_argument(
        "--embed",
        metavar="ORIGIN",
        action="append",
        default=[],
        type=_origin,
        help="let pages of this origin show the map in a frame, such as https://example.org",
    )
    run.add_argument(
        "--engine",
        choices=ENGINES,
        default=ENGINES[0],
        help="who finds the ways of the roads panel (default: embedded)",
    )
    run.add_argument("--engine-url", metavar="URL", help="where that engine is served")
    check = add("check", _check, "List every fault of the content.", "khorgos-map check --geodata my-geodata")
    check.add_argument("--json", action="store_true", help="print a JSON list of {file, id, field, reason}")
    export_words(
        add("export", export, "Save the map as a file.", "khorgos-map export html -o khorgos.html --lang zh")
    )
    facts = add("facts", _facts, "Print the claims.", "khorgos-map facts --subject icbc-kz --lang ru")
    facts.add_argument(
        "--as-of", metavar="DATE", help="only what had been said by then: YYYY, YYYY-MM or YYYY-MM-DD"
    )
    facts.add_argument("--lang", choices=languages(), default="en", help="language of the statements")
    facts.add_argument("--subject", metavar="ID", help="only claims about this feature")
    facts.add_argument("--json", action="store_true", help="print a JSON list of claims")
    for name, module, summary, example in (
        ("measure", measure, "Measure the shapes of a file.", "khorgos-map measure site.geojson --json"),
        ("route", route, "Find the way by road.", route.EXAMPLE),
        ("reach", reach, "Find the area within reach by road.", reach.EXAMPLE),
        ("matrix", matrix, "Find the distances from many places to many others.", matrix.EXAMPLE),
        ("court", court, "Hold the published distances against the roads.", "khorgos-map court --lang ru"),
        ("network", network, "Show what the roads rest on, and how far they are off.", "khorgos-map network"),
        ("bench", bench, "Measure the promised figures here and now.", bench.EXAMPLE),
    ):
        module.add_words(add(name, module.run, summary, example))
    return parser


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port; a number from 1 to 65535 is needed")


def _name_of_host(text: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*", text):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is no name of a host; such as map.example.org is needed")


def _origin(text: str) -> str:
    if re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?", text):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is no origin; such as https://example.org is needed")


def _run(options: argparse.Namespace) -> int:
    engine_named(options.engine, options.engine_url, sound_atlas(content_folder()))
    from khorgos_map.page import content  # noqa: PLC0415  # slow to import, and only this command needs it
    from khorgos_map.page.guard import Doors, host_name  # noqa: PLC0415  # likewise
    from khorgos_map.page.serve import serve  # noqa: PLC0415  # likewise

    os.environ[content.ENGINE] = options.engine
    if options.engine_url:
        os.environ[content.ENGINE_URL] = options.engine_url
    names = frozenset(map(host_name, (*options.allow_host, options.host))) - {""}
    serve(options.host, options.port, Doors(names, tuple(options.embed)), browser=not options.no_browser)
    return 0


def _check(options: argparse.Namespace) -> int:
    folder = content_folder()
    atlas, faults = None, check_content(folder)
    if not faults:
        atlas = sound_atlas(folder)
        faults = drifted(atlas, Embedded(atlas.network, land_by_side(atlas)))
    if options.json:
        _print_json([asdict(fault) for fault in faults])
    else:
        for fault in faults:
            print(fault)
        if atlas and not faults:
            print(
                f"{Path(folder).name}: {len(atlas.feature)} features, {len(atlas.claims)} claims, "
                f"{len(atlas.sources)} sources, {len(atlas.network.edges)} road sections: no faults"
            )
    return EXIT_WRONG_CONTENT if faults else 0


def _facts(options: argparse.Namespace) -> int:
    as_of = None
    if options.as_of:
        try:
            as_of = partial_date(options.as_of)
        except ValueError as error:
            raise UsageError(f"--as-of {options.as_of!r}: {error}") from None
    atlas = sound_atlas(content_folder())
    if options.subject and options.subject not in atlas.feature:
        near = nearest_words(options.subject, atlas.feature)
        raise UsageError(f"unknown subject {options.subject!r}; {near}")
    facts = facts_as_of(atlas, as_of=as_of, subject=options.subject, language=options.lang)
    if options.json:
        _print_json(facts)
    else:
        for fact in facts:
            print(
                f"{fact['subject']}: {fact['attribute']}: {fact['value']} {fact['unit']} "
                f"({fact['claimant']}, {fact['as_of']}; {fact['source']['publisher']})"
            )
    return 0


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
