"""What the redirect that answers a login means: its state checked, its code and scopes read."""

from __future__ import annotations

import hmac
import re
from urllib.parse import parse_qsl, urlsplit

from paceport.errors import (
    LoginDenied,
    RedirectRefused,
)
from paceport.lazy_dataclass import dataclass
from paceport.scopes import Scopes, parse_granted
from paceport.secret import Secret

# A real redirect is about 200 characters; far more than that is no redirect.
_LONGEST_REDIRECT = 8192


_MOST_FIELDS = 50


# Real ones are 40 hexadecimal digits; words that somebody typed are shorter.
_BARE_CODE = re.compile(r"[A-Za-z0-9_-]{16,200}")


_CODE = re.compile(r"[A-Za-z0-9._~-]{1,512}")


_ERROR_WORD = re.compile(r"[a-z_]{1,32}")


_FIELDS = ("code", "state", "scope", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """A granted login: the authorization code, and what else the address said.

    `scopes` is what was granted; None where the address did not say, as for a bare code. `is_state_checked` is False
    where no state could be compared.
    """

    code: Secret
    scopes: Scopes | None
    is_state_checked: bool


def read_redirect(text: str, *, state: str | None) -> Redirect:
    """What an address says that came back from the consent page, or that a person pasted.

    Takes a whole URL, its query alone, or the bare code (state and scopes are then unknown). With `state` given, an
    address that carries a query must carry the same state, for a refusal too; None compares nothing.
    Raises LoginDenied where the person chose Cancel, RedirectRefused for anything that is not the answer to this login.
    """
    if len(text) > _LONGEST_REDIRECT:
        raise _refused("it is far longer than any redirect address")
    # A terminal wraps a long address and a mail program escapes it; no address holds a blank of its own.
    words = text.split()
    text = "".join(words).strip("\"'<>`").replace("&amp;", "&")
    if len(words) == 1 and _BARE_CODE.fullmatch(text):
        return Redirect(code=Secret(text), scopes=None, is_state_checked=False)
    fields = _fields_of(text)
    if not fields.get("code") and "error" not in fields:
        raise _refused("it holds no authorization code")
    _check_state(fields.get("state", ""), state)
    if "error" in fields:
        if fields["error"] == "access_denied":
            raise LoginDenied
        # Shown only where it is a word of the protocol: anything else may be a secret that stands in the wrong place.
        word = fields["error"] if _ERROR_WORD.fullmatch(fields["error"]) else "(not one that may be shown)"
        raise RedirectRefused(
            what="Strava's permission page ended with an error",
            why=f"the address it sent the browser to says: {word}",
            fix="paceport login; if it happens again: paceport doctor",
            is_final=state is not None,
        )
    if not _CODE.fullmatch(fields.get("code", "")):
        raise _refused("its code is malformed")
    scopes = parse_granted(fields["scope"]) if "scope" in fields else None
    return Redirect(code=Secret(fields["code"]), scopes=scopes, is_state_checked=state is not None)


def _fields_of(text: str) -> dict[str, str]:
    try:
        parts = urlsplit(text)
        query = parts.query
        if not query and "=" in text and not parts.scheme:
            query = text.partition("#")[0]
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise _refused("it cannot be read as an address") from error
    names = [name for name, _ in pairs]
    fields = dict(pairs)
    if not fields.get("code") and (parts.path.rstrip("/").endswith("/authorize") or "response_type" in fields):
        raise RedirectRefused(
            what="That is the address of the consent page, not the one after it",
            why="the answer is in the address bar after you press Authorize, even if that page shows an error",
            fix="open it, press Authorize, then copy the whole address that begins with http://127.0.0.1",
        )
    if any(names.count(name) > 1 for name in _FIELDS):
        raise _refused("it contains the same field twice")
    return {name: value for name, value in fields.items() if name in _FIELDS}


def _check_state(found: str, expected: str | None) -> None:
    if expected is None:
        return
    # Compared without an early end, so that timing tells nothing of how much was right.
    if not hmac.compare_digest(found.encode("utf-8", "surrogatepass"), expected.encode("utf-8", "surrogatepass")):
        raise _refused("its state does not match: it comes from an earlier login or from another one")


def _refused(why: str) -> RedirectRefused:
    return RedirectRefused(
        what="That address is not the answer to this login",
        why=why,
        fix="copy the whole address from the address bar after pressing Authorize, or start again: paceport login",
    )
