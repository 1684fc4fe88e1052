"""What vouches for a run that is faster than its athlete's others."""

import pytest

from paceport.training.metrics.signs_of_running import RunSigns, without_signs

# Forty runs between 130 and 169 beats, 160 and 167.8 steps.
OTHERS = [RunSigns(number, "Morning Run", 8300.0, 130.0 + number, 160.0 + number / 5) for number in range(40)]


def is_vouched_for(
    *,
    title: str = "Way home",
    distance_m: float | None = 8300.0,
    heartrate_bpm: float | None = None,
    cadence_spm: float | None = None,
    others: list[RunSigns] = OTHERS,
) -> bool:
    return 99 not in without_signs([*others, RunSigns(99, title, distance_m, heartrate_bpm, cadence_spm)])


def test_nothing_known_vouches_for_nothing() -> None:
    assert not is_vouched_for()
    assert not is_vouched_for(distance_m=None)


@pytest.mark.parametrize(("heartrate_bpm", "expected"), [(118.0, False), (150.0, False), (161.0, True), (175.0, True)])
def test_a_high_heart_rate_is_a_sign(heartrate_bpm: float, expected: bool) -> None:
    assert is_vouched_for(heartrate_bpm=heartrate_bpm) == expected


@pytest.mark.parametrize(("cadence_spm", "expected"), [(0.0, False), (80.0, False), (155.0, False), (170.0, True)])
def test_a_cadence_of_running_is_a_sign(cadence_spm: float, expected: bool) -> None:
    assert is_vouched_for(cadence_spm=cadence_spm) == expected


@pytest.mark.parametrize(
    ("title", "distance_m"),
    [("Stadtlauf Marathon", 8300.0), ("Club race", 7700.0), ("Evening", 5020.0), ("", 21_180.0)],
)
def test_a_race_is_a_sign(title: str, distance_m: float) -> None:
    assert is_vouched_for(title=title, distance_m=distance_m)


def test_where_few_runs_have_a_value_any_is_a_sign() -> None:
    assert is_vouched_for(heartrate_bpm=90.0, others=OTHERS[:8])
    assert not is_vouched_for(others=OTHERS[:8])
