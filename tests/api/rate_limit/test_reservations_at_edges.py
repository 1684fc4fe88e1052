"""The count of what may be sent, to the moment: at the edges of windows, and of what one budget alone says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.rate_limit.test_reservations import NOW, READ, UPLOAD, known, permit, plan, rates
from paceport.api.rate_limit.headers import Rates, Usage, WaitPlan
from paceport.api.rate_limit.limit_class import LimitClass
from paceport.api.rate_limit.reservations import Reservations, known_rates, record_answer, reserve

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
QUARTER_TO = MIDNIGHT - timedelta(minutes=15)
SECOND = timedelta(seconds=1)


def seen(ledger: Reservations, now: datetime) -> Rates:
    found = known_rates(ledger, now)
    assert found is not None
    return found


def crossing(edge: datetime) -> Reservations:
    """Six are said to be used, five were: by the answer to a request that was sent before the edge and came after."""
    before = edge - timedelta(minutes=1)
    ledger, first = permit(Reservations(), now=before)
    ledger = record_answer(ledger, first, rates(5, at=before), now=before)
    ledger, one = permit(ledger, now=edge - SECOND)
    return record_answer(ledger, one, rates(6, at=edge), now=edge + 3 * SECOND)


def test_an_answer_across_a_quarter_hour_is_believed_of_the_day_alone() -> None:
    usage = seen(crossing(QUARTER_TO), QUARTER_TO + 3 * SECOND).overall

    assert (usage.quarter_used, usage.day_used) == (1, 7)


def test_an_answer_across_midnight_is_believed_of_neither_window() -> None:
    usage = seen(crossing(MIDNIGHT), MIDNIGHT + 3 * SECOND).overall

    assert (usage.quarter_used, usage.day_used) == (1, 1)


def test_a_lost_request_counts_in_the_window_that_opens_at_its_moment() -> None:
    ledger, one = permit(known(5))
    ledger = record_answer(ledger, one, None, now=MIDNIGHT - 2 * SECOND)

    assert seen(ledger, MIDNIGHT).overall.day_used == 1
    assert seen(ledger, MIDNIGHT).overall.quarter_used == 1


def test_a_use_seen_as_a_window_opens_is_none_of_the_window_before() -> None:
    opened = MIDNIGHT + 2 * SECOND
    ledger, one = permit(Reservations(), now=opened)
    ledger = record_answer(ledger, one, rates(5, at=opened), now=opened)

    assert seen(ledger, MIDNIGHT).overall.quarter_used == 5
    assert seen(ledger, MIDNIGHT - SECOND).overall.quarter_used == 0


def test_near_an_edge_the_wait_is_counted_from_the_earlier_of_both_clocks() -> None:
    ledger, one = permit(known(0, limit=1))
    before = MIDNIGHT - SECOND
    ledger = record_answer(ledger, one, None, now=before)

    waiting = plan(ledger, now=before)

    assert waiting.until == MIDNIGHT + timedelta(minutes=15)
    assert waiting.seconds == (waiting.until - before).total_seconds() + 2


def test_a_request_is_taken_for_lost_after_three_minutes_and_not_before() -> None:
    ledger, one = permit(known(5))
    end = NOW + timedelta(minutes=3)

    at_the_end, _ = reserve(ledger, READ, now=end)
    after_it, _ = reserve(ledger, READ, now=end + timedelta(microseconds=1))

    assert one in at_the_end.pending
    assert one not in after_it.pending


@pytest.mark.parametrize("used", [3, 9])
def test_a_refusal_with_room_left_closes_both_budgets_and_says_how_long(used: int) -> None:
    ledger, one = permit(known(2))

    ledger = record_answer(ledger, one, rates(used), now=NOW, is_refused=True)

    assert plan(ledger) == WaitPlan(seconds=602, until=MIDNIGHT, limit="15-minute", usage="")
    assert plan(ledger, UPLOAD) == plan(ledger)


def test_what_is_in_flight_is_counted_in_its_own_budget() -> None:
    ledger = known(5)
    for limit in (READ, UPLOAD, UPLOAD, LimitClass.NONE):
        ledger, _ = permit(ledger, limit)

    found = seen(ledger, NOW)

    assert (found.overall.quarter_used, found.read.quarter_used) == (8, 6)


def test_the_last_free_request_in_flight_is_waited_for_a_moment() -> None:
    ledger, _ = permit(known(9))

    assert plan(ledger) == WaitPlan(seconds=0.05, until=NOW, limit="", usage="")


def test_an_upload_that_finds_the_limits_out_goes_alone_too() -> None:
    ledger, _ = permit(Reservations(), UPLOAD)

    assert plan(ledger, READ).limit == ""
    assert plan(ledger, UPLOAD).limit == ""


def test_while_only_the_read_limits_are_unknown_an_upload_goes_beside_a_read() -> None:
    ledger, one = permit(Reservations())
    ledger = record_answer(ledger, one, Rates(at=NOW, overall=rates(1).overall, read=Usage()), now=NOW)
    ledger, _ = permit(ledger)

    assert plan(ledger, READ).limit == ""
    assert permit(ledger, UPLOAD)


def test_a_header_that_shows_no_use_is_believed() -> None:
    usage = seen(known(0), NOW).overall

    assert (usage.quarter_used, usage.day_used) == (0, 0)


def test_a_clock_that_is_behind_waits_by_the_servers() -> None:
    behind = NOW - timedelta(minutes=7)
    ledger, one = permit(Reservations(), now=behind)

    ledger = record_answer(ledger, one, rates(10), now=behind)

    waiting = plan(ledger, now=behind)
    assert (waiting.until, waiting.seconds) == (MIDNIGHT - timedelta(minutes=7), 602)
