"""The range of dates that an activity can have."""

from datetime import UTC, datetime, timedelta

import pytest

from paceport.plausible_time import implausible_time_reason, is_plausible_time

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_plausible"),
    [
        (datetime(1990, 1, 1, tzinfo=UTC), True),
        (datetime(1989, 12, 31, 23, 59, 59, tzinfo=UTC), False),
        (NOW + timedelta(days=2), True),
        (NOW + timedelta(days=2, seconds=1), False),
        (datetime(1, 1, 1, tzinfo=UTC), False),
        (datetime(9999, 12, 31, tzinfo=UTC), False),
    ],
)
def test_a_date_is_plausible_from_1990_to_two_days_from_now(moment: datetime, is_plausible: bool) -> None:
    assert is_plausible_time(moment, NOW) is is_plausible
    assert (implausible_time_reason(moment, NOW) == "") is is_plausible


def test_the_reason_names_the_date_and_the_side() -> None:
    assert implausible_time_reason(datetime(2, 3, 4, tzinfo=UTC), NOW) == "its date, 0002-03-04, lies before 1990"
    assert "in the future" in implausible_time_reason(datetime(2999, 1, 1, tzinfo=UTC), NOW)
