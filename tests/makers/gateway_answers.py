"""Answers of what may stand between a program and the service: proxies, firewalls, sign-in pages, other JSON."""

from __future__ import annotations

import json

from hypothesis import strategies as st

PAGES = (
    b"",
    b"<html><head><title>Sign in</title></head><body><h1>Welcome to the guest network</h1></body></html>",
    b"<html><h1>401 Authorization Required</h1><hr>nginx</html>",
    b"Unauthorized",
    b'{"message":"Unauthorized"}',
    b'{"message":"no Route matched with those values"}',
    b'{"error":"login_required","login_url":"https://portal.example/"}',
    b'{"message":"blocked","errors":["by policy"]}',
    b"[]",
    b"null",
    b"\xff\xfe\x00",
)
STATUSES = (200, 201, 204, 302, 400, 401, 403, 404, 405, 407, 410, 418, 500, 501, 502, 503, 511)

_names = st.sampled_from(["message", "error", "errors", "status", "id", "detail", "login_url", "token"])
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_names, inner, max_size=2),
    max_leaves=5,
)
_json_bodies = st.dictionaries(_names, _values, max_size=4).map(lambda value: json.dumps(value).encode())


def bodies() -> st.SearchStrategy[bytes]:
    """Any body that is not the service's: known pages, any bytes, any JSON without an access token."""
    return st.sampled_from(PAGES) | st.binary(max_size=60) | _json_bodies


def statuses() -> st.SearchStrategy[int]:
    """Any status that means something to a client."""
    return st.sampled_from(STATUSES)
