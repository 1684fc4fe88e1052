"""The table of endpoints: complete, found by path, and honest about what is gone."""

import pytest

from paceport.api import models
from paceport.api.client.client import Client
from paceport.api.endpoints import (
    ENDPOINTS,
    Endpoint,
    EndpointStatus,
    endpoint_named,
    find_endpoint,
    missing_scope,
)
from paceport.api.rate_limit.limit_class import LimitClass
from paceport.scopes import SCOPES, parse_granted


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/athlete", "athlete"),
        ("get", "athlete", "athlete"),
        ("GET", "/api/v3/athlete/activities?page=2", "activities"),
        ("GET", "/segments/starred", "starred_segments"),
        ("GET", "/segments/229781", "segment"),
        ("GET", "/segments/explore", "explore_segments"),
        ("POST", "/activities", "create_activity"),
        ("PUT", "/activities/7/", "update_activity"),
        ("GET", "/gear/g123", "gear"),
    ],
)
def test_a_path_finds_its_row(method: str, path: str, name: str) -> None:
    endpoint = find_endpoint(method, path)

    assert endpoint is not None
    assert endpoint.name == name


@pytest.mark.parametrize("path", ["/nothing", "/activities/1/2/3", "/athlete/", "//", "", "/activities/1\n"])
def test_a_path_that_is_none_finds_nothing_or_its_own_row(path: str) -> None:
    endpoint = find_endpoint("PATCH", path)

    assert endpoint is None


def test_deleting_an_activity_is_there_and_says_that_it_is_gone() -> None:
    endpoint = find_endpoint("DELETE", "/activities/7")

    assert endpoint is not None
    assert (endpoint.status, endpoint.removed_on) == (EndpointStatus.REMOVED, "2017-01-17")


def test_the_three_club_lists_are_gone_since_september_2026() -> None:
    gone = {endpoint.path for endpoint in ENDPOINTS if endpoint.removed_on == "2026-09-01"}

    assert gone == {"/clubs/{id}/members", "/clubs/{id}/admins", "/clubs/{id}/activities"}


def test_only_creating_and_uploading_are_outside_the_read_limit() -> None:
    uploads = {endpoint.name for endpoint in ENDPOINTS if endpoint.limit is LimitClass.UPLOAD}

    assert uploads == {"create_activity", "upload"}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_row_names_things_that_exist(endpoint: Endpoint) -> None:
    assert not endpoint.model or endpoint.model == "StreamSet" or hasattr(models, endpoint.model)
    assert {endpoint.scope, endpoint.wider_scope} <= {*SCOPES, ""}
    assert set(endpoint.required) <= set(endpoint.params)
    assert find_endpoint(endpoint.method, endpoint.fill(id=7)) == endpoint
    assert endpoint_named(endpoint.name) is endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        endpoint
        for endpoint in ENDPOINTS
        if endpoint.status is not EndpointStatus.REMOVED and "push_subscription" not in endpoint.name
    ],
    ids=lambda endpoint: endpoint.name,
)
def test_every_call_that_is_served_has_a_typed_method(endpoint: Endpoint) -> None:
    under_another_name = {
        "route_gpx": "route_file",
        "route_tcx": "route_file",
        "segment_all_efforts": "segment_efforts",
    }

    assert callable(getattr(Client, under_another_name.get(endpoint.name, endpoint.name)))


@pytest.mark.parametrize(
    ("name", "granted", "missing"),
    [
        ("activities", "read", "activity:read"),
        ("activities", "read,activity:read_all", None),
        ("activities", "activity:read", None),
        ("upload", "read,activity:read_all", "activity:write"),
        ("athlete_zones", "read,activity:read_all", "profile:read_all"),
        ("athlete", "activity:read", None),
        ("delete_activity", "read", None),
    ],
)
def test_a_call_knows_the_scope_it_lacks(name: str, granted: str, missing: str | None) -> None:
    assert missing_scope(endpoint_named(name), parse_granted(granted)) == missing


def test_unknown_grants_are_not_held_against_a_call() -> None:
    assert missing_scope(endpoint_named("upload"), None) is None
