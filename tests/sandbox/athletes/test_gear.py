"""Shoes wear out, pair after pair."""

from datetime import date, timedelta
from itertools import pairwise

from paceport.sandbox.athletes.gear import GearHistory

MODELS = (("Tallbro", "Kilometer"), ("Vassund", "Cloudberry"))


def gear_history() -> GearHistory:
    return GearHistory("key", 134_815_001, MODELS, ("Hjulsta", "Landsväg"))


def test_a_worn_pair_is_retired_when_the_next_one_comes() -> None:
    closet = gear_history()

    for number in range(200):
        closet.gear_for("easy", date(2024, 1, 1) + timedelta(days=number), 10_000.0)

    shoes = closet.shoes()
    assert [pair.retired for pair in shoes] == [True] * (len(shoes) - 1) + [False]
    assert [pair.primary for pair in shoes] == [False] * (len(shoes) - 1) + [True]
    assert all(one.first_day < other.first_day for one, other in pairwise(shoes))
    assert 2 <= len(shoes) <= 4


def test_trails_have_shoes_of_their_own() -> None:
    closet = gear_history()

    road = closet.gear_for("easy", date(2024, 1, 1), 10_000.0)
    trail = closet.gear_for("trail", date(2024, 1, 2), 10_000.0)

    assert road != trail
    assert [pair.primary for pair in closet.shoes()] == [True, False]


def test_rides_take_the_bike_and_weights_take_nothing() -> None:
    closet = gear_history()

    assert closet.gear_for("weights", date(2024, 1, 1), 0.0) is None
    assert str(closet.gear_for("ride", date(2024, 1, 1), 30_000.0)).startswith("b")
    assert closet.gear_for("ride", date(2024, 2, 1), 30_000.0) == closet.bikes()[0].id


def test_names_are_brand_model_and_nickname() -> None:
    closet = gear_history()
    closet.gear_for("easy", date(2024, 1, 1), 1.0)

    pair = closet.shoes()[0]

    assert pair.name == " ".join(word for word in ("Tallbro", "Kilometer", pair.nickname) if word)
