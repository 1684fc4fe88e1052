"""A recorded file → the activities in it, as they are stored: decoded, then cleaned."""

from paceport.formats.tracks.read_file import read_tracks
from paceport.formats.tracks.track import Track


def read_recording(content: bytes, name: str) -> list[Track]:
    """The activities that a recorded file holds, cleaned (docs/metrics.md#cleaning). Raises only FileError."""
    return read_tracks(content, name)
