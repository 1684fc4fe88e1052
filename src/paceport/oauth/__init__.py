"""The journey to a token and the keeping of it."""
