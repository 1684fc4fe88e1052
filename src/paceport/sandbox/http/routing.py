"""What a route is, and what its handler is given."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug import Request, Response

from paceport.sandbox.athletes.people import Person
from paceport.sandbox.state.grants import Grant
from paceport.sandbox.state.refusals import Refusal, bad_request, not_found, scope_missing
from paceport.sandbox.state.world import World

DEFAULT_PAGE = 30
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, as its handler gets it. `args` are the parts of the path; `holder` is None on open routes."""

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

    @property
    def site(self) -> str:
        """The address that the request came to, as the client names it: where pages and pictures lie."""
        return self.request.host_url.rstrip("/")

    def require(self, scope: str) -> None:
        """Raise the refusal of a token that lacks a scope."""
        if not self.grant.allows(scope):
            raise self.scope_missing(scope)

    def scope_missing(self, scope: str) -> Refusal:
        """The refusal of a token that lacks a scope, with the status that is set."""
        return scope_missing(scope, self.world.switches.number("missing_scope_status"))

    @property
    def athlete(self) -> Person:
        """The athlete the token belongs to. Raises the refusal of a token whose athlete does not exist."""
        person = self.world.person(self.grant.athlete_id)
        if person is None:
            raise not_found()
        return person

    def page(self) -> tuple[int, int]:
        """Page number and page size, held to what the service takes."""
        page, per_page = self.integer("page", 1), self.integer("per_page", DEFAULT_PAGE)
        if page < 1:
            if self.world.switches["page_zero"] == "refuse":
                raise bad_request("Application", "page")
            page = 1
        if per_page > LARGEST_PAGE and self.world.switches["per_page_over_200"] == "refuse":
            raise bad_request("Application", "per_page")
        if per_page < 1:
            raise bad_request("Application", "per_page")
        return page, min(per_page, LARGEST_PAGE)

    def page_slice(self) -> slice:
        """The rows of a list that the page asked for holds."""
        page, per_page = self.page()
        return slice((page - 1) * per_page, page * per_page)

    def fields(self, resource: str) -> dict[str, str]:
        """What a body says, form or JSON, over what the query says, as texts; null counts as absent.

        Several public clients send JSON where forms are documented. Raises the refusal of a body that is no object.
        """
        texts = self.request.args.to_dict()
        if not self.has_json_body:
            return {**texts, **self.request.form.to_dict()}
        for name, value in self.json_body(resource).items():
            if value is not None:
                texts[name] = str(value).lower() if isinstance(value, bool) else str(value)
        return texts

    @property
    def has_json_body(self) -> bool:
        """Whether the request says that its body is JSON."""
        return self.request.mimetype == "application/json"

    def json_body(self, resource: str) -> dict[str, Any]:
        """The object of a JSON body. Raises the refusal of anything else, in the name of `resource`."""
        try:
            value = json.loads(self.request.get_data())
        except (ValueError, RecursionError) as error:
            raise bad_request(resource, "body") from error
        if not isinstance(value, dict):
            raise bad_request(resource, "body")
        return value

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


def _refuse(name: str) -> int:
    raise bad_request("Application", name)
