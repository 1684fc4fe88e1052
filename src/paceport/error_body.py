"""The error body of the service as a value: read from any answer, however malformed, and never raising.

Shape: `{"message": str, "errors": [{"resource": str, "field": str, "code": str}, …]}`; gateways answer HTML instead.
"""

import json
import re
from typing import Any

from paceport.lazy_dataclass import dataclass
from paceport.secret import mask_secrets
from paceport.text import clean

_LONGEST_TEXT = 200
_MOST_DETAILS = 10
_LARGEST_PAGE = 64 * 1024
# A page's heading says more than its title, which may be no more than a number.
_HEADINGS = [re.compile(rf"<{tag}[^>]*>([^<]{{1,400}})</{tag}", re.IGNORECASE) for tag in ("h1", "title")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorDetail:
    """One entry of `errors`: which thing, which part of it, what is wrong. Any of the three may be empty."""

    resource: str
    field: str
    code: str

    def __str__(self) -> str:
        return "/".join(part or "-" for part in (self.resource, self.field, self.code))


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorBody:
    """What an error answer said. `status` is 0 where only the body is known.

    `is_json` is False for a page or a plain text; `message` is then the page's heading, or a text of one short line.
    `has_error_list` says that `errors` was there as a list, be it empty; `is_empty` that there was no body at all,
    `declares_json` that the headers called it JSON all the same.
    """

    status: int
    message: str
    details: tuple[ErrorDetail, ...]
    is_json: bool
    has_error_list: bool = False
    is_empty: bool = False
    declares_json: bool = False

    @property
    def is_from_strava(self) -> bool:
        """Whether the body has the shape of the service's own errors; proxies, gateways and sign-in pages have not.

        The shape is a list as `errors` whose entries name a resource, or an empty one beside a text as `message`.
        A status without it is not the service's word: nothing stored may change because of it.
        """
        names_resource = any(detail.resource and (detail.field or detail.code) for detail in self.details)
        is_empty_list = bool(self.message) and self.has_error_list and not self.details
        return self.is_json and (names_resource or is_empty_list)

    def has_detail(self, resource: str, field: str | None = None, code: str | None = None) -> bool:
        """Whether a detail matches; case is ignored, None matches anything."""
        return any(
            detail.resource.casefold() == resource.casefold()
            and (field is None or detail.field.casefold() == field.casefold())
            and (code is None or detail.code.casefold() == code.casefold())
            for detail in self.details
        )

    def __str__(self) -> str:
        shown = ", ".join(str(detail) for detail in self.details)
        status = str(self.status) if self.status else "no status"
        return " ".join(part for part in (status, self.message, f"({shown})" if shown else "") if part)


def read_error_body(status: int, body: bytes | str) -> ErrorBody:
    """The fault in an answer; a body that is no fault gives one without details. Never raises."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        title, is_empty = _page_title(text), not text.strip()
        return ErrorBody(status=status, message=title, details=(), is_json=False, is_empty=is_empty)
    if not isinstance(value, dict):
        return ErrorBody(status=status, message="", details=(), is_json=True)
    entries = value.get("errors")
    details = tuple(
        ErrorDetail(
            resource=_safe_text(entry.get("resource")),
            field=_safe_text(entry.get("field")),
            code=_safe_text(entry.get("code")),
        )
        for entry in (entries if isinstance(entries, list) else [])[:_MOST_DETAILS]
        if isinstance(entry, dict)
    )
    return ErrorBody(
        status=status,
        message=_safe_text(value.get("message")),
        details=details,
        is_json=True,
        has_error_list=isinstance(entries, list) and len(details) == len(entries[:_MOST_DETAILS]),
    )


def _safe_text(value: object) -> str:
    # A server may echo what it was sent: a secret is masked before the text is cut in the middle of one.
    return clean(mask_secrets(value[: 10 * _LONGEST_TEXT]))[:_LONGEST_TEXT] if isinstance(value, str) else ""


def _page_title(text: str) -> str:
    for heading in _HEADINGS:
        found = heading.search(text[:_LARGEST_PAGE])
        if found:
            return _safe_text(" ".join(found[1].split()))
    text = text.strip()
    return "" if len(text) > _LONGEST_TEXT or "<" in text or "\n" in text else _safe_text(text)
