"""What a client id and a client secret look like, and what a person may have typed instead."""

from __future__ import annotations

import re

from paceport.errors import UsageError
from paceport.secret import Secret

_SECRET = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)


def check_client_id(text: str) -> str:
    """The client id in what a person typed, without blanks and quotes. Raises UsageError with a hint."""
    client_id = text.strip().strip("\"'").strip()
    if client_id.isascii() and client_id.isdigit() and len(client_id) <= 20:
        return client_id
    raise _wrong("client id", _hint(client_id))


def check_client_secret(text: str) -> Secret:
    """The client secret in what a person typed. Raises UsageError with a hint that does not repeat it."""
    secret = text.strip().strip("\"'").strip()
    if _SECRET.fullmatch(secret):
        return Secret(secret)
    if not secret:
        why = "nothing was given"
    elif secret.isdigit():
        why = "that is a number, so perhaps the client id; the secret is 40 characters of 0-9 and a-f"
    elif "@" in secret:
        why = "that looks like an e-mail address; the secret is 40 characters of 0-9 and a-f"
    elif any(char.isspace() for char in secret):
        why = "it contains a space; copy all of it in one piece"
    else:
        why = f"it has {len(secret)} characters; the secret is 40 characters of 0-9 and a-f"
    raise _wrong("client secret", why)


def _hint(client_id: str) -> str:
    if not client_id:
        return "nothing was given"
    if "@" in client_id:
        return "that is an e-mail address; the client id is the number on the app's page"
    if _SECRET.fullmatch(client_id):
        return "that looks like the client secret; the two may be swapped"
    if any(char.isspace() for char in client_id):
        return "it contains a space; the client id is one number"
    return "the client id is a number, such as 12345"


def _wrong(part: str, why: str) -> UsageError:
    return UsageError(
        what=f"That is not a {part}",
        why=why,
        fix="copy it from https://www.strava.com/settings/api, then: paceport init",
    )
