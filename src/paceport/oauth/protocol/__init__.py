"""Strava's OAuth as pure functions of values: nothing here sends, waits, reads a clock or touches a disk.

`consent` is the browser's half (authorize address, redirect, the JSON pages of a refused authorize address), `tokens`
the token endpoint's half (forms, answers, faults), `credentials` what a client id and a secret look like,
`server_time` how far the two clocks are apart.
"""

from paceport.oauth.protocol.app_credentials import check_client_id, check_client_secret
from paceport.oauth.protocol.authorization_url import authorize_error, authorize_url
from paceport.oauth.protocol.redirect import Redirect, read_redirect
from paceport.oauth.protocol.server_time import clock_offset_s
from paceport.oauth.protocol.token_endpoint import (
    Token,
    deauthorize_request,
    exchange_request,
    read_token,
    refresh_request,
    revoke_request,
    token_error,
)

__all__ = [
    "Redirect",
    "Token",
    "authorize_error",
    "authorize_url",
    "check_client_id",
    "check_client_secret",
    "clock_offset_s",
    "deauthorize_request",
    "exchange_request",
    "read_redirect",
    "read_token",
    "refresh_request",
    "revoke_request",
    "token_error",
]
