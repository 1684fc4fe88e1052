"""A clean run with any one defect put in reads back within a stated bound, with a note that names it."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from makers.spoiled_runs import SECONDS, SPEED_MPS, as_fit, as_gpx, as_tcx, changed, moved, whole_run
from paceport.errors import FileError
from paceport.formats.tracks.track import Track
from paceport.logbook.importing.read_recording import read_recording
from paceport.training.metrics.run_results import RunResults, run_results

LENGTH_M = SECONDS * SPEED_MPS
RUN = whole_run()
# Without shrinking: the drawn numbers are small and plain, and writing a run takes ten milliseconds.
some = settings(max_examples=6, deadline=None, phases=(Phase.explicit, Phase.generate))
places = st.integers(60, SECONDS - 120)


def read(content: bytes) -> tuple[Track, RunResults]:
    (track,) = read_recording(content, "run")
    return track, run_results(track.streams, distance_source=track.distance_source)


def check(
    content: bytes, note: str, *, distance_m: float = LENGTH_M, within_m: float = 5.0
) -> tuple[Track, RunResults]:
    """The run came back: its length, no best effort faster than it was, and the note."""
    track, found = read(content)
    assert any(note in each for each in track.notes), track.notes
    assert found.distance_m == pytest.approx(distance_m, abs=within_m)
    assert found.moving_time_s is not None
    assert found.elapsed_time_s is not None
    assert found.moving_time_s <= found.elapsed_time_s
    for effort in found.best_efforts:
        assert effort.span_m / effort.elapsed_time_s <= SPEED_MPS * 1.03
    return track, found


@pytest.mark.parametrize("write", [as_gpx, as_tcx, as_fit])
def test_the_clean_run_reads_back_without_a_note(write: Callable[..., bytes]) -> None:
    track, found = read(write(RUN))

    assert track.notes == ()
    assert found.distance_m == pytest.approx(LENGTH_M, abs=1)
    assert (found.moving_time_s, found.elapsed_time_s, found.elevation_gain_m) == (SECONDS, SECONDS, 0)
    assert found.cadence_spm == pytest.approx(172)


@given(at=places, aside_m=st.integers(60, 90_000), count=st.integers(1, 40))
@some
def test_a_jump_aside(at: int, aside_m: int, count: int) -> None:
    check(as_gpx(changed(RUN, range(at, at + count), east_m=aside_m)), "jumped aside")


@given(at=st.integers(0, SECONDS - 40), count=st.integers(1, 40))
@some
def test_a_null_island(at: int, count: int) -> None:
    content = as_gpx(RUN)
    lines = content.split(b"<trkpt ")
    for number in range(at + 1, at + 1 + count):
        lines[number] = b'lat="0.0" lon="0.0">' + lines[number].partition(b">")[2]

    check(b"<trkpt ".join(lines), "0/0", within_m=SPEED_MPS * (count + 1) + 1)


@given(at=places, lasted_s=st.integers(15, 4000), way_m=st.integers(60, 9_000))
@some
def test_a_gap_between_two_segments(at: int, lasted_s: int, way_m: int) -> None:
    _, found = check(as_gpx(moved(RUN, at, time_s=lasted_s, north_m=way_m), begins=[at]), "gap", within_m=7)

    assert found.elapsed_time_s == SECONDS + lasted_s
    assert found.moving_time_s == pytest.approx(SECONDS, abs=3)


@given(at=places, lasted_s=st.integers(150, 900), speed_mps=st.floats(9, 30))
@some
def test_a_recorded_bus(at: int, lasted_s: int, speed_mps: float) -> None:
    ridden = [
        changed([RUN[at]], range(1), time_s=at + second, north_m=RUN[at].north_m + second * speed_mps)[0]
        for second in range(1, lasted_s)
    ]
    run = [*RUN[: at + 1], *ridden, *moved(RUN, 0, time_s=lasted_s, north_m=lasted_s * speed_mps)[at + 1 :]]

    check(as_gpx(run), "vehicle", within_m=60)


@given(at=st.integers(0, SECONDS - 20), count=st.integers(1, 20), raw_m=st.sampled_from([0.0, -500.0]))
@some
def test_a_dropped_altitude(at: int, count: int, raw_m: float) -> None:
    _, found = check(as_fit(changed(RUN, range(at, at + count), altitude_m=raw_m)), "altitude")

    assert found.elevation_gain_m == 0


@given(strides=st.integers(150, 200))
@some
def test_a_cadence_of_both_feet(strides: int) -> None:
    _, found = check(as_fit(changed(RUN, range(len(RUN)), strides=strides)), "both feet")

    assert found.cadence_spm == pytest.approx(strides)


@given(at=st.lists(st.integers(1, 8), min_size=1, max_size=6, unique=True))
@some
def test_a_counter_that_begins_anew_at_each_lap(at: list[int]) -> None:
    edges = [0, *(60 * edge for edge in sorted(at))]
    run = [
        changed([each], range(1), counter_m=each.counter_m - RUN[max(e for e in edges if e <= number)].counter_m)[0]
        for number, each in enumerate(RUN)
    ]

    check(as_tcx(run, laps=edges), "restarted", within_m=SPEED_MPS * len(edges) + 1)


@given(at=places, lasted_s=st.integers(20, 900))
@some
def test_totals_of_the_timer_alone(at: int, lasted_s: int) -> None:
    run = moved(RUN, at, time_s=lasted_s)

    track, found = read(as_tcx(run, laps=[0, at], timer_s={0: float(at), 1: float(SECONDS - at)}))
    assert track.elapsed_s == found.elapsed_time_s == SECONDS + lasted_s
    assert found.moving_time_s == pytest.approx(SECONDS, abs=3)

    track, _ = check(as_fit(run, elapsed_s=SECONDS), "elapsed time")
    assert track.elapsed_s == SECONDS + lasted_s


@given(at=places, days=st.sampled_from([-9000, 3000, 9000]), count=st.integers(1, 3))
@some
def test_an_odd_date_on_the_way(at: int, days: int, count: int) -> None:
    odd_s = dict.fromkeys(range(at, at + count), days * 86_400)

    check(as_fit(RUN, odd_s=odd_s), "left out")


@given(left=st.floats(0.3, 0.95))
@some
def test_a_cut_end(left: float) -> None:
    for content in (as_gpx(RUN), as_tcx(RUN), as_fit(RUN)):
        end = int(len(content) * left)
        track, found = check(content[:end], "cut short", distance_m=LENGTH_M * left, within_m=40)
        assert len(track.streams) == pytest.approx(len(RUN) * left, abs=14)
        assert found.moving_time_s == found.elapsed_time_s


@given(at=st.integers(0, 1), value=st.integers(1, 255))
@some
def test_a_wrong_checksum(at: int, value: int) -> None:
    content = bytearray(as_fit(RUN))
    content[-1 - at] ^= value

    check(bytes(content), "checksum")


@given(year=st.sampled_from(["0001", "0002", "1901", "1970"]))
@some
def test_a_whole_run_that_nobody_dated_is_refused_in_words(year: str) -> None:
    content = as_gpx(RUN).replace(b"<time>2024", b"<time>" + year.encode())

    with pytest.raises(FileError, match="before 1990"):
        read_recording(content, "run.gpx")


@given(spoilt=st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 255)), min_size=1, max_size=30))
@settings(max_examples=10, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_any_bytes_changed_are_an_answer_or_a_reason(spoilt: list[tuple[int, int]]) -> None:
    for written in (as_gpx(RUN[::10]), as_fit(RUN[::10])):
        content = bytearray(written)
        for at, value in spoilt:
            content[at % len(content)] = value
        try:
            tracks = read_recording(bytes(content), "run")
        except FileError:
            continue
        for track in tracks:
            assert bool((np.diff(track.streams.time_s) > 0).all())
