"""What a sync asks for, in which order, and how long that takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.api.rate_limit.headers import Rates, Usage
from paceport.logbook.database.sync_rows import FetchCandidate, FetchedPart
from paceport.logbook.syncing.deletions import is_mass_loss
from paceport.logbook.syncing.plan import day_budget, is_complete_due, listing_cost, plan_fetches, schedule, sync_cost

NOW = datetime(2026, 11, 22, 8, 3, tzinfo=UTC)


def rates(*, quarter: int = 100, day: int = 1000, quarter_used: int = 0, day_used: int = 0) -> Rates:
    read = Usage(quarter_limit=quarter, day_limit=day, quarter_used=quarter_used, day_used=day_used)
    return Rates(at=NOW, overall=read, read=read)


def candidate(number: int, *, is_manual: bool = False, parts: dict[str, FetchedPart] | None = None) -> FetchCandidate:
    return FetchCandidate(activity_id=number, digest="d", recording_digest="s", is_manual=is_manual, parts=parts or {})


def fetched(asked_for: str, *, days_left: float) -> FetchedPart:
    return FetchedPart(requested_digest=asked_for, content="c", samples=1, expires_at=NOW + timedelta(days=days_left))


def test_a_run_needs_two_requests_and_a_manual_one() -> None:
    work = plan_fetches([candidate(1), candidate(2, is_manual=True)], now=NOW, day_reads=1000)

    assert [(job.activity_id, job.part) for job in work.jobs] == [(1, "detail"), (1, "streams"), (2, "detail")]


@pytest.mark.parametrize(
    ("detail", "streams", "wanted"),
    [
        (("d", 3.0), ("s", 3.0), []),
        (("old", 3.0), ("s", 3.0), ["detail"]),
        (("d", 3.0), ("old", 3.0), ["streams"]),
        (("d", 0.9), ("s", 1.1), ["detail"]),
        (("d", 1.1), ("s", 0.9), ["streams"]),
    ],
)
def test_a_part_is_asked_for_when_it_changed_or_is_in_its_last_day(
    detail: tuple[str, float], streams: tuple[str, float], wanted: list[str]
) -> None:
    parts = {"detail": fetched(detail[0], days_left=detail[1]), "streams": fetched(streams[0], days_left=streams[1])}

    work = plan_fetches([candidate(1, parts=parts)], now=NOW, day_reads=1000)

    assert [job.part for job in work.jobs] == wanted


def test_what_was_refused_is_not_asked_for_yet() -> None:
    work = plan_fetches([candidate(1), candidate(2)], now=NOW, day_reads=1000, blocked={1})

    assert {job.activity_id for job in work.jobs} == {2}


@given(day=st.integers(1, 300), runs=st.integers(0, 900))
@settings(max_examples=40, deadline=None)
def test_what_is_held_can_be_renewed_in_six_days(day: int, runs: int) -> None:
    work = plan_fetches([candidate(number) for number in range(runs)], now=NOW, day_reads=day)

    assert len(work.jobs) <= 6 * day_budget(day) <= 6 * 0.9 * day
    assert len(work.jobs) // 2 + work.held_back == runs


@pytest.mark.parametrize(
    ("vanished", "known", "is_mass"),
    [(10, 12, False), (11, 12, True), (20, 100, False), (21, 100, True), (0, 0, False)],
)
def test_more_than_ten_and_a_fifth_is_a_mass_loss(vanished: int, known: int, is_mass: bool) -> None:
    assert is_mass_loss(vanished, known) is is_mass


@pytest.mark.parametrize(
    ("hours", "is_due"), [(0.0, False), (23.9, False), (23.95, True), (24.0, True), (90.0, True), (-1.0, True)]
)
def test_a_day_after_the_last_everything_is_listed_again(hours: float, is_due: bool) -> None:
    assert is_complete_due(NOW - timedelta(hours=hours), NOW) is is_due
    assert is_complete_due(None, NOW)


def test_the_listing_costs_what_is_promised() -> None:
    assert listing_cost(1600, is_complete=False) == 2
    assert listing_cost(1600, is_complete=True) == 2 + 8 + 1


def test_a_few_requests_go_now() -> None:
    planned = schedule(50, rates(), now=NOW)

    assert (planned.windows, planned.days, planned.done_at) == (1, 1, NOW)


def test_more_than_a_window_holds_waits_for_the_next() -> None:
    planned = schedule(250, rates(quarter_used=40), now=NOW, keep=10)

    # 50 now, 90 at 08:15, 90 at 08:30, 20 at 08:45.
    assert (planned.windows, planned.days) == (4, 1)
    assert planned.done_at == datetime(2026, 11, 22, 8, 45, tzinfo=UTC)


def test_more_than_a_day_holds_goes_on_at_midnight() -> None:
    planned = schedule(1000, rates(day_used=800), now=NOW)

    # 100 of today's 900 are left, the next 900 go in nine windows after midnight.
    assert planned.days == 2
    assert planned.done_at == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@given(
    requests=st.integers(0, 4000), quarter=st.integers(1, 400), day=st.integers(1, 4000), keep=st.integers(0, 400),
    used=st.integers(0, 4000),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_plan_always_ends_and_promises_no_more_than_the_limits(
    requests: int, quarter: int, day: int, keep: int, used: int
) -> None:
    planned = schedule(requests, rates(quarter=quarter, day=day, quarter_used=used, day_used=used), now=NOW, keep=keep)

    assert requests <= planned.windows * max(1, quarter - keep)
    assert requests <= planned.days * max(1, day_budget(day))
    assert planned.done_at >= NOW


def test_the_cost_is_told_before_anything_is_known_of_the_limits() -> None:
    cost = sync_cost([candidate(1)], known=40, complete_at=None, rates=None, now=NOW)

    assert (cost.listing, cost.is_complete, cost.parts, cost.schedule.requests) == (4, True, 2, 6)
