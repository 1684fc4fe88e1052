"""A second Strava on loopback, for trying and testing without an account."""
