"""The sandbox serves each call that the client knows, and nothing beyond them but what other clients ask for."""

import re

from paceport.api.endpoints import ENDPOINTS
from paceport.sandbox.http.api_routes import API_ROUTES
from paceport.sandbox.http.push_subscriptions import ROUTES as PUSH_ROUTES


def shape(path: str) -> str:
    """A path with its placeholders' names left out."""
    return re.sub(r"<[^>]*>|\{[^}]*\}", "*", path)


def test_the_sandbox_serves_what_the_client_knows_and_the_older_streams() -> None:
    served = {(route.method, shape(route.path)) for route in (*API_ROUTES, *PUSH_ROUTES)}
    known = {(endpoint.method, shape(endpoint.path)) for endpoint in ENDPOINTS}

    # Streams by the path: our client asks by the query, many others ask this way.
    assert served - known == {("GET", f"/{what}/*/streams/*") for what in ("activities", "segments", "segment_efforts")}
    assert known <= served


def test_calls_count_against_the_limits_that_the_client_expects() -> None:
    overall_only = {shape(route.path) for route in API_ROUTES if not route.is_read}
    expected = {shape(endpoint.path) for endpoint in ENDPOINTS if endpoint.limit == "upload"}

    assert overall_only == expected == {"/activities", "/uploads"}
