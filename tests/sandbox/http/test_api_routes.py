"""The sandbox serves each call that the client knows, and nothing beyond them but DELETE's recorded refusal."""

import re

from paceport.api.endpoints import ENDPOINTS
from paceport.sandbox.http.api_routes import API_ROUTES
from paceport.sandbox.http.push_subscriptions import ROUTES as PUSH_ROUTES


def shape(path: str) -> str:
    """A path with its placeholders' names left out."""
    return re.sub(r"<[^>]*>|\{[^}]*\}", "*", path)


def test_the_sandbox_serves_what_the_client_knows_and_no_more() -> None:
    served = {(route.method, shape(route.path)) for route in (*API_ROUTES, *PUSH_ROUTES)}
    known = {(endpoint.method, shape(endpoint.path)) for endpoint in ENDPOINTS}

    assert served == known


def test_calls_count_against_the_limits_that_the_client_expects() -> None:
    overall_only = {shape(route.path) for route in API_ROUTES if not route.is_read}
    expected = {shape(endpoint.path) for endpoint in ENDPOINTS if endpoint.limit == "upload"}

    assert overall_only == expected == {"/activities", "/uploads"}
