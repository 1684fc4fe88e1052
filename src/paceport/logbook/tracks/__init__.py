"""Recorded files read into tracks: FIT, GPX and TCX, told apart by their content."""

from paceport.logbook.tracks.read import read_tracks
from paceport.logbook.tracks.track import Lap, Pause, Track

__all__ = ["Lap", "Pause", "Track", "read_tracks"]
