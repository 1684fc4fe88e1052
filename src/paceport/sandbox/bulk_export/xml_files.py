"""A recording as GPX and as TCX, as the service writes them into an export."""

from __future__ import annotations

from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.activity_parts import laps
from paceport.sandbox.athletes.recording import Recording

_GPX = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx creator="StravaGPX" version="1.1" '
    'xmlns="http://www.topografix.com/GPX/1/1" '
    'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">\n'
)
# The blanks in front of the declaration are the service's own: many XML readers stumble over them.
_TCX = (
    '          <?xml version="1.0" encoding="UTF-8"?>\n'
    '<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">\n'
)
_GPX_TYPES = {"Run": "running", "TrailRun": "trail_running", "Ride": "cycling", "Walk": "walking", "Hike": "hiking"}
_TCX_SPORTS = {"Run": "Running", "TrailRun": "Running", "VirtualRun": "Running", "Ride": "Biking"}


def gpx_file(activity: Activity, recording: Recording) -> bytes:
    """The track as GPX; for a recording with places."""
    kind = _GPX_TYPES.get(activity.sport_type, activity.sport_type)
    lines = [
        _GPX,
        f" <metadata><time>{_time(activity.start, 0)}</time></metadata>\n",
        f" <trk>\n  <name>{_text(activity.name)}</name>\n  <type>{kind}</type>\n  <trkseg>\n",
    ]
    track = recording.latlng
    for index in range(len(recording) if track is not None else 0):
        place = (0.0, 0.0) if track is None else track[index].tolist()
        altitude = "" if recording.altitude_m is None else f"<ele>{recording.altitude_m[index]:.1f}</ele>"
        time = _time(activity.start, int(recording.time_s[index]))
        lines.append(
            f'   <trkpt lat="{place[0]:.7f}" lon="{place[1]:.7f}">{altitude}'
            f"<time>{time}</time>{_extension(recording, index)}</trkpt>\n"
        )
    return ("".join(lines) + "  </trkseg>\n </trk>\n</gpx>\n").encode()


def _extension(recording: Recording, index: int) -> str:
    inside = ""
    for name, channel in (
        ("atemp", recording.temp_c),
        ("hr", recording.heartrate_bpm),
        ("cad", recording.cadence_rpm),
    ):
        if channel is not None:
            inside += f"<gpxtpx:{name}>{channel[index]}</gpxtpx:{name}>"
    if not inside:
        return ""
    return f"<extensions><gpxtpx:TrackPointExtension>{inside}</gpxtpx:TrackPointExtension></extensions>"


def tcx_file(activity: Activity, recording: Recording) -> bytes:
    """The activity as TCX, lap by lap; a sample on the border of two laps stands in the first alone."""
    sport = _TCX_SPORTS.get(activity.sport_type, "Other")
    start = _time(activity.start, 0)
    lines = [_TCX, f' <Activities>\n  <Activity Sport="{sport}">\n   <Id>{start}</Id>\n']
    first = 0
    for lap in laps(activity):
        lines.append(
            f'   <Lap StartTime="{_time(activity.start, lap.start_s)}">\n'
            f"    <TotalTimeSeconds>{lap.moving_time_s}</TotalTimeSeconds>\n"
            f"    <DistanceMeters>{lap.distance_m}</DistanceMeters>\n    <Intensity>Active</Intensity>\n    <Track>\n"
        )
        lines += [_point(activity, recording, index) for index in range(first, lap.end_index + 1)]
        first = lap.end_index + 1
        lines.append("    </Track>\n   </Lap>\n")
    return ("".join(lines) + "  </Activity>\n </Activities>\n</TrainingCenterDatabase>\n").encode()


def _point(activity: Activity, recording: Recording, index: int) -> str:
    inside = f"<Time>{_time(activity.start, int(recording.time_s[index]))}</Time>"
    if recording.latlng is not None:
        latitude, longitude = recording.latlng[index].tolist()
        inside += (
            f"<Position><LatitudeDegrees>{latitude:.7f}</LatitudeDegrees>"
            f"<LongitudeDegrees>{longitude:.7f}</LongitudeDegrees></Position>"
        )
    if recording.altitude_m is not None:
        inside += f"<AltitudeMeters>{recording.altitude_m[index]:.1f}</AltitudeMeters>"
    if recording.has_distance:
        inside += f"<DistanceMeters>{recording.distance_m[index]:.1f}</DistanceMeters>"
    if recording.heartrate_bpm is not None:
        inside += f"<HeartRateBpm><Value>{recording.heartrate_bpm[index]}</Value></HeartRateBpm>"
    if recording.cadence_rpm is not None:
        inside += f"<Cadence>{recording.cadence_rpm[index]}</Cadence>"
    return f"     <Trackpoint>{inside}</Trackpoint>\n"


def _time(start: datetime, after_s: int) -> str:
    return (start + timedelta(seconds=after_s)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(name: str) -> str:
    """A name as XML may hold it: without the characters that XML forbids."""
    return escape("".join(letter for letter in name if letter in "\t\n\r" or ord(letter) >= 32))
