"""The words somebody types, and the place that is meant."""

from __future__ import annotations

import pytest

from khorgos_map.atlas import Atlas
from khorgos_map.errors import UsageError
from khorgos_map.measure.routing.places import Places, fold
from khorgos_map.measure.routing.told import PlaceError
from khorgos_map.text import catalogue, languages


@pytest.fixture(scope="module")
def places(atlas: Atlas) -> Places:
    return Places(atlas)


@pytest.mark.parametrize(
    "typed",
    ["almaty", "ALMATY", " Almaty ", "Алматы", "алматы", "阿拉木图", "ئالمۇتا"],
)
def test_a_name_in_any_language_and_case(places: Places, typed: str) -> None:
    assert places.find(typed).stop.id == "almaty"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Талдыкорган", "taldykorgan"),
        ("Талдықорған", "taldykorgan"),
        ("Құлжа", "yining"),
        ("Кульджа", "yining"),
        ("Gulja", "yining"),
        ("Yining", "yining"),
        ("Ürümqi", "urumqi"),
        ("Urumqi", "urumqi"),
        ("үрімжі", "urumqi"),
        ("Чунджа", "shonzhy"),
        ("horgos city", "horgos-city"),
        ("Horgos (city)", "horgos-city"),
        ("нур жолы", "nur-zholy"),
        ("霍尔果斯公路口岸", "horgos-road-port"),
    ],
)
def test_letters_that_keyboards_lack_and_marks_do_not_matter(places: Places, typed: str, meant: str) -> None:
    assert places.find(typed).stop.id == meant


@pytest.mark.parametrize("typed", ["Khorgos", "Хоргос", "Қорғас", "霍尔果斯"])
def test_of_the_places_called_khorgos_the_reference_point_is_taken_and_said(
    places: Places, typed: str
) -> None:
    found = places.find(typed)
    assert found.stop.id == "khorgos"
    assert found.notice is not None
    assert "Khorgos reference point is taken; also Khorgos (village)" in found.notice
    assert "horgos-city" not in found.notice


def test_ids_are_told_to_those_who_type_them(atlas: Atlas) -> None:
    places = Places(atlas, with_ids=True)
    notice = places.find("Khorgos").notice
    assert notice is not None
    assert "Khorgos (village) (khorgos-village)" in notice
    with pytest.raises(PlaceError, match=r"did you mean Shonzhy \(shonzhy\)"):
        places.find("shonzy")


def test_no_id_of_a_junction_is_told_to_anybody_who_did_not_type_it(atlas: Atlas) -> None:
    """A place that is guessed has a name; nameless junctions are none."""
    nameless = [i for i, node in atlas.network.nodes.items() if node.properties.name is None][:40]
    for identifier in nameless:
        for own in (Places(atlas), Places(atlas, with_ids=True)):
            with pytest.raises(UsageError) as refused:
                own.find(f"{identifier}x")
            assert identifier not in str(refused.value).replace(f"{identifier}x", "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Huiyuan", "huiyuan"),
        ("惠远", "huiyuan"),
        ("Бишкек", "bishkek"),
        ("Каракол", "karakol"),
        ("Лепсы", "lepsy"),
    ],
)
def test_villages_and_neighbours_can_be_named(places: Places, typed: str, meant: str) -> None:
    assert places.find(typed).stop.id == meant


def test_an_id_has_one_meaning(places: Places) -> None:
    assert places.find("khorgos").notice is None


def test_every_place_and_node_is_found_by_its_id(atlas: Atlas, places: Places) -> None:
    for identifier, node in atlas.network.nodes.items():
        found = places.find(identifier).stop
        assert found.id == identifier
        if identifier not in atlas.feature:
            assert found.position == tuple(node.geometry.coordinates[:2])


def test_the_name_is_in_the_language_asked_for(atlas: Atlas) -> None:
    assert Places(atlas, "ru").find("urumqi").stop.name == "Урумчи"


@pytest.mark.parametrize("typed", ["44.198, 80.397", "44.198,80.397", "44°11′52.8″ N 80°23′49.2″ E"])
def test_a_position_latitude_first(places: Places, typed: str) -> None:
    stop = places.find(typed).stop
    assert stop.position == pytest.approx((80.397, 44.198), abs=1e-6)
    assert stop.id is None


def test_an_outline_is_met_inside_it(atlas: Atlas, places: Places) -> None:
    stop = places.find("icbc-kz").stop
    assert stop.position == pytest.approx((80.39, 44.197), abs=0.03)


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("almatyy", "did you mean Almaty"),
        ("Талдыкурган", "did you mean Taldykorgan\\?"),
        ("qqqq", "unknown place 'qqqq'; type a place of this map, or a position"),
        ("Paris", "unknown place 'Paris'; type a place of this map"),
        ("j-87357", "'j-87357' is no position; type a latitude and a longitude"),
        ("", "no place typed"),
        ("icbc", "no place is published for Khorgos International Centre"),
        ("state-border", "is no single place"),
        ("road-khorgos-almaty", "is no single place"),
        ("95.1, 80.2", "95.1"),
        ("44.2", "only one of latitude and longitude"),
        ("G30 junction", "unknown place 'G30 junction'"),
    ],
)
def test_what_cannot_be_a_place_is_told_with_what_would_be(places: Places, typed: str, hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        places.find(typed)


@pytest.mark.parametrize("language", languages())
def test_the_reason_is_told_in_the_language_of_the_page(atlas: Atlas, language: str) -> None:
    own = Places(atlas, language)
    with pytest.raises(PlaceError) as refused:
        own.find("almatyy")
    told = refused.value.said(catalogue(language))
    assert str(own.find("almaty").stop.name) in told
    assert ("unknown" in told) == (language == "en")


def test_folding_keeps_what_tells_names_apart() -> None:
    assert fold("«Нұр  Жолы»") == fold("НУР ЖОЛЫ") == "нур жолы"
    assert fold("Khorgos") != fold("Хоргос")
    assert fold("伊宁") == "伊宁"
