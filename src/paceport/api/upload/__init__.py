"""Uploads: files to activities, resumable, with a log of what was sent."""
