"""Recorded files read into tracks: FIT, GPX and TCX, told apart by their content."""
