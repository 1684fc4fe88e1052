"""The token endpoint's answer as JSON."""

from __future__ import annotations

from paceport.sandbox.json.scalars import Json
from paceport.sandbox.state.grants import IssuedTokens


def tokens_json(issued: IssuedTokens, *, with_scope: bool) -> Json:
    """The tokens, and when the access token expires."""
    value: Json = {
        "token_type": "Bearer",
        "expires_at": issued.expires_at_s,
        "expires_in": issued.expires_in_s,
        "refresh_token": issued.refresh_token,
        "access_token": issued.access_token,
    }
    if with_scope:
        value["scope"] = ",".join(issued.scopes)
    return value
