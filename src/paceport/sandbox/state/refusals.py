"""The errors the service itself sends, as status, message and errors. Sources: docs/reference/sandbox.md."""

from __future__ import annotations


class Refusal(Exception):
    """An answer that says no. `errors` are (resource, field, code).

    `has_errors` is false where the service sends the message alone, `is_empty` true where it sends nothing.
    `text` stands where errors are a text, as of old.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *errors: tuple[str, str, str],
        has_errors: bool = True,
        is_empty: bool = False,
        text: str = "",
    ) -> None:
        super().__init__(f"{status} {message}")
        self.status, self.message, self.errors = status, message, errors
        self.has_errors, self.is_empty, self.text = has_errors, is_empty, text


def bad_request(resource: str, field: str, code: str = "invalid") -> Refusal:
    """400: a parameter is wrong."""
    return Refusal(400, "Bad Request", (resource, field, code))


def unauthorized(resource: str, field: str, code: str = "invalid") -> Refusal:
    """401: an app or token is wrong, or lacks something."""
    return Refusal(401, "Authorization Error", (resource, field, code))


def not_found(*errors: tuple[str, str, str]) -> Refusal:
    """404: not there, or not for this token."""
    return Refusal(404, "Resource Not Found", *errors)


def no_such_path(form: str) -> Refusal:
    """404: an address that the API does not have. `form` is `path`, as seen of a removed one, or `empty`."""
    return not_found(("resource", "path", "invalid")) if form == "path" else not_found()


def inactive() -> Refusal:
    """403: the app's owner has no subscription."""
    return Refusal(403, "Forbidden", ("Application", "Status", "Inactive"))


def payment_required(status: int = 402) -> Refusal:
    """402 (or what is set): the athlete has no subscription. The status is recorded, the body assumed."""
    return Refusal(status, "Forbidden" if status == 403 else "Payment Required")


def capacity_reached() -> Refusal:
    """403: the app may not have more athletes. The shape is assumed; the words are documented."""
    return Refusal(403, "Limit of connected athletes exceeded", has_errors=False)


def rate_limited(field: str, form: str = "fault") -> Refusal:
    """429: a window is used up. `form` is `fault`, or `2018` for the body as it was recorded then."""
    if form == "2018":
        return Refusal(429, "Too Many Requests", text="Rate Limit Exceeded")
    return Refusal(429, "Rate Limit Exceeded", ("Application", field, "exceeded"))


def scope_missing(scope: str, status: int) -> Refusal:
    """401 (or what is set): a token lacks a scope.

    `activity:read_all` is named without its `_all`, `profile:read_all` with it (both seen).
    """
    named = scope if scope.startswith("profile:") else scope.removesuffix("_all")
    return Refusal(status, "Authorization Error", ("AccessToken", f"{named}_permission", "missing"))
