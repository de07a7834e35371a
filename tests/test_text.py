"""The catalogues: every message in every language, the same placeholders, no key that nothing uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.text import catalogue, languages

PACKAGE = Path(__file__).parents[1] / "khorgos_map"
ENGLISH = catalogue("en")


@pytest.mark.parametrize("code", languages())
def test_a_language_is_complete_and_keeps_the_placeholders(code: str) -> None:
    own = catalogue(code)
    assert own.translated == ENGLISH.translated
    for key, message in own.messages.items():
        assert set(re.findall(r"\{\w+\}", message)) == set(re.findall(r"\{\w+\}", ENGLISH.messages[key])), key
        assert message.strip() == message
        assert message


def test_no_message_is_without_use(atlas: Atlas) -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*") if p.suffix in {".py", ".js"})
    by_record = ("kind.", "side.", "status.", "basis.", "claim.", "confidence.", "name.", "seen.", "unit.", "basemap.",
                 "attribute.", "legend.", "source.",
        "scale.", "page.mode.", "evidence.")  # fmt: skip
    quoted, named = set(re.findall(r"[\"']([\w.-]+)[\"']", code)), set(re.findall(r"\b(\w+):", code))
    short = {key: key.removeprefix("map.") for key in ENGLISH.messages if not key.startswith(by_record)}
    assert [key for key in short if not {key, short[key]} & quoted and short[key] not in named] == []
    attributes = {f"attribute.{claim.attribute}" for claim in atlas.claims.values()}
    assert {key for key in ENGLISH.messages if key.startswith("attribute.")} == attributes


@pytest.mark.parametrize(
    "key", ["measure.compared", "measure.around", "route.agrees", "route.longer", "reach.note"]
)
def test_chinese_goes_on_after_a_quantity_without_a_space(key: str) -> None:
    message = catalogue("zh").messages[key]
    told = message.format_map(dict.fromkeys(re.findall(r"\{(\w+)\}", message), "217 公顷"))
    assert not re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff]", told)
