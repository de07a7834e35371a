"""The address bar: what is written is read back, and what is broken is told, never obeyed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khorgos_map.view import MAX_ZOOM, MIN_ZOOM, Notice, Position, View, Vocabulary, read_view, write_view

WORDS = Vocabulary(
    languages=frozenset({"en", "kk", "ru", "zh"}),
    layers=frozenset({"zones", "roads", "eastern-gate"}),
    basemaps=frozenset({"local", "osm"}),
    features=frozenset({"icbc-kz", "khorgos-village"}),
)
positions = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180), st.integers(MIN_ZOOM, MAX_ZOOM))
views = st.builds(
    View,
    lang=st.sampled_from(sorted(WORDS.languages)),
    layers=st.none() | st.lists(st.sampled_from(sorted(WORDS.layers)), unique=True).map(tuple),
    at=st.none() | positions,
    base=st.sampled_from(sorted(WORDS.basemaps)),
    sel=st.none() | st.sampled_from(sorted(WORDS.features)),
    asof=st.none() | st.integers(2005, 2035),
    mode=st.sampled_from(["explore", "evidence"]),
    m=st.none() | st.sampled_from(["Lgr6yTs_z1n", "PAB~the gate!AAAAAAA.wtH", "LAB.A~стройка; 工地"]),
    around=st.integers(0, 500_000).map(lambda metres: metres / 1000),
    r=st.none() | st.sampled_from(["khorgos;almaty", "44.2,80.4;shonzhy;Алматы"]),
    profile=st.sampled_from(["car", "truck"]),
    wait=st.none() | st.sampled_from(["nur-zholy-horgos:1-51.4", "a:0-1,b:2-3"]),
    way=st.integers(0, 9),
)


@given(views)
def test_a_view_survives_the_address_bar(view: View) -> None:
    assert read_view(write_view(view), WORDS) == (view, [])


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "lang",
                "layers",
                "at",
                "base",
                "sel",
                "asof",
                "m",
                "around",
                "r",
                "profile",
                "wait",
                "way",
                "utm",
            ]
        ),
        st.text(max_size=40),
    )
)
def test_any_address_gives_a_view_of_known_words_only(parameters: dict[str, str]) -> None:
    view, notices = read_view(parameters, WORDS)
    assert view.lang in WORDS.languages
    assert view.base in WORDS.basemaps
    assert view.sel is None or view.sel in WORDS.features
    assert set(view.layers or ()) <= WORDS.layers
    assert 0 <= view.around <= 500
    assert all(notice.value in parameters[notice.parameter] for notice in notices)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("lang", "tlh"),
        ("layers", "zones,<script>"),
        ("at", "44.2,80.4"),
        ("at", "nan,80.4,9"),
        ("at", "95,80.4,9"),
        ("at", "44.2,80.4,99"),
        ("at", "٤٤,80,9"),
        ("base", "autonavi"),
        ("sel", "atlantis"),
        ("m", "<script>"),
        ("m", "Xabc"),
        ("m", "L" + "A" * 2000),
        ("m", "LAB.~site"),
        ("around", "501"),
        ("around", "-2"),
        ("around", "nan"),
        ("around", "2km"),
        ("around", "٢"),
        ("r", "khorgos"),
        ("profile", "tank"),
        ("wait", "nur-zholy:long"),
        ("way", "0"),
        ("way", "x"),
        ("way", "12"),
        ("asof", "1999"),
        ("asof", "soon"),
        ("mode", "dance"),
    ],
)
def test_a_broken_value_is_told_and_left_out(parameter: str, value: str) -> None:
    view, notices = read_view({parameter: value}, WORDS)
    assert [notice.parameter for notice in notices] == [parameter]
    assert value not in write_view(view).values()


def test_no_layers_is_not_the_usual_layers() -> None:
    assert read_view({"layers": "none"}, WORDS)[0].layers == ()
    assert read_view({}, WORDS)[0].layers is None


def test_the_other_layers_of_a_half_broken_list_are_kept() -> None:
    view, notices = read_view({"layers": "zones,rumours"}, WORDS)
    assert view.layers == ("zones",)
    assert notices == [Notice("layers", "rumours")]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("tlh", "tlh"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("a\n\n# h\x00\u202eb\u2028", "a # h b"),
        ("\u200b" * 5000, "…"),
    ],
)
def test_a_notice_shows_one_short_line(value: str, shown: str) -> None:
    assert Notice("lang", value).shown == shown
