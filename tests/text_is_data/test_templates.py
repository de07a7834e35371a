"""No text of an address, a command or the content is ever a template, however branca renders it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from branca.element import Element, Figure, MacroElement
from folium import Map
from folium.template import Template
from streamlit.testing.v1 import AppTest

from khorgos_map.atlas import Atlas
from khorgos_map.cli import main
from khorgos_map.draw.facts_page import facts_page
from khorgos_map.draw.files import Published, words_for
from khorgos_map.draw.verbatim import PARTS, Verbatim
from khorgos_map.export.html import export_html
from khorgos_map.measure.sketch import Sketch, decode_sketches, encode_sketches
from khorgos_map.page import SCRIPT
from khorgos_map.text import catalogue
from khorgos_map.view import View
from tests.page.asking import Server
from tests.page.test_page import arguments
from tests.text_is_data.hostile import EVERYTHING, PAYLOADS, TEMPLATES
from tests.text_is_data.reading import carried, told_to_map

POINT = Sketch("points", ((80.4, 44.2),))
# A stop of a route has no semicolon and at most 80 characters.
STOPS = [stop for payload in PAYLOADS if (stop := payload.replace(";", ",")[:80])]


@pytest.fixture(scope="module")
def server() -> Server:
    return Server()


def named(name: str) -> str:
    return encode_sketches([POINT]) + f"~{name.replace('~', '-').replace('!', '.')}"


@pytest.mark.parametrize("typed", TEMPLATES)
def test_a_template_in_the_address_comes_back_as_it_was_typed(server: Server, typed: str) -> None:
    r, m = f"{typed};x", named(typed)
    page = server.get("/khorgos/khorgos-map.html", params={"r": r, "m": m}).text
    restored = told_to_map(page)["restore"]
    assert (restored["r"], restored["m"]) == (r, m)
    assert "1337" not in page


def test_every_text_in_the_address_comes_back_as_it_was_typed(server: Server) -> None:
    r, m = ";".join(STOPS[:8]), named("\n".join(STOPS))
    restored = told_to_map(server.get("/khorgos/khorgos-map.html", params={"r": r, "m": m}).text)["restore"]
    assert (restored["r"], restored["m"]) == (r, m)
    r = ";".join(STOPS[-8:])
    assert told_to_map(server.get("/khorgos/khorgos-map.html", params={"r": r}).text)["restore"]["r"] == r


def test_templates_in_a_view_of_the_command_stay_text(tmp_path: Path) -> None:
    file, r, m = tmp_path / "map.html", ";".join(TEMPLATES), named(TEMPLATES[0])
    assert main(["export", "html", "-o", str(file), "--view", urlencode({"r": r, "m": m})]) == 0
    restored = told_to_map(file.read_text(encoding="utf-8"))["restore"]
    assert (restored["r"], restored["m"]) == (r, m)


def test_templates_in_the_content_stay_text(hostile: Atlas, hostile_files: Published) -> None:
    page, text = export_html(hostile, hostile_files, View()), catalogue("en")
    assert f"<noscript>{facts_page(hostile, text)}</noscript>" in page
    assert carried(page)["words-en"] == json.loads(json.dumps(words_for(hostile, text)))
    assert page.count("</script>") == page.count("<script>")
    assert "<!--" not in page
    assert "\u2028" not in page.replace(f"<noscript>{facts_page(hostile, text)}</noscript>", "")
    assert "1337" not in page


@pytest.mark.parametrize("typed", [*TEMPLATES, "alert(coords),", "map_div feature_group_0 _0"])
def test_the_page_tells_the_map_what_was_typed(typed: str) -> None:
    page = AppTest.from_file(str(SCRIPT), default_timeout=60)
    page.query_params["r"] = f"{typed};x"
    page.query_params["m"] = named(typed)
    page.run()
    assert not page.exception
    restored = told_to_map(arguments(page)["feature_group"])["restore"]
    assert (restored["r"], restored["m"]) == (f"{typed};x", named(typed))


def test_a_sketch_keeps_its_name(server: Server) -> None:
    (sketch,) = decode_sketches(named(TEMPLATES[0]))
    assert sketch.name == TEMPLATES[0]


class _Says(MacroElement):
    """What branca does with a text that a macro returns."""

    _template = Template(
        "".join(f"{{% macro {part}(this, kwargs) %}}{{{{ this.text }}}}{{% endmacro %}}" for part in PARTS)
    )

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class _Kept(_Says, Verbatim):
    """The same, kept as it is."""


def rendered(element: Element) -> str:
    figure = Figure()
    figure.add_child(element)
    return str(figure.render())


def test_branca_still_renders_what_a_macro_returns() -> None:
    """Without this, `Verbatim` would have nothing to do and could go."""
    assert rendered(_Says("{{7*191}}")).count("1337") == len(PARTS)


def test_branca_still_puts_together_what_verbatim_gives_it() -> None:
    assert rendered(_Kept(EVERYTHING)).count(EVERYTHING) == len(PARTS)
    inside = Map(tiles=None)
    inside.add_child(_Kept(EVERYTHING))
    assert inside.get_root().render().count(EVERYTHING) == len(PARTS)


def kinds(base: type[Any]) -> Iterator[type[Any]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_every_element_of_ours_is_verbatim() -> None:
    ours = {kind for kind in kinds(Element) if kind.__module__.startswith("khorgos_map.")}
    assert {"KhorgosMap", "Shell", "State", "Inside"} <= {kind.__name__ for kind in ours}
    for kind in ours:
        # branca's own way of rendering comes after ours, or, for what is no macro, never
        assert not issubclass(kind, MacroElement) or kind.__mro__.index(Verbatim) < kind.__mro__.index(
            MacroElement
        )
