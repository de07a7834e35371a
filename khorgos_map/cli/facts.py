"""The command ``khorgos-map facts``: the claims, with who says so and when."""

from __future__ import annotations

import argparse
import json

from khorgos_map.atlas import content_folder, sound_atlas
from khorgos_map.atlas.facts import facts_as_of
from khorgos_map.atlas.records import partial_date
from khorgos_map.errors import UsageError
from khorgos_map.nearest import nearest_words
from khorgos_map.text import languages


def add_words(command: argparse.ArgumentParser) -> None:
    """Add what the command understands to its parser."""
    command.add_argument(
        "--as-of", metavar="DATE", help="only what had been said by then: YYYY, YYYY-MM or YYYY-MM-DD"
    )
    command.add_argument("--lang", choices=languages(), default="en", help="language of the statements")
    command.add_argument("--subject", metavar="ID", help="only claims about this feature")
    command.add_argument("--json", action="store_true", help="print a JSON list of claims")


def run(options: argparse.Namespace) -> int:
    """Print the claims asked for and return 0; raises `UsageError` for an unknown subject or a date that is none."""
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
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        for fact in facts:
            print(
                f"{fact['subject']}: {fact['attribute']}: {fact['value']} {fact['unit']} "
                f"({fact['claimant']}, {fact['as_of']}; {fact['source']['publisher']})"
            )
    return 0
