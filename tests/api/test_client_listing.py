"""All activities: complete, in order, once each, with the requests that were promised."""

from math import ceil

import pytest

from api.conftest import Login, Wire


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 450])
def test_reading_one_at_a_time_takes_one_request_more_than_there_are_pages(
    login: Login, wire: Wire, count: int
) -> None:
    login.fill(count)
    wire.requests.clear()

    ids = [activity.id for activity in login.client().activities(read_ahead=False)]

    assert ids == login.ids()
    assert len(wire.requests) == ceil(count / 200) + 1
