"""Stands before every page: refuses strangers, asks for the session, and says what a browser may do with an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from paceport.look.page_headers import CONTENT_POLICY, PAGE_HEADERS
from paceport.web.access import (
    ANSWER_PATH,
    ENTRY_PATH,
    WRITE_TOKEN_FIELD,
    Access,
    Refusal,
    Session,
    changes_something,
    refuse_answer,
    refuse_stranger,
    refuse_write,
)
from paceport.web.form_post import form_fields, is_form, read_body, replay

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASSETS_PATH = "/assets/"
# Runs are private, and those of the API may not outlive their date on the browser's disk.
_NOT_KEPT = (b"cache-control", b"no-store")


def origin_of_tiles(address: str) -> str:
    """Scheme, host and port of the address of a street map; "" for none. It is checked where settings are read."""
    return "/".join(address.split("/")[:3])


class Guard:
    """An ASGI application round another one. The session is put into `scope["paceport.session"]`.

    Images may come from `image_origin`, too, where it is not empty.
    """

    def __init__(
        self, inner: ASGIApp, *, access: Access, refused: Callable[[Refusal], Response], image_origin: str = ""
    ) -> None:
        self._inner, self._access, self._refused = inner, access, refused
        policy = CONTENT_POLICY.replace("blob:;", f"blob: {image_origin};") if image_origin else CONTENT_POLICY
        self._headers = {**PAGE_HEADERS, b"content-security-policy": policy.encode()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or hand on one request; anything that is not HTTP is closed."""
        if scope["type"] != "http":
            raise RuntimeError(f"a connection of type {scope['type']} is not answered")

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name.lower() for name, _ in message["headers"]}
                extra = [*self._headers.items(), *([] if b"cache-control" in names else [_NOT_KEPT])]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refuse_reading(scope, headers)
        if refusal is None and changes_something(scope["method"]):
            form_token = ""
            if is_form(headers):
                body = await read_body(receive)
                receive = replay(body or b"", receive)
                form_token = form_fields(body).get(WRITE_TOKEN_FIELD, "")
            refusal = self._refuse_change(scope, headers, form_token)
        answer = self._inner if refusal is None else self._refused(refusal)
        await answer(scope, receive, send_guarded)

    def _refuse_reading(self, scope: Scope, headers: Mapping[str, str]) -> Refusal | None:
        path = scope["path"]
        if path.startswith(ANSWER_PATH):
            return refuse_answer(scope["method"], headers, self._access)
        stranger = refuse_stranger(scope["method"], headers, self._access)
        if stranger is not None or path.startswith((ENTRY_PATH, ASSETS_PATH)):
            return stranger
        session = self._access.session(headers.get("cookie", ""))
        if session is None:
            return Refusal(status=401, why="This browser has not been let in yet, or the server was started anew.")
        scope["paceport.session"] = session
        return None

    def _refuse_change(self, scope: Scope, headers: Mapping[str, str], form_token: str) -> Refusal | None:
        session: Session | None = scope.get("paceport.session")
        if session is None:  # the addresses that anybody may read; none of them takes a change
            return None
        return refuse_write(scope["method"], headers, session, self._access, form_token=form_token)
