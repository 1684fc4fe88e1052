"""The analysis against what devices and Strava said of the same runs."""

import csv
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import yaml

from conftest import SharedFiles
from makers.known_facts import ExportFacts, Facts
from paceport.streams import Streams
from paceport.training.metrics.best_efforts import STANDARD_SPANS_M, best_efforts
from paceport.training.metrics.cadence import cadence
from paceport.training.metrics.distance import DistanceTrack, distance_track
from paceport.training.metrics.elevation import elevation, gain_and_loss_m
from paceport.training.metrics.grade_adjusted_pace import adjusted_speed_mps
from paceport.training.metrics.heart_rate import heart_rate_intervals
from paceport.training.metrics.heart_rate_zones import default_zones_bpm
from paceport.training.metrics.moving_time import moving_time_s
from paceport.training.metrics.polyline import decode
from paceport.training.metrics.splits import splits
from real.fit_runs import read_run
from training.metrics.made import grade_adjusted

RunAndCourse = tuple[Streams, DistanceTrack]
RunOf = Callable[[str], RunAndCourse]


@pytest.fixture(scope="module")
def run_of(shared_file: SharedFiles) -> RunOf:
    kept: dict[str, RunAndCourse] = {}

    def read(name: str) -> RunAndCourse:
        if name not in kept:
            streams = read_run(shared_file(name))
            run = distance_track(streams)
            assert run is not None
            kept[name] = streams, run
        return kept[name]

    return read


@pytest.fixture
def archived(run_of: RunOf, export: ExportFacts) -> RunAndCourse:
    """The run in the export."""
    return run_of(f"export/{export.file}")


@pytest.fixture
def exported_row(shared_file: SharedFiles) -> list[tuple[str, str]]:
    """Column and cell of the export's one row, in their order: five names are there twice."""
    with shared_file("export/activities.csv").open(encoding="utf-8-sig", newline="") as lines:
        header, row = csv.reader(lines)
    return list(zip(header, row, strict=True))


@pytest.fixture(scope="module")
def recorded_run(shared_file: SharedFiles) -> tuple[dict[str, Any], list[float]]:
    """A run at Strava, recorded: the activity, and its distance stream."""
    activity, streams = (
        json.loads(
            yaml.safe_load(shared_file(f"recorded/{name}.yml").read_text())["http_interactions"][0]["response"]["body"][
                "string"
            ]
        )
        for name in ("activity", "activity_streams")
    )
    return activity, streams["distance"]["data"]


def test_moving_time_is_stravas_to_the_second(
    archived: RunAndCourse, export: ExportFacts, exported_row: list[tuple[str, str]]
) -> None:
    _, run = archived
    elapsed_s = [float(cell) for column, cell in exported_row if column == "Elapsed Time"]
    distance_m = [float(cell) for column, cell in exported_row if column == "Distance"][1]

    assert [run.elapsed_time_s] * 2 == elapsed_s == [export.elapsed_s] * 2
    assert moving_time_s(run) == float(dict(exported_row)["Moving Time"]) == export.moving_time_s
    assert run.total_m == pytest.approx(distance_m, abs=0.01)


@pytest.mark.parametrize("name", ["runs/trosku.fit", "runs/bloemendaal.fit"])
def test_moving_time_is_near_the_devices_timer(run_of: RunOf, facts: Facts, name: str) -> None:
    assert moving_time_s(run_of(name)[1]) == pytest.approx(facts.runs[name].timer_s, rel=0.02)


def test_a_treadmill_run_has_its_pauses_taken_out(run_of: RunOf, facts: Facts) -> None:
    streams, run = run_of("runs/treadmill.fit")
    known = facts.runs["runs/treadmill.fit"]

    assert moving_time_s(run) == pytest.approx(known.moving_time_s, abs=1)
    assert run.total_m == pytest.approx(known.way_m, abs=0.01)
    assert elevation(run, run.align(streams.altitude_m), barometric=None) is None


def test_best_efforts(run_of: RunOf, facts: Facts) -> None:
    asked = 0
    for name, known in facts.runs.items():
        if known.effort_s:
            found = {effort.span_m: effort.elapsed_time_s for effort in best_efforts(run_of(name)[1])}
            for span_m, time_s in known.effort_s.items():
                assert found[span_m] == pytest.approx(time_s, abs=0.06), name
                asked += 1
    assert asked >= 5


def test_a_treadmill_run_has_its_efforts_too(run_of: RunOf, facts: Facts) -> None:
    way_m = facts.runs["runs/treadmill.fit"].way_m
    assert way_m is not None

    spans = [effort.span_m for effort in best_efforts(run_of("runs/treadmill.fit")[1])]

    assert spans == [span_m for span_m in STANDARD_SPANS_M if span_m <= way_m]
    assert len(spans) > 5


def test_gain_by_threshold(run_of: RunOf, facts: Facts) -> None:
    asked = 0
    for name, known in facts.runs.items():
        if known.climbed_m:
            altitude_m = run_of(name)[0].altitude_m
            assert altitude_m is not None
            altitude_m = altitude_m[np.isfinite(altitude_m)]
            climbed_m = {each: round(gain_and_loss_m(altitude_m, each)[0]) for each in known.climbed_m}
            assert climbed_m == known.climbed_m, name
            asked += len(known.climbed_m)
    assert asked == 11


@pytest.mark.parametrize("name", ["runs/sloatsburg.fit", "runs/trosku.fit"])
def test_climbing_is_within_a_twentieth_of_the_barometers(run_of: RunOf, facts: Facts, name: str) -> None:
    streams, run = run_of(name)

    for barometric in (True, None):
        found = elevation(run, run.align(streams.altitude_m), barometric=barometric)
        assert found is not None
        assert found.is_barometric
        assert found.gain_m == pytest.approx(facts.runs[name].gain_m, rel=0.05)
        assert found.loss_m == pytest.approx(facts.runs[name].loss_m, rel=0.05)


def test_climbing_from_satellites_is_near_stravas_terrain(archived: RunAndCourse, export: ExportFacts) -> None:
    streams, run = archived
    altitude_m = run.align(streams.altitude_m)
    assert altitude_m is not None

    found = elevation(run, altitude_m, barometric=None)

    assert found is not None
    assert not found.is_barometric
    assert found.gain_m == pytest.approx(export.gain_m, rel=0.15)
    assert np.diff(altitude_m).clip(min=0).sum() > 1.5 * export.gain_m  # the raw rises


@pytest.mark.parametrize("name", ["runs/trosku.fit", "runs/sloatsburg.fit"])
def test_grade_adjusted_pace_is_near_stravas(run_of: RunOf, facts: Facts, name: str) -> None:
    streams, run = run_of(name)
    known = facts.runs[name]
    altitude_m = run.align(streams.altitude_m)

    speeds = [
        adjusted_speed_mps(grade_adjusted(run, altitude_m, barometric=True, model=model), moving_time_s(run))
        for model in ("strava", "minetti")
    ]

    strava, minetti = (1000 / (speed or 1) for speed in speeds)
    assert strava == pytest.approx(known.strava_pace_s, rel=0.05)
    assert strava == pytest.approx(known.model_pace_s, abs=1)
    assert minetti == pytest.approx(known.minetti_pace_s, abs=1)


def test_grade_adjusted_speed_from_satellites_is_near_the_archives(
    archived: RunAndCourse, export: ExportFacts, exported_row: list[tuple[str, str]]
) -> None:
    streams, run = archived
    row = dict(exported_row)

    worth = grade_adjusted(run, run.align(streams.altitude_m), barometric=None)

    # The column says pace and holds metres a second: adjusted metres over moving seconds.
    said_mps = float(row["Average Grade Adjusted Pace"])
    assert float(row["Grade Adjusted Distance"]) / export.moving_time_s == pytest.approx(said_mps)
    assert said_mps == pytest.approx(export.average_gap_mps, abs=1e-6)
    assert adjusted_speed_mps(worth, moving_time_s(run)) == pytest.approx(said_mps, rel=0.05)


@pytest.mark.parametrize(
    "name", ["runs/trosku.fit", "runs/sloatsburg.fit", "runs/treadmill.fit", "runs/bloemendaal.fit"]
)
def test_heart_rate_is_the_devices(run_of: RunOf, facts: Facts, name: str) -> None:
    heart = heart_rate_intervals(*run_of(name))

    assert heart is not None
    assert heart.mean_bpm() == pytest.approx(facts.runs[name].mean_bpm, abs=1)
    assert heart.highest_bpm() == facts.runs[name].highest_bpm
    assert heart.coverage_ratio > 0.99


def test_steps_are_those_the_device_counted(run_of: RunOf, facts: Facts) -> None:
    asked = 0
    for name, known in facts.runs.items():
        if known.strides_per_minute is None or known.timer_s is None:
            continue
        streams, run = run_of(name)
        found = cadence(run, run.align(streams.cadence_spm))
        # The device's mean is over its timer, ours over moving time; standing makes few steps, so the sums agree.
        assert found is not None
        steps = 2 * known.strides_per_minute * known.timer_s
        assert found.cadence_spm * moving_time_s(run) == pytest.approx(steps, rel=0.03), name
        speed_mps = run.total_m / moving_time_s(run)
        assert found.step_length_m * found.cadence_spm / 60 == pytest.approx(speed_mps, rel=0.03), name
        asked += 1
    assert asked >= 3


def test_splits_of_a_real_run_add_up(run_of: RunOf, facts: Facts) -> None:
    for name in facts.runs:
        if ".fit" not in name:
            continue
        _, run = run_of(name)
        for unit_m in (1000.0, 1609.344):
            parts = splits(run, unit_m)
            assert sum(part.distance_m for part in parts) == pytest.approx(run.total_m)
            assert sum(part.moving_time_s for part in parts) == pytest.approx(moving_time_s(run))


def test_stravas_own_best_efforts_lie_where_it_says(
    recorded_run: tuple[dict[str, Any], list[float]], facts: Facts
) -> None:
    activity, distance_m = recorded_run
    efforts = {effort["name"]: effort for effort in activity["best_efforts"]}

    for known in facts.efforts:
        found = efforts[known.name]
        assert (found["start_index"], found["end_index"]) == (known.first, known.last)
        assert found["elapsed_time"] == known.elapsed_time_s
        assert distance_m[known.last] - distance_m[known.first] == pytest.approx(known.distance_m, abs=0.06)


def test_zones_of_a_real_reply_are_the_default_ones(shared_file: SharedFiles, facts: Facts) -> None:
    recorded = yaml.safe_load(shared_file("recorded/athlete_zones.yml").read_text())["http_interactions"][0]
    zones = json.loads(recorded["response"]["body"]["string"])["heart_rate"]

    assert not zones["custom_zones"]
    assert default_zones_bpm(facts.highest_heart_rate_bpm) == tuple(zone["min"] for zone in zones["zones"][1:])


def test_a_real_polyline_is_read(recorded_run: tuple[dict[str, Any], list[float]]) -> None:
    activity, _ = recorded_run

    latitude, longitude = decode(activity["map"]["polyline"])

    assert (latitude[0], longitude[0]) == pytest.approx(activity["start_latlng"], abs=0.01)
