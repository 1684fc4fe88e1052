"""Altitude, heart rate, cadence and power: what no sensor can mean is left out, what is true stays."""

import numpy as np
import pytest

from paceport.streams import Streams
from paceport.training.cleaning.repairs import Repair, RepairKind, doubts_by_channel, repair_notes
from training.cleaning.made import Channel, clean, kinds, north, results, steady

TIME_S = np.arange(601.0)


def cleaned(name: str, channel: Channel, sport: str = "Run") -> tuple[Channel | None, list[str]]:
    found = clean(Streams(time_s=TIME_S, **{name: channel}), sport=sport)
    return found.streams.channels().get(name), kinds(found)


def flat(height_m: float = 200.0) -> Channel:
    return np.full(601, height_m)


@pytest.mark.parametrize("sentinel_m", [0.0, -500.0])
@pytest.mark.parametrize("places", [slice(0, 5), slice(300, 320), slice(590, 601)])
def test_an_altitude_of_0_or_minus_500_far_from_the_rest_is_left_out(sentinel_m: float, places: slice) -> None:
    altitude_m = flat()
    altitude_m[places] = sentinel_m

    channel, found = cleaned("altitude_m", altitude_m)

    assert found == ["altitude"]
    assert channel is not None
    assert np.isnan(channel[places]).all()
    assert np.nanmin(channel) == 200


def test_true_altitudes_round_0_stay() -> None:
    altitude_m = 3 * np.sin(TIME_S / 20)
    altitude_m[[0, 100, 101, 102, 600]] = 0

    channel, found = cleaned("altitude_m", altitude_m)

    assert found == []
    np.testing.assert_array_equal(channel, altitude_m)


def test_a_run_at_0_throughout_has_no_altitude() -> None:
    assert cleaned("altitude_m", flat(0.0)) == (None, ["altitude"])


def test_a_spike_is_left_out_and_a_steep_hill_is_not() -> None:
    spike = flat()
    spike[300] = 8_800
    hill = 200 + np.minimum(TIME_S, 601 - TIME_S)

    assert cleaned("altitude_m", spike)[1] == ["altitude"]
    assert cleaned("altitude_m", hill)[1] == []


def test_a_dropped_altitude_adds_no_climb() -> None:
    altitude_m = np.full(3601, 200.0)
    altitude_m[:4] = -500
    found = clean(north(steady(), altitude_m=altitude_m))

    assert results(found).elevation_gain_m == 0


def test_heart_rates_that_cannot_be_are_left_out() -> None:
    rate_bpm = np.full(601, 150.0)
    rate_bpm[[10, 20, 30]] = 1, 250, 24
    rate_bpm[40] = 195

    channel, found = cleaned("heartrate_bpm", rate_bpm)

    assert found == ["heart rate"]
    assert channel is not None
    assert np.flatnonzero(np.isnan(channel)).tolist() == [10, 20, 30, 40]


def test_a_heart_that_rises_fast_and_stays_is_believed() -> None:
    rate_bpm = np.where(TIME_S < 300, 100.0, 160.0)

    assert cleaned("heartrate_bpm", rate_bpm)[1] == []


def test_heart_rates_in_points_of_their_own_are_carried_to_the_next_places() -> None:
    streams = north(steady(600), heartrate_bpm=np.full(601, 150.0))
    assert streams.latitude_deg is not None
    assert streams.heartrate_bpm is not None
    streams.latitude_deg[1::2] = np.nan
    streams.heartrate_bpm[::2] = np.nan

    found = clean(streams)

    assert kinds(found) == ["interleaved heart rate"]
    assert np.isfinite(found.streams.channels()["heartrate_bpm"][2::2]).all()


def test_holes_in_the_heart_rate_stay_holes() -> None:
    streams = north(steady(600), heartrate_bpm=np.where(TIME_S % 7 == 0, np.nan, 150.0))

    found = clean(streams)

    assert found.repairs == ()
    assert np.isnan(found.streams.channels()["heartrate_bpm"][7])


@pytest.mark.parametrize(
    ("name", "good", "bad", "kind"),
    [("cadence_spm", 180.0, 500.0, "cadence"), ("power_w", 250.0, 5000.0, "power")],
)
def test_cadence_and_power_beyond_the_sport_are_left_out(name: str, good: float, bad: float, kind: str) -> None:
    channel = np.full(601, good)
    channel[100] = bad

    values, found = cleaned(name, channel)

    assert found == [kind]
    assert values is not None
    assert np.flatnonzero(np.isnan(values)).tolist() == [100]


def test_each_kind_of_repair_has_its_sentence_with_its_count() -> None:
    from typing import get_args

    for kind in get_args(RepairKind):
        repair = Repair(kind=kind, at_s=3.0, size=7.0, samples=12)
        (note,) = repair_notes([repair])
        assert "{" not in note
        if kind not in {
            "counter unit",
            "counter doubled",
            "counter ahead",
            "counter start",
            "counter unused",
            "distance from speed",
        }:
            assert "12" in note
    (both,) = repair_notes([Repair(kind="gap", at_s=1, size=60, samples=1), Repair(kind="gap", at_s=9, size=90)])
    assert "2 gaps with 150 m" in both


def test_impossible_altitudes_and_sentinels_are_found_side_by_side() -> None:
    altitude_m = np.full(601, 300.0)
    altitude_m[100], altitude_m[200:210] = 20_000.0, 0.0

    cleaned = clean(north(steady(600), altitude_m=altitude_m))

    known = cleaned.streams.channels()["altitude_m"]
    assert np.flatnonzero(np.isnan(known)).tolist() == [100, *range(200, 210)]
    (repair,) = cleaned.repairs
    assert (repair.kind, repair.at_s, repair.size, repair.samples) == ("altitude", 100.0, 20_000.0, 11)


@pytest.mark.parametrize("leap_m", [100.0, -100.0])
def test_altitudes_that_leap_and_do_not_come_back_stay(leap_m: float) -> None:
    altitude_m = np.full(3601, 500.0)
    altitude_m[2000:] += leap_m
    altitude_m[2030:] += leap_m

    assert kinds(clean(north(steady(), altitude_m=altitude_m))) == []


def test_zeros_after_a_first_altitude_near_them_stay() -> None:
    altitude_m = np.concatenate(([5.0], np.zeros(9), 12.0 + np.arange(591) / 20))

    assert kinds(clean(north(steady(600), altitude_m=altitude_m))) == []


@pytest.mark.parametrize("count", [1, 12])
@pytest.mark.parametrize(("kind", "channel"), [("position jump", "latitude_deg"), ("power", "power_w")])
def test_the_sentences_are_counted_by_channel(kind: RepairKind, channel: str, count: int) -> None:
    notes = repair_notes(
        [Repair(kind=kind, at_s=3.0, size=7.5, samples=count), Repair(kind="gap", at_s=0.0, size=60.0)]
    )

    assert doubts_by_channel([*notes, "something else"]) == {channel: count}
