"""Which zone an activity began in, and what tells."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from logbook.importing.conftest import Importer
from makers.fit_writer import FIT_EPOCH_S, FitWriter
from paceport.formats.tracks.track import Track
from paceport.logbook.database.store import Store
from paceport.logbook.importing.time_zone import time_zone_of
from paceport.streams import Streams

SUMMER, WINTER = datetime(2024, 7, 1, 12, tzinfo=UTC), datetime(2024, 1, 1, 12, tzinfo=UTC)
INDOORS = Track(streams=Streams(time_s=np.arange(3.0)), start=SUMMER, sport="Run", utc_offset_s=7200.0)


def indoors(*, offset_s: int) -> bytes:
    """A treadmill run of a device whose clock shows UTC + `offset_s`."""
    at = int(SUMMER.timestamp()) - FIT_EPOCH_S
    writer = FitWriter()
    writer.file_id()
    writer.records(("timestamp", "distance"), [[at + second, 300 * second] for second in range(60)])
    writer.session(at, 60, sub_sport=1, distance_m=180)
    writer.activity(at + 60, local_offset_s=offset_s)
    return writer.finish()


@pytest.mark.parametrize(
    ("offset_h", "start", "name"),
    [
        (2, SUMMER, "Etc/GMT-2"),
        (-7, SUMMER, "Etc/GMT+7"),
        (14, SUMMER, "Etc/GMT-14"),
        (5.5, SUMMER, "Asia/Kolkata"),
        (5.75, SUMMER, "Asia/Kathmandu"),
        (-2.5, SUMMER, "America/St_Johns"),
        (-2.5, WINTER, None),  # no clock shows that in winter
        (10.5, WINTER, "Australia/Adelaide"),
        (0, SUMMER, None),
        (0.25, SUMMER, None),
    ],
)
def test_without_a_position_and_a_setting_the_devices_clock_tells(
    offset_h: float, start: datetime, name: str | None
) -> None:
    zone = time_zone_of(replace(INDOORS, start=start, utc_offset_s=offset_h * 3600), None)

    assert (zone.name, zone.source) == (name, "device" if name else "unknown")


def test_the_setting_and_a_position_come_before_the_devices_clock() -> None:
    place = np.full(3, 48.2), np.full(3, 16.3)
    outside = replace(INDOORS, streams=Streams(time_s=np.arange(3.0), latitude_deg=place[0], longitude_deg=place[1]))

    assert time_zone_of(INDOORS, "Asia/Tokyo").name == "Asia/Tokyo"
    assert time_zone_of(outside, "Asia/Tokyo").name == "Europe/Vienna"
    assert time_zone_of(replace(INDOORS, sport="VirtualRun"), None).source == "unknown"


def test_a_treadmill_run_abroad_stands_in_the_devices_local_time(
    tmp_path: Path, store: Store, importer: Importer
) -> None:
    (tmp_path / "run.fit").write_bytes(indoors(offset_s=9 * 3600))

    assert importer(tmp_path / "run.fit").unknown_zone == 0
    assert importer(tmp_path / "run.fit").unchanged == 1
    assert store.query("SELECT local_start, zone_source FROM run").rows == [("2024-07-01T21:00:00", "device")]

    importer(tmp_path / "run.fit", timezone="Europe/Vienna")
    assert store.query("SELECT local_start, zone_source FROM run").rows == [("2024-07-01T14:00:00", "setting")]
