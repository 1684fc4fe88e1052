"""An error of the service in a text: its JSON body wherever it stands, a library's wording, or a bare status."""

from __future__ import annotations

import json
import re

from paceport.error_body import ErrorBody, ErrorDetail, read_error_body
from paceport.errors import UsageError
from paceport.explain.missing_scope import MISSING_PERMISSION
from paceport.text import clean

_STATUS_LINE = re.compile(r"(?:HTTP/[\d.]+\s+|status(?:_code)?\W{1,4}|\b)([45]\d\d)\b", re.IGNORECASE)


_QUOTED = r"""\W{1,4}["']([^"']*)["']"""


_DETAIL = re.compile(
    rf"""["']?resource["']?{_QUOTED}.{{0,40}}?["']?field["']?{_QUOTED}.{{0,40}}?["']?code["']?{_QUOTED}""", re.DOTALL
)


def parse_error_text(text: str, *, status: int | None = None) -> ErrorBody:
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
    fault = read_error_body(number, body)
    if fault.is_json and (fault.details or fault.message):
        return fault
    details = tuple(
        ErrorDetail(resource=clean(resource), field=clean(field), code=clean(code))
        for resource, field, code in _DETAIL.findall(text)
    )
    permission = MISSING_PERMISSION.search(text)
    if not details and permission:
        details = (ErrorDetail(resource="AccessToken", field=permission.group(0).lower(), code="missing"),)
    if not details and "limit of connected athletes" in text.lower():
        return ErrorBody(status=403, message="Limit of connected athletes exceeded", details=(), is_json=True)
    if not details and not number:
        raise UsageError(
            what="No error of Strava was found in that text",
            why="it holds neither a JSON error body, nor a status such as 401, nor words that Strava uses",
            fix="give the whole answer: curl -i … | paceport explain",
        )
    return ErrorBody(status=number, message=_message_in(text), details=details, is_json=bool(details) or bool(body))


def _message_in(text: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        return ""
    message = value.get("message") if isinstance(value, dict) else None
    return clean(message)[:200] if isinstance(message, str) else ""
