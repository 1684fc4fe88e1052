"""Pieces of TCX files in the words of many devices and apps: points, tracks, laps, activities."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from makers.devices.gpx_pieces import START, Words, place

SECONDS = "%Y-%m-%dT%H:%M:%SZ"


def written(second: float, form: str = SECONDS) -> str:
    return (START + timedelta(seconds=second)).strftime(form)


def points(
    seconds: Iterable[int],
    *,
    time: str = SECONDS,
    late_s: float = 0.0,
    counter: Callable[[int], object] | None = lambda second: 3 * second,
    has_place: Callable[[int], bool] = lambda _: True,
    altitude: Callable[[int], object] = lambda _: 200,
    more: Words = lambda _: "",
    step_s: int = 1,
) -> str:
    """A trackpoint for each second, `late_s` later than it; `counter` gives its distance, None none."""
    text = ""
    for at in seconds:
        second = at * step_s
        latitude, longitude = place(second)
        position = (
            f"<Position><LatitudeDegrees>{latitude:.7f}</LatitudeDegrees>"
            f"<LongitudeDegrees>{longitude}</LongitudeDegrees></Position>"
        )
        height, distance = altitude(at), None if counter is None else counter(second)
        text += (
            f"<Trackpoint><Time>{written(second + late_s, time)}</Time>{position if has_place(at) else ''}"
            + (f"<AltitudeMeters>{height}</AltitudeMeters>" if height is not None else "")
            + (f"<DistanceMeters>{distance}</DistanceMeters>" if distance is not None else "")
            + f"{more(at)}</Trackpoint>"
        )
    return text


def bare_point(second: float) -> str:
    """A point that is a time alone."""
    return f"<Trackpoint><Time>{written(second)}</Time></Trackpoint>"


def lap(
    *tracks: str,
    start_s: float | None = 0.0,
    timer_s: float | None = None,
    distance_m: float | None = None,
    time: str = SECONDS,
) -> str:
    begun = "" if start_s is None else f' StartTime="{written(start_s, time)}"'
    totals = ("" if timer_s is None else f"<TotalTimeSeconds>{timer_s}</TotalTimeSeconds>") + (
        "" if distance_m is None else f"<DistanceMeters>{distance_m}</DistanceMeters>"
    )
    return f"<Lap{begun}>{totals}{''.join(f'<Track>{each}</Track>' for each in tracks)}</Lap>"


def activity(*laps: str, sport: str = "Running") -> str:
    return f'<Activity Sport="{sport}"><Id>{written(0)}</Id>{"".join(laps)}</Activity>'


def tcx(activities: Sequence[str] | str) -> bytes:
    inside = activities if isinstance(activities, str) else "".join(activities)
    return (
        f'<?xml version="1.0"?><TrainingCenterDatabase><Activities>{inside}</Activities></TrainingCenterDatabase>'
    ).encode()


def tpx(text: str, name: str = "ns3:TPX") -> str:
    """Garmin's extension of a point."""
    return f"<Extensions><{name}>{text}</{name}></Extensions>"
