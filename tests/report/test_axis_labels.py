"""Labels below a chart on a phone: none touches another, and none is missing among its neighbours by accident."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.report.axis_labels import anchor, fit_phone
from paceport.report.date_axis import time_labels


def spread(*texts: str, first: float = 8.0, last: float = 92.0) -> list[tuple[float, str]]:
    step = (last - first) / (len(texts) - 1)
    return [(first + number * step, text) for number, text in enumerate(texts)]


def gaps(kept: frozenset[int]) -> set[int]:
    numbers = sorted(kept)
    return {after - before for before, after in pairwise(numbers)}


def test_four_dates_that_fit_are_all_shown() -> None:
    assert fit_phone(spread("May 2026", "Jul 2026", "Sep 2026", "Nov 2026")) == {0, 1, 2, 3}
    assert fit_phone(spread("2020", "2022", "2024", "2026", first=0.0, last=97.0)) == {0, 1, 2, 3}


def test_what_does_not_fit_is_thinned_out_evenly() -> None:
    dates = spread("Jun 2026", "Jul 2026", "Aug 2026", "Sep 2026", "Oct 2026", "Nov 2026")

    assert gaps(fit_phone(dates)) == {2}
    assert len(fit_phone(dates)) == 3


def test_one_at_the_edge_may_go_where_the_others_fit() -> None:
    kept = fit_phone([(0.0, "Jan 2026"), (14.0, "Mar 2026"), (45.0, "May 2026"), (76.0, "Jul 2026")])

    assert kept == {1, 2, 3}


@pytest.mark.parametrize("labels", [[], [(50.0, "Jan 2026")]])
def test_none_and_one_are_what_they_are(labels: list[tuple[float, str]]) -> None:
    assert fit_phone(labels) == set(range(len(labels)))


@given(
    first=st.dates(date(2001, 1, 1), date(2026, 1, 1)),
    days=st.integers(min_value=14, max_value=9_000),
)
def test_labels_of_any_axis_of_days_are_even_and_apart(first: date, days: int) -> None:
    labels = time_labels(first, first + timedelta(days=days))

    kept = sorted(fit_phone(labels))

    assert len(gaps(frozenset(kept))) <= 1
    assert len(kept) >= min(len(labels), 2)
    places = [labels[number] for number in kept]
    for (left, text), (right, following) in pairwise(places):
        share = {"": 0.0, "m": 0.5, "e": 1.0}
        end = left * 2.6 + (1 - share[anchor(left)]) * 7.2 * len(text)
        assert right * 2.6 - share[anchor(right)] * 7.2 * len(following) > end
