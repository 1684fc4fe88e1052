"""What a request carries to prove who asks: access token, client id and secret."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping

from werkzeug import Request

from paceport.sandbox.state.grants import App
from paceport.sandbox.state.refusals import Refusal, bad_request, unauthorized
from paceport.sandbox.state.world import World


def access_token(request: Request, *, header_only: bool) -> str:
    """The access token of a request: from the header, else from query or form where that still counts."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    return "" if header_only else request.values.get("access_token", "")


def authenticated_app(world: World, fields: Mapping[str, str]) -> App:
    """The app of a client id and its secret. Raises the refusals of an unknown id and of a wrong secret."""
    app = world.find_app(fields.get("client_id", ""))
    if app is None:
        raise bad_request("Application", "client_id")
    if not _same(app.client_secret, fields.get("client_secret", "")):
        raise unauthorized("Application", "")
    return app


def app_of_basic_header(world: World, request: Request) -> App:
    """The app of the header of HTTP's basic authentication. Raises the refusal of a wrong one."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    try:
        pair = base64.b64decode(value.strip(), validate=True).decode() if kind.lower() == "basic" else ""
    except (binascii.Error, ValueError):
        pair = ""
    client_id, _, secret = pair.partition(":")
    app = world.find_app(client_id)
    if app is None or not _same(app.client_secret, secret):
        raise Refusal(401, "Authorization Error")
    return app


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "replace"))
