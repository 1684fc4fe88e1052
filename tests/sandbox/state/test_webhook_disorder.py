"""Events dropped, doubled and out of order, as the switches say."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from paceport.sandbox.state.switch import Switches
from paceport.sandbox.state.switches import SWITCHES
from paceport.sandbox.state.webhook_disorder import WebhookDisorder
from paceport.sandbox.state.webhook_rules import WebhookEvent

FIRST = WebhookEvent(
    callback_url="http://localhost/",
    subscription_id=1,
    object_type="activity",
    object_id=1,
    owner_id=9,
    aspect="create",
    updates={},
    at=datetime(2026, 11, 22, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"webhook_drop_every": 2}, [1, 3, 5]),
        ({"webhook_duplicate_every": 2}, [1, 2, 2, 3, 4, 4, 5]),
        ({"webhook_swap_every": 2}, [1, 3, 2, 5, 4]),
        ({"webhook_swap_every": 5}, [1, 2, 3, 4, 5]),
        ({"webhook_swap_every": 1}, [1, 2, 3, 4, 5]),
    ],
)
def test_each_nth_event_is_treated(values: dict[str, int], expected: list[int]) -> None:
    switches, arrived = Switches(SWITCHES), []
    switches.set(**values)
    disorder = WebhookDisorder(switches, lambda event: arrived.append(event.object_id))

    for number in range(1, 6):
        disorder.send(replace(FIRST, object_id=number))
    disorder.release()

    assert arrived == expected
