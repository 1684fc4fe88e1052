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
from typing import TypeVar

import msgspec

from paceport.errors import StoreTooNew
from paceport.oauth.token_store.base import JournalAnswer, LoginContext, RefreshJournal, ScopesKnownBy
from paceport.scopes import parse_granted

ANSWER_AT = 1024
_SIZE = 64 * 1024
# In bytes of JSON, of which one character may take twelve: with all else in it the head stays before ANSWER_AT.
_LARGEST_NAME = 500
_SCHEMA = 1
_NOT_WHOLE = (ValueError, TypeError, OverflowError, OSError, RecursionError)  # msgspec's are ValueErrors


class _Schema(msgspec.Struct, frozen=True):
    schema: int | float  # whatever number a newer version has


class _JournalHead(msgspec.Struct, frozen=True, kw_only=True):
    token_digest: str
    begun_at: float
    begun_by: object  # only shown: nothing in it may make a refresh that was begun look like none
    unknown_since: float | None


class _LoginFields(msgspec.Struct, frozen=True, kw_only=True):
    profile: str
    oauth_url: str
    api_url: str
    client_id: str
    scopes: list[str] | None
    scopes_known_by: ScopesKnownBy


class _AnswerHead(msgspec.Struct, frozen=True, kw_only=True):
    length: int
    sha256: str
    received_at: float
    clock_offset_s: float | None
    login: _LoginFields | None = None


_Head = TypeVar("_Head", bound=msgspec.Struct)


def write_journal(journal: RefreshJournal) -> bytes:
    """The journal without its answer, padded to its full size."""
    head = {
        "schema": _SCHEMA,
        "token_digest": journal.token_digest,
        "begun_at": journal.begun_at.timestamp(),
        "begun_by": _fitting(journal.begun_by),
        "unknown_since": None if journal.unknown_since is None else journal.unknown_since.timestamp(),
    }
    return (json.dumps(head).encode() + b"\n").ljust(ANSWER_AT).ljust(_SIZE)


def _fitting(name: str) -> str:
    """As much of a process's name as the head has room for."""
    name = name[:_LARGEST_NAME]
    while len(json.dumps(name)) > _LARGEST_NAME:
        name = name[:-1]
    return name


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
        fields = json.loads(content[:ANSWER_AT])
        schema = _convert(fields, _Schema).schema
        if schema > _SCHEMA:
            raise StoreTooNew(path=path, found=int(schema), know=_SCHEMA)
        head = _convert(fields, _JournalHead)
        return RefreshJournal(
            token_digest=head.token_digest,
            begun_at=_moment(head.begun_at),
            begun_by=str(head.begun_by),
            unknown_since=None if head.unknown_since is None else _moment(head.unknown_since),
            answer=read_answer(content[ANSWER_AT:]),
        )
    except _NOT_WHOLE:
        return None


def read_answer(content: bytes) -> JournalAnswer | None:
    """The answer in what lies at ANSWER_AT, if length and checksum agree."""
    line, _, rest = content.partition(b"\n")
    try:
        head = _convert(json.loads(line), _AnswerHead)
        body = rest[: head.length]
        if len(body) != head.length or hashlib.sha256(body).hexdigest() != head.sha256:
            return None
        return JournalAnswer(
            body=body,
            received_at=_moment(head.received_at),
            clock_offset_s=head.clock_offset_s,
            login=None if head.login is None else _login_context(head.login),
        )
    except _NOT_WHOLE:
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


def _login_context(fields: _LoginFields) -> LoginContext:
    return LoginContext(
        profile=fields.profile,
        oauth_url=fields.oauth_url,
        api_url=fields.api_url,
        client_id=fields.client_id,
        scopes=None if fields.scopes is None else parse_granted(",".join(fields.scopes)),
        scopes_known_by=fields.scopes_known_by,
    )


def _convert(fields: object, kind: type[_Head]) -> _Head:
    """The fields of `kind` alone: what a newer version adds is passed over. The errors are those of _NOT_WHOLE.

    The standard library has parsed them, as the name of a process may hold what UTF-8 cannot.
    """
    if not isinstance(fields, dict):
        raise TypeError("no object")
    return msgspec.convert({name: fields[name] for name in kind.__struct_fields__ if name in fields}, kind)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
