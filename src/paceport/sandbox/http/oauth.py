"""The OAuth endpoints: consent page, tokens, revocation."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping

from werkzeug import Request, Response

from paceport.sandbox.http.consent_page import authorize
from paceport.sandbox.http.routing import Call, HttpRoute, json_answer
from paceport.sandbox.json.athlete import summary_athlete
from paceport.sandbox.json.values import Json
from paceport.sandbox.state.grants import App, IssuedTokens
from paceport.sandbox.state.refusals import Refusal, bad_request, capacity_reached, not_found, unauthorized
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
        return json_answer(_token_answer(call.world, issued))
    if grant_type != "authorization_code":
        raise bad_request("Application", "grant_type")
    code = fields.get("code", "")
    _check_capacity(call.world, app, code)
    issued = call.world.grants.exchange(app.client_id, code, call.now)
    value = _token_answer(call.world, issued)
    person = call.world.person(issued.athlete_id)
    if person is not None:
        value["athlete"] = summary_athlete(person)
    return json_answer(value)


def revoke(call: Call) -> Response:
    """End a token and what hangs on it; an unknown token is as good as ended."""
    app = _basic_app(call)
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
    meter = call.world.request_counts(grant.client_id)
    meter.count(call.now, is_read=True)
    headers = meter.headers()
    call.world.grants.revoke(grant.client_id, grant.athlete_id)
    result = json_answer({"access_token": value})
    result.headers.extend(headers)
    return result


def access_token(request: Request, *, header_only: bool) -> str:
    """The access token of a request: from the header, else from query or form where that still counts."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    return "" if header_only else request.values.get("access_token", "")


def _fields(call: Call) -> Mapping[str, str]:
    request = call.request
    if request.mimetype == "application/json" and call.world.switches["json_token_body"]:
        try:
            value = json.loads(request.get_data())
        except (ValueError, RecursionError):
            value = None
        return {name: str(part) for name, part in value.items()} if isinstance(value, dict) else {}
    return {**request.args.to_dict(), **request.form.to_dict()}


def authenticated_app(world: World, fields: Mapping[str, str]) -> App:
    """The app of a client id and its secret. Raises the refusals of an unknown id and of a wrong secret."""
    app = world.find_app(fields.get("client_id", ""))
    if app is None:
        raise bad_request("Application", "client_id")
    if not _same(app.client_secret, fields.get("client_secret", "")):
        raise unauthorized("Application", "")
    return app


def _basic_app(call: Call) -> App:
    kind, _, value = call.request.headers.get("Authorization", "").partition(" ")
    try:
        pair = base64.b64decode(value.strip(), validate=True).decode() if kind.lower() == "basic" else ""
    except (binascii.Error, ValueError):
        pair = ""
    client_id, _, secret = pair.partition(":")
    app = call.world.find_app(client_id)
    if app is None or not _same(app.client_secret, secret):
        raise Refusal(401, "Authorization Error")
    return app


def _check_capacity(world: World, app: App, code: str) -> None:
    if not world.switches["capacity_at_token_endpoint"]:
        return
    athlete_id = world.grants.owner_of_code(code)
    if athlete_id is not None and len(world.grants.connected(app.client_id)) > world.switches.number(
        "athlete_capacity"
    ):
        raise capacity_reached()


def _token_answer(world: World, issued: IssuedTokens) -> Json:
    value: Json = {
        "token_type": "Bearer",
        "expires_at": issued.expires_at_s,
        "expires_in": issued.expires_in_s,
        "refresh_token": issued.refresh_token,
        "access_token": issued.access_token,
    }
    if world.switches["scope_in_token_answer"]:
        value["scope"] = ",".join(issued.scopes)
    return value


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "replace"))


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
