"""Whether the device counted a run's distance or it was computed, from the imported file to what `run` says of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from makers.gpx_writer import write_gpx
from makers.tcx_writer import TcxActivity, TcxLap, write_tcx
from makers.track_point import TrackPoint
from shell import Shell

START = datetime(2026, 9, 1, 7, tzinfo=UTC)
PLACES = [(f"{48 + second * 3e-5:.6f}", "11.0") for second in range(600)]
POINTS = [TrackPoint(time=START + timedelta(seconds=at), position=place) for at, place in enumerate(PLACES)]
COUNTED = [replace(point, distance_m=3.34 * at) for at, point in enumerate(POINTS)]
SPEED_ALONE = [replace(point, position=None, speed_mps=3.34) for point in POINTS]


def tcx(points: list[TrackPoint], total_m: float | None = None) -> bytes:
    return write_tcx([TcxActivity(laps=[TcxLap(start=START, points=points, timer_s=600.0, distance_m=total_m)])])


@pytest.mark.parametrize(
    ("name", "content", "is_measured", "note"),
    [
        ("plain.gpx", write_gpx(POINTS), False, ", computed, not recorded by the device"),
        ("plain.tcx", tcx(POINTS), False, ", computed, not recorded by the device"),
        ("speed.tcx", tcx(SPEED_ALONE), False, ", computed, not recorded by the device"),
        ("total.tcx", tcx(POINTS, 2222.0), False, ""),
        ("counted.tcx", tcx(COUNTED), True, ""),
    ],
)
def test_a_computed_distance_is_said_to_be_computed(
    shell: Shell, home: Path, tmp_path: Path, name: str, content: bytes, *, is_measured: bool, note: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    imported = shell("import", str(file))
    assert imported.code == 0, imported.err

    shown, facts = shell("run", "last"), json.loads(shell("run", "last", "--json").out)

    assert facts["is_distance_measured"] is is_measured
    distance = next(line for line in shown.out.splitlines() if line.startswith("Distance"))
    assert distance.partition(" km")[2] == note
