"""What every shared count of requests must keep. A test module subclasses it and gives the fixture `open_budget`.

`open_budget(client_id=…, origin=…)` gives a new handle on one and the same place each time, as another process has it.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from paceport.api.rate_limit.budget import Budget
from paceport.api.rate_limit.headers import Rates, Usage, WaitPlan
from paceport.api.rate_limit.limit_class import LimitClass
from paceport.api.rate_limit.reservations import Permit

NOW = datetime(2026, 11, 22, 8, 7, tzinfo=UTC)
READ, UPLOAD = LimitClass.READ, LimitClass.UPLOAD
OpenBudget = Callable[..., Budget]
LIMIT, DAY = 10, 100


def shown(used: int, *, at: datetime = NOW, read_used: int | None = None) -> Rates:
    """What headers say: of 10 and 100 requests so many are used."""
    overall, read = (
        Usage(quarter_limit=LIMIT, day_limit=DAY, quarter_used=each, day_used=each)
        for each in (used, used if read_used is None else read_used)
    )
    return Rates(at=at, overall=overall, read=read)


def spend(budget: Budget, used: int, *, now: datetime = NOW) -> None:
    """One request whose answer says that so many are used."""
    permit = budget.reserve(READ, now=now)
    assert isinstance(permit, Permit)
    budget.record_answer(permit, shown(used, at=now), now=now)


class BudgetContract:
    """The claims; each shared budget runs them all."""

    def test_nothing_is_known_at_first_and_one_request_finds_out(self, open_budget: OpenBudget) -> None:
        assert open_budget().rates(now=NOW) is None

        first, second = (open_budget().reserve(READ, now=NOW) for _ in range(2))

        assert isinstance(first, Permit)
        assert isinstance(second, WaitPlan)
        assert second.limit == ""

    def test_what_one_learns_another_knows(self, open_budget: OpenBudget) -> None:
        spend(open_budget(), LIMIT)

        answer = open_budget().reserve(READ, now=NOW)

        assert isinstance(answer, WaitPlan)
        assert answer.limit == "15-minute overall"
        assert open_budget().rates(now=NOW) == shown(LIMIT)

    def test_reservations_are_seen_by_others_until_they_are_released(self, open_budget: OpenBudget) -> None:
        spend(open_budget(), LIMIT - 1)
        mine = open_budget().reserve(READ, now=NOW)
        theirs = open_budget().reserve(READ, now=NOW)
        assert isinstance(mine, Permit)

        open_budget().release(mine)

        assert isinstance(theirs, WaitPlan)
        assert isinstance(open_budget().reserve(READ, now=NOW), Permit)

    def test_an_upload_is_not_counted_as_a_read(self, open_budget: OpenBudget) -> None:
        budget = open_budget()
        permit = budget.reserve(READ, now=NOW)
        assert isinstance(permit, Permit)
        budget.record_answer(permit, shown(5, read_used=LIMIT), now=NOW)

        assert isinstance(open_budget().reserve(READ, now=NOW), WaitPlan)
        assert isinstance(open_budget().reserve(UPLOAD, now=NOW), Permit)

    def test_a_full_day_closes_every_quarter_hour_of_it(self, open_budget: OpenBudget) -> None:
        spend(open_budget(), DAY)

        answer = open_budget().reserve(READ, now=NOW + timedelta(hours=2))

        assert isinstance(answer, WaitPlan)
        assert answer.limit == "daily overall"
        assert answer.until == datetime(2026, 11, 23, tzinfo=UTC)

    def test_the_next_quarter_hour_is_open_again(self, open_budget: OpenBudget) -> None:
        spend(open_budget(), LIMIT)

        assert isinstance(open_budget().reserve(READ, now=NOW + timedelta(minutes=9)), Permit)

    @pytest.mark.parametrize("other", [{"client_id": "2"}, {"origin": "http://127.0.0.1:8000"}])
    def test_apps_and_servers_are_counted_apart(self, open_budget: OpenBudget, other: dict[str, str]) -> None:
        spend(open_budget(), LIMIT)

        assert isinstance(open_budget(**other).reserve(READ, now=NOW), Permit)

    def test_a_lost_answer_stays_counted(self, open_budget: OpenBudget) -> None:
        spend(open_budget(), LIMIT - 1)
        lost = open_budget().reserve(READ, now=NOW)
        assert isinstance(lost, Permit)

        open_budget().record_answer(lost, None, now=NOW)

        assert isinstance(open_budget().reserve(READ, now=NOW), WaitPlan)

    def test_a_refusal_closes_the_window_whatever_headers_say(self, open_budget: OpenBudget) -> None:
        permit = open_budget().reserve(READ, now=NOW)
        assert isinstance(permit, Permit)

        open_budget().record_answer(permit, shown(3), now=NOW, is_refused=True)

        assert isinstance(open_budget().reserve(READ, now=NOW), WaitPlan)

    def test_some_can_be_left_for_others(self, open_budget: OpenBudget) -> None:
        spend(open_budget(), LIMIT - 3)

        assert isinstance(open_budget().reserve(READ, now=NOW, keep=3), WaitPlan)
        assert isinstance(open_budget().reserve(READ, now=NOW, keep=2), Permit)

    def test_a_pause_ends_when_nobody_settles(self, open_budget: OpenBudget) -> None:
        waiter = threading.Thread(target=open_budget().pause, args=(0.001,), daemon=True)

        waiter.start()
        waiter.join(10)

        assert not waiter.is_alive()

    @pytest.mark.parametrize("seed", range(6))
    def test_no_order_of_answers_lets_more_than_the_limit_out(self, open_budget: OpenBudget, seed: int) -> None:
        chance = random.Random(seed)
        handles = [open_budget() for _ in range(2)]
        counted, out = 0, list[Permit]()
        for step in chance.choices(["ask", "answer", "lose", "release"], weights=[5, 2, 1, 1], k=40):
            budget = chance.choice(handles)
            if step == "ask":
                answer = budget.reserve(READ, now=NOW)
                out += [answer] if isinstance(answer, Permit) else []
            elif out:
                permit = out.pop(chance.randrange(len(out)))
                counted += step != "release"
                if step == "release":
                    budget.release(permit)
                else:
                    budget.record_answer(permit, shown(counted) if step == "answer" else None, now=NOW)
            assert counted + len(out) <= LIMIT
