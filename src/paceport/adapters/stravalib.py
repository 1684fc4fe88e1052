"""A `stravalib` client that uses the login: its tokens are kept here, and its own refreshing never runs."""

from __future__ import annotations

import logging
from typing import Any

from paceport.errors import MissingExtra
from paceport.profile.profile import Profile

try:
    import stravalib
    from stravalib.protocol import ApiV3
except ImportError as missing:
    raise MissingExtra(extra="stravalib", needed_for="The adapter for stravalib") from missing

import requests

from paceport.adapters.requests import Auth


def client(me: Profile, **options: Any) -> stravalib.Client:  # whatever stravalib.Client takes
    """A ready client: every call carries a live token. `options` go to `stravalib.Client`, a session among them.

    Its `access_token`, `refresh_token` and `token_expires` stay empty: two that refresh one login would lose it.
    """
    session = options.pop("requests_session", None) or requests.Session()
    session.auth = Auth(me)
    # It complains at once about variables of the environment that only its own refreshing would need.
    root = logging.getLogger()
    root.addFilter(_is_not_about_credentials)
    try:
        made = stravalib.Client(requests_session=session, **options)
        made.protocol = _Protocol(
            me.settings.api_url, requests_session=session, rate_limiter=made.protocol.rate_limiter
        )
    finally:
        root.removeFilter(_is_not_about_credentials)
    return made


class _Protocol(ApiV3):
    """stravalib's own sender, at the API address in force, and without a hand in the tokens."""

    def __init__(self, api_url: str, **options: Any) -> None:  # whatever ApiV3 takes
        super().__init__(**options)
        self._api_url = api_url.rstrip("/")

    def resolve_url(self, url: str) -> str:
        """The whole address of a path."""
        return url if url.startswith("http") else f"{self._api_url}/{url.strip('/')}"

    def refresh_expired_token(self) -> None:
        """Nothing: the session's auth sees to it."""


def _is_not_about_credentials(record: logging.LogRecord) -> bool:
    return "STRAVA_CLIENT_ID" not in str(record.msg)
