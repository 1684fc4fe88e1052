from datetime import date, timedelta

import pytest

from paceport.report.date_axis import time_labels


def test_two_years_are_labelled_by_round_months() -> None:
    assert [text for _, text in time_labels(date(2024, 12, 30), date(2026, 12, 1))] == [
        "Jan 2025", "Jul 2025", "Jan 2026", "Jul 2026",
    ]  # fmt: skip


@pytest.mark.parametrize("days", [1, 20, 70, 400, 3000, 9000, 30000])
def test_labels_fit_a_phone_and_lie_on_the_axis(days: int) -> None:
    labels = time_labels(date(1970, 1, 5), date(1970, 1, 5) + timedelta(days=days))

    assert len(labels) <= 8
    assert all(0 <= place <= 100 for place, _ in labels)


def test_the_last_year_of_the_calendar_ends_the_labels() -> None:
    assert time_labels(date(9999, 1, 1), date(9999, 12, 31))
