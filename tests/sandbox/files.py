"""Files to hand in: one short run told in each format, and the multipart body that carries a file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from makers.fit_writer import ENUM, FIT_EPOCH_S, LAP, RECORD, SESSION, SINT32, UINT8, UINT32, FitWriter
from makers.gpx_writer import write_gpx
from makers.tcx_writer import TcxActivity, TcxLap, write_tcx
from makers.track_point import TrackPoint
from paceport.http_message import Request, Response
from sandbox.visitor import Visitor

START = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
STEP_DEGREES = 3.0 / 111_195.0
STOP_ALL, GO = 4, 0


def places(count: int) -> list[tuple[float, float]]:
    """A way north at 3 m a step."""
    return [(59.7 + STEP_DEGREES * step, 15.3) for step in range(count)]


def gpx(
    *, count: int = 121, start: datetime = START, kind: str = "running", point: str = "", timed: bool = True
) -> bytes:
    """A GPX file with heart rate and cadence; `point` is put inside each point."""
    return write_gpx(
        [
            TrackPoint(
                time=start + timedelta(seconds=step) if timed else None,
                position=(f"{latitude:.7f}", f"{longitude:.7f}"),
                altitude_m=80 + step / 10,
                heartrate_bpm=140,
                strides_per_minute=84,
            )
            for step, (latitude, longitude) in enumerate(places(count))
        ],
        creator="Norrsken 2",
        name="Out",
        kind=kind,
        more=point,
    )


def tcx(*, count: int = 121, start: datetime = START, sport: str = "Running", laps: int = 2) -> bytes:
    """A TCX file in laps of equal length."""
    points = [
        TrackPoint(
            time=start + timedelta(seconds=step),
            position=(str(latitude), str(longitude)),
            altitude_m=80,
            distance_m=3.0 * step,
            heartrate_bpm=141,
            strides_per_minute=83,
            power_w=250,
        )
        for step, (latitude, longitude) in enumerate(places(count))
    ]
    share = count // laps + 1
    return write_tcx(
        [
            TcxActivity(
                laps=[
                    TcxLap(start=start + timedelta(seconds=first), points=points[first : first + share])
                    for first in range(0, count, share)
                ],
                sport=sport,
                device_name="Mesa Run+",
            )
        ]
    )


def fit(
    *,
    count: int = 121,
    start: datetime = START,
    sport: int = 1,
    sub_sport: int = 3,
    pause: tuple[int, int] | None = None,
    has_places: bool = True,
) -> bytes:
    """A FIT file of a run on a trail; in a `pause` (from, to; seconds) the timer stands and nothing is recorded."""
    writer = FitWriter()
    begun = int(start.timestamp()) - FIT_EPOCH_S
    writer.timer(begun, GO)
    gone_m = 0.0
    for step, (latitude, longitude) in enumerate(places(count)):
        if pause is not None and pause[0] < step < pause[1]:
            continue
        values: list[tuple[int, int, int | float | str | None]] = [
            (253, UINT32, begun + step),
            (5, UINT32, round(gone_m * 100)),
            (3, UINT8, 142),
            (4, UINT8, 85),
        ]
        if has_places:
            values += [(0, SINT32, round(latitude / 180 * 2**31)), (1, SINT32, round(longitude / 180 * 2**31))]
        writer.message(0, RECORD, values)
        gone_m += 3.0
        if pause is not None and step == pause[0]:
            writer.timer(begun + step, STOP_ALL)
            writer.timer(begun + pause[1], GO)
    for first in (0, count // 2):
        writer.message(0, LAP, [(253, UINT32, begun + count), (2, UINT32, begun + first)])
    writer.message(0, SESSION, [(2, UINT32, begun), (5, ENUM, sport), (6, ENUM, sub_sport)])
    return writer.finish()


def strength(**changes: object) -> bytes:
    """A strength session as JSON, fields changed or (None) left out."""
    fields: dict[str, object] = {
        "version": "1.0",
        "start_time": "2026-11-20T07:00:00+01:00",
        "utc_offset": 3600,
        "elapsed_time": 1800,
        "sets": [{"exercise_type": "BARBELL_DEADLIFT", "repetitions": 8, "weight": 60.0}],
        "creator": {"name": "Notebook"},
        **changes,
    }
    return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()


def hand_in(
    visitor: Visitor,
    token: str,
    content: bytes | None,
    fields: Mapping[str, str],
    *,
    name: str = "run.fit",
) -> Response:
    """POST /uploads as multipart; without content there is no file part."""
    parts: Sequence[bytes] = [
        f'--edge\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    if content is not None:
        head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts = [*parts, head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n"]
    return visitor.send(
        Request(
            method="POST",
            url=f"{visitor.base}/api/v3/uploads",
            headers={"authorization": f"Bearer {token}", "content-type": "multipart/form-data; boundary=edge"},
            body=b"".join(parts) + b"--edge--\r\n",
        )
    )
