"""Pieces of GPX files in the words of many apps: points, segments, tracks."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

START = datetime(2024, 5, 4, 8, tzinfo=UTC)
DEGREE_M = 111_195.08
CLUETRUST = 'xmlns:gpxdata="http://www.cluetrust.com/XML/GPXDATA/1/0"'
Words = Callable[[int], str]


def place(second: int, *, speed_mps: float = 3.0) -> tuple[float, float]:
    """Where the runner is: straight north."""
    return 48.2 + second * speed_mps / DEGREE_M, 16.3


def extension(text: str) -> str:
    return f"<extensions>{text}</extensions>"


def heart(text: str) -> str:
    """Garmin's extension with something in it."""
    return extension(f"<gpxtpx:TrackPointExtension>{text}</gpxtpx:TrackPointExtension>")


def points(
    seconds: Iterable[int],
    *,
    time: str = "%Y-%m-%dT%H:%M:%SZ",
    late_s: float = 0.0,
    more: Words = lambda _: "",
    altitude: str | None = "200",
    speed_mps: float = 3.0,
    lon_first: bool = False,
) -> str:
    """A point for each second, `late_s` later than it; `more` stands behind its time."""
    text = ""
    for second in seconds:
        latitude, longitude = place(second, speed_mps=speed_mps)
        where = [f'lat="{latitude:.7f}"', f'lon="{longitude}"']
        moment = (START + timedelta(seconds=second + late_s)).strftime(time)
        height = "" if altitude is None else f"<ele>{altitude}</ele>"
        written = " ".join(where[::-1] if lon_first else where)
        text += f"<trkpt {written}>{height}<time>{moment}</time>{more(second)}</trkpt>"
    return text


def point(latitude: object, longitude: object, second: float = 0.0) -> str:
    """One point anywhere."""
    moment = START + timedelta(seconds=second)
    return f'<trkpt lat="{latitude}" lon="{longitude}"><time>{moment:%Y-%m-%dT%H:%M:%SZ}</time></trkpt>'


def track(*segments: str, kind: str = "", name: str = "") -> str:
    named = (f"<name>{name}</name>" if name else "") + (f"<type>{kind}</type>" if kind else "")
    return f"<trk>{named}{''.join(f'<trkseg>{segment}</trkseg>' for segment in segments)}</trk>"


def gpx(
    *tracks: str, attributes: str = 'version="1.1" creator="x"', head: str = '<?xml version="1.0"?>', meta: str = ""
) -> bytes:
    return f"{head}<gpx {attributes}>{meta}{''.join(tracks)}</gpx>".encode()
