import pytest

from paceport.sports import SPORT_GROUPS, SPORT_TYPES, sport_group, sports_of_word
from paceport.training.history.sport_figures import counted_sports, noun, speed_kind, speed_with_unit
from paceport.units import Units


@pytest.mark.parametrize("sport", SPORT_TYPES)
def test_every_sport_of_strava_is_found_by_its_own_word(sport: str) -> None:
    found = sports_of_word(sport)

    assert found is not None
    assert sport in found
    assert sports_of_word(sport.lower()) == found


@pytest.mark.parametrize(
    ("word", "group"),
    [("ride", "ride"), ("Rides", "ride"), ("biking", "ride"), ("run", "run"), ("running", "run"), ("SWIM", "swim")],
)
def test_everyday_words_name_a_kind(word: str, group: str) -> None:
    assert sports_of_word(word) == SPORT_GROUPS[group]


def test_a_word_that_is_no_sport_is_none_and_a_kind_of_its_own() -> None:
    assert sports_of_word("juggling") is None
    assert sport_group("Aikido") == "Aikido"


def test_no_sport_is_of_two_kinds() -> None:
    named = [sport for sports in SPORT_GROUPS.values() for sport in sports]

    assert len(named) == len(set(named))
    assert set(named) <= set(SPORT_TYPES)


@pytest.mark.parametrize(
    ("sport", "km", "miles"),
    [("Run", "5:00 /km", "8:03 /mi"), ("Ride", "12.0 km/h", "7.5 mph"), ("Swim", "0:30 /100 m", "0:27 /100 yd")],
)
def test_a_speed_is_told_as_its_sport_tells_it(sport: str, km: str, miles: str) -> None:
    assert speed_with_unit(sport, Units("km"), 10 / 3) == km
    assert speed_with_unit(sport, Units("mi"), 10 / 3) == miles
    assert speed_with_unit(sport, Units("km"), None) == "-"


def test_sports_of_one_unit_share_a_column() -> None:
    assert speed_kind(("Run", "Hike")) == "pace"
    assert speed_kind(SPORT_GROUPS["ride"]) == "speed"
    assert speed_kind(("Run", "Ride")) == speed_kind(None) == "mixed"


def test_counts_and_nouns_are_plain_words() -> None:
    assert counted_sports({"Ride": 2, "GravelRide": 1, "Swim": 1, "Yoga": 4}) == "4 yoga sessions, 3 rides, 1 swim"
    assert counted_sports({"WeightTraining": 1, "EBikeRide": 2}) == "2 rides, 1 weight training session"
    assert (noun(("Ride", "GravelRide")), noun(("Swim",), 1), noun(None), noun(("Run", "Ride"), 1)) == (
        *("rides", "swim", "activities", "activity"),
    )
