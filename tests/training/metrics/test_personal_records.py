from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.training.metrics.personal_records import Attempt, personal_records, why_implausible

START = datetime(2026, 1, 1, 8, tzinfo=UTC)


def attempt(
    day: int, elapsed_time_s: float, span_m: float = 5000.0, run_id: int = 0, because: str | None = None
) -> Attempt:
    return Attempt(
        run_id=run_id or day,
        at=START + timedelta(days=day),
        span_m=span_m,
        elapsed_time_s=elapsed_time_s,
        excluded_because=because,
    )


def test_a_faster_run_takes_the_record() -> None:
    book = personal_records([attempt(3, 1180), attempt(1, 1200), attempt(2, 1210)])

    assert [(record.attempt.run_id, record.gained_s) for record in book.progress[5000]] == [(1, None), (3, 20)]
    assert book.current()[5000].attempt.run_id == 3


def test_an_equal_time_leaves_the_record_where_it_is() -> None:
    assert personal_records([attempt(1, 1200), attempt(2, 1200)]).current()[5000].attempt.run_id == 1


def test_two_runs_of_one_second_count_by_their_ids() -> None:
    book = personal_records([attempt(1, 1100, run_id=9), attempt(1, 1200, run_id=4)])

    assert [record.attempt.run_id for record in book.progress[5000]] == [4, 9]


def test_each_span_has_its_own_records_shortest_first() -> None:
    book = personal_records([attempt(1, 2500, 10_000), attempt(1, 1200), attempt(2, 2400, 10_000)])

    assert list(book.progress) == [5000, 10_000]
    assert len(book.progress[10_000]) == 2


def test_an_excluded_attempt_is_listed_with_its_reason_and_sets_nothing() -> None:
    book = personal_records([attempt(1, 1200), attempt(2, 1100, because="the run is flagged"), attempt(3, 1190)])

    assert [record.attempt.run_id for record in book.progress[5000]] == [1, 3]
    assert [(one.attempt.run_id, one.reason) for one in book.excluded] == [(2, "the run is flagged")]


def test_an_excluded_attempt_that_was_slow_anyway_is_not_listed() -> None:
    assert personal_records([attempt(1, 1200), attempt(2, 1300, because="the run is flagged")]).excluded == ()


def test_a_leap_of_the_receiver_is_no_record() -> None:
    book = personal_records([attempt(1, 300)])

    assert book.progress == {}
    assert book.excluded[0].reason == "it is faster than the world record"


@pytest.mark.parametrize(
    ("span_m", "time_s", "is_possible"),
    [
        (400, 43.03, True),
        (400, 40, False),
        (200, 19.19, True),
        (200, 18, False),
        (50, 4.9, True),
        (50, 4.0, False),
        (804.672, 101.5, True),
        (804.672, 97, False),
        (5000, 755.36, True),
        (10_000, 1571, True),
        (15_000, 2465, True),  # 41:05, the best on the road
        (15_000, 2300, False),
        (42_195, 7235, True),
        (42_195, 7000, False),
        (200_000, 60_000, True),
        (200_000, 30_000, False),
    ],
)
def test_what_somebody_ran_is_possible(span_m: float, time_s: float, is_possible: bool) -> None:
    assert (why_implausible(span_m, time_s) is None) == is_possible


@pytest.mark.parametrize("time_s", [0.0, -5.0, float("nan")])
def test_no_time_is_no_record(time_s: float) -> None:
    assert why_implausible(5000, time_s) == "it took no time"
    assert personal_records([attempt(1, time_s)]).progress == {}


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(800, 2000), st.booleans()), max_size=30))
def test_records_never_worsen_and_do_not_depend_on_the_order(
    runs: list[tuple[int, int, bool]],
) -> None:
    attempts = [
        attempt(day, time_s, run_id=index + 1, because="flagged" if flagged else None)
        for index, (day, time_s, flagged) in enumerate(runs)
    ]

    book = personal_records(attempts)

    times = [record.attempt.elapsed_time_s for record in book.progress.get(5000, ())]
    assert times == sorted(set(times), reverse=True)
    counted = [one.elapsed_time_s for one in attempts if one.excluded_because is None]
    assert (times[-1] if times else None) == min(counted, default=None)
    assert personal_records(sorted(attempts, key=lambda one: -one.run_id)) == book
