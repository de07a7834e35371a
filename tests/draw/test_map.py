"""The folium map and its files: small, the same every time, from our own server, and safe."""

from __future__ import annotations

import gzip
import json
import re
from itertools import pairwise

import folium
import pytest
import shapely
from shapely.geometry import shape
from streamlit_folium import generate_js_hash, generate_leaflet_string

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.places import land_by_side
from khorgos_map.draw.basemaps import ONLINE, tile_options
from khorgos_map.draw.cards import card
from khorgos_map.draw.files import Published, publish, script_text, words_for
from khorgos_map.draw.map import MapState, State, draw_map, leaflet_position, state_of
from khorgos_map.draw.reached import reach_words
from khorgos_map.draw.vendor import leaflet_css, leaflet_js
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.measure.routing.places import Places
from khorgos_map.measure.routing.reach import reach
from khorgos_map.measure.routing.records import Question
from khorgos_map.text import catalogue, languages
from khorgos_map.view import Position, View


def static_script(atlas: Atlas, published: Published) -> str:
    drawn = draw_map(atlas, published, "/khorgos/")
    drawn.render()
    return generate_leaflet_string(drawn)


def test_the_script_of_a_session_never_changes_so_the_map_is_never_rebuilt(
    atlas: Atlas, published: Published
) -> None:
    first, second = (static_script(atlas, published) for _ in range(2))
    assert generate_js_hash(first, "map") == generate_js_hash(second, "map")


def test_the_script_is_small_and_holds_no_data(atlas: Atlas, published: Published) -> None:
    script = static_script(atlas, published)
    assert len(script) < 8_000
    assert "coordinates" not in script
    assert "217" not in script


def test_equal_content_gives_equal_files(atlas: Atlas, published: Published) -> None:
    assert publish(atlas).files == published.files


def test_the_map_links_to_our_own_server_only(atlas: Atlas, published: Published) -> None:
    drawn = draw_map(atlas, published, "/khorgos/")
    assert [url for _, url in drawn.default_js] == [f"/khorgos/{published.script}"]
    assert drawn.default_css == []
    assert published.script in published.files


def test_other_folium_maps_keep_their_links(atlas: Atlas, published: Published) -> None:
    draw_map(atlas, published, "/khorgos/")
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


def test_areas_within_reach_lie_beside_each_other_and_are_told_whole(atlas: Atlas) -> None:
    start = Places(atlas).find("zharkent").stop
    engine = Embedded(atlas.network, land_by_side(atlas))
    found = reach(engine, Question((start,)), [3600.0, 7200.0, 14_400.0])
    told = reach_words(found, catalogue("en"))
    near, middle, far = (shape(area["geometry"]) for area in told["areas"])
    for one, other in ((near, middle), (middle, far), (near, far)):
        assert one.intersection(other).area < 1e-6 * other.area
    widest = found.within[-1].area
    assert shapely.union_all([near, middle, far]).symmetric_difference(widest).area < 1e-3 * widest.area
    assert all(part.buffer(-0.001).area > 0 for part in (*middle.geoms, *far.geoms))
    assert f"{found.within[-1].area_m2 / 1e6:,.0f} km²" in told["rows"][-1]["text"]


@pytest.mark.parametrize("code", languages())
def test_a_computed_road_names_the_figure_it_is_held_against(atlas: Atlas, code: str) -> None:
    text = catalogue(code)
    facts = card(atlas.feature["road-khorgos-almaty"], atlas, text)["facts"]
    held = [fact["attribute"] for fact in facts if fact["id"].startswith("court-")]
    assert len(held) == len(set(held)) == 3
    for km in ("361", "370", "378"):
        (named,) = (attribute for attribute in held if km in attribute)
        claimant = atlas.claimants[atlas.claims[f"distance-almaty-{km}"].claimant]
        assert claimant.name.in_language(code) in named


def test_what_is_many_times_the_published_is_not_told_in_per_cent(atlas: Atlas) -> None:
    facts = card(atlas.feature["road-khorgos-horgos-city"], atlas, catalogue("en"))["facts"]
    (held,) = (fact for fact in facts if fact["id"].startswith("court-"))
    assert re.fullmatch(r"2\d\.\d times the published", held["value"])


def test_the_way_of_a_card_is_by_the_places_of_its_published_distance(atlas: Atlas) -> None:
    by = {i: card(atlas.feature[i], atlas, catalogue("en")).get("wayBy") for i in atlas.feature}
    nodes = atlas.network.nodes
    assert list(nodes["shonzhy"].geometry.coordinates) in by["road-khorgos-almaty"]
    assert by["road-khorgos-almaty-motorway"] is None
    assert by["almaty"] is None
