"""A service on a socket, until it is told to end; and what it does beside answering, once a minute."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta

import uvicorn

from paceport.errors import PaceportError, UsageError
from paceport.jobs.plan import KEPT_FOR
from paceport.service.parts import ServiceParts
from paceport.storage.postgres.api_keys import ApiKeys
from paceport.web.server_config import server_config

# 2,000 people who connect at once are as many connections.
_MOST_AT_ONCE = 4096
_BACKLOG = 2048
_EACH_S = 60.0
_GRACE_S = 20
USES_KEPT = timedelta(days=90)


def bind(address: str, port: int) -> socket.socket:
    """A listening socket. Raises UsageError where the address or the port cannot be used."""
    try:
        # With its protocol named asyncio switches Nagle's algorithm off, which holds a small answer back for 40 ms.
        family, kind, protocol, _, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with ExitStack() as opened:
            listening = opened.enter_context(socket.socket(family, kind, protocol))
            # A server that has just ended must not block the next one; on Windows the option would mean something else.
            if hasattr(socket, "SO_REUSEPORT"):
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(place)
            listening.listen(_BACKLOG)
            opened.pop_all()
        return listening
    except (OSError, OverflowError) as error:
        raise UsageError(
            what=f"Port {port} of {address} cannot be used",
            why=str(getattr(error, "strerror", None) or error),
            fix="name another: paceport service --port 8001, or --bind an address of this machine",
        ) from error


def serve(parts: ServiceParts, listening: socket.socket, *, ready: Callable[[Callable[[], None]], None]) -> None:
    """Answer requests until SIGINT or SIGTERM; those that have begun get time to end.

    `ready` is called when it begins, with a function that ends it from any thread.
    """
    asyncio.run(_serve(parts, listening, ready))


async def _serve(parts: ServiceParts, listening: socket.socket, ready: Callable[[Callable[[], None]], None]) -> None:
    # Every route of the service, when the first is to be answered.
    from paceport.service.app import ServiceApp

    app = ServiceApp(parts)
    # What proxies say of the client is not believed, for nothing here depends on it.
    config = server_config(app.asgi, most_at_once=_MOST_AT_ONCE, grace_s=_GRACE_S, http=app.protocol, backlog=_BACKLOG)
    server, tidying = uvicorn.Server(config), asyncio.create_task(_tidy_each_minute(parts))

    def end() -> None:
        server.should_exit = True

    try:
        ready(end)
        await server.serve(sockets=[listening])
    finally:
        tidying.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await tidying
        await app.close()


async def _tidy_each_minute(parts: ServiceParts) -> None:
    while True:
        await asyncio.to_thread(tidy, parts)
        await asyncio.sleep(_EACH_S)


def tidy(parts: ServiceParts) -> None:
    """Save logins of processes that died in between; forget what has expired. Trouble is logged."""
    from paceport.service.connect import settle_kept_answers

    try:
        now = parts.clock.now()
        settled = settle_kept_answers(parts)
        if settled:
            parts.log.write("logins settled", count=settled)
        parts.states.erase_expired(now=now)
        parts.service_rows.erase_expired(now=now)
        ApiKeys(parts.database).erase_uses(before=now - USES_KEPT)
        # The workers do that, too; what has expired goes even where none runs.
        parts.members.erase_expired(now=now, long_ago=now - KEPT_FOR)
    except PaceportError as error:
        parts.log.failure("tidy", error)
