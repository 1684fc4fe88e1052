"""`sandbox --connect`: every athlete of a running sandbox connects to a service, as each would in a browser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urljoin

from paceport.cli.consent_form import consent_answer
from paceport.cli.invocation import Invocation
from paceport.errors import GatewayAnswer, NetworkError, UsageError
from paceport.http_message import Request, Response, Send, is_loopback, origin_of

# An athlete's years of runs are made when the athlete is first asked for, which takes its time on a busy machine.
_STARTS_WITHIN_S, _ANSWERS_WITHIN_S, _PAUSE_S = 60.0, 120.0, 0.2


def connect_all(invocation: Invocation, service_url: str) -> None:
    """Let all athletes agree at the sandbox that the environment names. Raises UsageError, NetworkErrors.

    What is just starting is waited for.
    """
    sandbox = invocation.settings().oauth_url
    if not (is_loopback(sandbox) and is_loopback(service_url)):
        raise UsageError(
            what="`sandbox --connect` is for a sandbox and a service on this machine",
            why=f"the environment names {origin_of(sandbox)}",
            fix='eval "$(paceport sandbox --print-env)", then repeat the command',
        )
    send = invocation.profile().send
    _wait_for(invocation, send, f"{service_url.rstrip('/')}/health")
    _wait_for(invocation, send, f"{sandbox}/_sandbox")
    athletes = json.loads(_ask(send, "GET", f"{sandbox}/_sandbox").body)["athletes"]
    # Ten athletes are all that an app gets before Strava has reviewed it; here it has.
    _ask(send, "PUT", f"{sandbox}/_sandbox/switches", body=json.dumps({"athlete_capacity": len(athletes)}).encode())
    connected = 0
    for athlete in athletes:
        body = json.dumps({"sign_in": athlete["id"]}).encode()
        _ask(send, "PUT", f"{sandbox}/_sandbox/state", body=body)
        connected += _connect(send, service_url)
    invocation.output.success(f"{connected:,} of {len(athletes):,} athletes have connected.")


def _connect(send: Send, service_url: str) -> bool:
    """One athlete, from the service to the consent page and back; whether the service has let the athlete in."""
    begun = _ask(send, "POST", f"{service_url.rstrip('/')}/connect", headers={"origin": origin_of(service_url)})
    consent = begun.headers.get("location")
    if consent is None:
        return False
    asked = _ask(send, "GET", consent)
    # Whoever has agreed before is sent straight back.
    agreed = asked if "location" in asked.headers else consent_answer(send, consent)
    back = urljoin(service_url, agreed.headers.get("location", ""))
    cookie = begun.headers.get("set-cookie", "").partition(";")[0]
    return "location" in _ask(send, "GET", back, headers={"cookie": cookie}).headers


def _wait_for(invocation: Invocation, send: Send, url: str) -> None:
    give_up_at_s = invocation.clock.monotonic_s() + _STARTS_WITHIN_S
    while True:
        try:
            _ask(send, "GET", url)
        except GatewayAnswer:
            return
        except NetworkError:
            if invocation.clock.monotonic_s() >= give_up_at_s:
                raise
            invocation.clock.sleep(_PAUSE_S)
        else:
            return


def _ask(send: Send, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Response:
    request = Request(method=method, url=url, headers=dict(headers or {}), body=body)
    return send(request, timeout_s=_ANSWERS_WITHIN_S)
