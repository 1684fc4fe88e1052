"""Kilometres and miles: chosen in order, written once."""

import math

import pytest

from paceport.units import Units, choose_units, duration_text, number_text

KM, MI = Units("km"), Units("mi")


@pytest.mark.parametrize(
    ("flag", "setting", "prefers_miles", "environ", "expected"),
    [
        ("mi", "km", False, {"LANG": "de_DE.UTF-8"}, "mi"),
        (None, "km", True, {"LANG": "en_US.UTF-8"}, "km"),
        (None, "auto", True, {"LANG": "de_DE.UTF-8"}, "mi"),
        (None, "auto", False, {"LANG": "en_US.UTF-8"}, "km"),
        (None, "auto", None, {"LANG": "en_US.UTF-8"}, "mi"),
        (None, "auto", None, {"LANG": "en_GB"}, "mi"),
        (None, "auto", None, {"LANG": "de_DE.UTF-8"}, "km"),
        (None, "auto", None, {"LC_ALL": "sv_SE.UTF-8", "LANG": "en_US.UTF-8"}, "km"),
        (None, "auto", None, {"LC_MEASUREMENT": "en_GB", "LANG": "sv_SE.UTF-8"}, "mi"),
        (None, "auto", None, {"LANG": "en_US.UTF-8", "LC_MEASUREMENT": "de_DE.UTF-8"}, "km"),
        (None, "auto", None, {"LANG": "C.UTF-8"}, "km"),
        (None, "auto", None, {}, "km"),
    ],
)
def test_units_come_from_flag_setting_strava_locale_in_that_order(
    flag: str | None, setting: str, prefers_miles: bool | None, environ: dict[str, str], expected: str
) -> None:
    assert choose_units(setting, environ, flag=flag, prefers_miles=prefers_miles).name == expected


def test_a_pace_is_written_for_its_unit() -> None:
    assert KM.pace(1000 / 272) == "4:32"
    assert MI.pace(1609.344 / 481.6) == "8:02"


@pytest.mark.parametrize("speed", [None, 0.0, -1.0, math.nan, 1e-9])
def test_a_pace_that_is_not_known_is_no_number(speed: float | None) -> None:
    assert KM.pace(speed) == "-"


def test_not_known_is_never_zero() -> None:
    assert [KM.distance(None), KM.height(None), duration_text(None), number_text(None)] == ["-"] * 4
    assert [KM.distance(0.0), KM.height(0.0), duration_text(0.0), number_text(0.0)] == ["0.00", "0", "0:00", "0"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(59.6, "1:00"), (3599.7, "1:00:00"), (3671, "1:01:11"), (-75, "-1:15"), (1e6, "277:46:40")]
)
def test_durations_carry_over(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_climbs_follow_the_unit() -> None:
    assert (KM.height(1234.4), MI.height(304.8)) == ("1,234", "1,000")
    assert (KM.height_unit, MI.height_unit) == ("m", "ft")


def test_what_is_not_known_is_written_as_the_surface_wants_it() -> None:
    cell = Units("km", unknown="")

    assert [cell.distance(None), cell.height(None), cell.pace(0.0), cell.duration(None)] == [""] * 4
    assert cell.pace(1000 / 272) == "4:32"


def test_a_number_that_rounds_to_nothing_has_no_minus() -> None:
    assert [number_text(-0.04, 1), number_text(-0.4, sign=True), number_text(-0.06, 1)] == ["0.0", "+0", "-0.1"]
