"""An error body → the error of ours that it stands for, whichever endpoint it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from paceport.api.protocol import api_error
from paceport.error_body import ErrorBody
from paceport.errors import AppCredentialsWrong, PaceportError, UnexpectedAnswer
from paceport.explain.error_text import parse_error_text
from paceport.explain.missing_scope import likely_endpoint
from paceport.explain.upload_errors import upload_fault, upload_text
from paceport.oauth.protocol.authorization_url import authorize_error
from paceport.oauth.protocol.token_endpoint import token_error
from paceport.text import clean

_TOKEN_ENDPOINT = ("AuthorizationCode", "RequestToken", "RefreshToken")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What was read out of a text, and what it means. `is_known` is False where no documentation speaks of it."""

    fault: ErrorBody
    error: PaceportError
    is_known: bool


def explain(text: str, *, now: datetime, status: int | None = None) -> Explanation:
    """The meaning of an error text. Raises UsageError where the text holds nothing to explain."""
    uploaded = upload_text(text)
    if uploaded is not None:
        said = ErrorBody(status=status or 0, message=clean(text.strip())[:200], details=(), is_json=False)
        return Explanation(fault=said, error=uploaded, is_known=True)
    fault = parse_error_text(text, status=status)
    error = explain_fault(fault, now=now)
    return Explanation(fault=fault, error=error, is_known=not isinstance(error, UnexpectedAnswer))


def explain_fault(fault: ErrorBody, *, now: datetime) -> PaceportError:
    """The error of ours that a fault stands for, whichever endpoint it came from."""
    if any(fault.has_detail(resource) for resource in _TOKEN_ENDPOINT):
        return token_error(fault)
    if (
        fault.has_detail("Application", "client_id")
        or fault.has_detail("Application", "redirect_uri")
        or fault.has_detail("Authorize")
    ):
        return authorize_error(fault)
    if fault.has_detail("Application", "", "invalid") and fault.status in (0, 401):
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
    return api_error(with_status(fault), endpoint=likely_endpoint(fault), granted=None, rates=None, now=now)


def with_status(fault: ErrorBody) -> ErrorBody:
    """The fault with the status that Strava sends with such a body, where only the body is known."""
    if fault.status:
        return fault
    told = {
        401: fault.has_detail("AccessToken")
        or fault.has_detail("Athlete", "access_token")
        or fault.has_detail("Application", "internal"),
        403: fault.has_detail("Application", "Status", "Inactive") or "connected athletes" in fault.message,
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
