"""Readers of the files that athletes upload."""
