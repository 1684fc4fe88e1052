"""API → the cached part of the logbook: what is newer, what changed, what is gone, what details add; stops anywhere."""
