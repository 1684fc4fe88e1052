"""The HTTP face: finds the route, checks token, limits and scope in the service's order, and adds the headers."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from email.utils import format_datetime
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from paceport.sandbox.http import control, oauth, pictures, push_subscriptions, website
from paceport.sandbox.http.answers import html_answer, json_answer, refusal_answer
from paceport.sandbox.http.api_routes import API_ROUTES
from paceport.sandbox.http.consent_page import LISTED
from paceport.sandbox.http.control_body import InvalidControlRequest
from paceport.sandbox.http.credentials import access_token
from paceport.sandbox.http.html_pages import render
from paceport.sandbox.http.rate_limit_headers import rate_limit_headers
from paceport.sandbox.http.routing import Call, HttpRoute
from paceport.sandbox.http.webhook_delivery import webhook_queue
from paceport.sandbox.state.grants import Grant
from paceport.sandbox.state.planned_faults import SOCKET_KINDS, FaultNeedsSocket, PlannedFault
from paceport.sandbox.state.refusals import (
    Refusal,
    bad_request,
    inactive,
    no_such_path,
    not_found,
    rate_limited,
    unauthorized,
)
from paceport.sandbox.state.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Set by the server: a list that takes the faults only a connection can have.
SOCKET_FAULTS = "paceport.sandbox.faults"
API_PREFIX = "/api/v3"
LARGEST_BODY = 64 * 1024 * 1024


def create_app(world: World) -> WSGIApplication:
    """The world as a WSGI application: for `server.serve`, for an in-process transport, for any WSGI server."""
    webhook_queue(world)
    return _WsgiApp(world)


class _WsgiApp:
    def __init__(self, world: World) -> None:
        self._world = world
        self._open = _map(
            (*oauth.ROUTES, *control.ROUTES, *pictures.ROUTES, HttpRoute(method="GET", path="/", handler=_home))
        )
        self._pages = _map(website.ROUTES)
        self._app_calls = _map(push_subscriptions.ROUTES)
        self._api = _map(API_ROUTES)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = LARGEST_BODY
        with self._world.lock:
            fault = self._next_fault(request)
            if fault is not None and fault.kind == "dropped":
                _on_socket(environ, fault)
                return Response(b"")(environ, start_response)
            result = self._fault_answer(fault) or self._answered(request)
            self._add_headers(result)
            request.close()  # the temporary files of an upload
            if fault is not None and fault.kind in SOCKET_KINDS:
                _on_socket(environ, fault)
        return result(environ, start_response)

    def _next_fault(self, request: Request) -> PlannedFault | None:
        if request.path.startswith("/_sandbox"):
            return None
        return self._world.faults.next_fault(request.method, request.path)

    def _answered(self, request: Request) -> Response:
        try:
            return self._dispatched(request)
        except Refusal as refusal:
            return refusal_answer(refusal)
        except InvalidControlRequest as error:
            return json_answer({"message": str(error)}, status=400)
        except HTTPException as error:
            return refusal_answer(Refusal(error.code or 400, error.name))

    def _dispatched(self, request: Request) -> Response:
        found = _match(self._open, request.path, request.method)
        if found is not None:
            return self._without_token(request, *found)
        path = request.path
        if path.startswith(API_PREFIX + "/"):
            path = path.removeprefix(API_PREFIX)
        elif self._world.switches["api_prefix"] != "":
            found = _match(self._pages, path, request.method)
            if found is not None:
                return self._without_token(request, *found)
            return self._page_not_found(request)
        found = _match(self._app_calls, path, request.method)
        if found is not None:
            return self._without_token(request, *found)
        found = _match(self._api, path, request.method)
        if found is None:
            raise no_such_path(str(self._world.switches["unknown_path"]))
        return self._api_answer(request, *found)

    def _without_token(self, request: Request, route: HttpRoute, args: dict[str, Any]) -> Response:
        if not route.path.startswith("/_sandbox"):
            self._world.requests[f"{route.method} {route.path}"] += 1
        return route.handler(Call(world=self._world, request=request, args=args, now=self._world.now()))

    def _api_answer(self, request: Request, route: HttpRoute, args: dict[str, Any]) -> Response:
        world, now = self._world, self._world.now()
        world.requests[f"{route.method} {route.path}"] += 1
        value = access_token(request, header_only=bool(world.switches["header_only"]))
        grant = world.grants.holder(value, now)
        if grant is None:
            raise self._dead_token()
        if grant.client_id in world.inactive:
            raise inactive()
        counts = world.request_counts(grant.client_id)
        counts.count(now, is_read=route.is_read)
        world.uploads.finish_overdue(now)
        result = self._limited_answer(
            Call(world=world, request=request, args=args, now=now, holder=grant), route, grant
        )
        if 400 <= result.status_code < 500 and result.status_code != 429 and not world.switches["refused_calls_count"]:
            counts.uncount(is_read=route.is_read)
        result.headers.extend(rate_limit_headers(counts))
        if (route.method, route.path) == ("POST", "/activities"):
            result.headers["X-ReadRateLimit-Usage"] = ","
        return result

    def _limited_answer(self, call: Call, route: HttpRoute, grant: Grant) -> Response:
        over = call.world.request_counts(grant.client_id).exceeded(is_read=route.is_read)
        try:
            if over is not None:
                raise self._rate_limited(over)
            if route.needs and not grant.allows(route.needs):
                raise call.scope_missing(route.needs)
            return route.handler(call)
        except Refusal as refusal:
            return refusal_answer(refusal)

    def _dead_token(self) -> Refusal:
        is_named = self._world.switches["dead_token_body"] == "access_token"  # noqa: S105  # a word, no password
        return unauthorized("Athlete", "access_token") if is_named else unauthorized("Application", "")

    def _rate_limited(self, over: str) -> Refusal:
        switches = self._world.switches
        return rate_limited(str(switches[f"{over}_limit_field"]), str(switches["rate_limit_body"]))

    def _page_not_found(self, request: Request) -> Response:
        """The website's own 404, a page; to a script that asks for JSON the API's."""
        if "json" in request.headers.get("Accept", ""):
            raise not_found()
        return html_answer(render("message.html", title="404", text="There is no such page here."), status=404)

    def _fault_answer(self, fault: PlannedFault | None) -> Response | None:
        if fault is None or fault.kind in SOCKET_KINDS:
            return None
        match fault.kind:
            case "html":
                return html_answer(render("gateway.html", status=fault.status or 502), status=fault.status or 502)
            case "rate_limited":
                return refusal_answer(self._rate_limited("overall"))
            case "inactive":
                return refusal_answer(inactive())
            case "revoked" if fault.path.endswith("/oauth/token"):
                return refusal_answer(bad_request("RefreshToken", "refresh_token"))
            case "revoked":
                return refusal_answer(self._dead_token())
            case _:
                # An outage has been recorded without `errors`; a refusal always has them, be they none.
                status = fault.status or 500
                errors: dict[str, list[str]] = {"errors": []} if status < 500 else {}
                return json_answer({"message": "error", **errors}, status=status)

    def _add_headers(self, result: Response) -> None:
        headers = result.headers
        # In plain letters, as the service writes it; the library would shout.
        with contextlib.suppress(ValueError):
            result.status = f"{result.status_code} {HTTPStatus(result.status_code).phrase}"
        headers["Date"] = format_datetime(self._world.now().replace(microsecond=0), usegmt=True)
        headers["X-Request-Id"] = self._world.random_streams.uuid("request")
        headers["Vary"] = "Accept, Origin"
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        if result.status_code < 300:
            headers.setdefault("Cache-Control", "max-age=0, private, must-revalidate")
            digest = hashlib.md5(result.get_data(), usedforsecurity=False).hexdigest()
            headers["ETag"] = f'W/"{digest}"'
        else:
            headers.setdefault("Cache-Control", "no-cache")


def _home(call: Call) -> Response:
    people = call.world.population.named(LISTED)
    return html_answer(render("home.html", people=people, others=len(call.world.people) - len(people)))


def _on_socket(environ: WSGIEnvironment, fault: PlannedFault) -> None:
    taker = environ.get(SOCKET_FAULTS)
    if taker is None:
        raise FaultNeedsSocket(f"planned fault {fault.kind!r} needs a socket: use paceport.sandbox.http.server")
    taker.append(fault)


@cache
def _map(routes: tuple[HttpRoute, ...]) -> Map:
    # The same for every world: compiling the rules takes as long as a hundred answers.
    rules = [Rule(route.path, methods=[route.method], endpoint=route) for route in routes]
    return Map(rules, strict_slashes=False, merge_slashes=False, redirect_defaults=False)


def _match(routes: Map, path: str, method: str) -> tuple[HttpRoute, dict[str, Any]] | None:
    try:
        endpoint, args = routes.bind("sandbox").match(path, method)
    except (NotFound, MethodNotAllowed):
        return None
    return endpoint, dict(args)
