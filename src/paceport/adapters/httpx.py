"""The login inside `httpx2` and `httpx`: `Client(auth=Auth(me))` and `AsyncClient(auth=Auth(me))` alike."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx2

from paceport.adapters.bearer import Refusal, header, is_for_api, token_in
from paceport.lazy_dataclass import dataclass
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
        steps, result = self._steps(request), None
        while (step := _next_step(steps, result)) is not None:
            match step:
                case _Send():
                    result = yield step.request
                case _ReadBody():
                    result = step.message.read()
                case _GetToken():
                    result = self._me.token(not_this=step.not_this)
                case _Judge():
                    result = step.refusal.is_worth_another_token(self._me)

    async def async_auth_flow(self, request: Any) -> AsyncGenerator[Any, Any]:  # noqa: ANN401  # as above
        """For `AsyncClient`. A refresh is waited for, and runs on if the waiter is cancelled."""
        steps, result = self._steps(request), None
        while (step := _next_step(steps, result)) is not None:
            match step:
                case _Send():
                    result = yield step.request
                case _ReadBody():
                    result = await step.message.aread()
                case _GetToken():
                    result = await self._me.token_async(not_this=step.not_this)
                case _Judge():
                    import asyncio  # heavy, and sync callers never need it

                    # It may send a request, which must not hold up the loop.
                    result = await asyncio.to_thread(step.refusal.is_worth_another_token, self._me)

    def _steps(self, request: Any) -> Generator[_Step, Any, None]:  # noqa: ANN401  # as above
        """All that is done for one request. Each step is sent its result: a response, a body, a token."""
        if not is_for_api(self._me, str(request.url)):
            yield _Send(request)
            return
        yield _ReadBody(request)  # a body that is sent twice must be whole
        token = yield _GetToken()
        request.headers["authorization"] = header(token)
        response = yield _Send(request)
        # After a redirect the answer may be another host's, and says nothing about the token.
        if response.status_code != 401 or not is_for_api(self._me, str(response.request.url)):
            return
        yield _ReadBody(response)
        refused = token_in(request.headers["authorization"])
        refusal = Refusal(method=request.method, url=str(request.url), token=refused, body=response.content)
        if (yield _Judge(refusal)):
            token = yield _GetToken(not_this=refused)
            request.headers["authorization"] = header(token)
            yield _Send(request)


@dataclass(frozen=True, slots=True)
class _Send:
    request: Any


@dataclass(frozen=True, slots=True)
class _ReadBody:
    message: Any


@dataclass(frozen=True, slots=True)
class _GetToken:
    not_this: str | None = None


@dataclass(frozen=True, slots=True)
class _Judge:
    refusal: Refusal


_Step: TypeAlias = _Send | _ReadBody | _GetToken | _Judge


def _next_step(steps: Generator[_Step, Any, None], result: Any) -> _Step | None:  # noqa: ANN401  # a step's result
    try:
        return steps.send(result)
    except StopIteration:
        return None
