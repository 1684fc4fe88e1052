"""The application: which address is answered by what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from paceport.errors import PaceportError
from paceport.service.guard import Guard
from paceport.service.html import ASSETS_PATH, write_page
from paceport.service.lanes import Lane, LaneFull
from paceport.service.machine_routes import MachineRoutes
from paceport.service.page_routes import PageRoutes
from paceport.service.parts import ServiceParts
from paceport.service.request_body import BodyRefused

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from paceport.web.server_config import TimedProtocol

Endpoint = Callable[[Request], Awaitable[Response]]
_AGAIN = {"retry-after": "10"}


class ServiceApp:
    """All routes behind their guard. `table` are method, path and endpoint of each."""

    def __init__(self, parts: ServiceParts) -> None:
        self._parts = parts
        pages, machines = PageRoutes(parts), MachineRoutes(parts)
        self._machines = machines
        self._lanes: tuple[Lane, ...] = (*pages.lanes, *machines.lanes)
        self.table: list[tuple[str, str, Endpoint]] = [
            # Searched from the top: what comes in floods is first.
            ("POST", "/webhook", machines.take_event),
            ("GET", "/athletes/{athlete_id}/token", machines.token),
            ("GET", "/", pages.root),
            ("GET", ASSETS_PATH + "{name}", pages.asset),
            ("GET", "/connect", pages.ask),
            ("POST", "/connect", pages.begin),
            ("GET", "/callback", pages.callback),
            ("GET", "/me", pages.own),
            ("POST", "/me/files", pages.upload),
            ("POST", "/me/disconnect", pages.disconnect),
            ("POST", "/me/leave", pages.leave),
            ("GET", "/webhook", machines.check_address),
            ("GET", "/health", machines.health),
            ("GET", "/metrics", machines.metrics),
            ("GET", "/openapi.json", machines.openapi),
        ]
        routes = [Route(path, _noted(path, endpoint), methods=[method]) for method, path, endpoint in self.table]
        handlers = {
            HTTPException: _http_error,
            PaceportError: self._our_error,
            LaneFull: _busy,
            BodyRefused: _body_refused,
            Exception: _bug,
        }
        self.asgi: ASGIApp = Guard(Starlette(routes=routes, exception_handlers=handlers), parts)  # type: ignore[arg-type]  # each handler takes its own error

    @property
    def protocol(self) -> type[TimedProtocol]:
        """What speaks HTTP on each connection."""
        return self._machines.protocol

    async def close(self) -> None:
        """Wait for what runs."""
        await self._machines.close()
        for lane in self._lanes:
            lane.close()

    async def _our_error(self, request: Request, error: PaceportError) -> Response:
        self._parts.log.failure("failed", error)
        return _refusal(request, 503, "This does not work just now. Please try again in a minute.", headers=_AGAIN)


def _noted(path: str, endpoint: Endpoint) -> Endpoint:
    async def noting(request: Request) -> Response:
        request.scope["paceport.route"] = path
        return await endpoint(request)

    return noting


async def _http_error(request: Request, error: HTTPException) -> Response:
    why = {404: "There is nothing at this address.", 405: "This address does not know that method."}
    return _refusal(request, error.status_code, why.get(error.status_code, error.detail))


async def _busy(request: Request, error: LaneFull) -> Response:
    del error
    return _refusal(request, 503, "Too many ask at once. Please try again in a minute.", headers=_AGAIN)


async def _body_refused(request: Request, error: BodyRefused) -> Response:
    return _refusal(request, error.status, "What was sent is too large, or came too slowly.")


async def _bug(request: Request, error: Exception) -> Response:
    del error  # the guard writes it to the log
    return _refusal(request, 500, "Something went wrong here; it is in the log.")


def _refusal(request: Request, status: int, why: str, *, headers: dict[str, str] | None = None) -> Response:
    """A page for a browser that visits, JSON for everybody else."""
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"error": "refused", "why": why}, status_code=status, headers=headers)
    link = ("/connect", "To the start")
    page = write_page("message.html", form_token="", title=why, lines=(), rows=(), link=link)
    return HTMLResponse(page, status_code=status, headers=headers)
