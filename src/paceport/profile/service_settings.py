"""What the settings say about a service for many athletes."""

from __future__ import annotations

from paceport.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """`base_url` is what browsers and Strava reach the service at, None where not set.

    `capacity` is how many athletes the app may have at Strava. `asks_for` is a word of `login --for`.
    """

    base_url: str | None = None
    capacity: int = 10
    asks_for: str = "runs"
