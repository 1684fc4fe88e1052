"""Writes GPX files as watches and sites do: one track, its points, heart rate and cadence as Garmin's extension."""

from collections.abc import Container, Sequence

from makers.track_point import TrackPoint, tag, time_text

GARMIN_EXTENSION = "http://www.garmin.com/xmlschemas/TrackPointExtension/v1"


def write_gpx(
    points: Sequence[TrackPoint],
    *,
    creator: str = "test",
    name: str = "Track",
    kind: str = "running",
    more: str = "",
    begins: Container[int] = (),
) -> bytes:
    """A GPX 1.1 file of one track; `kind` is its <type>, `more` stands in each point's extensions.

    A segment begins with the first point and with each whose number is in `begins`.
    """
    body = "".join(("</trkseg><trkseg>" if at in begins else "") + _point(each, more) for at, each in enumerate(points))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="{creator}" '
        f'xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxtpx="{GARMIN_EXTENSION}">'
        f"<trk><name>{name}</name><type>{kind}</type>"
        f"<trkseg>{body}</trkseg></trk></gpx>"
    ).encode()


def _point(point: TrackPoint, more: str) -> str:
    assert point.position is not None
    latitude, longitude = point.position
    measured = tag("gpxtpx:hr", point.heartrate_bpm) + tag("gpxtpx:cad", point.strides_per_minute)
    inner = (tag("gpxtpx:TrackPointExtension", measured) if measured else "") + more
    return (
        f'<trkpt lat="{latitude}" lon="{longitude}">{tag("ele", point.altitude_m)}'
        f"{tag('time', time_text(point.time)) if point.time else ''}{tag('extensions', inner) if inner else ''}</trkpt>"
    )
