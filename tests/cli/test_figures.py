"""Numbers as a runner reads them, and as a runner types them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.cli.figures import Units, clock_text, read_distance_m, read_duration_s
from paceport.errors import UsageError


@pytest.mark.parametrize(
    ("setting", "environ", "preference", "name"),
    [
        ("km", {"LANG": "en_US.UTF-8"}, "feet", "km"),
        ("mi", {"LANG": "de_DE.UTF-8"}, "meters", "mi"),
        ("auto", {"LANG": "en_US.UTF-8"}, "meters", "km"),
        ("auto", {"LANG": "de_DE.UTF-8"}, "feet", "mi"),
        ("auto", {"LANG": "en_US.UTF-8"}, None, "mi"),
        ("auto", {"LC_ALL": "sv_SE.UTF-8", "LANG": "en_US.UTF-8"}, None, "km"),
        ("auto", {"LC_MEASUREMENT": "en_GB", "LANG": "sv_SE.UTF-8"}, None, "mi"),
        ("auto", {"LANG": "C.UTF-8"}, None, "km"),
        ("auto", {}, None, "km"),
    ],
)
def test_setting_wins_over_preference_wins_over_locale(
    setting: str, environ: dict[str, str], preference: str | None, name: str
) -> None:
    assert Units.choose(setting, environ, preference=preference).name == name


def test_pace_is_for_one_unit() -> None:
    assert Units.choose("km", {}).pace(1000 / 272) == "4:32"
    assert Units.choose("mi", {}).pace(1609.344 / 420) == "7:00"
    assert Units.choose("km", {}).pace(0.0) == ""


def test_nothing_recorded_is_an_empty_cell() -> None:
    assert Units.choose("km", {}).distance(None) == ""
    assert clock_text(None) == ""


@given(st.integers(60, 999 * 3600))
def test_a_duration_reads_back_as_it_was_written(seconds: int) -> None:
    assert read_duration_s(clock_text(seconds)) == seconds


@pytest.mark.parametrize("text", ["45", "1:2", "45:60", "1:60:00", "-1:00", "", "1:00:00:00", "\uff14:00", "\u0664:00"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_duration_s(text)


@pytest.mark.parametrize(("text", "metres"), [("10km", 10_000), ("6.2 mi", 9_977.9), ("800m", 800)])
def test_a_distance_needs_its_unit(text: str, metres: float) -> None:
    assert read_distance_m(text) == pytest.approx(metres, abs=0.1)


@pytest.mark.parametrize("text", ["10", "km", "10 miles", "-3km", "1e9km", "nankm", ""])
def test_what_is_no_distance_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_distance_m(text)
