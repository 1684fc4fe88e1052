"""The counting itself: classes, windows, headers."""

from datetime import UTC, datetime, timedelta

from paceport.sandbox.state.rate_limits import Limits, RequestCounts

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_call_that_is_no_read_is_never_refused_for_the_read_limit() -> None:
    meter = RequestCounts(Limits(read_quarter=0))

    meter.count(NOON, is_read=True)
    read = meter.exceeded(is_read=True)
    meter.count(NOON, is_read=False)

    assert (read, meter.exceeded(is_read=False)) == ("read", None)


def test_the_overall_limit_is_named_before_the_read_limit() -> None:
    meter = RequestCounts(Limits(overall_quarter=0, read_quarter=0))

    meter.count(NOON, is_read=True)

    assert meter.exceeded(is_read=True) == "overall"


def test_a_read_day_outlasts_its_quarter() -> None:
    meter = RequestCounts(Limits(read_day=1))
    meter.count(NOON, is_read=True)

    meter.count(NOON + timedelta(minutes=15), is_read=True)

    assert meter.exceeded(is_read=True) == "read"


def test_a_clock_set_back_opens_new_windows() -> None:
    meter = RequestCounts(Limits())
    meter.count(NOON, is_read=True)

    usage = meter.usage(NOON - timedelta(days=1))

    assert usage == {"overall": [0, 0], "read": [0, 0]}


def test_headers_carry_quarter_then_day() -> None:
    meter = RequestCounts(Limits(overall_quarter=4, overall_day=40, read_quarter=2, read_day=20))
    meter.count(NOON, is_read=True)
    meter.count(NOON + timedelta(minutes=15), is_read=False)

    assert meter.headers() == {
        "X-RateLimit-Limit": "4,40",
        "X-RateLimit-Usage": "1,2",
        "X-ReadRateLimit-Limit": "2,20",
        "X-ReadRateLimit-Usage": "0,1",
    }
