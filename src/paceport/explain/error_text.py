"""An error of the service in a text: its body in whatever wrapping, a library's wording, or a bare status."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from paceport.error_body import ErrorBody, ErrorDetail, read_error_body
from paceport.errors import UsageError
from paceport.explain.error_details import known_details, unknown_details
from paceport.explain.known_errors import MESSAGES, known_error
from paceport.explain.unwrap_text import readings
from paceport.lazy_dataclass import dataclass
from paceport.text import clean

_REASONS = (
    "Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Unprocessable (?:Entity|Content)|Too Many Requests|"
    "Internal Server Error|Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out"
)
_STATUSES = (
    re.compile(r"\bHTTP/[\d.]+\s+([45]\d\d)\b", re.IGNORECASE),
    re.compile(rf"\b([45]\d\d)\W{{0,3}}(?:(?:Client|Server) Error|{_REASONS})", re.IGNORECASE),
    re.compile(
        r"\b(?:status|statuscode|http|code|answered|returned|responded|response|got)\b\W{0,4}"
        r"(?:(?:with|status|code|error|was|is|an?)\W{1,4}){0,3}([45]\d\d)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:status_?code|http_?code|http_?status)\W{1,6}([45]\d\d)\b", re.IGNORECASE),
)
_ONLY_A_STATUS = re.compile(
    rf"\W*(?:HTTP(?:/[\d.]+)?|status|code|error|\s|:)*([45]\d\d)\W*(?:(?:Client|Server) Error)?\W*(?:{_REASONS})?\W*",
    re.IGNORECASE,
)
# Words that say whose error it is. The name alone does not: programs that talk to Strava have it in their own names.
_SERVICE = re.compile(
    r"https?://(?:[\w.-]+\.)?strava\.com/|\bstravalib\b|\bstrava(?:'s)?\s+api\b|\bstrava:", re.IGNORECASE
)
# A word and a status further apart than this, in characters, do not speak of each other.
_NEAR = 120
_HEADERS = re.compile(r"\s*HTTP/[\d.]+ [45]\d\d[^\n]*(?:\n[\w-]+:[^\n]*)*\s*", re.IGNORECASE)
_PAGE = re.compile(r"<!doctype\s+html|<html|<head>|<body|<title>", re.IGNORECASE)
_KEYED_MESSAGE = r"""message["'\])>]*\s*(?:=>|=|:)?\s*(?:string\(\d+\)\s*|s:\d+:)?["'(]*\s*"""
# An empty list, and what closes the object that it stands in: without that the list may be a cut one, as Go's
# "Errors:[]main.Error{…". YAML closes nothing.
_NO_ERRORS = re.compile(
    r"""errors["'\])]*\s*(?:=>|=|:)\s*(?:(?:Array|array\(0\)|\[\][\w.]*|vec!)?\s*(?:\[\s*\]|\(\s*\)|\{\s*\}))
    (?=\s*["'`\\]*[])}>,;&<])|\A[^{(]*errors:\s*\[\s*\]\s*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_MOST_OBJECTS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFault:
    """What was read out of a text.

    `is_whole` says that nothing is missing of the error itself: without it, an error without details may be a cut one.
    `is_page` is true of HTML without an error of Strava's in it.
    """

    fault: ErrorBody
    is_whole: bool
    is_page: bool = False


def read_error_text(text: str, *, status: int | None = None) -> TextFault:
    """The fault in a text. Raises UsageError where the text holds none of Strava's."""
    text = text.strip()
    if not text and status is None:
        raise UsageError(
            what="There is nothing to explain", why="the text is empty", fix="paceport explain '<the error>'"
        )
    candidates = readings(text)
    number = status or _status_in(candidates)
    found = _with_known_details(candidates, number) or _with_message(candidates, number)
    found = found or _with_unknown_details(candidates, number, is_asserted=status is not None)
    if found is not None:
        return found
    if _PAGE.search(candidates[-1]) or any(_PAGE.search(candidate) for candidate in candidates[:3]):
        title = next((body.message for body in _pages(candidates, number) if body.message), "")
        return TextFault(fault=_body(number, title), is_whole=True, is_page=True)
    if number and (status is not None or _speaks_of_the_service(text)):
        return TextFault(fault=_body(number, ""), is_whole=False)
    raise UsageError(
        what="No error of Strava was found in that text",
        why="it contains neither a JSON error body, nor a status such as 401, nor one of Strava's messages",
        fix="give the whole answer: curl -i … | paceport explain",
    )


def specificity(detail: ErrorDetail) -> int:
    """How much a detail explains; 0 for one that nobody has recorded."""
    row = known_error(detail)
    return row.rank if row is not None else 0


def _with_known_details(candidates: list[str], number: int) -> TextFault | None:
    best: tuple[int, int] = (0, 0)
    details: tuple[ErrorDetail, ...] = ()
    for candidate in candidates:
        found = known_details(candidate)
        score = max(((specificity(one.detail), one.parts) for one in found), default=(0, 0))
        if found and score > best:
            best, details = score, tuple(one.detail for one in found)
    if not details:
        return None
    fault = ErrorBody(status=number, message=_known_message(candidates), details=details[:10], is_json=True)
    return TextFault(fault=fault, is_whole=True)


def _with_message(candidates: list[str], number: int) -> TextFault | None:
    """An error that its message names: without details, or with the details cut off."""
    message = _known_message(candidates, is_proof=True)
    if not message:
        return None
    details = next((found for candidate in candidates if (found := unknown_details(candidate))), ())
    is_whole = bool(details) or any(_NO_ERRORS.search(candidate) for candidate in candidates)
    return TextFault(
        fault=ErrorBody(status=number, message=message, details=details[:10], is_json=True, has_error_list=not details),
        is_whole=is_whole,
    )


def _with_unknown_details(candidates: list[str], number: int, *, is_asserted: bool) -> TextFault | None:
    """A body of Strava's shape that names something nobody has recorded."""
    for candidate in candidates:
        for value in _objects(candidate):
            body = read_error_body(number, json.dumps(value))
            errors = value.get("errors")
            is_shape = isinstance(value.get("message"), str) and isinstance(errors, list)
            if body.details and is_shape:
                return TextFault(fault=body, is_whole=True)
            if body.message and (is_asserted or (is_shape and not errors)):
                return TextFault(fault=body, is_whole=is_shape)
    return None


def _known_message(candidates: list[str], *, is_proof: bool = False) -> str:
    """The message of Strava's that a text holds; as a proof it must stand by a key, or beside Strava's name."""
    for message in MESSAGES:
        phrase = r"\s+".join(map(re.escape, message.split()))
        is_telling = message.startswith("Limit of connected")
        keyed = re.compile(rf"{_KEYED_MESSAGE}{phrase}(?!\w|\s+\w)")
        alone = re.compile(phrase, re.IGNORECASE if is_telling or message == "Rate Limit Exceeded" else 0)
        for candidate in candidates:
            found = alone.search(candidate)
            if found is None:
                continue
            if not is_proof or is_telling:
                return message
            if keyed.search(candidate) and (message not in {"Bad Request", "Forbidden"} or "errors" in candidate):
                return message
            around = candidate[max(0, found.start() - _NEAR) : found.end() + _NEAR]
            if message not in {"Bad Request", "Forbidden"} and _SERVICE.search(around):
                return message
    return ""


def _status_in(candidates: list[str]) -> int:
    only = _ONLY_A_STATUS.fullmatch(candidates[0])
    if only:
        return int(only[1])
    for candidate in candidates:
        for pattern in _STATUSES:
            if found := pattern.search(candidate):
                return int(found[1])
    return 0


def _speaks_of_the_service(text: str) -> bool:
    """Whether a status in the text is one of Strava's, as far as a text can tell."""
    if _ONLY_A_STATUS.fullmatch(text) or _HEADERS.fullmatch(text.replace("\r", "")):
        return True
    for pattern in _STATUSES:
        for found in pattern.finditer(text):
            line = text[text.rfind("\n", 0, found.start()) + 1 :].split("\n", 1)[0]
            at = line.find(found[0])
            if _SERVICE.search(line[max(0, at - _NEAR) : at + len(found[0]) + _NEAR]):
                return True
    return False


def _pages(candidates: list[str], number: int) -> Iterator[ErrorBody]:
    return (read_error_body(number, candidate) for candidate in candidates)


def _objects(text: str) -> Iterator[dict[str, object]]:
    """Every JSON object that begins somewhere in the text, the first ones."""
    decoder = json.JSONDecoder()
    for count, found in enumerate(re.finditer(r"\{", text)):
        if count >= _MOST_OBJECTS:
            return
        try:
            value, _ = decoder.raw_decode(text, found.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield value


def _body(status: int, message: str) -> ErrorBody:
    return ErrorBody(status=status, message=clean(message)[:200], details=(), is_json=False)
