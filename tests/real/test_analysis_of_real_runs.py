"""The analysis against what devices and Strava said of the same runs."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from paceport.streams import Streams
from paceport.training.metrics.best_efforts import best_efforts
from paceport.training.metrics.cadence import cadence
from paceport.training.metrics.distance import DistanceTrack, distance_track
from paceport.training.metrics.elevation import climbed_m, elevation
from paceport.training.metrics.grade_adjusted_pace import adjusted_speed_mps, grade_adjust
from paceport.training.metrics.heart_rate import heart_rate_intervals
from paceport.training.metrics.heart_rate_zones import default_zones_bpm
from paceport.training.metrics.moving_time import moving_time_s
from paceport.training.metrics.polyline import decode
from paceport.training.metrics.splits import splits
from real.fit_runs import read_run

ARCHIVE = "export/activities/12866632127.fit.gz"
Find = Callable[[str], Path]


@pytest.fixture(scope="module")
def run_of(shared_file: Find) -> Callable[[str], tuple[Streams, DistanceTrack]]:
    kept: dict[str, tuple[Streams, DistanceTrack]] = {}

    def read(name: str) -> tuple[Streams, DistanceTrack]:
        if name not in kept:
            streams = read_run(shared_file(name))
            run = distance_track(streams)
            assert run is not None
            kept[name] = streams, run
        return kept[name]

    return read


Run = Callable[[str], tuple[Streams, DistanceTrack]]


@pytest.fixture(scope="module")
def marathon(shared_file: Find) -> tuple[dict[str, Any], list[float]]:
    """A marathon at Strava: the activity, and its distance stream."""
    activity, streams = (
        json.loads(
            yaml.safe_load(shared_file(f"recorded/{name}.yml").read_text())["http_interactions"][0]["response"]["body"][
                "string"
            ]
        )
        for name in ("activity", "activity_streams")
    )
    return activity, streams["distance"]["data"]


def test_moving_time_is_stravas_to_the_second(run_of: Run, shared_file: Find) -> None:
    with shared_file("export/activities.csv").open(encoding="utf-8-sig", newline="") as lines:
        header, row = next(reader := csv.reader(lines)), next(reader)

    _, run = run_of(ARCHIVE)

    assert run.elapsed_time_s == float(row[5]) == 1428
    assert moving_time_s(run) == float(row[header.index("Moving Time")]) == 1411
    assert run.total_m == pytest.approx(float(row[17]), abs=0.01)


@pytest.mark.parametrize(("name", "timer_s"), [("runs/trosku.fit", 2922), ("runs/bloemendaal.fit", 2160.68)])
def test_moving_time_is_near_the_devices_timer(run_of: Run, name: str, timer_s: float) -> None:
    assert moving_time_s(run_of(name)[1]) == pytest.approx(timer_s, rel=0.02)


def test_a_treadmill_run_has_its_pauses_taken_out(run_of: Run) -> None:
    streams, run = run_of("runs/treadmill.fit")

    # The device counted 3,098 s with its own pauses; 666 s of pauses, and stands within the timer, go.
    assert moving_time_s(run) == pytest.approx(2927, abs=1)
    assert run.total_m == pytest.approx(10630.37, abs=0.01)
    assert elevation(run, run.align(streams.altitude_m), barometric=None) is None


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("runs/trosku.fit", {400: 92.5, 1000: 237.5, 1609.344: 382.8, 5000: 1273.5, 10000: 2657.7}),
        (ARCHIVE, {400: 143.1}),
    ],
)
def test_best_efforts(run_of: Run, name: str, times: dict[float, float]) -> None:
    found = {effort.span_m: effort.elapsed_time_s for effort in best_efforts(run_of(name)[1])}

    for span_m, time_s in times.items():
        assert found[span_m] == pytest.approx(time_s, abs=0.06)


def test_a_treadmill_run_has_its_efforts_too(run_of: Run) -> None:
    spans = [effort.span_m for effort in best_efforts(run_of("runs/treadmill.fit")[1])]

    assert spans[-1] == 10_000


@pytest.mark.parametrize(
    ("name", "by_threshold"),
    [
        ("runs/sloatsburg.fit", {1: 375, 2: 350, 3: 332, 5: 305, 10: 262}),
        ("runs/trosku.fit", {1: 162, 2: 138, 3: 129, 5: 120, 10: 100}),
        (ARCHIVE, {10: 53}),
    ],
)
def test_gain_by_threshold(run_of: Run, name: str, by_threshold: dict[float, float]) -> None:
    streams, _ = run_of(name)
    assert streams.altitude_m is not None
    altitude_m = streams.altitude_m[np.isfinite(streams.altitude_m)]

    assert {threshold: round(climbed_m(altitude_m, threshold)) for threshold in by_threshold} == by_threshold


@pytest.mark.parametrize(("name", "up", "down"), [("runs/sloatsburg.fit", 347, 371), ("runs/trosku.fit", 142, 144)])
def test_climbing_is_within_a_twentieth_of_the_barometers(run_of: Run, name: str, up: float, down: float) -> None:
    streams, run = run_of(name)

    for barometric in (True, None):
        found = elevation(run, run.align(streams.altitude_m), barometric=barometric)
        assert found is not None
        assert found.is_barometric
        assert found.gain_m == pytest.approx(up, rel=0.05)
        assert found.loss_m == pytest.approx(down, rel=0.05)


def test_climbing_from_satellites_is_near_stravas_terrain(run_of: Run) -> None:
    streams, run = run_of(ARCHIVE)

    found = elevation(run, run.align(streams.altitude_m), barometric=None)

    assert found is not None
    assert not found.is_barometric
    assert found.gain_m == pytest.approx(61.88, rel=0.15)  # the raw rises add up to 139


@pytest.mark.parametrize(
    ("name", "strava_s", "ours_s", "minetti_s"),
    [("runs/trosku.fit", 261, 264, 266), ("runs/sloatsburg.fit", 298, 306, 315)],
)
def test_grade_adjusted_pace_is_near_stravas(
    run_of: Run, name: str, strava_s: float, ours_s: float, minetti_s: float
) -> None:
    streams, run = run_of(name)
    altitude_m = run.align(streams.altitude_m)

    speeds = [
        adjusted_speed_mps(grade_adjust(run, altitude_m, barometric=True, model=model), moving_time_s(run))
        for model in ("strava", "minetti")
    ]

    strava, minetti = (1000 / (speed or 1) for speed in speeds)
    assert strava == pytest.approx(strava_s, rel=0.05)
    assert strava == pytest.approx(ours_s, abs=1)
    assert minetti == pytest.approx(minetti_s, abs=1)


def test_grade_adjusted_speed_from_satellites_is_near_the_archives(run_of: Run, shared_file: Find) -> None:
    with shared_file("export/activities.csv").open(encoding="utf-8-sig", newline="") as lines:
        (row,) = csv.DictReader(lines)
    streams, run = run_of(ARCHIVE)

    worth = grade_adjust(run, run.align(streams.altitude_m), barometric=None)

    # The column says pace and holds metres a second: adjusted metres over moving seconds.
    assert float(row["Grade Adjusted Distance"]) / 1411 == pytest.approx(float(row["Average Grade Adjusted Pace"]))
    assert float(row["Average Grade Adjusted Pace"]) == pytest.approx(2.461942, abs=1e-6)
    assert adjusted_speed_mps(worth, moving_time_s(run)) == pytest.approx(2.461942, rel=0.05)


@pytest.mark.parametrize(
    ("name", "mean", "highest"),
    [
        ("runs/trosku.fit", 160, 173),
        ("runs/sloatsburg.fit", 137, 167),
        ("runs/treadmill.fit", 145, 177),
        ("runs/bloemendaal.fit", 148, 161),
    ],
)
def test_heart_rate_is_the_devices(run_of: Run, name: str, mean: float, highest: float) -> None:
    heart = heart_rate_intervals(*run_of(name))

    assert heart is not None
    assert heart.mean_bpm() == pytest.approx(mean, abs=1)
    assert heart.highest_bpm() == highest
    assert heart.coverage_ratio > 0.99


@pytest.mark.parametrize(
    ("name", "strides_per_minute", "timer_s"),
    [("runs/sloatsburg.fit", 79, 4989.1), ("runs/treadmill.fit", 82, 3097.8), (ARCHIVE, 70, 1428)],
)
def test_steps_are_those_the_device_counted(run_of: Run, name: str, strides_per_minute: float, timer_s: float) -> None:
    streams, run = run_of(name)

    found = cadence(run, run.align(streams.cadence_spm))

    # The device's mean is over its timer, ours over moving time; standing about makes few steps, so the sums agree.
    assert found is not None
    assert found.cadence_spm * moving_time_s(run) == pytest.approx(2 * strides_per_minute * timer_s, rel=0.03)
    assert found.step_length_m * found.cadence_spm / 60 == pytest.approx(run.total_m / moving_time_s(run), rel=0.03)


@pytest.mark.parametrize("name", ["runs/trosku.fit", "runs/sloatsburg.fit", "runs/treadmill.fit", ARCHIVE])
def test_splits_of_a_real_run_add_up(run_of: Run, name: str) -> None:
    _, run = run_of(name)

    for unit_m in (1000.0, 1609.344):
        parts = splits(run, unit_m)
        assert sum(part.distance_m for part in parts) == pytest.approx(run.total_m)
        assert sum(part.moving_time_s for part in parts) == pytest.approx(moving_time_s(run))


def test_stravas_own_best_efforts_lie_where_it_says(marathon: tuple[dict[str, Any], list[float]]) -> None:
    activity, distance_m = marathon
    efforts = {effort["name"]: effort for effort in activity["best_efforts"]}

    for name, first, last, seconds, metres in (
        ("1K", 2925, 3194, 269, 1000.1),
        ("5K", 1147, 2544, 1392, 5000.2),
        ("10K", 413, 3234, 2812, 10000.6),
        ("Half-Marathon", 306, 6404, 6077, 21097.3),
        ("Marathon", 3, 13058, 13322, 42195.0),
    ):
        effort = efforts[name]
        assert (effort["start_index"], effort["end_index"], effort["elapsed_time"]) == (first, last, seconds)
        assert distance_m[last] - distance_m[first] == pytest.approx(metres, abs=0.06)


def test_zones_of_a_real_reply_are_the_default_ones(shared_file: Find) -> None:
    recorded = yaml.safe_load(shared_file("recorded/athlete_zones.yml").read_text())["http_interactions"][0]
    zones = json.loads(recorded["response"]["body"]["string"])["heart_rate"]

    assert not zones["custom_zones"]
    assert default_zones_bpm(171) == tuple(zone["min"] for zone in zones["zones"][1:])


def test_a_real_polyline_is_read(marathon: tuple[dict[str, Any], list[float]]) -> None:
    activity, _ = marathon

    latitude, longitude = decode(activity["map"]["polyline"])

    assert (latitude[0], longitude[0]) == pytest.approx(activity["start_latlng"], abs=0.01)
