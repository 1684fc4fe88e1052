"""Our tables against fitdecode's copy of the profile."""

from typing import Any

import pytest

from paceport.formats.tracks.fit_profile import BASE_TYPES, GARMIN_PRODUCTS, MESSAGES
from paceport.sports import (
    FIT_INDOOR,
    FIT_SPORTS,
    FIT_SUB_SPORTS,
    SPORT_WORDS,
    is_on_foot,
    sport_of_file_word,
    sport_of_word,
)


def profile() -> Any:  # noqa: ANN401  # fitdecode has no types
    from fitdecode import profile  # type: ignore[import-untyped]  # it ships no types

    return profile


def types() -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for message in profile().MESSAGE_TYPES.values():
        for field in message.fields.values():
            for each in (field, *(field.subfields or [])):
                if each.type.enum:
                    found[each.type.name] = each.type.enum
    return found


FIELDS = [(number, field) for number, (_, fields) in MESSAGES.items() for field in fields]


@pytest.mark.parametrize(("message", "field"), FIELDS)
def test_every_field_has_the_name_scale_and_offset_of_the_profile(message: int, field: int) -> None:
    ours = MESSAGES[message][1][field]
    theirs = profile().MESSAGE_TYPES[message].fields[field]

    assert MESSAGES[message][0] == profile().MESSAGE_TYPES[message].name
    assert (ours.name, ours.scale, ours.offset) == (theirs.name, theirs.scale or 1, theirs.offset or 0)
    assert ours.is_text == (theirs.type.name == "string")


@pytest.mark.parametrize("number", BASE_TYPES)
def test_every_base_type_has_the_profiles_width_and_nothing(number: int) -> None:
    from fitdecode import types as fit_types

    form, nothing = BASE_TYPES[number]
    theirs = next(base for base in fit_types.BASE_TYPES.values() if base.type_num == number)

    assert theirs.size == int(form[1])
    assert nothing is None or theirs.parse(nothing) is None


@pytest.mark.parametrize("number", GARMIN_PRODUCTS)
def test_every_garmin_product_bears_the_profiles_number(number: int) -> None:
    ours = GARMIN_PRODUCTS[number].casefold().replace("forerunner ", "fr").replace(" ", "").replace("music", "")
    theirs = types()["garmin_product"][number].casefold().replace("_", "").replace("music", "")

    shortest = min(len(ours), len(theirs))
    assert ours[: shortest - 1] == theirs[: shortest - 1] or "vivo" in ours


def test_indoor_numbers_are_those_of_indoor_sports() -> None:
    words = {types()["sub_sport"][number] for number in FIT_INDOOR}

    assert words >= {"treadmill", "indoor_running", "indoor_cycling", "spin"}
    assert all(number in types()["sub_sport"] for _, number in FIT_SUB_SPORTS)
    assert all(number in types()["sport"] for number in FIT_SPORTS)


@pytest.mark.parametrize(("number", "word"), [(1, "Run"), (2, "Ride"), (5, "Swim"), (11, "Walk"), (17, "Hike")])
def test_common_sports_have_stravas_word(number: int, word: str) -> None:
    assert FIT_SPORTS[number] == word
    assert sport_of_word(types()["sport"][number].title()) == (word, False)


def test_an_unknown_word_stays_unknown_and_counts_as_a_run_for_cadence() -> None:
    assert sport_of_word("quidditch") == (None, False)
    assert is_on_foot(None)
    assert not is_on_foot("Ride")
    assert sport_of_word("Treadmill Running") == ("Run", True)


def test_every_sport_word_is_one_of_stravas() -> None:
    words = set(FIT_SPORTS.values()) | set(FIT_SUB_SPORTS.values()) | set(SPORT_WORDS.values())

    assert words <= SPORT_TYPES


SPORT_TYPES = {
    "AlpineSki",
    "BackcountrySki",
    "Badminton",
    "Basketball",
    "Canoeing",
    "Cricket",
    "Crossfit",
    "Dance",
    "EBikeRide",
    "Elliptical",
    "EMountainBikeRide",
    "Golf",
    "GravelRide",
    "Handcycle",
    "HighIntensityIntervalTraining",
    "Hike",
    "IceSkate",
    "InlineSkate",
    "Kayaking",
    "Kitesurf",
    "MountainBikeRide",
    "NordicSki",
    "Padel",
    "PhysicalTherapy",
    "Pickleball",
    "Pilates",
    "Racquetball",
    "Ride",
    "RockClimbing",
    "RollerSki",
    "Rowing",
    "Run",
    "Sail",
    "Skateboard",
    "Snowboard",
    "Snowshoe",
    "Soccer",
    "Squash",
    "StairStepper",
    "StandUpPaddling",
    "Surfing",
    "Swim",
    "TableTennis",
    "Tennis",
    "TrailRun",
    "Velomobile",
    "VirtualRide",
    "VirtualRow",
    "VirtualRun",
    "Volleyball",
    "Walk",
    "WeightTraining",
    "Wheelchair",
    "Windsurf",
    "Workout",
    "Yoga",
}


@pytest.mark.parametrize(
    ("word", "sport", "is_indoor"),
    [
        ("running_race", "Run", False),
        ("OutdoorRun", "Run", False),
        ("TrailRun", "TrailRun", False),
        ("run-treadmill", "Run", True),
        ("Indoor Walk", "Walk", True),
        ("cycling_road", "Ride", False),
        ("swim_run", None, False),
        ("9 holes", None, False),
        ("quidditch", None, False),
    ],
)
def test_words_that_nobody_listed_are_known_by_their_parts(word: str, sport: str | None, is_indoor: bool) -> None:
    assert sport_of_file_word(word) == (sport, is_indoor)
