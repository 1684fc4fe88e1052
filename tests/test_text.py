"""A sentence that counts one thing is in the singular."""

import pytest

from paceport.text import in_singular


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("1 gaps with 12 m between their ends count as neither", "1 gap with 12 m between its ends counts as neither"),
        ("1 impossible heart rates were left out", "1 impossible heart rate was left out"),
        ("1 stretches at the speed of a vehicle do not count", "1 stretch at the speed of a vehicle does not count"),
        (
            "the counter restarted 1 times; its parts were added up",
            "the counter restarted once; its parts were added up",
        ),
        ("2 gaps count", "2 gaps count"),
        ("11 points were left out", "11 points were left out"),
        ("1 of 3 lines were left out", "1 of 3 lines were left out"),
        ("", ""),
    ],
)
def test_one_thing_is_counted_in_the_singular(said: str, told: str) -> None:
    assert in_singular(said) == told
