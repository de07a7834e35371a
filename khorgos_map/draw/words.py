"""Values of records in words: numbers with units, dates, precision, in one language, through Babel."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from khorgos_map.atlas.records import Claim, Properties
from khorgos_map.text import Catalogue

# Larger numbers, which nothing measured has, need more digits than are counted on here.
_PLAIN_BELOW = 1e15


def number(value: float, text: Catalogue, *, decimals: int | None = None) -> str:
    """Return a number with the language's digits grouping; claims keep their own digits, computed values round."""
    if not (math.isfinite(value) and abs(value) < _PLAIN_BELOW):
        pattern = "#,##0.######" if decimals is None else "#,##0." + "0" * decimals if decimals else "#,##0"
        return str(format_decimal(value, format=pattern, locale=Locale(text.code)))
    # as Babel writes it, in a quarter of its time: a table of points has thousands of numbers
    rounded = round(Decimal(str(value)), 6 if decimals is None else decimals)
    plain = f"{rounded:,f}"
    if decimals is None:
        plain = plain.rstrip("0").rstrip(".")
    return plain.translate(_signs(text.code))


@cache
def _signs(code: str) -> dict[int, str]:
    """Return the signs of a language for those that Python writes numbers with."""
    symbols = Locale(code).number_symbols["latn"]
    return {ord(","): symbols["group"], ord("."): symbols["decimal"], ord("-"): symbols["minusSign"]}


def date(partial: str, text: Catalogue) -> str:
    """Return a date of year, month or day precision as the language writes it, no more precise than given."""
    precision = partial.count("-")
    day = dt.date.fromisoformat(partial + "-01" * (2 - precision))
    locale = Locale(text.code)
    if precision == 2:
        return str(format_date(day, format="long", locale=locale))
    return str(format_skeleton("yMMMM" if precision else "y", day, locale=locale))


def value(claim: Claim, text: Catalogue) -> str | None:
    """Return a claim's value with its unit; ``None`` for one in words, which its statement says better."""
    if claim.unit == "date":
        return date(str(claim.value), text)
    if isinstance(claim.value, str):
        return None
    return text(f"unit.{claim.unit}", value=number(amount(claim, text), text))


def amount(claim: Claim, text: Catalogue) -> float:
    """Return a numeric claim's value in the unit that the language counts in.

    Chinese counts in 10,000 and 100,000,000 where the other languages count in millions and billions.
    """
    return float(claim.value) * float(text.messages.get(f"scale.{claim.unit}", "1"))


def distance(metres: float, text: Catalogue) -> str:
    """Return a rough distance for words about precision: metres below a kilometre, kilometres above."""
    if metres < 1000:
        return text("unit.m", value=number(metres, text))
    return text("unit.km", value=number(metres / 1000, text))


def period(properties: Properties, text: Catalogue) -> str | None:
    """Return since when and until when something has existed; ``None`` if nothing is known."""
    begins, ends = properties.valid_from, properties.valid_to
    if begins and begins == ends:
        return date(begins, text)
    if begins and ends:
        return text("period.between", begins=date(begins, text), ends=date(ends, text))
    if begins:
        return text("period.since", begins=date(begins, text))
    return text("period.until", ends=date(ends, text)) if ends else None
