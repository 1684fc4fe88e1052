"""One address for the applications of several profiles: one of them answers, until another one is chosen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class ProfileSwitch:
    """An ASGI application that hands every request to that of the chosen profile. Close it at the end.

    `open_app` opens the application of a profile of that name. Each has a logbook, charts and tasks of its own, so
    nothing of one profile can be seen in another.
    """

    def __init__(self, open_app: Callable[[str], AbstractContextManager[ASGIApp]]) -> None:
        self._open_app = open_app
        self._lock = threading.Lock()
        self._opened = ExitStack()
        self._app: ASGIApp | None = None

    def choose(self, name: str) -> None:
        """Answer with this profile from now on. Raises what opening it raises; the one before then stays."""
        with self._lock, ExitStack() as opening:
            app = opening.enter_context(self._open_app(name))
            before, self._opened = self._opened, opening.pop_all()
            self._app = app
            before.close()

    def close(self) -> None:
        """Close the application that answers."""
        with self._lock:
            self._app = None
            self._opened.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request on."""
        app = self._app
        if app is None:
            raise RuntimeError("no profile was chosen")
        await app(scope, receive, send)
