"""The count of requests in PostgreSQL: the contract, and what only many workers need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from contracts.budget import DAY, LIMIT, NOW, READ, BudgetContract, shown, spend
from paceport.api.rate_limit.headers import Rates, Usage, WaitPlan
from paceport.api.rate_limit.postgres import BudgetUser, PostgresBudget
from paceport.api.rate_limit.reservations import Permit
from paceport.clock import SystemClock
from paceport.secret import Secret
from paceport.storage.postgres.database import Database

OpenBudget = Callable[..., PostgresBudget]


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def open_database(database_url: str, opened: ExitStack) -> Callable[[], Database]:
    """Each is a worker of its own."""

    def open_one() -> Database:
        database = Database(Secret(database_url), clock=SystemClock())
        opened.callback(database.close)
        return database

    return open_one


@pytest.fixture
def open_budget(open_database: Callable[[], Database]) -> OpenBudget:
    ours = open_database()

    def open_one(
        *,
        origin: str = "https://www.strava.com",
        client_id: str = "1",
        athlete: str = "",
        is_person: bool = True,
        database: Database = ours,
        by_caller: bool = True,
    ) -> PostgresBudget:
        user = BudgetUser(origin=origin, client_id=client_id, athlete=athlete, is_person=is_person)
        return (
            PostgresBudget(database, user, goes_by_caller_clock=True) if by_caller else PostgresBudget(database, user)
        )

    return open_one


class TestPostgresBudget(BudgetContract):
    pass


def known(used: int, *, most: int = 100, day: int = 1000) -> Rates:
    usage = Usage(quarter_limit=most, day_limit=day, quarter_used=used, day_used=used)
    return Rates(at=NOW, overall=usage, read=usage)


def learn(budget: PostgresBudget, rates: Rates) -> None:
    permit = budget.reserve(READ, now=NOW)
    assert isinstance(permit, Permit)
    budget.record_answer(permit, rates, now=NOW)


def test_reservations_of_a_worker_that_is_gone_come_back(
    open_budget: OpenBudget, open_database: Callable[[], Database]
) -> None:
    dying = open_database()
    assert isinstance(open_budget(database=dying).reserve(READ, now=NOW), Permit)
    blocked = open_budget().reserve(READ, now=NOW)  # the limits are not known, and its answer would tell

    dying.close()
    wait_until_gone(open_budget)

    assert isinstance(blocked, WaitPlan)


def wait_until_gone(open_budget: OpenBudget) -> None:
    """The server notices the end of a connection in its own time."""
    budget = open_budget()
    for _ in range(100):
        answer = budget.reserve(READ, now=NOW)
        if isinstance(answer, Permit):
            return
        budget.pause(0.05)
    raise AssertionError("its reservation never came back")


def test_what_a_dead_worker_may_have_sent_stays_counted(
    open_budget: OpenBudget, open_database: Callable[[], Database]
) -> None:
    spend(open_budget(), LIMIT - 2)
    dying = open_database()
    assert isinstance(open_budget(database=dying).reserve(READ, now=NOW), Permit)
    dying.close()

    answers = [open_budget().reserve(READ, now=NOW) for _ in range(2)]

    assert [isinstance(each, Permit) for each in answers] == [True, False]


def test_a_backfill_may_find_out_what_the_limits_are(open_budget: OpenBudget) -> None:
    assert isinstance(open_budget(is_person=False, athlete="1").reserve(READ, now=NOW), Permit)


def test_backfills_leave_a_tenth_of_the_quarter_hour_to_persons(open_budget: OpenBudget) -> None:
    learn(open_budget(), known(90))

    backfill = open_budget(is_person=False, athlete="1").reserve(READ, now=NOW)

    assert isinstance(backfill, WaitPlan)
    assert backfill.limit == "15-minute overall"
    assert isinstance(open_budget(athlete="2").reserve(READ, now=NOW), Permit)


def test_backfills_leave_a_tenth_of_the_day_to_persons(open_budget: OpenBudget) -> None:
    learn(open_budget(), known(900, most=2000))

    backfill = open_budget(is_person=False, athlete="1").reserve(READ, now=NOW)

    assert isinstance(backfill, WaitPlan)
    assert (backfill.limit, backfill.usage) == ("daily overall", "900 of 1000, the rest is for persons")
    assert isinstance(open_budget(athlete="2").reserve(READ, now=NOW), Permit)


def test_a_person_who_waits_goes_before_a_backfill(open_budget: OpenBudget) -> None:
    learn(open_budget(), known(100))
    opens = NOW + timedelta(minutes=8, seconds=5)
    assert isinstance(open_budget(athlete="1").reserve(READ, now=NOW), WaitPlan)

    backfill = open_budget(is_person=False, athlete="2").reserve(READ, now=opens)

    assert isinstance(backfill, WaitPlan)
    assert backfill.limit == ""
    assert isinstance(open_budget(athlete="1").reserve(READ, now=opens), Permit)
    assert isinstance(open_budget(is_person=False, athlete="2").reserve(READ, now=opens), Permit)


def test_a_person_who_went_away_holds_backfills_up_for_seconds_only(open_budget: OpenBudget) -> None:
    learn(open_budget(), known(100))
    open_budget(athlete="1").reserve(READ, now=NOW)

    later = open_budget(is_person=False, athlete="2").reserve(READ, now=NOW + timedelta(minutes=8, seconds=12))

    assert isinstance(later, Permit)


def test_backfills_take_turns_by_athlete_however_greedy_one_is(open_budget: OpenBudget) -> None:
    learn(open_budget(), known(1))
    budgets = {name: open_budget(is_person=False, athlete=name) for name in ("greedy", "second", "third")}
    got: Counter[str] = Counter()
    for _ in range(120):
        for name in ("greedy", "greedy", "greedy", "second", "third"):
            answer = budgets[name].reserve(READ, now=NOW)
            if isinstance(answer, Permit):
                got[name] += 1
                budgets[name].record_answer(answer, None, now=NOW)
        if sum(got.values()) > 40:
            break

    assert max(got.values()) - min(got.values()) <= 2
    assert sum(got.values()) > 40


def test_the_clock_of_a_worker_does_not_matter(open_budget: OpenBudget) -> None:
    right, wrong = (open_budget(by_caller=False) for _ in range(2))
    now = datetime.now(UTC)
    permit = right.reserve(READ, now=now)
    assert isinstance(permit, Permit)
    right.record_answer(permit, shown(LIMIT - 1, at=now), now=now)
    taken = right.reserve(READ, now=now)

    answers = [wrong.reserve(READ, now=now + timedelta(hours=hours)) for hours in (1, -1)]

    assert isinstance(taken, Permit)
    assert all(isinstance(each, WaitPlan) for each in answers)
    assert DAY > LIMIT
