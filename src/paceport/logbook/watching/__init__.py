"""Recordings that appear in a folder, imported as they come."""
