"""Recorded files read into tracks: FIT, GPX and TCX, told apart by their content."""

from paceport.formats.tracks.read_file import read_tracks
from paceport.formats.tracks.track import Lap, Pause, Track

__all__ = ["Lap", "Pause", "Track", "read_tracks"]
