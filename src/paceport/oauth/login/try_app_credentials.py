"""Whether the service accepts a client id and secret, found out without any login."""

from __future__ import annotations

from paceport.clock import Clock
from paceport.errors import LoginNeeded
from paceport.http_message import Send
from paceport.oauth.protocol.token_endpoint import read_token, refresh_request
from paceport.oauth.token_store.base import App
from paceport.secret import Secret

# A refresh token that never existed: the service looks at the app's credentials first.
_UNKNOWN_REFRESH_TOKEN = Secret("0" * 40)


def try_app_credentials(app: App, *, send: Send, clock: Clock) -> bool:
    """True where the service accepts the app's id and secret, False where its answer does not tell.

    Raises AppCredentialsWrong where it refuses them, NetworkError and what `read_token` raises else.
    """
    request = refresh_request(
        oauth_url=app.oauth_url,
        client_id=app.client_id,
        client_secret=app.client_secret,
        refresh_token=_UNKNOWN_REFRESH_TOKEN,
    )
    try:
        read_token(send(request, timeout_s=10.0), now=clock.now())
    except LoginNeeded:
        return True
    return False
