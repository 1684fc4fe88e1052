"""The colours of a run's track: pace, heart rate or grade."""

from __future__ import annotations

from paceport.training.history.series import RunSeries
from paceport.units import Units
from paceport.web.pages.route_colours import route_colours
from web.serving import Served

COUNT = 40


def series(**channels: tuple[float, ...]) -> RunSeries:
    at = tuple(100.0 * number for number in range(COUNT))
    nothing = dict.fromkeys(("speed_mps", "heartrate_bpm", "altitude_m", "cadence_spm"))
    return RunSeries(**{"at_m": at, "at_s": at, **nothing, **channels})


def test_faster_and_higher_is_a_higher_class_and_the_scale_says_so() -> None:
    rising = tuple(2.0 + number / 20 for number in range(COUNT))
    both = series(speed_mps=rising, heartrate_bpm=tuple(50 * one for one in rising))

    pace = route_colours(both, Units("km"), wanted="pace", count=COUNT)
    heart = route_colours(both, Units("km"), wanted="heart rate", count=COUNT)

    assert pace.classes == sorted(pace.classes)
    assert set(pace.classes) == set(heart.classes) == {0, 1, 2, 3, 4}
    assert (pace.low, pace.high, heart.span) == ("slower", "faster", "120 to 180 bpm")


def test_a_climb_and_a_descent_have_the_colours_of_their_grades() -> None:
    up_and_down = tuple(6.0 * min(number, COUNT - number) for number in range(COUNT))

    grade = route_colours(series(altitude_m=up_and_down), Units("km"), wanted="grade", count=COUNT)

    assert (grade.classes[10], grade.classes[30]) == (4, 0)
    assert grade.span == "-4 to 4 %"


def test_a_channel_that_the_run_lacks_is_no_choice_and_leaves_the_pace() -> None:
    found = route_colours(series(speed_mps=(3.0,) * COUNT), Units("km"), wanted="heart rate", count=COUNT)

    assert (found.name, found.choices) == ("pace", ("pace",))


def test_the_page_of_a_run_offers_the_colours(server: Served) -> None:
    text = server.read("/runs/1010?colour=grade").text

    assert 'aria-label="The route, coloured by grade"' in text
    assert "coloured by pace" in server.read("/runs/1010?colour=%3Cscript%3E").text
