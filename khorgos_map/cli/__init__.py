"""The command line: a thin door to the page and the atlas.

Every command exits 0 when all is well, 1 when the answer is no or the content is wrong, 2 on wrong usage.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from khorgos_map.atlas.folder import VARIABLE, content_folder
from khorgos_map.errors import ContentError, KhorgosMapError
from khorgos_map.measure.routing.records import RoutingError

EXIT_NO = EXIT_WRONG_CONTENT = 1
EXIT_WRONG_USAGE, EXIT_INTERRUPTED = 2, 130


@dataclass(frozen=True)
class _Command:
    """What a command is for; its module has ``add_words`` and ``run``, and is imported for that command only."""

    summary: str
    example: str
    module: str = ""


COMMANDS = {
    "run": _Command("Serve the page.", "khorgos-map run --port 8600 --no-browser"),
    "check": _Command("List every fault of the content.", "khorgos-map check --geodata my-geodata"),
    "export": _Command(
        "Save the map as a file.",
        "khorgos-map export html -o khorgos.html --lang zh",
        "khorgos_map.export.command",
    ),
    "facts": _Command("Print the claims.", "khorgos-map facts --subject icbc-kz --lang ru"),
    "measure": _Command("Measure the shapes of a file.", "khorgos-map measure site.geojson --json"),
    "route": _Command("Find the way by road.", "khorgos-map route khorgos almaty --via shonzhy --json"),
    "reach": _Command(
        "Find the area within reach by road.", "khorgos-map reach khorgos --minutes 60,120,240 --json"
    ),
    "matrix": _Command(
        "Find the distances from many places to many others.",
        "khorgos-map matrix sites.csv --to all -o distances.parquet --workers 4",
    ),
    "court": _Command("Hold the published distances against the roads.", "khorgos-map court --lang ru"),
    "network": _Command("Show what the roads rest on, and how far they are off.", "khorgos-map network"),
    "bench": _Command("Measure the promised figures here and now.", "khorgos-map bench --json"),
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}; see {self.prog} --help\n")
        sys.exit(EXIT_WRONG_USAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    options = _parser(next((word for word in words if word in COMMANDS), None)).parse_args(words)
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


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    """Return the parser of all commands, of which only the chosen one knows its words: to import all takes seconds."""
    parser = _Parser(prog="khorgos-map", description="The map of Khorgos and the facts it stands on.")
    shared = _Parser(add_help=False)
    shared.add_argument("--geodata", metavar="DIR", help=f"another content folder (also: {VARIABLE})")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=_Parser)
    for name, about in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=about.summary,
            description=about.summary,
            epilog=f"example: {about.example}",
            parents=[shared],
        )
        if name == chosen:
            module = importlib.import_module(about.module or f"khorgos_map.cli.{name}")
            module.add_words(command)
            command.set_defaults(command=module.run)
    return parser
