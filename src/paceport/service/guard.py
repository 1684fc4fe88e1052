"""Stands before every route: checks Host and Origin, adds headers to answers, writes the log and counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from paceport.http_message import is_loopback
from paceport.look.page_headers import CONTENT_POLICY, PAGE_HEADERS
from paceport.service.parts import ServiceParts

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What asks these knows only an address, not the name that browsers use.
_ANY_HOST = frozenset({"/health", "/metrics"})
# Other programs call these: no page can make a browser do it with a session.
_FOR_PROGRAMS = ("/webhook", "/athletes/")
_BUG = 500
_READING = frozenset({"GET", "HEAD"})
_HSTS = (b"strict-transport-security", b"max-age=31536000")
_NOT_KEPT = (b"cache-control", b"no-store")


class Guard:
    """An ASGI application round another one. The route that answers is noted in `scope["paceport.route"]`."""

    def __init__(self, inner: ASGIApp, parts: ServiceParts) -> None:
        self._inner, self._parts = inner, parts
        options = parts.options
        # A form of ours leads on to Strava's consent page.
        policy = CONTENT_POLICY.replace("form-action 'self'", f"form-action 'self' {parts.app.origin}")
        headers = {**PAGE_HEADERS, b"content-security-policy": policy.encode()}
        self._headers = [*headers.items(), *([_HSTS] if options.is_https else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or hand on one request; anything that is not HTTP is closed."""
        if scope["type"] != "http":
            raise RuntimeError(f"a connection of type {scope['type']} is not answered")
        clock, begun_s, status = self._parts.clock, self._parts.clock.monotonic_s(), 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                names = {name.lower() for name, _ in message["headers"]}
                extra = [*self._headers, *([] if b"cache-control" in names else [_NOT_KEPT])]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refuse(scope["method"], scope["path"], headers)
        try:
            if refusal is None:
                await self._inner(scope, receive, send_guarded)
            else:
                await _answer_refusal(*refusal, send_guarded)
        except Exception as error:
            self._parts.log.failure("bug", error)
            if status == _BUG:
                return  # it is answered already
            if status:
                raise  # an answer has begun: the connection is closed
            await _answer_refusal(_BUG, "Something went wrong here; it is in the log.", send_guarded)
        finally:
            self._note(scope, status, clock.monotonic_s() - begun_s)

    def _refuse(self, method: str, path: str, headers: Mapping[str, str]) -> tuple[int, str] | None:
        """Why a request is not for us, with its status; None where it may be."""
        options = self._parts.options
        host = headers.get("host", "").lower()
        if path not in _ANY_HOST and host != options.host and not is_loopback(f"http://{host}"):
            return 421, f"This service answers at {options.base_url} only."
        if method in _READING or path.startswith(_FOR_PROGRAMS):
            return None
        if headers.get("origin") != options.origin or headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return 403, "Changes are taken from this service's own pages only."
        return None

    def _note(self, scope: Scope, status: int, took_s: float) -> None:
        route = scope.get("paceport.route") or "none"
        counters = self._parts.counters
        counters.add("paceport_requests_total", route=route, status=str(status))
        counters.add("paceport_request_seconds_sum", took_s, route=route)
        counters.add("paceport_request_seconds_count", route=route)
        # The route's pattern, never the address: that may hold a code, a state, or an athlete's number.
        self._parts.log.write(
            "request", method=scope["method"][:10], route=route, status=status, ms=round(took_s * 1000, 1)
        )


def cookie_name(base_url: str, name: str) -> str:
    """The name of a cookie: over TLS with the prefix that ties it to this host alone.

    Cookies do not keep ports apart, so without TLS, which is only on this machine, the port is in the name.
    """
    parts = urlsplit(base_url)
    return f"__Host-paceport-{name}" if parts.scheme == "https" else f"paceport-{name}-{parts.port or 80}"


async def _answer_refusal(status: int, why: str, send: Send) -> None:
    body = json.dumps({"error": "refused" if status != _BUG else "bug", "why": why}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
