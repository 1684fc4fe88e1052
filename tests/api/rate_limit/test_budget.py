"""The budget of one process keeps what every shared count of requests keeps."""

from __future__ import annotations

import threading
from collections import defaultdict

import pytest

from contracts.budget import NOW, READ, BudgetContract, OpenBudget
from paceport.api.rate_limit.budget import MemoryBudget
from paceport.api.rate_limit.reservations import Permit


class TestMemoryBudget(BudgetContract):
    @pytest.fixture
    def open_budget(self) -> OpenBudget:
        made: dict[tuple[str, str], MemoryBudget] = defaultdict(MemoryBudget)
        return lambda *, client_id="1", origin="https://www.strava.com": made[client_id, origin]


@pytest.mark.parametrize("is_released", [True, False])
def test_whoever_waits_is_told_that_another_has_settled(is_released: bool) -> None:
    budget = MemoryBudget()
    first = budget.reserve(READ, now=NOW)
    assert isinstance(first, Permit)
    waiter = threading.Thread(target=budget.pause, args=(60,), daemon=True)
    waiter.start()

    # Whether it waits already, nobody knows: so it is told until it has heard.
    for _ in range(500):
        if is_released:
            budget.release(first)
        else:
            budget.record_answer(first, None, now=NOW)
        waiter.join(0.01)
        if not waiter.is_alive():
            break

    assert not waiter.is_alive()
