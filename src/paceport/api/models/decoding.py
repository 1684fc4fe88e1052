"""JSON bytes to typed values and back: whole pages fast, damaged pages row by row."""

import json
from collections.abc import Callable
from typing import Annotated, Generic, TypeVar, cast

import msgspec

from paceport.api.models.tolerant_decoding import (
    OddPart,
    can_be_a_start,
    needs_nothing,
    parse_leniently,
    read_tolerantly,
    shares_a_field,
)
from paceport.errors import UnexpectedAnswer
from paceport.lazy_dataclass import dataclass
from paceport.notebook import html_facts, short_repr
from paceport.text import clean

T = TypeVar("T")
# What tells one value with an id from another.
_TELLING_FIELDS = ("id", "start_utc", "name", "sport_type", "distance_m", "moving_time_s")

# What fits nowhere else, a database to begin with, is not taken for an id or a count.
Int64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]

_NO_FIT = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class ApiStruct(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of every answer: immutable, unknown fields ignored. Units end our names; `rename` holds theirs."""

    def to_dict(self) -> dict[str, object]:
        """The fields by our names; their parts are dicts and lists, moments stay datetimes."""
        return {name: _plain(getattr(self, name)) for name in self.__struct_fields__}

    def __repr__(self) -> str:
        names = self.__struct_fields__
        first = [name for name in _TELLING_FIELDS if name in names] if "id" in names else names
        return short_repr(type(self).__name__, ((name, getattr(self, name)) for name in first))

    def _repr_html_(self) -> str:
        return html_facts((name, getattr(self, name)) for name in self.__struct_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What an answer held and could not be read: a whole row of a list, or one part of a value that is kept.

    `path` is the JSON path of the trouble, `expected` what should be there, `found` what stood there. `item_id` is the
    id of the row or value where it has one; `index` its place in a list, None for a value by itself. `raw` is its JSON.
    """

    path: str
    expected: str
    found: str
    is_row: bool
    item_id: int | str | None = None
    index: int | None = None
    raw: bytes = b""

    @property
    def why(self) -> str:
        """What was there and what should be, as words."""
        return f"expected {self.expected}, found {self.found}"

    def __str__(self) -> str:
        whose = f"id {self.item_id}" if self.item_id is not None else "no id"
        held = f"holds {self.found}, not {self.expected}"
        if self.is_row:
            return f"a row ({whose}) could not be read and is left out: {self.path} {held}"
        return f"{self.path} ({whose}) could not be read and is left out: it {held}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """The rows of one list answer, in its order. `bad` are the rows that could not be read, `odd` parts of the others.

    `body` is all of it.
    """

    items: tuple[T, ...]
    bad: tuple[LeftOut, ...]
    body: bytes
    odd: tuple[LeftOut, ...] = ()

    @property
    def count(self) -> int:
        """Rows in the answer, bad ones included: 0 is the end of a list."""
        return len(self.items) + len(self.bad)

    def raws(self) -> list[bytes]:
        """The JSON text of each of `items`, in the same order, byte for byte as it came."""
        spoilt = {row.index for row in self.bad}
        return [raw for index, raw in enumerate(raw_rows(self.body)) if index not in spoilt]


def decode(kind: type[T], body: bytes, *, left_out: Callable[[LeftOut], None] | None = None) -> T:
    """One answer as a value of `kind`. A part that cannot be read is left out and given to `left_out`.

    Raises UnexpectedAnswer naming the JSON path of what is wrong, where the value cannot do without it or the object
    has nothing of this kind; nothing else, whatever the bytes.
    """
    try:
        value = _at_once(body, kind)
    except _NO_FIT:
        pass
    else:
        if not needs_nothing(kind) or shares_a_field(msgspec.json.decode(body, type=dict[str, msgspec.Raw]), kind):
            return value
        raise _other_shape("nothing in it belongs to what was asked for")
    try:
        found, odd = read_tolerantly(body, kind)
    except (ValueError, RecursionError) as error:
        raise _other_shape(f"it is no JSON that can be read ({type(error).__name__})") from error
    if isinstance(found, OddPart):
        raise _other_shape(f"{found.why} at {found.path}")
    for part in odd if left_out is not None else ():
        left_out(_left_out(part, body, is_row=False))  # type: ignore[misc]  # not None here: the condition above
    return cast("T", found)


def decode_page(kind: type[T], body: bytes) -> Page[T]:
    """A list answer as values of `kind`. A row that cannot be read is set aside; the others are not lost.

    Raises UnexpectedAnswer if the body is no whole JSON array.
    """
    try:
        whole: list[T] = msgspec.json.decode(body, type=list[kind])  # type: ignore[valid-type]  # a value at run time
        if all(map(_has_possible_start, whole)):
            return Page(items=tuple(whole), bad=(), body=body)
    except _NO_FIT:
        pass
    items: list[T] = []
    bad: list[LeftOut] = []
    odd: list[LeftOut] = []
    for index, raw in enumerate(raw_rows(body)):
        try:
            items.append(_at_once(raw, kind))
            continue
        except _NO_FIT:
            pass
        try:
            found, parts = read_tolerantly(raw, kind, f"$[{index}]")
        except (ValueError, RecursionError):
            found, parts = OddPart(path=f"$[{index}]", expected="JSON", found="something nested without end"), []
        if isinstance(found, OddPart):
            bad.append(_left_out(found, raw, is_row=True, index=index))
        else:
            items.append(found)
            odd.extend(_left_out(part, raw, is_row=False, index=index) for part in parts)
    return Page(items=tuple(items), bad=tuple(bad), body=body, odd=tuple(odd))


def raw_rows(body: bytes) -> list[bytes]:
    """The JSON text of each element of an array. Raises UnexpectedAnswer if the body is no whole array."""
    try:
        return [bytes(raw) for raw in msgspec.json.decode(body, type=list[msgspec.Raw])]
    except _NO_FIT:
        pass
    try:
        rows = parse_leniently(body)
    except (ValueError, RecursionError) as error:
        raise _other_shape(f"it is no JSON that can be read ({type(error).__name__})") from error
    if not isinstance(rows, list):
        raise _other_shape("expected a list")
    return [json.dumps(row).encode() for row in rows]


def is_whole_json(body: bytes) -> bool:
    """Whether the bytes are one complete JSON value: a cut-off answer is not.

    Infinity, NaN and half of a surrogate pair are no JSON, yet such an answer is whole: `decode` and `decode_page`
    leave out the field that holds them.
    """
    try:
        msgspec.json.decode(body)
    except _NO_FIT:
        try:
            parse_leniently(body)
        except (ValueError, RecursionError):
            return False
    return True


def encode(value: object) -> bytes:
    """A value of ours, or plain dicts and lists, as JSON in the service's own names."""
    return msgspec.json.encode(value)


def _at_once(body: bytes, kind: type[T]) -> T:
    """The value, where nothing in it is odd."""
    value = msgspec.json.decode(body, type=kind)
    if not _has_possible_start(value):
        raise msgspec.ValidationError("no activity begins then")
    return value


def _has_possible_start(value: object) -> bool:
    start = getattr(value, "start_utc", None)
    return start is None or can_be_a_start(start)


def _left_out(part: OddPart, raw: bytes, *, is_row: bool, index: int | None = None) -> LeftOut:
    return LeftOut(
        path=part.path,
        expected=part.expected,
        found=part.found,
        is_row=is_row,
        item_id=id_in(raw),
        index=index,
        raw=raw,
    )


def id_in(raw: bytes) -> int | str | None:
    """The id of a JSON object as it stands there, None where it has none."""
    try:
        value = parse_leniently(raw)
    except (ValueError, RecursionError):
        return None
    found = value.get("id") if isinstance(value, dict) else None
    if isinstance(found, str):
        return clean(found)[:40] or None
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _plain(value: object) -> object:
    if isinstance(value, ApiStruct):
        return value.to_dict()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def _other_shape(why: str) -> UnexpectedAnswer:
    return UnexpectedAnswer(
        what="The answer does not have the shape that Strava documents",
        why=why,
        fix="try again; in a hotel or company network, a gateway may have answered. If it happens again, report "
        "it with the output of: paceport doctor --report",
    )
