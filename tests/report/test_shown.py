from datetime import date

import pytest

from paceport.report.shown import UNKNOWN, Units, anchor_of, clock, day_text, hours, name_text, short_name


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, UNKNOWN),
        (0, "0:00"),
        (59.6, "1:00"),
        (272, "4:32"),
        (3723, "1:02:03"),
        (-90, "-1:30"),
        (float("inf"), UNKNOWN),
    ],
)
def test_a_clock_rounds_to_whole_seconds_and_says_what_it_does_not_know(seconds: float | None, text: str) -> None:
    assert clock(seconds) == text


def test_lengths_and_paces_follow_the_unit() -> None:
    km, mile = Units("km"), Units("mi")

    assert (km.distance(12345.6), mile.distance(16093.44)) == ("12.3", "10.0")
    assert (km.pace(1000 / 272), mile.pace(1609.344 / 480)) == ("4:32", "8:00")
    assert (km.climb(1234.4), mile.climb(304.8)) == ("1,234", "1,000")


@pytest.mark.parametrize("speed", [None, 0.0, -1.0])
def test_no_speed_has_no_pace(speed: float | None) -> None:
    assert Units("km").pace(speed) == UNKNOWN


def test_an_unknown_length_is_not_zero() -> None:
    assert Units("km").distance(None) == Units("mi").climb(None) == hours(None) == day_text(None) == UNKNOWN


def test_a_day_reads_the_same_in_every_country() -> None:
    assert day_text(date(2026, 5, 4)) == "4 May 2026"


def test_names_become_one_short_line_without_control_characters() -> None:
    assert name_text("\x1b[31m  Long\n\trun \u202e") == "[31m Long run"
    assert len(name_text("x" * 10_000)) == 80
    assert name_text(" \n") == "Run without a name"
    assert short_name("Quite a long pair of shoes", 10) == "Quite a l…"


def test_ids_below_zero_have_an_anchor_of_their_own() -> None:
    assert anchor_of(7) != anchor_of(-7)
