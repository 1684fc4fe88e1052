"""The faults that mean the same at every OAuth address."""

from __future__ import annotations

from paceport.error_body import ErrorBody
from paceport.errors import AppInactive, CapacityReached, PaceportError, RateLimited, StravaDown


def general_error(fault: ErrorBody) -> PaceportError | None:
    """The decision for a fault that has nothing to do with what was asked; None where it has."""
    if fault.has_detail("Application", "Status", "Inactive"):
        return AppInactive()
    if "limit of connected athletes" in fault.message.casefold():
        return CapacityReached(
            what="This app cannot have another athlete",
            why="a new Strava app admits only its owner, and its capacity is used up",
            fix="raise the capacity on https://www.strava.com/settings/api, or register your own app",
            fault=fault,
        )
    if fault.status == 429:
        return RateLimited(limit="login", until=None)
    if fault.status >= 500:
        return StravaDown(status=fault.status)
    return None
