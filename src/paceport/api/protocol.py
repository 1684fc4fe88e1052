"""Requests out of calls, values or errors out of answers, and when to try again. No I/O."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlencode

from paceport.api.endpoints import Endpoint, missing_scope
from paceport.api.models.decoding import encode, is_whole_json
from paceport.api.rate_limit.headers import Rates
from paceport.api.rate_limit.refusal import rate_limited
from paceport.api.refused_token import PERMISSION, TokenWord, token_word
from paceport.error_body import ErrorBody, read_error_body
from paceport.errors import (
    AnswerLost,
    ApiError,
    AppCredentialsWrong,
    AppInactive,
    BadRequest,
    CapacityReached,
    GatewayAnswer,
    NotFound,
    NotSent,
    PaceportError,
    ScopeMissing,
    StravaDown,
    SubscriptionNeeded,
    TokenRefused,
    UnexpectedAnswer,
    UsageError,
)
from paceport.http_message import Request, Response
from paceport.lazy_dataclass import dataclass
from paceport.scopes import Scopes
from paceport.secret import mask_secrets
from paceport.text import clean

ParameterValue = str | int | float | bool | datetime | Sequence[str] | None

# Reading again changes nothing. A POST may have made an activity, and there is no key to recognise it by.
_REPEATABLE = frozenset({"GET", "HEAD"})
_LARGEST_PAGE = 64 * 1024
_PAUSES_S = (0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """A file in a multipart body: its name and its bytes."""

    name: str
    content: bytes


def build_request(
    api_url: str,
    method: str,
    path: str,
    *,
    query: Mapping[str, ParameterValue] | None = None,
    form: Mapping[str, ParameterValue] | None = None,
    json: object = None,
    files: Mapping[str, FilePart] | None = None,
) -> Request:
    """A request without its token. At most one of `form` (with `files`: multipart) and `json` makes the body.

    `path` is relative to `api_url`; a leading "/api/v3" is taken off, so that old paths work with a base that has no
    prefix. Booleans become true and false, moments Unix seconds, lists comma-separated words; None is left out.
    Raises UsageError for an absolute URL or a path with `..`: a token goes to the configured server alone.
    """
    bare = path.strip()
    if "://" in bare or bare.startswith("//") or ".." in bare.split("?")[0].split("/"):
        raise UsageError(
            what="That is not a path of the API",
            why="a token is sent only to the configured API",
            fix="give a path like /athlete; another server is set with PACEPORT_API_URL",
        )
    if json is not None and (form or files):
        raise UsageError(
            what="Two bodies were given", why="a request has only one", fix="use form fields or JSON, not both"
        )
    bare = "/" + bare.lstrip("/")
    bare = bare.removeprefix("/api/v3") if bare.startswith("/api/v3/") else bare
    url = api_url.rstrip("/") + quote(bare, safe="/?&=%:,+~@!$'()*;")
    asked = urlencode(_texts(query))
    if asked:
        url += ("&" if "?" in url else "?") + asked
    kind, body = _body(form, json, files)
    headers = {"content-type": kind} if kind else {}
    return Request(method=method.upper(), url=url, headers=headers, body=body)


def authorize(request: Request, token: str) -> Request:
    """The request with the token in its Authorization header: the only place it may be from June 2027 on."""
    return request.with_headers(authorization=f"Bearer {token}")


def check_answer(response: Response, *, endpoint: Endpoint | None) -> None:
    """Nothing for an answer that can be trusted; else the error it is.

    A 2xx answer must be what was asked for: whole JSON, save for exports (files) and 204. Raises AnswerLost for one
    that was cut off, UnexpectedAnswer for a page of HTML or a redirect; other statuses are left to `api_error`.
    """
    if not 200 <= response.status < 300:
        return
    if response.status == 204:
        return
    kind = response.headers.get("content-type", "").lower()
    if endpoint is not None and not endpoint.model:
        if "html" in kind or response.body.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")):
            raise _unexpected(f"a page came instead of a file, with status {response.status}", response)
        return
    if not response.body:
        raise AnswerLost(host="Strava", why=f"status {response.status} came with an empty body")
    if "json" not in kind and response.body.lstrip()[:1] not in {b"{", b"["}:
        if endpoint is None and "html" not in kind:
            return  # an endpoint we do not know may answer a file
        named = clean(mask_secrets(kind))[:60]
        raise _unexpected(f"a {named or 'nameless'} body instead of JSON came with status {response.status}", response)
    if not is_whole_json(response.body):
        raise AnswerLost(host="Strava", why="its JSON is cut off or is not JSON")


def api_error(
    fault: ErrorBody,
    *,
    endpoint: Endpoint | None,
    granted: Scopes | None,
    rates: Rates | None,
    now: datetime,
    server_now: datetime | None = None,
) -> PaceportError:
    """The error that a refusal means: one class per thing a caller can do about it.

    TokenRefused asks for another token and one more try, unless it is `in_doubt`; all else is final for this call.
    Source: https://developers.strava.com/docs/, read 2026-11-22.
    """
    status = fault.status
    if is_rate_limit(fault, rates):
        return rate_limited(fault, rates, now=now, server_now=server_now or now)
    if status >= 500:
        return StravaDown(status=status, why=_outage_text(fault))
    if "connected athletes" in fault.message.lower():
        return _capacity(fault)
    if not _is_stravas(fault, endpoint):
        return GatewayAnswer(status=status, title=fault.message)
    if status == 401:
        return _unauthorized(fault, endpoint, granted)
    if status == 403:
        return _forbidden(fault, endpoint, granted)
    if status == 402:
        return _subscription_needed(fault)
    if status == 404:
        return _not_found(fault, endpoint, granted)
    if status in {400, 422}:
        return _bad_request(fault)
    return UnexpectedAnswer(
        what=f"Strava answered {status}", why=str(fault), fix="to see more: paceport api --include …", fault=fault
    )


def is_rate_limit(fault: ErrorBody, rates: Rates | None) -> bool:
    """Whether an answer says that the app's requests are used up: a 429, or a 403 that names the limit.

    A 429 that neither has Strava's shape nor brings its headers is a gateway's own.
    """
    if fault.status == 429:
        return fault.is_from_strava or rates is not None
    words = (fault.message, *(detail.field for detail in fault.details))
    return fault.status == 403 and fault.is_from_strava and any("rate limit" in word.lower() for word in words)


def _is_stravas(fault: ErrorBody, endpoint: Endpoint | None) -> bool:
    if fault.is_from_strava:
        return True
    # /athlete/zones without its scope has been seen to answer 401 with an empty body.
    is_that_call = endpoint is not None and endpoint.scope == "profile:read_all"
    if fault.status == 401 and is_that_call and not fault.is_json and fault.is_empty:
        return True
    # An activity that is not there was recorded as a 404 without a body whose headers call it JSON.
    return fault.status == 404 and fault.is_empty and fault.declares_json


def _outage_text(fault: ErrorBody) -> str:
    if fault.is_from_strava or (fault.is_json and fault.message):
        return clean(fault.message)
    said = f'"{clean(fault.message)}"' if fault.message else "without words"
    return f"the answer is a gateway's or proxy's, {said}; your login and your data here are untouched"


def error_body_of(response: Response) -> ErrorBody:
    """The fault in an answer that is not 2xx."""
    fault = read_error_body(response.status, response.body)
    return replace(fault, declares_json="json" in response.headers.get("content-type", "").lower())


def retry_pause_s(method: str, error: PaceportError, attempt: int) -> float | None:
    """Seconds to wait before trying again after the `attempt`-th try (from 1), or None to give up.

    What was never sent may go again, whatever it is; what may have worked is repeated only if it reads.
    """
    if attempt > len(_PAUSES_S):
        return None
    if isinstance(error, NotSent | AnswerLost) and error.is_lasting:
        return None
    if isinstance(error, NotSent):
        return _PAUSES_S[attempt - 1]
    if isinstance(error, AnswerLost | StravaDown) and method.upper() in _REPEATABLE:
        return _PAUSES_S[attempt - 1]
    return None


def server_time(headers: Mapping[str, str], *, now: datetime) -> datetime:
    """The server's clock by its Date header, or `now` without a readable one."""
    text = headers.get("date", "")
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return now
    if not 2000 <= moment.year < 9000:
        return now  # no clock is so wrong; and the days around the ends of the calendar cannot be counted
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _unauthorized(fault: ErrorBody, endpoint: Endpoint | None, granted: Scopes | None) -> PaceportError:
    for detail in fault.details:
        match = PERMISSION.match(detail.field)
        if match:
            # The service's permission words drop "_all": profile:read_permission is the scope profile:read_all.
            subject = match["what"] or ("activity" if match["verb"] == "write" else "")
            needed = f"{subject}:{match['verb']}".removeprefix(":")
            if endpoint is not None and endpoint.scope.startswith(needed):
                needed = endpoint.scope
            elif needed == "profile:read":
                needed = "profile:read_all"
            return _scope_missing(needed, endpoint, granted)
    if fault.has_detail("Application", "internal"):
        return ApiError(
            what="Only Strava's own apps may make this call",
            why="Strava removed deleting activities from the public API in January 2017",
            fix="use the web site or the mobile app",
            fault=fault,
        )
    if not fault.details and endpoint is not None:
        # /athlete/zones without its scope has been seen to answer an empty body. Where nobody knows the scopes that is
        # the likelier cause of one, too: taking the token for revoked would end a good login.
        is_that_call = endpoint.scope == "profile:read_all" and not fault.is_json
        lacking = missing_scope(endpoint, Scopes() if granted is None and is_that_call else granted)
        if lacking is not None:
            return _scope_missing(lacking, endpoint, granted)
    if not fault.is_from_strava:
        return GatewayAnswer(status=fault.status, title=fault.message)
    if endpoint is not None and "client_secret" in endpoint.required and fault.has_detail("Application"):
        return AppCredentialsWrong(part="client secret", why="this call is made with the app's id and secret")
    word = token_word(fault)
    if word is TokenWord.NOT_MEANT:
        # Refused for its own sake: a login must not be taken for revoked because of it.
        return refused_call(fault)
    # The athlete is what a token in doubt is asked for: no other call could say more.
    is_clear = word is TokenWord.REFUSED or (endpoint is not None and endpoint.name == "athlete")
    return TokenRefused(in_doubt=None if is_clear else fault)


def _forbidden(fault: ErrorBody, endpoint: Endpoint | None, granted: Scopes | None) -> PaceportError:
    if fault.has_detail("Application", "Status", "Inactive"):
        return AppInactive()
    if any(PERMISSION.match(detail.field) for detail in fault.details):
        return _unauthorized(fault, endpoint, granted)
    return refused_call(fault)


def refused_call(fault: ErrorBody, *, also: str = "") -> ApiError:
    """A refusal that is about the call alone. `also` is what else is known."""
    return ApiError(
        what=f"Strava refused the call ({fault.status})",
        why=f"{fault}; {also}" if also else str(fault),
        fix="see what this login and this app may do: paceport status",
        fault=fault,
    )


def _subscription_needed(fault: ErrorBody) -> SubscriptionNeeded:
    return SubscriptionNeeded(
        what="This needs the athlete's own Strava subscription",
        why="Strava answers 402 to everyone else",
        fix="subscribe, or use commands that need no subscription: paceport activities, paceport records",
        fault=fault,
    )


def _capacity(fault: ErrorBody) -> CapacityReached:
    return CapacityReached(
        what="This app cannot have more athletes",
        why="Strava limits how many people may connect to an app; a new app admits only its owner",
        fix="raise the limit on https://www.strava.com/settings/api, or disconnect an athlete there",
        fault=fault,
    )


def _not_found(fault: ErrorBody, endpoint: Endpoint | None, granted: Scopes | None) -> NotFound:
    hidden = (
        endpoint is not None
        and endpoint.wider_scope
        and granted is not None
        and not granted.covers(endpoint.wider_scope)
    )
    why = "it does not exist, or this login may not see it"
    fix = "check the id"
    if endpoint is not None and endpoint.name == "activity_streams":
        why = "nothing was recorded for it (a manual entry), or this login may not see it"
    if hidden and endpoint is not None:
        fix = f"check the id; private ones need: paceport grant +{endpoint.wider_scope}"
    return NotFound(what="Not found, or not visible to this login", why=why, fix=fix, fault=fault)


def _bad_request(fault: ErrorBody) -> BadRequest:
    if any(detail.code == "future" for detail in fault.details):
        fix = "before and after are Unix seconds of the past, not milliseconds"
    else:
        fix = "correct what it names and try again"
    return BadRequest(what="Strava does not accept this request", why=str(fault), fix=fix, fault=fault)


def _scope_missing(needed: str, endpoint: Endpoint | None, granted: Scopes | None) -> ScopeMissing:
    wider = endpoint.wider_scope_than(needed) if endpoint is not None else ""
    return ScopeMissing(needed=needed, granted=str(granted) if granted is not None else None, wider=wider)


def _unexpected(why: str, response: Response) -> UnexpectedAnswer:
    page = clean(re.sub(r"<[^>]*>", " ", mask_secrets(response.text()[:_LARGEST_PAGE])))
    words = " ".join(page.split())[:120]
    said = f': "{words}"' if words else ""
    return UnexpectedAnswer(
        what="The answer is not Strava's",
        why=f"{why}{said}; a proxy, gateway or sign-in page may answer in its place",
        fix="check PACEPORT_API_URL; in a hotel or company network sign in first, or use another network",
    )


def _texts(values: Mapping[str, ParameterValue] | None) -> dict[str, str]:
    return {name: _text(value) for name, value in (values or {}).items() if value is not None}


def _text(value: ParameterValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return str(int(value.timestamp()))
    if isinstance(value, str | int | float):
        return str(value)
    return ",".join(value or ())


def _body(
    form: Mapping[str, ParameterValue] | None, json: object, files: Mapping[str, FilePart] | None
) -> tuple[str, bytes]:
    if files:
        return _multipart(_texts(form), files)
    if json is not None:
        return "application/json", encode(json)
    if form:
        return "application/x-www-form-urlencoded", urlencode(_texts(form)).encode()
    return "", b""


def _multipart(fields: Mapping[str, str], files: Mapping[str, FilePart]) -> tuple[str, bytes]:
    everything = b"".join(part.content for part in files.values())
    boundary, count = "paceport-part", 0
    while boundary.encode() in everything or any(boundary in value for value in fields.values()):
        count += 1
        boundary = f"paceport-part-{count}"
    lines: list[bytes] = []
    for name, value in fields.items():
        lines.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n'.encode())
        lines.append(value.encode() + b"\r\n")
    for name, part in files.items():
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"; filename="{_quoted(part.name)}"'
        )
        lines.append(f"{head}\r\nContent-Type: application/octet-stream\r\n\r\n".encode())
        lines.append(part.content + b"\r\n")
    lines.append(f"--{boundary}--\r\n".encode())
    return f"multipart/form-data; boundary={boundary}", b"".join(lines)


def _quoted(text: str) -> str:
    # As browsers write it: https://html.spec.whatwg.org/#multipart-form-data
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
