"""Files to hand in: one short run told in each format, and the multipart body that carries a file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from makers.fit_writer import ENUM, EVENT, FIT_EPOCH_S, LAP, RECORD, SESSION, SINT32, UINT8, UINT32, FitWriter
from paceport.http_message import Request, Response
from sandbox.visitor import Visitor

START = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
STEP_DEGREES = 3.0 / 111_195.0
TIMER, STOP_ALL, GO = 0, 4, 0


def places(count: int) -> list[tuple[float, float]]:
    """A way north at 3 m a step."""
    return [(59.7 + STEP_DEGREES * step, 15.3) for step in range(count)]


def gpx(
    *, count: int = 121, start: datetime = START, kind: str = "running", point: str = "", timed: bool = True
) -> bytes:
    """A GPX file with heart rate and cadence; `point` is put inside each point."""
    points = "".join(
        f'<trkpt lat="{latitude:.7f}" lon="{longitude:.7f}"><ele>{80 + step / 10}</ele>'
        + (f"<time>{(start + timedelta(seconds=step)).isoformat()}</time>" if timed else "")
        + "<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>140</gpxtpx:hr><gpxtpx:cad>84</gpxtpx:cad>"
        f"</gpxtpx:TrackPointExtension>{point}</extensions></trkpt>"
        for step, (latitude, longitude) in enumerate(places(count))
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="Norrsken 2" '
        'xmlns="http://www.topografix.com/GPX/1/1" '
        'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">'
        f"<trk><name>Out</name><type>{kind}</type><trkseg>{points}</trkseg></trk></gpx>"
    ).encode()


def tcx(*, count: int = 121, start: datetime = START, sport: str = "Running", laps: int = 2) -> bytes:
    """A TCX file in laps of equal length."""
    track = places(count)
    share = count // laps + 1
    body = ""
    for first in range(0, count, share):
        points = "".join(
            f"<Trackpoint><Time>{(start + timedelta(seconds=step)).isoformat()}</Time><Position>"
            f"<LatitudeDegrees>{track[step][0]}</LatitudeDegrees><LongitudeDegrees>{track[step][1]}</LongitudeDegrees>"
            f"</Position><AltitudeMeters>80</AltitudeMeters><DistanceMeters>{3.0 * step}</DistanceMeters>"
            "<HeartRateBpm><Value>141</Value></HeartRateBpm><Extensions><ns3:TPX><ns3:RunCadence>83</ns3:RunCadence>"
            "<ns3:Watts>250</ns3:Watts></ns3:TPX></Extensions></Trackpoint>"
            for step in range(first, min(first + share, count))
        )
        begun = (start + timedelta(seconds=first)).isoformat()
        body += f'<Lap StartTime="{begun}"><Track>{points}</Track></Lap>'
    return (
        '<?xml version="1.0"?><TrainingCenterDatabase '
        'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" '
        'xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><Activities>'
        f'<Activity Sport="{sport}"><Id>{start.isoformat()}</Id>{body}<Creator><Name>Mesa Run+</Name></Creator>'
        "</Activity></Activities></TrainingCenterDatabase>"
    ).encode()


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
    writer.message(0, EVENT, [(253, UINT32, begun), (0, ENUM, TIMER), (1, ENUM, GO)])
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
            writer.message(0, EVENT, [(253, UINT32, begun + step), (0, ENUM, TIMER), (1, ENUM, STOP_ALL)])
            writer.message(0, EVENT, [(253, UINT32, begun + pause[1]), (0, ENUM, TIMER), (1, ENUM, GO)])
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
