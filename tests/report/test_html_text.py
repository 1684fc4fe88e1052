from datetime import date

from paceport.report.html_text import UNKNOWN, anchor_of, day_text, hours, name_text, short_name, whole_number


def test_what_is_not_known_is_a_dash_and_not_zero() -> None:
    assert hours(None) == day_text(None) == whole_number(None) == UNKNOWN


def test_a_day_reads_the_same_in_every_country() -> None:
    assert day_text(date(2026, 5, 4)) == "4 May 2026"


def test_names_become_one_short_line_without_control_characters() -> None:
    assert name_text("\x1b[31m  Long\n\trun \u202e") == "[31m Long run"
    assert len(name_text("x" * 10_000)) == 80
    assert name_text(" \n") == "Run without a name"
    assert short_name("Quite a long pair of shoes", 10) == "Quite a l…"


def test_ids_below_zero_have_an_anchor_of_their_own() -> None:
    assert anchor_of(7) != anchor_of(-7)
