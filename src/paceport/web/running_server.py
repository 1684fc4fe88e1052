"""A server that is already bound, answering in a thread until the block ends."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from paceport.errors import UsageError
from paceport.system_errors import reason_of
from paceport.web.access import ADDRESS

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_BACKLOG = 128
_MOST_AT_ONCE = 100


def bind(port: int) -> socket.socket:
    """A listening socket on loopback; 0 takes any free port. Raises UsageError where the port cannot be used."""
    # With its protocol named asyncio switches Nagle's algorithm off, which holds a small answer back for 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A server that has just ended must not block the next one; on Windows the option would mean something else.
        if hasattr(socket, "SO_REUSEPORT"):
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((ADDRESS, port))
        listening.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        why = reason_of(error) if isinstance(error, OSError) else str(error)
        is_taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        raise UsageError(
            what=f"Port {port} of {ADDRESS} cannot be used",
            why=f"{why}; perhaps paceport serve is running already" if is_taken else why,
            fix=f"{'use the page that is open, or ' if is_taken else ''}take a free port: paceport serve --port 0",
        ) from error
    return listening


@contextmanager
def running_server(app: ASGIApp, listening: socket.socket) -> Iterator[None]:
    """Answer requests in a thread; at the end of the block open ones get a second to finish."""
    import uvicorn

    from paceport.web.server_config import server_config

    config = server_config(app, most_at_once=_MOST_AT_ONCE, grace_s=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="web", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
