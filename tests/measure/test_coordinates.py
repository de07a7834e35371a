"""Positions as typed: everything a planner may paste is understood or refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from khorgos_map.errors import KhorgosMapError
from khorgos_map.geodesy import inverse
from khorgos_map.measure.coordinates import (
    PositionError,
    digits_for,
    format_decimal,
    format_dms,
    format_utm,
    parse_position,
)

HERE = (80.397, 44.198)
lons, lats = st.floats(-180, 180), st.floats(-90, 90)


@pytest.mark.parametrize(
    "typed",
    [
        "44.198, 80.397",
        "44.198 80.397",
        "44.198,80.397",
        "(44.198; 80.397)",
        "44.198/80.397",
        "44,198 80,397",
        "44,198, 80,397",
        "44,198; 80,397",
        "44.198N 80.397E",
        "N44.198 E80.397",
        "n 44.198, e 80.397",
        "80.397 E, 44.198 N",
        "44.198 North 80.397 East",
        "44.198 N, 80.397",
        "44.198° 80.397°",
        "44°11′52.8″ N, 80°23′49.2″ E",
        "44°11'52.8\" 80°23'49.2\"",
        "44º11’52.8” 80º23’49.2”",
        "44°11'52.8''N 80°23'49.2''E",
        "44 11 52.8 N 80 23 49.2 E",
        "44 11 52.8, 80 23 49.2",
        "44 11 52.8 80 23 49.2",
        "44:11:52.8 80:23:49.2",
        "44°11.88' 80°23.82'",
        "44 11.88 80 23.82",
        "44,198 с.ш. 80,397 в.д.",
        "с. ш. 44.198, в. д. 80.397",
        "44°11′52,8″ с. ш. 80°23′49,2″ в. д.",
        "44.198 С 80.397 В",
        "44,198° с. е., 80,397° ш. б.",
        "北纬44.198°，东经80.397°",
        "東經80.397度 北緯44.198度",
        "北纬44度11分52.8秒 东经80度23分49.2秒",
        "４４．１９８， ８０．３９７",
    ],
)
def test_a_position_is_understood_however_it_is_written(typed):
    assert parse_position(typed) == pytest.approx(HERE, abs=1e-9)


@pytest.mark.parametrize(
    "typed", ["44N 451816 4894041", "44T 451816 4894041", "UTM 44 N, 451816 mE, 4894041 mN"]
)
def test_utm_is_understood_with_hemisphere_and_with_band(typed):
    assert inverse(*parse_position(typed), *HERE)[0] < 1


@pytest.mark.parametrize(
    ("typed", "position"),
    [
        ("44,80", (80, 44)),
        ("0,0", (0, 0)),
        ("-44,180", (180, -44)),
        ("(44,80)", (80, 44)),
        ("４４,８０", (80, 44)),
        ("44,8 80,4", (80.4, 44.8)),
        ("44,80 80,40", (80.4, 44.8)),
    ],
)
def test_a_comma_alone_between_whole_degrees_parts_them(typed, position):
    assert parse_position(typed) == pytest.approx(position)


@given(st.integers(-90, 90), st.integers(0, 180))
def test_whole_degrees_need_no_space(lat, lon):
    assert parse_position(f"{lat},{lon}") == (lon, lat)


def test_south_and_west_are_negative():
    assert parse_position("33.45 S 70.67 W") == parse_position("-33.45, -70.67") == (-70.67, -33.45)
    assert (
        parse_position("33,45 ю.ш. 70,67 з.д.") == parse_position("南纬33.45 西经70.67") == (-70.67, -33.45)
    )
    assert parse_position("19S 360506 6303362") == pytest.approx((-70.5, -33.4), abs=1e-4)
    assert parse_position("-0.5 0.5") == (0.5, -0.5)


@pytest.mark.parametrize(
    ("typed", "reason", "words"),
    [
        ("", "empty", "no position typed"),
        (" \n", "empty", "no position typed"),
        ("44.198", "one-number", "only one of latitude and longitude"),
        ("44,198", "one-number", "only one of latitude and longitude"),
        ("100.2, 44.2", "swapped", "did you mean 44.2, 100.2"),
        ("44,05", "one-number", "only one of latitude and longitude"),
        ("144,80", "swapped", "144 is more than 90"),
        ("95.5, 120", "too-far", "a latitude lies between -90 and 90, not at 95.5"),
        ("95 N 44 E", "too-far", "a latitude lies between -90 and 90, not at 95"),
        ("44.2, 180.5", "too-far", "a longitude lies between -180 and 180, not at 180.5"),
        ("44 N 80 N", "unreadable", "has two latitudes"),
        ("80 E 80 E", "unreadable", "has two longitudes"),
        ("Khorgos", "unreadable", "is no position"),
        ("44 60 0, 80 0 0", "unreadable", "is no position"),
        ("-44 S 80 E", "unreadable", "is no position"),
        ("44.5 30, 80", "unreadable", "is no position"),
        ("1 2 3", "one-number", "only one of latitude and longitude"),
        ("1 2 3 4 5", "unreadable", "is no position"),
        ("44.2, 80.4, 80.5", "unreadable", "is no position"),
        ("44.2 80.4 <script>", "unreadable", "is no position"),
        ("44N 12345 4895432", "utm", "an easting has 6 digits"),
        ("61N 612345 4895432", "utm", "zones 1 to 60, not 61"),
        ("44I 612345 4895432", "utm", "a band from C to X, not I"),
        ("44U 612345 4895432", "utm", "does not lie in 44U"),
        ("44N 612345 9900000", "utm", "does not lie in 44N"),
        ("43S 612345 3895432", "utm", "can be band S"),
    ],
)
def test_what_is_no_position_is_refused_with_the_reason(typed, reason, words):
    with pytest.raises(PositionError, match=words) as raised:
        parse_position(typed)
    assert raised.value.reason == reason
    assert "\n" not in str(raised.value)


@given(st.text() | st.text("0123456789 .,-+°'\"NSEWсшвд北纬;:/", max_size=40))
@example("9" * 500)
@example("44N " + "9" * 400)
@example("٤٤ ٨٠")
def test_any_text_is_a_position_or_refused_in_one_line(typed):
    position, refusal = None, ""
    try:
        position = parse_position(typed)
    except KhorgosMapError as error:
        refusal = str(error)
    if position:
        assert abs(position[0]) <= 180
        assert abs(position[1]) <= 90
    else:
        assert 0 < len(refusal) < 200
        assert "\n" not in refusal


@given(lons, lats, st.integers(0, 6))
def test_decimal_degrees_come_back(lon, lat, digits):
    back = parse_position(format_decimal(lon, lat, digits))
    assert back == pytest.approx((lon, lat), rel=0, abs=0.5000001 * 10**-digits)


@given(lons, lats, st.integers(4, 6))
@example(-0.000001, -59.9999999999, 6)
def test_degrees_minutes_seconds_come_back(lon, lat, digits):
    written = format_dms(lon, lat, digits)
    assert "60′" not in written
    assert "60.0" not in written
    assert parse_position(written) == pytest.approx((lon, lat), rel=0, abs=10**-digits)


@given(
    lons.filter(lambda lon: lon < 179.9999), st.floats(-79.9, 83.9).filter(lambda lat: not -59 < lat < -49)
)
def test_utm_comes_back_to_a_metre(lon, lat):
    assert inverse(*parse_position(format_utm(lon, lat)), lon, lat)[0] < 0.8


def test_utm_takes_the_zone_of_the_place_and_ends_towards_the_poles():
    assert format_utm(*HERE) == "44N 451816 4894041"
    assert format_utm(76.9, 43.25).startswith("43N ")
    assert format_utm(-70.5, -33.4).startswith("19S ")
    assert format_utm(180, 44).startswith("1N ")
    for lat in (84.1, -80.1, 90):
        with pytest.raises(PositionError, match="UTM reaches from 80° S to 84° N"):
            format_utm(80, lat)


def test_degrees_are_written_latitude_first():
    assert format_decimal(*HERE) == "44.19800, 80.39700"
    assert format_decimal(-0.0000001, -0.0000001) == "0.00000, 0.00000"
    assert format_dms(*HERE) == "44°11′52.80″ N, 80°23′49.20″ E"
    assert format_dms(-70.5, -33.4, 3) == "33°24′00″ S, 70°30′00″ W"


@given(st.floats(0.1, 50_000))
def test_decimals_are_as_many_as_the_uncertainty_bears_and_no_more(uncertainty_m):
    digits = digits_for(uncertainty_m)
    half_a_digit_m = inverse(80, 44, 80, 44 + 0.5 * 10**-digits)[0]
    assert half_a_digit_m <= uncertainty_m
    if digits:
        assert half_a_digit_m * 10 > uncertainty_m * 0.99


def test_what_is_exact_has_six_decimals_and_the_whole_world_none():
    assert [digits_for(u) for u in (0, 0.01, 1, 27, 438, 1e7)] == [6, 6, 5, 4, 3, 0]
