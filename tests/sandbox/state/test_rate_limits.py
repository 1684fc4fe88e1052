"""The counting itself: classes and windows."""

from datetime import UTC, datetime, timedelta

from paceport.sandbox.state.rate_limits import Limits, RequestCounts

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_call_that_is_no_read_is_never_refused_for_the_read_limit() -> None:
    counts = RequestCounts(Limits(read_quarter=0))

    counts.count(NOON, is_read=True)
    read = counts.exceeded(is_read=True)
    counts.count(NOON, is_read=False)

    assert (read, counts.exceeded(is_read=False)) == ("read", None)


def test_the_overall_limit_is_named_before_the_read_limit() -> None:
    counts = RequestCounts(Limits(overall_quarter=0, read_quarter=0))

    counts.count(NOON, is_read=True)

    assert counts.exceeded(is_read=True) == "overall"


def test_a_read_day_outlasts_its_quarter() -> None:
    counts = RequestCounts(Limits(read_day=1))
    counts.count(NOON, is_read=True)

    counts.count(NOON + timedelta(minutes=15), is_read=True)

    assert counts.exceeded(is_read=True) == "read"


def test_a_clock_set_back_opens_new_windows() -> None:
    counts = RequestCounts(Limits())
    counts.count(NOON, is_read=True)

    usage = counts.usage(NOON - timedelta(days=1))

    assert usage == {"overall": [0, 0], "read": [0, 0]}
