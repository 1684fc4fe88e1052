"""Which of the values in a file are the tokens of one login at Strava, by the names that lead to them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from paceport.oauth.import_tokens.token_shapes import Flat, Path

_REFRESH, _ACCESS, _EXPIRES = "refresh_token", "access_token", "expires_at"
_NAMES = {
    "refreshtoken": _REFRESH,
    "accesstoken": _ACCESS,
    "bearertoken": _ACCESS,
    "expiresat": _EXPIRES,
    "tokenexpires": _EXPIRES,
    "tokenexpiresat": _EXPIRES,
    "tokenexpiry": _EXPIRES,
    "tokenexpiration": _EXPIRES,
    "accesstokenexpires": _EXPIRES,
    "accesstokenexpiresat": _EXPIRES,
    "accesstokenexpiry": _EXPIRES,
    "expires": _EXPIRES,
    "expiry": _EXPIRES,
    "expirydate": _EXPIRES,
    "expiration": _EXPIRES,
    "scope": "scope",
    "scopes": "scope",
    "grantedscope": "scope",
    "grantedscopes": "scope",
    "clientid": "client_id",
    "clientsecret": "client_secret",
    "athleteid": "athlete_id",
    "provideraccountid": "athlete_id",
    "athletefirstname": "firstname",
    "athletelastname": "lastname",
}
# What may stand before a name without making it another service's: words of frameworks, and of nobody.
_BEFORE = re.compile(
    r"^(?:(?:react|next|nuxt|expo)?(?:app|public)|vite|oauth2?|api|user|athlete|current|my|new|latest|default|auth|env|"
    r"tokens?|credentials?|data|config|secrets?)+"
)
_PLACEHOLDER = re.compile(
    r"<.*>|\$\{?.*|%.*%|your\W.*|your_.*|.*_here|[xX*.•]{4,}|(?:strava_?)?(?:refresh|access)_?token|strava_\w+|change_?me.*|"
    r"process\.env.*|env\[.*|os\.(?:environ|getenv).*|none|null|undefined|replace\w*|todo.*",
    re.IGNORECASE,
)


def role_of(path: Path) -> str:
    """What a value is by its name, "" for a name that says nothing to us."""
    names = [name for name in path if not name.startswith("[")]
    last = names[-1] if names else ""
    before = names[-2] if len(names) > 1 else ""
    whole = _plain(last)
    role = _NAMES.get(whole) or _NAMES.get(_BEFORE.sub("", whole)) or ""
    if not role and "strava" in last.lower():
        role = next((role for name, role in _NAMES.items() if whole.endswith(name) and len(name) > 7), "")
    if not role:
        # {"refresh": {"token": …}}, {"athlete": {"id": …}}, {"refresh_token": {"value": …}}
        inner = "" if whole == "value" else whole
        role = _NAMES.get(_plain(before) + inner, "")
    if not role and _plain(before) in {"token", "tokens", "oauth", ""}:
        role = {"refresh": _REFRESH, "access": _ACCESS}.get(whole, "")
    return role


def is_placeholder(value: object) -> bool:
    """Whether a value stands for one that nobody has filled in."""
    return isinstance(value, str) and _PLACEHOLDER.fullmatch(value.strip()) is not None


def refresh_tokens(values: Flat) -> list[tuple[Path, object]]:
    """The refresh tokens of Strava in a file with their paths: of those that say so, if any does; else all."""
    found = [(path, value) for path, value in values if role_of(path) == _REFRESH and _is_given(value)]
    ours = [(path, value) for path, value in found if _is_of_the_service(path, values)]
    return ours or found


def nearest(role: str, path: Path, values: Flat, *, is_everywhere: bool = False) -> object:
    """The value of a role that belongs to the refresh token at a path; None where there is none.

    It stands beside it, in an object around it, or in one beside it. With `is_everywhere` it may stand anywhere, if all
    that stand somewhere are equal.
    """
    found = [(where, value) for where, value in values if _has_role(where, role, path) and _is_given(value)]
    on_the_way = [(where, value) for where, value in found if _is_on_the_way(where, path)]
    if on_the_way:
        return max(on_the_way, key=lambda one: _shared(one[0], path))[1]
    if is_everywhere and len({str(value) for _, value in found}) == 1:
        return found[0][1]
    return None


def _has_role(where: Path, role: str, path: Path) -> bool:
    if role_of(where) == role:
        return True
    # OmniAuth calls the access token just "token", beside a refresh_token.
    return role == _ACCESS and where[:-1] == path[:-1] and _plain(where[-1]) == "token"


def _is_on_the_way(where: Path, path: Path) -> bool:
    parent = where[:-1]
    around = path[:-1]
    # One level deeper than what is around the token: {"refresh_token": …, "athlete": {"id": …}}
    return around[: len(parent)] == parent or (parent[: len(around)] == around and len(parent) <= len(around) + 1)


def _shared(one: Path, other: Path) -> tuple[int, int]:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length, -len(one)


def _is_of_the_service(path: Path, values: Flat) -> bool:
    if any("strava" in name.lower() for name in path):
        return True
    # Home Assistant and others list the logins of many services, each with its name in a field beside the tokens.
    around = [path[:length] for length in range(1, len(path))]
    return any(
        isinstance(value, str) and "strava" in value.lower() and where[:-1] in around and len(value) < 200
        for where, value in values
    )


def _is_given(value: object) -> bool:
    return value is not None and not isinstance(value, bool) and value != ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower()).replace("strava", "")


def distinct(found: Iterable[tuple[Path, object]]) -> list[tuple[Path, object]]:
    """One of each value, the last: a name that is set twice in a file counts as it was set last."""
    return list({str(value): (path, value) for path, value in found}.values())
