"""An error body → the error of ours that it stands for, whichever endpoint it came from."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from paceport.api.protocol import api_error
from paceport.error_body import ErrorBody
from paceport.errors import AppCredentialsWrong, PaceportError, StravaDown, UnexpectedAnswer, UsageError
from paceport.explain.error_text import TextFault, read_error_text, specificity
from paceport.explain.known_errors import MESSAGES, known_error
from paceport.explain.missing_scope import likely_endpoint
from paceport.explain.unwrap_text import readings
from paceport.explain.upload_errors import upload_fault, upload_text
from paceport.lazy_dataclass import dataclass
from paceport.oauth.protocol.authorization_url import authorize_error
from paceport.oauth.protocol.token_endpoint import token_error
from paceport.scopes import Scopes
from paceport.text import clean

_TOKEN_ENDPOINT = ("AuthorizationCode", "RequestToken", "RefreshToken")
# What a status alone says with certainty; for the others the body names one of several causes.
_STATUS_SUFFICES = frozenset({402, 404, 429})
_CAUSES = {
    400: "a wrong client id, a used authorization code, a refresh token that was replaced, or a wrong parameter",
    401: "an expired or revoked access token, a missing scope, or a wrong client secret",
    403: "an inactive app, no room for another athlete, or a firewall that refuses the call",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What was read out of a text, and what it means. `is_known` is False where that is not certain."""

    fault: ErrorBody
    error: PaceportError
    is_known: bool


def explain(text: str, *, now: datetime, status: int | None = None, granted: Scopes | None = None) -> Explanation:
    """The meaning of an error text; `granted` are the scopes of the stored login, None where none is known.

    Raises UsageError where the text holds nothing to explain.
    """
    uploaded = upload_text(readings(text))
    try:
        found = read_error_text(text, status=status)
    except UsageError:
        if uploaded is None:
            raise
        found = TextFault(fault=ErrorBody(status=0, message="", details=(), is_json=False), is_whole=False)
    if uploaded is not None and not any(map(specificity, found.fault.details)):
        said = ErrorBody(status=found.fault.status, message=clean(text.strip())[:200], details=(), is_json=False)
        return Explanation(fault=said, error=uploaded, is_known=True)
    error = _unsure(found) or explain_fault(found.fault, now=now, granted=granted)
    return Explanation(fault=found.fault, error=error, is_known=not isinstance(error, UnexpectedAnswer))


def explain_fault(fault: ErrorBody, *, now: datetime, granted: Scopes | None = None) -> PaceportError:
    """The error of ours that a fault stands for, whichever endpoint it came from."""
    fault = _most_specific(fault)
    if any(fault.has_detail(resource) for resource in _TOKEN_ENDPOINT):
        return token_error(fault)
    if (
        fault.has_detail("Application", "client_id")
        or fault.has_detail("Application", "redirect_uri")
        or fault.has_detail("Authorize")
    ):
        return authorize_error(fault)
    if fault.status in {0, 401} and fault.has_detail("Application", "", "invalid"):
        of_call = "if an API call was told so, its token or the call itself may be meant: paceport doctor tells"
        why = f"the app exists, but its secret is a different one; {of_call}"
        return AppCredentialsWrong(part="client secret", why=why)
    if fault.has_detail("Application", "client_secret") or fault.has_detail("Application", "", "invalid"):
        return token_error(fault)
    uploaded = upload_fault(fault)
    if uploaded is not None:
        return uploaded
    if fault.message.casefold() == "authorization error" and not fault.details:
        why = "/oauth/revoke answers a wrong id or secret with an Authorization Error that names no field"
        return AppCredentialsWrong(part="client id or secret", why=why)
    # The tuple says enough; the moment would only tell when a rate limit opens again.
    return api_error(fault, endpoint=likely_endpoint(fault), granted=granted, rates=None, now=now)


def _most_specific(fault: ErrorBody) -> ErrorBody:
    """The fault with the details that explain most, and with the status that Strava sends with them.

    A program that passes an error on often answers with a status and a message of its own.
    """
    rank = max(map(specificity, fault.details), default=0)
    details = tuple(detail for detail in fault.details if specificity(detail) == rank)
    row = known_error(details[0]) if details else None
    if row is not None:
        return replace(fault, status=row.status, details=details)
    by_message = {message.casefold(): status for message, status in MESSAGES.items()}
    return replace(fault, status=by_message.get(fault.message.casefold(), fault.status))


def _unsure(found: TextFault) -> UnexpectedAnswer | StravaDown | None:
    """The error that says what is missing, where a text does not hold enough to tell the cause; else None."""
    fault = found.fault
    if fault.details:
        # A parameter that is named is refused whatever its name; a refusal of access has one cause of several.
        if any(map(specificity, fault.details)) or MESSAGES.get(fault.message) in {400, 404, 429}:
            return None
        return UnexpectedAnswer(
            what="This error is not among those that Strava is known to send",
            why=f"it says {fault}",
            fix="if it came from Strava, see what the call answered: paceport api --include …",
            fault=fault,
        )
    status = MESSAGES.get(fault.message, fault.status)
    if found.is_page:
        if status >= 500:
            return StravaDown(status=status)
        return UnexpectedAnswer(
            what="That is a web page, not an answer of Strava's API",
            why="Strava's API answers in JSON; a proxy, a firewall or a network's sign-in page may have answered"
            + (f" ({fault.message})" if fault.message else ""),
            fix="repeat the call from another network; your login is not affected",
            fault=fault,
        )
    if found.is_whole or status in _STATUS_SUFFICES or status >= 500 or fault.message.startswith("Limit of"):
        return None
    return UnexpectedAnswer(
        what=f"That text does not name the cause of {_name(status, fault.message)}",
        why=f"it may be {_CAUSES[status]}" if status in _CAUSES else "it is not in Strava's documentation",
        fix="give the whole answer, with its body: curl -i … | paceport explain",
        fault=fault,
    )


def _name(status: int, message: str) -> str:
    return " ".join(part for part in (str(status) if status else "", message) if part) or "the error"
