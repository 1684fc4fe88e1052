"""A refusal for want of a scope: the permission that a text names, and the call that people make when they meet it."""

from __future__ import annotations

from paceport.api.endpoints import Endpoint, find_endpoint
from paceport.error_body import ErrorBody


def likely_endpoint(fault: ErrorBody) -> Endpoint | None:
    """The call that people make when they meet this fault; it knows the wider scope they will want."""
    if fault.has_detail("AccessToken", "activity:read_permission"):
        return find_endpoint("GET", "/athlete/activities")
    return None
