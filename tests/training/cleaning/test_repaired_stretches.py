"""Which stretches of a run rest on samples that were moved: no record may rest mostly on them."""

import numpy as np

from paceport.streams import Streams
from training.cleaning.made import Channel, clean, north, steady

AT, LASTED = 1000, 20


def aside(values: Channel, lasted: int = LASTED, at: int = AT) -> Channel:
    values[at : at + lasted] += 400.0
    return values


def test_a_stretch_reaches_from_the_good_sample_before_to_the_next_good_one() -> None:
    assert clean(north(aside(steady()))).repaired_s == ((AT - 1.0, AT + LASTED),)
    assert clean(north(steady(), distance_m=aside(steady()))).repaired_s == ((AT - 1.0, AT + LASTED + 1.0),)


def test_a_line_over_six_seconds_is_as_good_as_its_ends() -> None:
    assert clean(north(aside(steady(), 5))).repaired_s == ()
    assert clean(north(aside(steady(), 6))).repaired_s == ((AT - 1.0, AT + 6.0),)


def test_what_touches_is_one_stretch() -> None:
    way_m = aside(aside(steady(), 8), 8, AT + 9)

    assert clean(north(way_m)).repaired_s == ((AT - 1.0, AT + 17.0),)


def test_positions_that_were_moved_say_nothing_of_what_the_device_counted() -> None:
    cleaned = clean(north(aside(steady()), distance_m=steady()))

    assert [repair.kind for repair in cleaned.repairs] == ["position jump"]
    assert cleaned.repaired_s == ()


def test_what_was_counted_twice_or_in_kilometres_is_as_good_as_before() -> None:
    spiked_m = aside(steady() * 2.0, 3)

    assert clean(north(steady(), distance_m=spiked_m)).repaired_s == ()
    assert clean(north(steady(), distance_m=steady() / 1000.0)).repaired_s == ()


def test_a_stretch_at_the_start_begins_with_the_first_sample() -> None:
    latitude_m = steady(600)
    latitude_m[:9] += 9000.0
    stray = north(latitude_m)

    assert clean(stray).repaired_s == ((0.0, 9.0),)


def test_nothing_is_repaired_of_what_was_never_there() -> None:
    assert clean(Streams(time_s=np.arange(9.0), distance_m=np.arange(9.0) * 3)).repaired_s == ()
