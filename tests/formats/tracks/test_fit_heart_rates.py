"""Heart rates of a strap that hands them over after the session."""

import numpy as np
import pytest

from makers.devices.garmin_strap import swim_with_strap, write_strap_messages
from makers.fit_writer import FitWriter
from paceport.formats.tracks.fit_decoder import decode_fit
from paceport.formats.tracks.fit_fallback import decode_fit_slowly
from paceport.formats.tracks.fit_heart_rates import strap_heart_rates
from paceport.formats.tracks.read_file import read_tracks

START = 1_000_000_000
RATES = [100 + second % 40 for second in range(57)]


@pytest.mark.parametrize("is_chained", [False, True])
def test_a_straps_heart_rates_come_to_the_records_by_time(is_chained: bool) -> None:
    (track,) = read_tracks(swim_with_strap(RATES, start=START, is_chained=is_chained), "swim.fit")

    assert track.streams.heartrate_bpm is not None
    assert track.streams.heartrate_bpm.tolist() == [*RATES[1:], RATES[-1]]  # the strap began half a second earlier


def test_both_decoders_read_a_straps_messages_alike() -> None:
    content = swim_with_strap(RATES[:49], start=START)

    fast, slow = (decode(content)[0].rows["hr"] for decode in (decode_fit, decode_fit_slowly))

    assert list(strap_heart_rates(fast)) == list(strap_heart_rates(slow))
    assert [rate for _, rate in strap_heart_rates(fast)] == RATES[:49]


@pytest.mark.parametrize("first_count", [0, 4095, 2**32 - 5000])
def test_the_straps_clock_may_roll_over(first_count: int) -> None:
    writer = FitWriter()
    writer.file_id()
    counts = min(first_count, 2**32 - 1)
    write_strap_messages(writer, RATES[:33], at=START, first_count=counts)

    times = [at for at, _ in strap_heart_rates(decode_fit(writer.finish())[0].rows["hr"])]

    np.testing.assert_allclose(times, START + 0.5 + np.arange(33), atol=0.001)


def test_a_record_keeps_its_own_heart_rate_and_takes_none_that_is_old() -> None:
    writer = FitWriter()
    writer.file_id()
    writer.records(("timestamp", "heart_rate"), [[START, 90], [START + 1, None], [START + 30, None], [START + 31, 91]])
    write_strap_messages(writer, [120, 121], at=START - 1)

    (track,) = read_tracks(writer.finish(), "x.fit")

    assert track.streams.heartrate_bpm is not None
    np.testing.assert_array_equal(track.streams.heartrate_bpm, [90, 121, np.nan, 91])
