"""The four languages of a statement against each other: the same numbers, and the words that carry its strength."""

from __future__ import annotations

import math
import re

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.records import Claim, Text
from tests.atlas.spoiling import Rule

# Chinese writes months, hours of the day and "one" as digits where English has words
IN_WORDS_IN_ENGLISH = 24
# an English word, and what each language must have for it: a weaker or a stronger word is another claim
STRENGTH = {
    "geopolitical": {"ru": "геополит", "kk": "геосаяси", "zh": "地缘政治"},
    "critical": {"ru": "решающ", "kk": "шешуші", "zh": "关键"},
    "strategic": {"ru": "стратегич", "kk": "стратегиял", "zh": "战略"},
    "automated": {"ru": "автоматизир", "kk": "автоматтандырыл", "zh": "自动化"},
    "per cent": {"ru": "процент", "kk": "пайыз", "zh": "%"},
    "million tonnes": {"ru": "млн", "kk": "млн", "zh": "万吨"},
    "by e-mail": {"ru": "электронной почте", "kk": "электрондық пошта", "zh": "电子邮件"},
    "inferred": {"ru": "выв", "kk": "(жорамал|шамалан|қарап алынған)", "zh": "推断"},
    "is planned": {"ru": "планирует", "kk": "жоспарла", "zh": "计划"},
    "was not recorded": {"ru": "не запис", "kk": "жазылмаған", "zh": "未记录"},
    "did not find": {"ru": "не нашла", "kk": "таппады", "zh": "未能"},
}


def numbers(text: str, language: str) -> set[float]:
    """Return the numbers of a statement, as its language groups and divides digits; a time of day is a number."""
    text = re.sub(r"(?<=\d)(:|时)(?=\d)", ".", text).replace("Covid-19", "")
    if language in {"en", "zh"}:
        found = re.findall(r"\d[\d,]*(?:\.\d+)?", re.sub(r",(?!\d)", " ", text))
        return {float(number.replace(",", "")) for number in found}
    whole = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))", "", text)
    return {float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d+)?", whole)}


def has(number: float, among: set[float]) -> bool:
    """Tell whether a number is among others, be it in ten thousands where they count in millions."""
    apart = [math.log10(number / other) for other in among if number > 0 and other > 0]
    return number in among or any(abs(powers - round(powers)) < 1e-9 for powers in apart)


def same_numbers(claim: Claim) -> bool:
    said = {code: numbers(str(text), code) for code, text in claim.statement.root.items()}
    chinese = {n for n in said["zh"] if n > IN_WORDS_IN_ENGLISH}
    return (
        said["en"] == said["ru"] == said["kk"]
        and all(has(number, said["zh"]) for number in said["en"])
        and all(has(number, said["en"]) for number in chinese)
    )


def as_strong(claim: Claim) -> bool:
    said = claim.statement.root
    words = (needed for word, needed in STRENGTH.items() if word in str(said["en"]))
    return all(re.search(stem, str(said[code])) for needed in words for code, stem in needed.items())


def test_a_statement_has_the_same_numbers_in_every_language(atlas: Atlas) -> None:
    claim = atlas.claims["icbc-sum-560"]
    for code, wrong in (("ru", "218 и 343 гектара дают 560"), ("zh", "217 加 343 公顷等于 506 公顷")):
        spoilt = Text({**claim.statement.root, code: wrong})
        Rule(f"the same numbers, {code}", same_numbers, claim.id, "statement", spoilt).check(atlas.claims)


def test_a_statement_is_as_strong_in_every_language(atlas: Atlas) -> None:
    claim = atlas.claims["khorgos-trade-role"]
    weaker = Text({**claim.statement.root, "ru": "Хоргос сохраняет стратегическое значение и важную роль."})
    Rule("no weaker word", as_strong, claim.id, "statement", weaker).check(atlas.claims)
