"""The OAuth endpoints: consent page, tokens, revocation."""

from __future__ import annotations

import json
from collections.abc import Mapping

from werkzeug import Response

from paceport.sandbox.http.answers import json_answer
from paceport.sandbox.http.consent_page import authorize
from paceport.sandbox.http.credentials import access_token, app_of_basic_header, authenticated_app
from paceport.sandbox.http.rate_limit_headers import rate_limit_headers
from paceport.sandbox.http.routing import Call, HttpRoute
from paceport.sandbox.json.athlete import token_athlete
from paceport.sandbox.json.tokens import tokens_json
from paceport.sandbox.state.grants import App
from paceport.sandbox.state.refusals import bad_request, capacity_reached, not_found, unauthorized
from paceport.sandbox.state.world import World


def token(call: Call) -> Response:
    """Exchange a code or refresh a token. Checks come in the order client id, secret, grant."""
    fields = _fields(call)
    app = authenticated_app(call.world, fields)
    grant_type = fields.get("grant_type", "")
    if not grant_type and call.world.switches["missing_grant_type"] == "authorization_code":
        grant_type = "authorization_code"
    if grant_type == "refresh_token":
        issued = call.world.grants.refresh(app.client_id, fields.get("refresh_token", ""), call.now)
        return json_answer(tokens_json(issued, with_scope=bool(call.world.switches["scope_in_token_answer"])))
    if grant_type != "authorization_code":
        raise bad_request("Application", "grant_type")
    code = fields.get("code", "")
    _check_capacity(call.world, app, code)
    issued = call.world.grants.exchange(app.client_id, code, call.now)
    value = tokens_json(issued, with_scope=bool(call.world.switches["scope_in_token_answer"]))
    person = call.world.person(issued.athlete_id)
    if person is not None:
        value["athlete"] = token_athlete(person, call.site, str(call.world.switches["token_athlete"]))
    return json_answer(value)


def revoke(call: Call) -> Response:
    """End a token and what hangs on it; an unknown token is as good as ended."""
    app = app_of_basic_header(call.world, call.request)
    value = call.request.form.get("token", "")
    if not value:
        raise bad_request("Application", "token", "missing")
    owner = call.world.grants.client_of(value)
    if owner is not None and owner[0] == app.client_id:
        spares = call.world.switches["access_token_revocation"] == "token"  # noqa: S105  # a word, no password
        if spares and call.world.grants.holder(value, call.now):
            call.world.grants.drop_access_token(value)
        else:
            call.world.grants.revoke(*owner)
    return Response(b"", status=200)


def deauthorize(call: Call) -> Response:
    """The older way to end a grant, by its own access token."""
    if not call.world.switches["legacy_deauthorize"]:
        raise not_found()
    value = access_token(call.request, header_only=bool(call.world.switches["header_only"]))
    grant = call.world.grants.holder(value, call.now)
    if grant is None:
        raise unauthorized("Athlete", "access_token")
    counts = call.world.request_counts(grant.client_id)
    counts.count(call.now, is_read=True)
    headers = rate_limit_headers(counts)
    call.world.grants.revoke(grant.client_id, grant.athlete_id)
    result = json_answer({"access_token": value})
    result.headers.extend(headers)
    return result


def _fields(call: Call) -> Mapping[str, str]:
    request = call.request
    if request.mimetype == "application/json" and call.world.switches["json_token_body"]:
        try:
            value = json.loads(request.get_data())
        except (ValueError, RecursionError):
            value = None
        return {name: str(part) for name, part in value.items()} if isinstance(value, dict) else {}
    return {**request.args.to_dict(), **request.form.to_dict()}


def _check_capacity(world: World, app: App, code: str) -> None:
    if not world.switches["capacity_at_token_endpoint"]:
        return
    athlete_id = world.grants.owner_of_code(code)
    if athlete_id is not None and len(world.grants.connected(app.client_id)) > world.switches.number(
        "athlete_capacity"
    ):
        raise capacity_reached()


ROUTES = (
    HttpRoute(method="GET", path="/oauth/authorize", handler=authorize),
    HttpRoute(method="POST", path="/oauth/authorize", handler=authorize),
    HttpRoute(method="GET", path="/oauth/mobile/authorize", handler=authorize),
    HttpRoute(method="POST", path="/oauth/mobile/authorize", handler=authorize),
    HttpRoute(method="POST", path="/oauth/token", handler=token),
    HttpRoute(method="POST", path="/api/v3/oauth/token", handler=token),
    HttpRoute(method="POST", path="/oauth/revoke", handler=revoke),
    HttpRoute(method="POST", path="/oauth/deauthorize", handler=deauthorize),
    HttpRoute(method="POST", path="/api/v3/oauth/deauthorize", handler=deauthorize),
)
