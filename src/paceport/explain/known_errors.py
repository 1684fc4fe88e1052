"""What Strava's errors name: every documented or recorded triple of resource, field and code, and its status.

Source: https://developers.strava.com/docs/ and public recordings, read 2026-11-22.
"""

from __future__ import annotations

import re

from paceport.error_body import ErrorDetail
from paceport.lazy_dataclass import dataclass

PERMISSION = re.compile(r"\b(activity|profile):(read|write)(_all)?_permission", re.IGNORECASE)
# Without its subject, as the scopes read and read_all have it: only where the whole field is there, not in broken text.
_BARE_PERMISSION = re.compile(r"(read|write)(_all)?_permission", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownError:
    """One row: `rank` says how much it explains (the higher one wins in a text with several).

    `tells_alone` names the parts of which each suffices where a text is cut off: a resource that is in one error only.
    """

    resource: str
    fields: tuple[str, ...]
    codes: tuple[str, ...]
    status: int
    rank: int
    tells_alone: tuple[str, ...] = ("field",)


KNOWN_ERRORS = (
    KnownError(
        resource="RefreshToken",
        fields=("refresh_token", ""),
        codes=("invalid", "expired"),
        status=400,
        rank=8,
        tells_alone=("resource", "field"),
    ),
    KnownError(
        resource="AuthorizationCode",
        fields=("code", ""),
        codes=("invalid", "expired"),
        status=400,
        rank=8,
        tells_alone=("resource",),
    ),
    KnownError(
        resource="RequestToken",
        fields=("code", ""),
        codes=("invalid", "expired"),
        status=400,
        rank=8,
        tells_alone=("resource",),
    ),
    KnownError(resource="Application", fields=("client_id",), codes=("invalid",), status=400, rank=7),
    KnownError(resource="Application", fields=("client_secret",), codes=("invalid",), status=401, rank=7),
    KnownError(resource="Application", fields=("redirect_uri",), codes=("invalid",), status=400, rank=7),
    KnownError(
        resource="Authorize",
        fields=("scope",),
        codes=("invalid",),
        status=400,
        rank=7,
        tells_alone=("resource", "field"),
    ),
    KnownError(
        resource="Application",
        fields=("Status",),
        codes=("Inactive",),
        status=403,
        rank=7,
        tells_alone=("field", "code"),
    ),
    KnownError(
        resource="Application",
        fields=("overall rate limit", "read rate limit", "rate limit"),
        codes=("exceeded",),
        status=429,
        rank=6,
    ),
    KnownError(
        resource="Application",
        fields=("after", "before"),
        codes=("future",),
        status=400,
        rank=6,
        tells_alone=(),
    ),
    KnownError(resource="Upload", fields=("data",), codes=("empty",), status=400, rank=6, tells_alone=()),
    KnownError(resource="Upload", fields=("gzip",), codes=("invalid encoding",), status=400, rank=6),
    KnownError(resource="Upload", fields=("data_type",), codes=("invalid",), status=400, rank=6),
    KnownError(resource="Application", fields=("path",), codes=("invalid",), status=404, rank=5, tells_alone=()),
    KnownError(resource="Athlete", fields=("access_token",), codes=("invalid",), status=401, rank=4),
    KnownError(resource="Application", fields=("internal",), codes=("invalid",), status=401, rank=4),
    KnownError(resource="Application", fields=("",), codes=("invalid",), status=401, rank=2, tells_alone=()),
)
_PERMISSION_ROW = KnownError(resource="AccessToken", fields=(), codes=("missing",), status=401, rank=9)

KNOWN_RESOURCES = frozenset(row.resource.casefold() for row in KNOWN_ERRORS) | {"accesstoken"}
# What `message` says in Strava's errors, and the status it comes with.
MESSAGES = {
    "Limit of connected athletes exceeded": 403,
    "Rate Limit Exceeded": 429,
    "Resource Not Found": 404,
    "Record Not Found": 404,
    "Authorization Error": 401,
    "Bad Request": 400,
    "Forbidden": 403,
}


def known_error(detail: ErrorDetail) -> KnownError | None:
    """The row that a whole triple is; None for one that nobody has recorded."""
    is_permission = PERMISSION.fullmatch(detail.field) or (
        detail.resource.casefold() == "accesstoken" and _BARE_PERMISSION.fullmatch(detail.field)
    )
    if is_permission and detail.code.casefold() == "missing":
        return _PERMISSION_ROW
    for row in KNOWN_ERRORS:
        if (
            row.resource.casefold() == detail.resource.casefold()
            and _among(detail.field, row.fields)
            and _among(detail.code, row.codes)
        ):
            return row
    return None


def complete(resource: str | None, field: str | None, code: str | None) -> ErrorDetail | None:
    """The recorded triple that these parts belong to; None where they fit none, or more than one.

    None stands for a part that was not there, and for a part that is cut off: a value which no row has counts as that.
    """
    if field is not None and (permission := PERMISSION.search(field)):
        return ErrorDetail(resource="AccessToken", field=permission[0].lower(), code="missing")
    if resource is None:
        return None
    rows = [row for row in KNOWN_ERRORS if row.resource.casefold() == resource.casefold()]
    for row in rows:
        has_field = field is not None and _among(field, row.fields)
        has_code = code is not None and _among(code, row.codes)
        if has_field and has_code:
            return _detail(row, field, code)
    for row in rows:
        alone = row.tells_alone
        if "field" in alone and field and _among(field, row.fields) and not _contradicts(code, rows):
            return _detail(row, field, None)
        if "code" in alone and code and _among(code, row.codes):
            return _detail(row, None, code)
        if "resource" in alone and not _contradicts(code, rows):
            return _detail(row, field, code)
    return None


def permission_detail(text: str) -> ErrorDetail | None:
    """The permission that a text names as missing; it stands in no other message than that."""
    found = PERMISSION.search(text)
    return ErrorDetail(resource="AccessToken", field=found[0].lower(), code="missing") if found else None


def _contradicts(code: str | None, rows: list[KnownError]) -> bool:
    """Whether a code is whole and none that the resource has: another error, not a cut one."""
    return bool(code) and not any(
        known.casefold().startswith(str(code).casefold()) for row in rows for known in row.codes
    )


def _detail(row: KnownError, field: str | None, code: str | None) -> ErrorDetail:
    return ErrorDetail(
        resource=row.resource,
        field=_spelt(field, row.fields),
        code=_spelt(code, row.codes),
    )


def _spelt(value: str | None, known: tuple[str, ...]) -> str:
    wanted = _plain(value or "")
    return next((name for name in known if _plain(name) == wanted), known[0])


def _among(value: str, known: tuple[str, ...]) -> bool:
    return any(_plain(value) == _plain(name) for name in known)


def _plain(value: str) -> str:
    return " ".join(value.casefold().split())
