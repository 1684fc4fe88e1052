"""Headers to rates, and how long to wait."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.api.rate_limit.headers import Rates, Usage, day_end, plan_wait, quarter_end, read_rates
from paceport.api.rate_limit.limit_class import LimitClass

NOW = datetime(2026, 11, 22, 8, 7, tzinfo=UTC)
RECORDED = {
    "X-RateLimit-Limit": "200,2000",
    "X-RateLimit-Usage": "66,209",
    "X-ReadRateLimit-Limit": "100,1000",
    "X-ReadRateLimit-Usage": "70,213",
}


def rates(overall: tuple[int, int] = (0, 0), read: tuple[int, int] = (0, 0), at: datetime = NOW) -> Rates:
    return Rates(
        at=at,
        overall=Usage(quarter_limit=200, day_limit=2000, quarter_used=overall[0], day_used=overall[1]),
        read=Usage(quarter_limit=100, day_limit=1000, quarter_used=read[0], day_used=read[1]),
    )


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title])
def test_header_names_are_read_in_any_case(spell: object) -> None:
    found = read_rates({spell(name): value for name, value in RECORDED.items()}, now=NOW)  # type: ignore[operator]  # a method of str

    assert found == rates((66, 209), (70, 213))


def test_a_lone_comma_is_no_usage_and_spoils_nothing_else() -> None:
    found = read_rates({**RECORDED, "X-ReadRateLimit-Usage": ","}, now=NOW)

    assert found is not None
    assert found.overall.quarter_used == 66
    assert (found.read.quarter_limit, found.read.quarter_used, found.read.day_used) == (100, None, None)


@pytest.mark.parametrize(
    ("limit", "usage"),
    [("0,0", "1,1"), ("-1,-1", "5,5"), ("200,2000", "99999999999,99999999999"), ("200,2000", "-7,-7"), ("0,0", "0,0")],
)
def test_numbers_that_cannot_be_lock_nobody_out(limit: str, usage: str) -> None:
    headers = {f"x-{name}-{part}": text for name in ("ratelimit", "readratelimit")
               for part, text in (("limit", limit), ("usage", usage))}  # fmt: skip

    assert plan_wait(read_rates(headers, now=NOW), NOW, LimitClass.READ) is None


def test_a_use_a_little_beyond_its_limit_is_believed() -> None:
    found = read_rates({**RECORDED, "X-ReadRateLimit-Usage": "104,213"}, now=NOW)

    assert plan_wait(found, NOW, LimitClass.READ) is not None


def test_answers_without_limits_have_no_rates() -> None:
    assert read_rates({"content-type": "application/json"}, now=NOW) is None


def test_one_class_alone_is_rates_too() -> None:
    found = read_rates({"x-ratelimit-limit": "600,30000", "x-ratelimit-usage": "94,10964"}, now=NOW)

    assert found is not None
    assert found.overall.day_used == 10964
    assert found.read.is_empty()


@given(st.dictionaries(st.sampled_from(sorted(RECORDED)), st.text(max_size=30)))
def test_no_header_value_raises(headers: dict[str, str]) -> None:
    read_rates(headers, now=NOW)


@pytest.mark.parametrize(("minute", "end"), [(0, 15), (14, 15), (15, 30), (44, 45), (59, 60)])
def test_short_windows_end_at_quarter_hours(minute: int, end: int) -> None:
    hour = datetime(2026, 11, 22, 23, tzinfo=UTC)

    assert quarter_end(hour + timedelta(minutes=minute)) == hour + timedelta(minutes=end)
    assert quarter_end(hour + timedelta(minutes=minute, seconds=1.25)) == hour + timedelta(minutes=end)


def test_long_windows_end_at_midnight_utc_whatever_the_zone() -> None:
    late = datetime.fromisoformat("2026-11-22T23:30:00.25-05:00")

    assert day_end(late) == datetime(2026, 11, 24, tzinfo=UTC)


def wait_of(found: Rates | None, now: datetime, limit: LimitClass, reserve: int = 0) -> float:
    waiting = plan_wait(found, now, limit, reserve=reserve)
    return waiting.seconds if waiting else 0.0


def test_nothing_known_means_send() -> None:
    assert wait_of(None, NOW, LimitClass.READ) == 0.0


def test_a_full_quarter_waits_to_its_edge() -> None:
    assert wait_of(rates(read=(100, 300)), NOW, LimitClass.READ) == 8 * 60


def test_a_full_read_budget_does_not_hold_uploads_back() -> None:
    assert wait_of(rates(read=(100, 1000)), NOW, LimitClass.UPLOAD) == 0.0


def test_a_full_day_waits_to_midnight_even_if_the_quarter_is_full_too() -> None:
    waiting = plan_wait(rates(overall=(200, 2000)), NOW, LimitClass.UPLOAD)

    assert waiting is not None
    assert (waiting.limit, waiting.until) == ("daily overall", datetime(2026, 11, 23, tzinfo=UTC))
    assert waiting.usage == "2000 of 2000"


def test_usage_of_a_window_that_is_over_counts_no_more() -> None:
    full = rates(read=(100, 300))

    assert wait_of(full, NOW + timedelta(minutes=8), LimitClass.READ) == 0.0


def test_a_reserve_is_left_for_others() -> None:
    used = rates(read=(91, 300))

    assert wait_of(used, NOW, LimitClass.READ) == 0.0
    assert wait_of(used, NOW, LimitClass.READ, reserve=10) == 8 * 60
