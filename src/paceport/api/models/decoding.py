"""JSON bytes to typed values and back: whole pages fast, spoilt pages row by row."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from paceport.errors import UnexpectedAnswer
from paceport.text import clean

T = TypeVar("T")

_MOST_SHOWN = 200


class ApiStruct(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of every answer: immutable, unknown fields ignored. Units end our names; `rename` holds theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row of a page that could not be read: its place, the JSON path of the trouble, why, and its bytes."""

    index: int
    path: str
    why: str
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """The rows of one list answer, in its order; what could not be read stands in `bad`. `body` is all of it."""

    items: tuple[T, ...]
    bad: tuple[BadRow, ...]
    body: bytes

    @property
    def count(self) -> int:
        """Rows in the answer, bad ones included: 0 is the end of a list."""
        return len(self.items) + len(self.bad)

    def raws(self) -> list[bytes]:
        """The JSON text of each of `items`, in the same order, byte for byte as it came."""
        spoilt = {row.index for row in self.bad}
        return [raw for index, raw in enumerate(raw_rows(self.body)) if index not in spoilt]


def decode(kind: type[T], body: bytes) -> T:
    """One answer as a value of `kind`.

    Whole numbers written as floats (and numbers written as text) are taken where a number is due. Raises
    UnexpectedAnswer naming the JSON path of what is wrong; nothing else, whatever the bytes.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        why = error
    try:
        return _lenient(kind, body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        path, what = _path_and_reason(why)
    raise UnexpectedAnswer(
        what="Strava's answer has another shape than its documentation says",
        why=f"{what} at {path}",
        fix="repeat; if it stays so, please report it with the output of: paceport doctor --report",
    )


def decode_page(kind: type[T], body: bytes) -> Page[T]:
    """A list answer as values of `kind`. A row that cannot be read is set aside; the others are not lost.

    Raises UnexpectedAnswer if the body is no whole JSON array.
    """
    try:
        return Page(items=tuple(msgspec.json.decode(body, type=list[kind])), bad=(), body=body)  # type: ignore[valid-type]  # a value at run time
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        items: list[T] = []
        bad: list[BadRow] = []
        for index, raw in enumerate(raw_rows(body)):
            try:
                items.append(_row(kind, raw))
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                path, why = _path_and_reason(error)
                bad.append(BadRow(index=index, path=path.replace("$", f"$[{index}]", 1), why=why, raw=raw))
        return Page(items=tuple(items), bad=tuple(bad), body=body)


def raw_rows(body: bytes) -> list[bytes]:
    """The JSON text of each element of an array. Raises UnexpectedAnswer if the body is no whole array."""
    return [bytes(raw) for raw in decode(list[msgspec.Raw], body)]


def is_whole_json(body: bytes) -> bool:
    """Whether the bytes are one complete JSON value: a cut-off answer is not."""
    try:
        msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True


def encode(value: object) -> bytes:
    """A value of ours, or plain dicts and lists, as JSON in the service's own names."""
    return msgspec.json.encode(value)


def _row(kind: type[T], raw: bytes) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as strict:
        try:
            return _lenient(kind, raw)
        except msgspec.ValidationError:
            raise strict from None


def _lenient(kind: type[T], body: bytes) -> T:
    untyped: Any = msgspec.json.decode(body)
    return msgspec.convert(untyped, kind, strict=False)


def _path_and_reason(error: Exception) -> tuple[str, str]:
    """The JSON path and the reason in a decoder's message: "Expected `int`, got `str` - at `$.id`"."""
    text = clean(str(error))[:_MOST_SHOWN]
    what, _, where = text.partition(" - at ")
    return where.strip("`") or "$", what
