"""Values of records in words: numbers with units, dates, precision, in one language, through Babel."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import NumberPattern, get_decimal_symbol, get_group_symbol, parse_pattern

from khorgos_map.atlas.records import Claim, Closure, Properties
from khorgos_map.text import Catalogue


def number(value: float, text: Catalogue, *, decimals: int | None = None) -> str:
    """Return a number with the language's digits grouping; claims keep their own digits, computed values round."""
    if decimals is not None and 0 <= value < 1e15:
        # the same digits as Babel's in a thirtieth of its time: there are tables of a hundred thousand
        return f"{Decimal(repr(float(value))):,.{decimals}f}".translate(_separators(text.code))
    return str(_pattern(decimals).apply(value, _locale(text.code)))


@cache
def _separators(code: str) -> dict[int, str]:
    return str.maketrans({",": get_group_symbol(_locale(code)), ".": get_decimal_symbol(_locale(code))})


@cache
def _pattern(decimals: int | None) -> NumberPattern:
    digits = "#,##0.######" if decimals is None else "#,##0." + "0" * decimals if decimals else "#,##0"
    return parse_pattern(digits)


@cache
def _locale(code: str) -> Locale:
    return Locale(code)


def date(partial: str, text: Catalogue) -> str:
    """Return a date of year, month or day precision as the language writes it, no more precise than given."""
    precision = partial.count("-")
    day = dt.date.fromisoformat(partial + "-01" * (2 - precision))
    locale = _locale(text.code)
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
    """Return since when and until when something has been built and has existed; ``None`` if nothing is known."""
    begins, ends = properties.valid_from, properties.valid_to
    if begins and begins == ends:
        return date(begins, text)
    existed = _between(begins, ends, text)
    if not properties.built_from:
        return existed
    built = text("period.built", begins=date(properties.built_from, text))
    return text("period.built_and", built=built, existed=existed) if existed else built


def closure(closed: Closure, text: Catalogue, *, reported: bool) -> str:
    """Return from when to when something was closed as reported, or was to be closed as announced."""
    period_closed = _between(closed.begins, closed.ends, text) or ""
    return text("closure.reported" if reported else "closure.announced", period=period_closed)


def _between(begins: str | None, ends: str | None, text: Catalogue) -> str | None:
    if begins and ends:
        return text("period.between", begins=date(begins, text), ends=date(ends, text))
    if begins:
        return text("period.since", begins=date(begins, text))
    return text("period.until", ends=date(ends, text)) if ends else None
