"""What a route is, and what its handler is given: the words every `routes_*` module is written in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug import Request, Response

from paceport.sandbox.state.grants import Grant
from paceport.sandbox.state.refusals import bad_request, unauthorized
from paceport.sandbox.state.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request on its way to its handler. `args` are the parts of the path; `holder` is None on open routes."""

    world: World
    request: Request
    args: Mapping[str, Any]
    now: datetime
    holder: Grant | None = None

    @property
    def grant(self) -> Grant:
        """The grant behind the access token, on routes that have checked one."""
        if self.holder is None:
            raise TypeError("an open route has no grant")
        return self.holder

    def need(self, scope: str) -> None:
        """Raise the refusal of a token that lacks a scope."""
        if not self.grant.allows(scope):
            raise scope_missing(self.world, scope)

    def integer(self, name: str, default: int) -> int:
        """A whole number of the query. Raises the refusal of anything else."""
        text = self.request.args.get(name, "").strip()
        if not text:
            return default
        try:
            return int(text) if len(text) <= 18 else _refuse(name)
        except ValueError:
            return _refuse(name)

    def flag(self, name: str, default: bool = False) -> bool:
        """A truth value of the query, as the service reads them."""
        text = self.request.args.get(name)
        return default if text is None else text.lower() in ("true", "1", "t")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRoute:
    """One line of the service's table. `needs` is the scope checked before the handler, "" for none.

    `is_read` says whether a call counts against the read limits as well as the overall ones.
    """

    method: str
    path: str
    handler: Callable[[Call], Response]
    needs: str = ""
    is_read: bool = True


def json_answer(value: object, status: int = 200) -> Response:
    """A JSON answer, written as the service writes it: no spaces, UTF-8."""
    body = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, status=status, content_type="application/json; charset=utf-8")


def streams_answer(call: Call, streams: Mapping[str, Mapping[str, object]]) -> Response:
    """Streams as the query asks for them: an object by key, or else a list."""
    if call.flag("key_by_type"):
        return json_answer(streams)
    return json_answer([{"type": key, **stream} for key, stream in streams.items()])


def html_answer(text: str, status: int = 200) -> Response:
    """An HTML answer."""
    return Response(text.encode("utf-8", "replace"), status=status, content_type="text/html; charset=utf-8")


def scope_missing(world: World, scope: str) -> Exception:
    """The refusal of a token without a scope: permissions drop the `_all` of the scope that grants them."""
    refusal = unauthorized("AccessToken", f"{scope.removesuffix('_all')}_permission", "missing")
    refusal.status = world.switches.number("missing_scope_status")
    return refusal


def _refuse(name: str) -> int:
    raise bad_request("Application", name)
