"""The login inside `requests`: `requests.get(url, auth=Auth(me))`, or once for a whole session."""

from __future__ import annotations

from typing import Any

from paceport.adapters.bearer import Refusal, header, is_for_api, token_in
from paceport.errors import MissingExtra
from paceport.profile.profile import Profile

try:
    import requests
    from requests.auth import AuthBase
except ImportError as missing:
    raise MissingExtra(extra="requests", needed_for="The adapter for requests") from missing


class Auth(AuthBase):
    """Puts a live token into every request to the API; refreshed under it, so that a session never notices.

    A 401 that refuses the token is repeated once with another one; a body that cannot be read twice is not repeated.
    The header goes to the API's own origin alone: not to another address, not along a redirect. Raises what
    `Profile.token` raises.
    """

    def __init__(self, me: Profile) -> None:
        self._me = me

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        if is_for_api(self._me, r.url or ""):
            r.headers["Authorization"] = header(self._me.token())
            start = _position(r.body)
            r.register_hook(  # type: ignore[no-untyped-call]  # its stubs leave it untyped
                "response", lambda response, **how: self._retry_if_refused(response, start, how)
            )
        return r

    def _retry_if_refused(
        self, response: requests.Response, start: int | None, how: dict[str, Any]
    ) -> requests.Response:
        request = response.request
        # The hook goes along a redirect, the header does not.
        refused = token_in(request.headers.get("Authorization"))
        if not refused or not is_for_api(self._me, request.url or "") or start is None:
            return response
        if response.status_code != 401:
            return response
        refusal = Refusal(method=request.method or "", url=request.url or "", token=refused, body=response.content)
        if not refusal.is_worth_another_token(self._me):
            return response
        again = request.copy()
        if start >= 0:
            body: Any = again.body
            body.seek(start)
        again.headers["Authorization"] = header(self._me.token(not_this=refused))
        response.close()
        # Through the same adapter, past the hooks: the second answer is final.
        repeated: requests.Response = response.connection.send(again, **how)
        repeated.history.append(response)
        repeated.request = again
        return repeated


def _position(body: object) -> int | None:
    """Where a body begins: -1 for one held in memory, None for one that can be read once only."""
    if body is None or isinstance(body, str | bytes):
        return -1
    tell = getattr(body, "tell", None)
    if tell is None or not hasattr(body, "seek"):
        return None
    try:
        return int(tell())
    except OSError:
        return None
