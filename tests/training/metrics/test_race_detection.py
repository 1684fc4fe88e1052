import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.metrics.critical_speed import TimedEffort
from paceport.training.metrics.race_detection import RaceSigns, allowed_time_s, race_signs, standard_distance_m
from paceport.training.metrics.race_words import race_word, training_word

DAY = date(2026, 5, 1)
TEN_IN_FORTY = TimedEffort(day=DAY, distance_m=10_000, time_s=2400)


def signs(
    title: str = "Morning Run", distance_m: float = 10_050, elapsed_s: float = 2410, moving_s: float = 2405
) -> RaceSigns:
    found = race_signs(
        title=title,
        distance_m=distance_m,
        elapsed_time_s=elapsed_s,
        moving_time_s=moving_s,
        other_bests=[TEN_IN_FORTY, TimedEffort(day=DAY, distance_m=400, time_s=60)],
    )
    assert found is not None
    return found


@pytest.mark.parametrize(
    "title",
    [
        "Berlin Marathon 2025",
        "Saturday parkrun #212",
        "Club 10k race",
        "Kreismeisterschaften 5000 m, Wettkampf",
        "27. Silvesterlauf Trier",
        "Semi-marathon de Lyon",
        "Les Foulées de Vincennes",
        "Media maratón de Sevilla",
        "Gara sociale",
        "Meia maratona de Lisboa",
        "Halve Marathon Egmond",
        "Wedstrijd in Breda",
        "Półmaraton Warszawski",
        "Zawody w Krakowie",
        "Závod Běchovice",
        "Lidingöloppet",
        "Tävling i Umeå",
        "Puolimaraton",
        "Budapesti félmaraton",
        "İstanbul Maratonu",
        "Çeşme koşu yar\u0131ş\u0131",
        "Московский марафон",
        "Μαραθώνιος Αθήνας",
        "東京マラソン",
        "上海马拉松",
        "서울 마라톤",
    ],
)
def test_titles_of_races_are_known_in_many_languages(title: str) -> None:
    assert race_word(title) is not None
    assert training_word(title) is None


@pytest.mark.parametrize(
    "title",
    [
        *("Morning Run", "Lauf am Morgen", "Course à pied le matin", "Carrera de mañana", "Corsa mattutina"),
        *("Corrida matinal", "Ochtendloop", "Poranny bieg", "Morgenløb", "Утренний забег", "午前のランニング"),
        *("Terrace loop with Grace", "Brace yourself", "", "12345", "🏃"),
    ],
)
def test_titles_that_every_run_may_have_say_nothing(title: str) -> None:
    assert race_word(title) is None


@pytest.mark.parametrize(
    "title",
    [
        "Marathon training week 3",
        "5 x 1 km race pace",
        "Wettkampfvorbereitung",
        "Race warm-up",
        "Long run for the marathon",
        "Allenamento maratona",
    ],
)
def test_training_for_a_race_is_no_race(title: str) -> None:
    assert race_word(title) is not None
    assert not signs(title).looks_like_a_race


@pytest.mark.parametrize(
    "title",
    [
        *("after the race", "Parkrun route recce", "Not a race", "no race today", "Race week", "Day before race"),
        *(
            "First run after Berlin Marathon",
            "Cheering at the marathon",
            "Pacing parkrun",
            "(not)parkrun",
            "Taper: marathon",
        ),
        *("Erster Lauf nach dem Marathon", "Vor dem Wettkampf", "Lange Läufe für den Marathon", "Kein Wettkampf heute"),
        *("Avant le marathon", "Après le marathon", "Antes del maratón", "Depois da maratona", "Prima della maratona"),
        *("Dopo la gara", "Voor de marathon", "Po maratonie", "Przed zawodami", "Før maraton", "Efter loppet"),
        *(
            "После марафона",
            "Maraton sonras\u0131",
            "of course",
            "Laufband",
            "cursed",
            "Mezza ora di corsa",
            "Racecourse loop",
        ),
    ],
)
def test_false_friends_of_races_are_none(title: str) -> None:
    assert not signs(title, distance_m=11_000).looks_like_a_race  # of no standard length: the title alone could say so


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Not my best race",
            "Day 1 after injury: 10k race",
            "After Work Race",
            "Race after race",
            "Marathon nach Plan B",
        ),
        *("Carrera popular 10k", "Course officielle", "Bieg Niepodległości", "полумаратон София", "Marathon de Paris"),
    ],
)
def test_a_race_stays_one_beside_words_that_deny_others(title: str) -> None:
    assert signs(title, distance_m=11_000, elapsed_s=2700, moving_s=2690).looks_like_a_race


def test_distance_speed_and_no_stops_look_like_a_race_whatever_the_title() -> None:
    found = signs()

    assert found.standard_m == 10_000
    assert found.allowed_ratio == pytest.approx(2410 / (2400 * 1.005**1.06))
    assert found.looks_like_a_race


@pytest.mark.parametrize(
    ("changed", "looks_so"),
    [
        ({"distance_m": 10_151}, False),  # 1.51 % too long
        ({"distance_m": 10_149}, True),
        ({"elapsed_s": 2400 * 1.005**1.06 * 1.049, "moving_s": 2520}, True),
        ({"elapsed_s": 2400 * 1.005**1.06 * 1.051, "moving_s": 2520}, False),
        ({"moving_s": 2410 * 0.969}, False),
        ({"moving_s": 2410 * 0.971}, True),
        # The name makes up for the distance, or for some of the time and the stops, never for all of them.
        ({"title": "Lake race", "distance_m": 11_000, "elapsed_s": 2700, "moving_s": 2690}, True),
        ({"title": "Lake race", "distance_m": 11_000, "elapsed_s": 3000, "moving_s": 2990}, False),
        ({"title": "Club race", "elapsed_s": 2850, "moving_s": 2600}, True),
        ({"title": "Club race", "elapsed_s": 2950, "moving_s": 2900}, False),
        ({"title": "Club race", "moving_s": 2100}, False),
    ],
)
def test_each_sign_has_its_limit(changed: dict[str, float], looks_so: bool) -> None:
    assert signs(**changed).looks_like_a_race == looks_so  # type: ignore[arg-type]  # a title among the numbers


def test_without_other_bests_a_name_and_a_distance_are_enough() -> None:
    named, unnamed = (
        race_signs(title=title, distance_m=42_400, elapsed_time_s=14_000, moving_time_s=13_900)
        for title in ("Ulm Marathon", "Sunday")
    )

    assert named is not None
    assert unnamed is not None
    assert named.looks_like_a_race
    assert not unnamed.looks_like_a_race


@pytest.mark.parametrize(("distance_m", "elapsed_s"), [(0, 100), (1000, 0), (float("nan"), 100), (1000, float("inf"))])
def test_what_is_no_run_has_no_signs(distance_m: float, elapsed_s: float) -> None:
    assert race_signs(title="race", distance_m=distance_m, elapsed_time_s=elapsed_s, moving_time_s=1) is None


def test_a_sprint_says_nothing_of_a_long_run() -> None:
    assert allowed_time_s(42_195, [TimedEffort(day=DAY, distance_m=10_000, time_s=2400)]) is None


@settings(max_examples=25)
@given(st.floats(1000, 110_000))
def test_the_standard_distance_is_the_closest(distance_m: float) -> None:
    found = standard_distance_m(distance_m)

    races = (1.5, 1.609344, 3, 3.218688, 5, 8, 8.04672, 10, 12, 15, 16.09344, 20, 21.0975, 25, 30, 42.195, 50)
    off = sorted((abs(math.log(distance_m / 1000 / km)), km) for km in (*races, 80.4672, 100, 160.9344))
    closest = off[0][1]
    if 985.001 * closest < distance_m < 1014.999 * closest and off[1][0] - off[0][0] > 1e-3:
        assert found == pytest.approx(1000 * closest)
    elif not 984.999 * closest < distance_m < 1015.001 * closest:
        assert found is None


@settings(max_examples=25)
@given(st.floats(1500, 50_000), st.lists(st.tuples(st.floats(400, 50_000), st.floats(60, 20_000)), max_size=6))
def test_the_allowed_time_is_that_of_the_best_near_one(distance_m: float, made: list[tuple[float, float]]) -> None:
    bests = [TimedEffort(day=DAY, distance_m=metres, time_s=seconds) for metres, seconds in made]

    found = allowed_time_s(distance_m, bests)

    near = [(m, s) for m, s in made if 0.25 <= m / distance_m <= 4]
    assert (found is None) == (not near)
    if found is not None:
        speeds = [m / s * (m / distance_m) ** 0.06 for m, s in near]
        assert distance_m / found == pytest.approx(max(speeds))


@settings(max_examples=100)
@given(st.booleans(), st.booleans(), st.booleans(), st.floats(0, 0.2), st.none() | st.floats(0.8, 1.4))
def test_the_verdict_agrees_with_points(
    is_named: bool, is_denied: bool, is_standard: bool, stopped: float, ratio: float | None
) -> None:
    found = RaceSigns(
        name_word="race" if is_named else None,
        training_word="easy" if is_denied else None,
        standard_m=10_000.0 if is_standard else None,
        stopped_ratio=stopped,
        allowed_ratio=ratio,
    )

    # A word, a distance and a fast time give a point each, and two are enough; stops cost what one cannot pay.
    is_fast = ratio is not None and not ratio > 1.05
    points = (
        is_named + is_standard + is_fast - 9 * is_denied - 9 * (stopped > 0.1) - 9 * (ratio is not None and ratio > 1.2)
    )
    points -= 9 * (stopped > 0.03 and not (is_named and is_standard))
    assert found.looks_like_a_race == (points >= 2)
