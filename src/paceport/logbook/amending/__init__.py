"""Corrections to own activities, kept apart from them: what they are, and what they make of an activity."""
