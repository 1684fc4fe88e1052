"""The errors the service itself sends, as status, message and errors. Sources: docs/reference/sandbox.md."""

from __future__ import annotations


class Refusal(Exception):
    """An answer that says no. `errors` are (resource, field, code).

    `has_errors` is false where the service sends the message alone, `is_empty` true where it sends nothing.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *errors: tuple[str, str, str],
        has_errors: bool = True,
        is_empty: bool = False,
    ) -> None:
        super().__init__(f"{status} {message}")
        self.status, self.message, self.errors = status, message, errors
        self.has_errors, self.is_empty = has_errors, is_empty


def bad_request(resource: str, field: str, code: str = "invalid") -> Refusal:
    """400: a parameter is wrong."""
    return Refusal(400, "Bad Request", (resource, field, code))


def unauthorized(resource: str, field: str, code: str = "invalid") -> Refusal:
    """401: an app or token is wrong, or lacks something."""
    return Refusal(401, "Authorization Error", (resource, field, code))


def not_found(*errors: tuple[str, str, str]) -> Refusal:
    """404: no such thing, or not for this token."""
    return Refusal(404, "Resource Not Found", *errors)


def inactive() -> Refusal:
    """403: the app's owner has no subscription."""
    return Refusal(403, "Forbidden", ("Application", "Status", "Inactive"))


def payment_required(status: int = 402) -> Refusal:
    """402 (or what is set): the athlete has no subscription. The status is recorded, the body assumed."""
    return Refusal(status, "Forbidden" if status == 403 else "Payment Required")


def capacity_reached() -> Refusal:
    """403: the app may not have more athletes. The shape is assumed; the words are documented."""
    return Refusal(403, "Limit of connected athletes exceeded", has_errors=False)


def rate_limited(field: str) -> Refusal:
    """429: a window is used up."""
    return Refusal(429, "Rate Limit Exceeded", ("Application", field, "exceeded"))


def scope_missing(scope: str, status: int) -> Refusal:
    """401 (or what is set): a token lacks a scope. Permissions drop the `_all` of the scope that grants them."""
    return Refusal(
        status, "Authorization Error", ("AccessToken", f"{scope.removesuffix('_all')}_permission", "missing")
    )
