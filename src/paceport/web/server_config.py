"""What `paceport serve` and `paceport service` tell uvicorn, and a connection that waits for nobody's request for ever.

uvicorn closes a connection that rests after an answer. One that sends its first request a byte at a time, or goes on
with a body after its answer, it would keep for ever, and enough of them would leave no place for anybody else.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from starlette.types import ASGIApp

LONGEST_HEAD = 16 * 1024
# A request line and its headers come within this, as bodies have times of their own.
LONGEST_HEAD_S = 10.0


class TimedProtocol(H11Protocol):
    """A connection that is closed when no whole request head has come for `longest_head_s`."""

    longest_head_s = LONGEST_HEAD_S
    _closing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._note_progress()

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        super().data_received(data)
        self._note_progress()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    @property
    def had_request(self) -> bool:
        """Whether a whole request head has come on this connection."""
        return getattr(self, "cycle", None) is not None  # uvicorn's type says that there always is one

    def _note_progress(self) -> None:
        if self.had_request and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._closing is None:
            self._closing = self.loop.call_later(self.longest_head_s, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None


def server_config(
    app: ASGIApp, *, most_at_once: int, grace_s: int, http: type[TimedProtocol] = TimedProtocol, **named: Any
) -> uvicorn.Config:
    """The settings of a server that says nothing about itself, logs nothing, and believes no proxy.

    `most_at_once` connections are answered, further ones get 503. At the end open ones have `grace_s` to finish.
    """
    return uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        log_level="critical",
        lifespan="off",
        loop="asyncio",
        http=http,
        ws="none",
        proxy_headers=False,
        server_header=False,
        limit_concurrency=most_at_once,
        h11_max_incomplete_event_size=LONGEST_HEAD,
        timeout_graceful_shutdown=grace_s,
        **named,
    )
