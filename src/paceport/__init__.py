"""A Strava token that keeps working, and your whole running history, on your own machine."""

__all__: list[str] = []
