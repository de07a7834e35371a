"""The folium map and its files: small, the same every time, from our own server, and safe."""

from __future__ import annotations

import gzip
import json
import re
from itertools import pairwise

import folium
import pytest
from streamlit_folium import generate_js_hash, generate_leaflet_string

from khorgos_map.atlas import Atlas
from khorgos_map.draw.basemaps import ONLINE, tile_options
from khorgos_map.draw.files import Published, publish, script_text, words_for
from khorgos_map.draw.map import MapState, State, draw_map, leaflet_position, state_of
from khorgos_map.draw.vendor import leaflet_css, leaflet_js
from khorgos_map.text import catalogue, languages
from khorgos_map.view import Position, View


@pytest.fixture(scope="module")
def published(atlas: Atlas) -> Published:
    return publish(atlas)


def static_script(atlas: Atlas, published: Published, view: View) -> str:
    drawn = draw_map(atlas, published, view, "/khorgos/")
    drawn.render()
    return generate_leaflet_string(drawn)


def test_the_script_of_a_session_never_changes_so_the_map_is_never_rebuilt(
    atlas: Atlas, published: Published
) -> None:
    view = View(at=Position(44.2, 80.4, 12))
    first, second = (static_script(atlas, published, view) for _ in range(2))
    assert generate_js_hash(first, "map") == generate_js_hash(second, "map")


def test_the_script_is_small_and_holds_no_data(atlas: Atlas, published: Published) -> None:
    script = static_script(atlas, published, View())
    assert len(script) < 8_000
    assert "coordinates" not in script
    assert "217" not in script


def test_equal_content_gives_equal_files(atlas: Atlas, published: Published) -> None:
    assert publish(atlas).files == published.files


def test_the_map_links_to_our_own_server_only(atlas: Atlas, published: Published) -> None:
    drawn = draw_map(atlas, published, View(), "/khorgos/")
    assert [url for _, url in drawn.default_js] == [f"/khorgos/{published.script}"]
    assert drawn.default_css == []
    assert published.script in published.files


def test_other_folium_maps_keep_their_links(atlas: Atlas, published: Published) -> None:
    draw_map(atlas, published, View(), "/khorgos/")
    assert any("leaflet" in url for _, url in folium.Map.default_js)


def test_the_package_that_carries_leaflet_carries_the_version_folium_links_to() -> None:
    linked = dict(folium.Map.default_js)["leaflet"]
    version = re.search(r"leaflet@([\d.]+)", linked)
    assert version
    assert version[1] in leaflet_js()[:400]
    assert ".leaflet-pane" in leaflet_css()
    assert "url(http" not in leaflet_css()


def test_our_scripts_and_styles_name_no_other_host() -> None:
    ours = script_text().replace(leaflet_js(), "").replace(json.dumps(leaflet_css())[1:-1], "")
    assert re.findall(r"https?://(?!www\.w3\.org)[^\s\"'`)]+", ours) == []


def test_a_state_says_only_what_the_server_owns() -> None:
    state = state_of(View(lang="ru"), View(sel="icbc-kz", at=Position(44.2, 80.4, 12)), "dark")
    assert state.lang == "ru"
    assert set(State(state).state) == {"lang", "theme", "mode", "restore"}
    assert state.restore["sel"] == "icbc-kz"


def test_a_state_cannot_break_out_of_its_script() -> None:
    state = State(MapState("en", "</script><script>alert(1)", "explore", {}))
    state.get_name()
    assert "</script>" not in state._template.module.script(state)


def test_longitude_and_latitude_turn_round_in_one_place() -> None:
    assert leaflet_position(Position(latitude=44.2, longitude=80.4, zoom=9)) == [44.2, 80.4]


@pytest.mark.parametrize("code", languages())
def test_words_hold_every_card_legend_and_message(atlas: Atlas, code: str) -> None:
    words = words_for(atlas, catalogue(code))
    assert set(words["cards"]) == set(atlas.feature)
    for layer in atlas.layers:
        listed = words["layers"][layer.id]
        assert listed["features"] == [f.properties.id for f in atlas.features[layer.id]]
        located = [f for f in atlas.features[layer.id] if f.geometry is not None]
        assert bool(listed["legend"]) == bool(located)
    assert "</" not in json.dumps(words)


def test_layer_files_hold_geometry_and_no_words(atlas: Atlas, published: Published) -> None:
    for layer in atlas.layers:
        body = gzip.decompress(published.files[published.layers[layer.id]].body)
        for part in json.loads(body)["features"]:
            assert set(part["properties"]) <= {"id", "role", "cls", "mark", "label"}


def test_the_first_visit_fits_in_half_a_megabyte(published: Published) -> None:
    names = [published.script, published.words["en"], *published.layers.values(), *published.basemap.values()]
    assert sum(len(published.files[name].body) for name in names) < 500_000


def test_online_basemaps_are_in_web_mercator_and_need_no_key() -> None:
    for provider in ONLINE.values():
        options = tile_options(provider)
        assert str(options["url"]).startswith("https://")
        assert "{" not in re.sub(r"\{[xyzsr]\}", "", str(options["url"]))
        assert options["attribution"]
        assert not re.search(r"amap|autonavi|gaode|baidu|tencent|google", str(options["url"]))


def test_the_languages_come_in_the_order_of_the_switch() -> None:
    assert all(a != b for a, b in pairwise(languages()))
    assert languages()[0] == "en"
