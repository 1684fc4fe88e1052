"""The journal of one refresh, as bytes: what was about to be sent, and the raw answer, told whole from torn.

    0     a line of JSON: schema, token_digest, begun_at, begun_by, unknown_since
    1024  a line of JSON: length, sha256, received_at, clock_offset_s, and of a login its context; then the raw answer
    65536 (at least) the end: the room is taken before anything is sent, so that a full disk is noticed in time

Public contract: older and newer versions share a store.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, get_args

from paceport.errors import StoreTooNew
from paceport.oauth.token_store.base import JournalAnswer, LoginContext, RefreshJournal, ScopesKnownBy
from paceport.scopes import parse_granted

ANSWER_AT = 1024
_SIZE = 64 * 1024
_SCHEMA = 1


def write_journal(journal: RefreshJournal) -> bytes:
    """The journal without its answer, padded to its full size."""
    head = {
        "schema": _SCHEMA,
        "token_digest": journal.token_digest,
        "begun_at": journal.begun_at.timestamp(),
        "begun_by": journal.begun_by[:200],
        "unknown_since": None if journal.unknown_since is None else journal.unknown_since.timestamp(),
    }
    return (json.dumps(head).encode() + b"\n").ljust(ANSWER_AT).ljust(_SIZE)


def write_answer(answer: JournalAnswer) -> bytes:
    """What is written at ANSWER_AT: one write, whose length and checksum say whether it arrived."""
    head: dict[str, object] = {
        "length": len(answer.body),
        "sha256": hashlib.sha256(answer.body).hexdigest(),
        "received_at": answer.received_at.timestamp(),
        "clock_offset_s": answer.clock_offset_s,
    }
    if answer.login is not None:
        head["login"] = _login_fields(answer.login)
    return json.dumps(head).encode() + b"\n" + answer.body


def read_journal(content: bytes, *, path: str) -> RefreshJournal | None:
    """The journal in a file's content; None where it was cut off at birth, before anything can have been sent.

    Its answer is there only if it is whole. Raises StoreTooNew for a newer version's.
    """
    try:
        head: Any = json.loads(content[:ANSWER_AT])
        if head["schema"] > _SCHEMA:
            raise StoreTooNew(path=path, found=head["schema"], know=_SCHEMA)
        return RefreshJournal(
            token_digest=str(head["token_digest"]),
            begun_at=_moment(head["begun_at"]),
            begun_by=str(head["begun_by"]),
            unknown_since=None if head["unknown_since"] is None else _moment(head["unknown_since"]),
            answer=read_answer(content[ANSWER_AT:]),
        )
    except (ValueError, TypeError, KeyError, OverflowError, OSError, RecursionError):
        return None


def read_answer(content: bytes) -> JournalAnswer | None:
    """The answer in what lies at ANSWER_AT, if length and checksum agree."""
    line, _, rest = content.partition(b"\n")
    try:
        head: Any = json.loads(line)
        body = rest[: head["length"]]
        if len(body) != head["length"] or hashlib.sha256(body).hexdigest() != head["sha256"]:
            return None
        offset_s = head["clock_offset_s"]
        return JournalAnswer(
            body=body,
            received_at=_moment(head["received_at"]),
            clock_offset_s=None if offset_s is None else float(offset_s),
            login=_login_context(head["login"]) if head.get("login") is not None else None,
        )
    except (ValueError, TypeError, KeyError, OverflowError, OSError, RecursionError, AttributeError):
        return None


def _login_fields(login: LoginContext) -> dict[str, object]:
    return {
        "profile": login.profile,
        "oauth_url": login.oauth_url,
        "api_url": login.api_url,
        "client_id": login.client_id,
        "scopes": None if login.scopes is None else list(login.scopes),
        "scopes_known_by": login.scopes_known_by,
    }


def _login_context(fields: dict[str, Any]) -> LoginContext:
    known_by = fields["scopes_known_by"]
    if known_by not in get_args(ScopesKnownBy):
        raise ValueError(known_by)
    scopes = fields["scopes"]
    return LoginContext(
        profile=str(fields["profile"]),
        oauth_url=str(fields["oauth_url"]),
        api_url=str(fields["api_url"]),
        client_id=str(fields["client_id"]),
        scopes=None if scopes is None else parse_granted(",".join(scopes)),
        scopes_known_by=known_by,
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
