"""A logbook with the longest values there are: 300 km, 99 hours, ids of 17 digits, names of 255 characters."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from paceport.formats.stream_codec import encode_streams
from paceport.formats.tracks.track import Lap
from paceport.logbook.amending.amendment import Change
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource, TrackFacts
from paceport.logbook.database.store import Store
from paceport.streams import Streams

FIRST_ID = 98_765_432_109_876_501
RUNS, WITH_TRACK, WITH_HEART_RATE, CACHED = 13, 6, 3, 2
AMENDED_ID = FIRST_ID + RUNS - 1
HOURS = 99
NAMES = (
    ("Long run 1234567 round the lake number 42 with 99 friends and 12 dogs, " * 4)[:255],
    ("朝のランニング東京湾一周と富士山の周り、" * 13)[:255],
    ("👨‍👩‍👧‍👦🏃🏽‍♀️ Lauf 2026 🇩🇪 Überquerung ❤️ 12:34:56 " * 6)[:255],
    ("한강 달리기 서울에서 부산까지 " * 15)[:255],
    "Abendlauf",
    ("नमस्ते दौड़ " * 22)[:255],
)
PLACE = "/media/backup of 2026/exports/a folder with a long name/activities/98765432109876599.fit.gz"


def fill_widest(store: Store, now: datetime) -> None:
    """Write them into an open logbook: runs with a track, with a heart rate, cached ones, quarantined files."""
    for number in range(RUNS):
        record = _record(number, now)
        parts = _parts(number)
        if number < CACHED:
            expires_at = now + timedelta(days=3)
            store.cached.save(record, expires_at=expires_at)
            store.synced.save_streams(record.id, parts.blocks, expires_at=expires_at)
        else:
            store.own.save(record, ImportSource(), parts)
    race, length = (
        Change(kind="race", value={"is_race": True}),
        Change(kind="distance", value={"distance_m": 300_187.5}),
    )
    store.amended.add(AMENDED_ID, [race, length])
    store.own.quarantine(PLACE, why="the file ends in the middle of record 123,456", fix=f"paceport import '{PLACE}'")
    store.cached.quarantine(
        f"activity {FIRST_ID + 99}", why="the service answers 500", retry_at=now, expires_at=now + timedelta(days=3)
    )
    store.own.log_written_file(f"{PLACE}.csv", f"{now + timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}")


def _record(number: int, now: datetime) -> ActivityRecord:
    has_track = number < WITH_TRACK
    return ActivityRecord(
        id=FIRST_ID + number,
        source="api" if number < CACHED else "archive",
        sport="Run",
        start=now - timedelta(days=5 * (number + 1)),
        content=str(number),
        name=NAMES[number % len(NAMES)],
        timezone=None if number == WITH_TRACK else "America/Argentina/ComodRivadavia",
        zone_source="unknown" if number == WITH_TRACK else "setting",
        distance_m=300_123.0 + number,
        moving_time_s=HOURS * 3600.0 + 59 * 60 + 59,
        elapsed_time_s=HOURS * 3600.0 + 59 * 60 + 59 + number,
        elevation_gain_m=12_345.0,
        average_heartrate_bpm=155.0 if number < WITH_HEART_RATE else None,
        max_heartrate_bpm=199.0 if number < WITH_HEART_RATE else None,
        gear=NAMES[(number + 1) % len(NAMES)],
        device_name=NAMES[(number + 2) % len(NAMES)],
        is_race=number % 2 == 0,
        samples=35_641 if has_track else 0,
        track=TrackFacts(has_barometer=True) if has_track else None,
        notes=(f"{1234 + number} samples without a time were left out, of 123,456",) if number % 3 == 2 else (),
    )


def _parts(number: int) -> EncodedTrack:
    """Loops of 31 km without a stop, then a very long rest; one sample every ten seconds."""
    if number >= WITH_TRACK:
        return EncodedTrack()
    time_s = np.arange(0.0, HOURS * 3600.0 + 1, 10.0)
    distance_m = np.minimum(time_s * (3.0 + 0.01 * number), 300_123.0)
    angle = distance_m / 5000.0
    streams = Streams(
        time_s=time_s,
        distance_m=distance_m,
        latitude_deg=52.0 + 0.043 * np.sin(angle),
        longitude_deg=13.0 + 0.07 * np.cos(angle),
        altitude_m=2345.0 + 300.0 * np.sin(3 * angle),
        heartrate_bpm=150.0 + 40.0 * np.sin(angle) if number < WITH_HEART_RATE else None,
    )
    lap = Lap(start_s=0.0, elapsed_s=float(time_s[-1]), distance_m=300_123.0)
    return EncodedTrack(blocks=encode_streams(streams), laps=(lap,))
