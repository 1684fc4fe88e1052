from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.sandbox.athletes.physiology import Fitness
from paceport.training.metrics.critical_speed import RunEffort, recent_critical_speed
from paceport.training.metrics.critical_speed_by_day import critical_speed_by_day, last_critical_speed

DAY = date(2026, 5, 1)
# 200 m beyond 4 m/s, in four bands.
LINE = ((1000.0, 200.0), (1609.344, 352.336), (3218.688, 754.672), (5000.0, 1200.0))


def efforts(first_id: int, day: date, share: float = 1.0) -> list[RunEffort]:
    return [
        RunEffort(run_id=first_id + place, day=day, distance_m=distance_m, time_s=time_s / share)
        for place, (distance_m, time_s) in enumerate(LINE)
    ]


def test_what_is_known_on_a_day_holds_for_a_year_and_not_before_it() -> None:
    days = [DAY + timedelta(days=days) for days in (-1, 0, 89, 90, 454, 455)]

    found = critical_speed_by_day(efforts(1, DAY), days)

    known = [one.as_of if one else None for one in found.values()]
    assert known == [None, DAY, days[2], days[2], days[2], None]
    assert list(found) == days


def test_a_faster_effort_of_a_later_day_changes_nothing_before_it() -> None:
    later = DAY + timedelta(days=30)
    days = [DAY, later]

    alone = critical_speed_by_day(efforts(1, DAY), days)[DAY]
    both = critical_speed_by_day(efforts(1, DAY) + efforts(10, later, 1.1), days)

    assert both[DAY] == alone
    faster = both[later]
    assert alone is not None
    assert faster is not None
    assert round(faster.line.speed_mps / alone.line.speed_mps, 3) == 1.1


def test_the_speed_that_the_world_holds_for_an_hour_is_found_back_on_each_day() -> None:
    # The world's races follow no line: their speed falls with the fourth root of the time.
    every: list[RunEffort] = []
    truth: dict[date, float] = {}
    for number, threshold_mps in enumerate((3.2, 3.6, 4.0, 4.4, 4.1)):
        day = DAY + timedelta(days=200 * number)
        fitness = Fitness(
            threshold_speed_mps=threshold_mps,
            threshold_heartrate_bpm=170.0,
            resting_heartrate_bpm=50.0,
            max_heartrate_bpm=190.0,
        )
        truth[day] = threshold_mps
        every += [
            RunEffort(
                run_id=10 * number + place,
                day=day,
                distance_m=distance_m,
                time_s=distance_m / fitness.race_speed_mps(distance_m),
            )
            for place, distance_m in enumerate((804.672, 1609.344, 3218.688, 5000.0))
        ]

    found = critical_speed_by_day(every, truth)

    # Critical speed can be held for less than an hour, so it lies a little above.
    ratios = [dated.line.speed_mps / truth[day] for day, dated in found.items() if dated is not None]
    assert len(ratios) == len(truth)
    assert all(1.02 < ratio < 1.07 for ratio in ratios)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 200), st.sampled_from(LINE), st.floats(0.93, 1.02), st.integers(0, 12), st.booleans()),
        max_size=25,
    )
)
def test_each_day_has_what_a_look_at_all_efforts_gives(
    made: list[tuple[int, tuple[float, float], float, int, bool]],
) -> None:
    day_of: dict[int, date] = {}
    every = [
        RunEffort(
            run_id=run_id,
            day=day_of.setdefault(run_id, DAY + timedelta(days=days)),
            distance_m=distance_m,
            time_s=time_s * share,
        )
        for days, (distance_m, time_s), share, run_id, _ in made
    ]
    every.sort(key=lambda effort: (effort.day, effort.run_id))

    found = critical_speed_by_day(every, [effort.day for effort in every])

    last = None
    for day, dated in found.items():
        line = recent_critical_speed(every, before=day + timedelta(days=1))
        last = line or last
        assert (dated.line if dated else None) == last


def test_the_last_day_alone_has_what_it_has_among_all_days() -> None:
    days = [DAY + timedelta(days=later) for later in (0, 30, 200, 380)]
    for last in range(1, len(days) + 1):
        whole = critical_speed_by_day(efforts(1, DAY), days[:last])[days[last - 1]]
        assert last_critical_speed(efforts(1, DAY), days[:last]) == whole
    assert last_critical_speed(efforts(1, DAY), []) is None
