"""Exports and files → the athlete's own part of the logbook: once, whole, resumable, nothing lost."""
