"""The login inside `httpx2` and `httpx`: `Client(auth=Auth(me))` and `AsyncClient(auth=Auth(me))` alike."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import TYPE_CHECKING, Any

import httpx2

from paceport.adapters.bearer import header, is_for_api, is_worth_another_token, token_in
from paceport.profile.profile import Profile

if TYPE_CHECKING:
    import httpx

    class _Base(httpx2.Auth, httpx.Auth):
        """An Auth to both libraries."""

        def auth_flow(self, request: Any) -> Generator[Any, Any, None]: ...  # noqa: ANN401  # of either library
        def sync_auth_flow(self, request: Any) -> Generator[Any, Any, None]: ...  # noqa: ANN401  # as above
        def async_auth_flow(self, request: Any) -> AsyncGenerator[Any, Any]: ...  # noqa: ANN401  # as above

else:

    def _base() -> type:
        # Each library wants an Auth of its own class. httpx need not be there: its successor came with us.
        try:
            import httpx
        except ImportError:
            return httpx2.Auth
        return type("_Base", (httpx2.Auth, httpx.Auth), {})

    _Base = _base()


class Auth(_Base):
    """Puts a live token into every request to the API; sync and async clients share one refresh.

    A 401 that refuses the token is repeated once with another one. The header goes to the API's own origin alone: not
    to another address, not along a redirect. Raises what `Profile.token` raises.
    """

    def __init__(self, me: Profile) -> None:
        self._me = me

    def sync_auth_flow(self, request: Any) -> Generator[Any, Any, None]:  # noqa: ANN401  # a Request of either library
        """For `Client`."""
        if not is_for_api(self._me, str(request.url)):
            yield request
            return
        request.read()  # a body that is sent twice must be whole
        request.headers["authorization"] = header(self._me.token())
        response = yield request
        if self._may_be_refused(response):
            response.read()
            if is_worth_another_token(response.status_code, response.content):
                request.headers["authorization"] = header(self._me.token(not_this=_sent(request)))
                yield request

    async def async_auth_flow(self, request: Any) -> AsyncGenerator[Any, Any]:  # noqa: ANN401  # as above
        """For `AsyncClient`. A refresh is waited for, and runs on if the waiter is cancelled."""
        if not is_for_api(self._me, str(request.url)):
            yield request
            return
        await request.aread()
        request.headers["authorization"] = header(await self._me.token_async())
        response = yield request
        if self._may_be_refused(response):
            await response.aread()
            if is_worth_another_token(response.status_code, response.content):
                request.headers["authorization"] = header(await self._me.token_async(not_this=_sent(request)))
                yield request

    def _may_be_refused(self, response: Any) -> bool:  # noqa: ANN401  # a Response of either library
        # After a redirect the answer may be another host's, and says nothing about the token.
        return bool(response.status_code == 401 and is_for_api(self._me, str(response.request.url)))


def _sent(request: Any) -> str:  # noqa: ANN401  # a Request of either library
    return token_in(request.headers["authorization"])
