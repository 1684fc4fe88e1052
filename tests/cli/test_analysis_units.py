"""Kilometres and miles: chosen in order, written once."""

import math

import pytest

from paceport.cli.analysis.units import Units, clock, length_m, number, units_for
from paceport.errors import UsageError

MORE = [("2 miles", 3218.688), ("½ mile", 804.672), ("12,5km", 12500)]
KM, MI = Units(name="km"), Units(name="mi")


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
        (None, "auto", None, {"LANG": "en_US.UTF-8", "LC_MEASUREMENT": "de_DE.UTF-8"}, "km"),
        (None, "auto", None, {"LANG": "C.UTF-8"}, "km"),
        (None, "auto", None, {}, "km"),
    ],
)
def test_units_come_from_flag_setting_strava_locale_in_that_order(
    flag: str | None, setting: str, prefers_miles: bool | None, environ: dict[str, str], expected: str
) -> None:
    assert units_for(flag, setting, prefers_miles=prefers_miles, environ=environ).name == expected


def test_a_pace_is_written_for_its_unit() -> None:
    assert KM.pace(1000 / 272) == "4:32"
    assert MI.pace(1609.344 / 481.6) == "8:02"


@pytest.mark.parametrize("speed", [None, 0.0, -1.0, math.nan, 1e-9])
def test_a_pace_that_is_not_known_is_no_number(speed: float | None) -> None:
    assert KM.pace(speed) == "-"


def test_not_known_is_never_zero() -> None:
    assert [KM.distance(None), KM.height(None), clock(None), number(None)] == ["-"] * 4
    assert [KM.distance(0.0), KM.height(0.0), clock(0.0), number(0.0)] == ["0.00", "0", "0:00", "0"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(59.6, "1:00"), (3599.7, "1:00:00"), (3671, "1:01:11"), (-75, "-1:15"), (1e6, "277:46:40")]
)
def test_durations_carry_over(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("10k", 10000),
        ("5 km", 5000),
        ("400m", 400),
        ("half", 21097.5),
        ("Marathon", 42195),
        ("mile", 1609.344),
        ("2 miles", 3218.688),
        ("½ mile", 804.672),
        ("12,5km", 12500),
    ],
)
def test_distances_are_read_as_people_write_them(text: str, metres: float) -> None:
    assert length_m(text) == pytest.approx(metres)


@pytest.mark.parametrize("text", ["", "far", "10", "-5k", "0k", "99m", "1001km", "1e5km", "5 parsecs", "k" * 10_000])
def test_what_is_no_distance_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        length_m(text)
