"""Tired legs: what the week before takes from a run."""

from datetime import date, timedelta

import pytest

from paceport.sandbox.athletes.tired_legs import TiredLegs

DAY = date(2026, 5, 20)
USUAL = ((date(2026, 1, 1), 56.0),)


def after(*metres: float) -> TiredLegs:
    """Legs that ran so far on each of the days before, yesterday last."""
    legs = TiredLegs(USUAL)
    for number, distance_m in enumerate(metres):
        legs.ran(DAY - timedelta(days=len(metres) - number), distance_m)
    return legs


def test_fresh_legs_miss_nothing() -> None:
    assert after().ratio(DAY) == 0.0
    assert after(30_000.0, *[0.0] * 8).ratio(DAY) == 0.0


def test_a_usual_week_takes_a_little_and_a_hard_one_more() -> None:
    assert after(*[8000.0] * 7).ratio(DAY) == pytest.approx(0.012)
    assert after(*[14_000.0] * 7).ratio(DAY) == pytest.approx(0.012 + 0.03 * 0.75)
    assert after(*[80_000.0] * 7).ratio(DAY) == 0.05


def test_yesterday_counts_more_than_last_week() -> None:
    assert after(*[0.0] * 6, 35_000.0).ratio(DAY) > after(35_000.0, *[0.0] * 6).ratio(DAY)


def test_the_run_of_the_day_itself_does_not_count() -> None:
    legs = after(*[8000.0] * 7)
    before = legs.ratio(DAY)
    legs.ran(DAY, 20_000.0)

    assert legs.ratio(DAY) == before
