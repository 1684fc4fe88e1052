"""`explain`: any error of the service, in any wrapping, as what happened, why, and what to do."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime

import click

from paceport.api.endpoints import Endpoint, find
from paceport.api.protocol import api_error
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import error_as_json
from paceport.error_body import Fault, FaultDetail, read_fault
from paceport.errors import AppCredentialsWrong, PaceportError, UnexpectedAnswer, UsageError
from paceport.explain.upload_errors import upload_fault, upload_text
from paceport.oauth.protocol.authorization import authorize_error
from paceport.oauth.protocol.token_endpoint import token_error
from paceport.text import clean

_LONGEST_INPUT = 1_000_000
_STATUS_LINE = re.compile(r"(?:HTTP/[\d.]+\s+|status(?:_code)?\W{1,4}|\b)([45]\d\d)\b", re.IGNORECASE)
_QUOTED = r"""\W{1,4}["']([^"']*)["']"""
_DETAIL = re.compile(
    rf"""["']?resource["']?{_QUOTED}.{{0,40}}?["']?field["']?{_QUOTED}.{{0,40}}?["']?code["']?{_QUOTED}""", re.DOTALL
)
_MISSING_PERMISSION = re.compile(r"\b((?:activity|profile):(?:read|write))_permission", re.IGNORECASE)
_TOKEN_ENDPOINT = ("AuthorizationCode", "RequestToken", "RefreshToken")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What was read out of a text, and what it means. `is_known` is False where no documentation speaks of it."""

    fault: Fault
    error: PaceportError
    is_known: bool


@click.command("explain")
@click.argument("text", required=False)
@click.option("--status", type=int, metavar="CODE", help="The HTTP status, where the text does not hold it.")
@click.option("--json", "as_json", is_flag=True, help="The explanation as JSON.")
@pass_invocation
def explain_command(invocation: Invocation, *, text: str | None, status: int | None, as_json: bool) -> None:
    """Explain an error of Strava: what happened, why, what to do.

    TEXT is the error in any wrapping: the JSON body, what curl -i printed, a library's message. Without TEXT it is
    read from stdin:  curl … | paceport explain
    """
    if text is None:
        if invocation.stdin_is_terminal:
            invocation.output.say("Paste the error, then press Ctrl-D:")
        text = invocation.stdin.read(_LONGEST_INPUT)
    explanation = explain(text, now=invocation.clock.now(), status=status)
    if as_json:
        invocation.output.json(
            {
                "read": {
                    "status": explanation.fault.status or None,
                    "message": explanation.fault.message,
                    "errors": [
                        {"resource": detail.resource, "field": detail.field, "code": detail.code}
                        for detail in explanation.fault.details
                    ],
                },
                "known": explanation.is_known,
                "explanation": error_as_json(explanation.error),
            }
        )
        return
    error = explanation.error
    invocation.output.say(f"Read: {explanation.fault}")
    invocation.output.facts([("What", error.what), ("Why", error.why), ("To do", error.fix)])


def explain(text: str, *, now: datetime, status: int | None = None) -> Explanation:
    """The meaning of an error text. Raises UsageError where the text holds nothing to explain."""
    uploaded = upload_text(text)
    if uploaded is not None:
        said = Fault(status=status or 0, message=clean(text.strip())[:200], details=(), is_json=False)
        return Explanation(fault=said, error=uploaded, is_known=True)
    fault = read_any(text, status=status)
    error = meaning(fault, now=now)
    return Explanation(fault=fault, error=error, is_known=not isinstance(error, UnexpectedAnswer))


def read_any(text: str, *, status: int | None = None) -> Fault:
    """The fault in a text: its JSON body wherever it stands, a library's wording, or a bare status."""
    text = text.strip()
    if not text and status is None:
        raise UsageError(
            what="There is nothing to explain", why="the text is empty", fix="paceport explain '<the error>'"
        )
    start = text.find("{")
    body = text[start : text.rfind("}") + 1] if start >= 0 else ""
    outside = text.replace(body, " ") if body else text
    found = _STATUS_LINE.search(outside)
    number = status or (int(found.group(1)) if found else 0)
    fault = read_fault(number, body)
    if fault.is_json and (fault.details or fault.message):
        return fault
    details = tuple(
        FaultDetail(resource=clean(resource), field=clean(field), code=clean(code))
        for resource, field, code in _DETAIL.findall(text)
    )
    permission = _MISSING_PERMISSION.search(text)
    if not details and permission:
        details = (FaultDetail(resource="AccessToken", field=permission.group(0).lower(), code="missing"),)
    if not details and "limit of connected athletes" in text.lower():
        return Fault(status=403, message="Limit of connected athletes exceeded", details=(), is_json=True)
    if not details and not number:
        raise UsageError(
            what="No error of Strava was found in that text",
            why="it holds neither a JSON error body, nor a status such as 401, nor words that Strava uses",
            fix="give the whole answer: curl -i … | paceport explain",
        )
    return Fault(status=number, message=_message_in(text), details=details, is_json=bool(details) or bool(body))


def meaning(fault: Fault, *, now: datetime) -> PaceportError:
    """The error of ours that a fault stands for, whichever endpoint it came from."""
    if any(fault.has(resource) for resource in _TOKEN_ENDPOINT):
        return token_error(fault)
    if fault.has("Application", "client_id") or fault.has("Application", "redirect_uri") or fault.has("Authorize"):
        return authorize_error(fault)
    if fault.has("Application", "", "invalid") and fault.status in (0, 401):
        return token_error(fault)
    uploaded = upload_fault(fault)
    if uploaded is not None:
        return uploaded
    if fault.status == 401 and fault.message.casefold() == "authorization error" and not fault.details:
        why = "an Authorization Error that names nothing is what /oauth/revoke says to a wrong id or secret"
        return AppCredentialsWrong(part="client id or secret", why=why)
    if any(detail.code == "exceeded" for detail in fault.details):
        fault = replace(fault, status=429)  # before 2017 it was a 403
    # The tuple says enough; the moment would only tell when a rate limit opens again.
    return api_error(with_status(fault), endpoint=_likely_endpoint(fault), granted=None, rates=None, now=now)


def _likely_endpoint(fault: Fault) -> Endpoint | None:
    """The call that people make when they meet this fault; it knows the wider scope they will want."""
    if fault.has("AccessToken", "activity:read_permission"):
        return find("GET", "/athlete/activities")
    return None


def with_status(fault: Fault) -> Fault:
    """The fault with the status that Strava sends with such a body, where only the body is known."""
    if fault.status:
        return fault
    told = {
        401: fault.has("AccessToken") or fault.has("Athlete", "access_token") or fault.has("Application", "internal"),
        403: fault.has("Application", "Status", "Inactive") or "connected athletes" in fault.message,
        429: any(detail.code == "exceeded" for detail in fault.details),
    }
    by_message = {
        "authorization error": 401,
        "bad request": 400,
        "forbidden": 403,
        "resource not found": 404,
        "record not found": 404,
        "rate limit exceeded": 429,
    }
    status = next((number for number, is_it in told.items() if is_it), by_message.get(fault.message.casefold(), 0))
    return replace(fault, status=status)


def _message_in(text: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        return ""
    message = value.get("message") if isinstance(value, dict) else None
    return clean(message)[:200] if isinstance(message, str) else ""
