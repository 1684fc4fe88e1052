"""JSON that is odd in one part, read all the same: the part is left out and noted, and the rest is kept.

What is taken as it was meant: a number written as text, a whole number written as 3.0, a number where a text is due,
0 and 1 for false and true, fractional seconds (rounded), null for "not known". What cannot be read costs the smallest
whole it belongs to: an optional field, an entry of a list, a stream's sample. Only a value that cannot do without the
part is lost with it.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect as shapes

from paceport.lazy_dataclass import dataclass
from paceport.secret import mask_secrets
from paceport.text import clean

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?")
_MOST_SHOWN = 80
_MOST_DIGITS = 400
_INT64 = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True, kw_only=True)
class OddPart:
    """A part that could not be read: its JSON path, what should be there, what stood there (as JSON, cut and clean)."""

    path: str
    expected: str
    found: str

    @property
    def why(self) -> str:
        """The same as words: what was there and what should be."""
        return f"expected {self.expected}, found {self.found}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unreadable:
    part: OddPart
    is_nothing: bool = False


def read_tolerantly(body: bytes, kind: Any, path: str = "$") -> tuple[Any, list[OddPart]]:  # noqa: ANN401  # any type
    """The value in a JSON text as `kind`, and what was left out of it.

    The value is an OddPart where even that is not enough. Raises ValueError or RecursionError for a text that is no
    JSON.
    """
    reader = _Reader()
    value = reader.read(parse_leniently(body), _shape_of(kind), path)
    if isinstance(value, _Unreadable):
        return value.part, []
    return value, reader.odd


def parse_leniently(body: bytes) -> Any:  # noqa: ANN401  # any JSON
    """The value of a JSON text in any Unicode encoding; a byte or number that cannot be read costs its place alone.

    Infinity, NaN and half of a surrogate pair are taken. Raises ValueError or RecursionError for what is no JSON.
    """
    return json.loads(body.decode(json.detect_encoding(body), "replace"), parse_int=_digits)


def _digits(digits: str) -> int | float:
    # Python refuses to read thousands of digits as a number, and the whole text with them.
    return int(digits) if len(digits) < _MOST_DIGITS else math.inf


@cache
def _shape_of(kind: object) -> shapes.Type:
    return shapes.type_info(kind)


def needs_nothing(kind: object) -> bool:
    """Whether any JSON object would pass as this kind, since all of its fields may be missing."""
    shape = _shape_of(kind)
    return isinstance(shape, shapes.StructType) and not any(field.required for field in shape.fields)


def shares_a_field(names: Mapping[str, object], kind: object) -> bool:
    """Whether an object has at least one field of the kind, or none at all."""
    shape = _shape_of(kind)
    assert isinstance(shape, shapes.StructType)
    return not names or any(field.encode_name in names for field in shape.fields)


class _Reader:
    def __init__(self) -> None:
        self.odd: list[OddPart] = []

    def read(self, value: Any, shape: shapes.Type, path: str) -> Any:  # noqa: ANN401  # any JSON in, its type out
        """The value as its shape wants it, or what makes it unreadable."""
        if isinstance(shape, shapes.UnionType):
            return self._any_of(value, shape, path)
        if isinstance(shape, shapes.StructType):
            return self._object(value, shape, path)
        if isinstance(shape, shapes.ListType):
            return self._list(value, shape.item_type, path)
        if isinstance(shape, shapes.DictType):
            return self._mapping(value, shape.value_type, path)
        expected, take = _SCALARS.get(type(shape), ("something else", _as_it_is))
        taken = take(value)
        return _unreadable(path, expected, value) if taken is None else taken

    def _any_of(self, value: Any, shape: shapes.UnionType, path: str) -> Any:  # noqa: ANN401  # any JSON
        if value is None and shape.includes_none:
            return None
        options = [each for each in shape.types if not isinstance(each, shapes.NoneType)]
        # 1 passes as true and as a number: a number is one unless only truth is due.
        options.sort(key=lambda each: isinstance(each, shapes.BoolType) is not isinstance(value, bool))
        unreadable = None
        for each in options:
            read = self.read(value, each, path)
            if not isinstance(read, _Unreadable):
                return read
            unreadable = unreadable or read
        return unreadable

    def _object(self, value: Any, shape: shapes.StructType, path: str) -> Any:  # noqa: ANN401  # any JSON
        if not isinstance(value, dict):
            return _unreadable(path, "an object", value)
        noted = len(self.odd)
        given: dict[str, Any] = {}
        for field in shape.fields:
            place = f"{path}.{field.encode_name}"
            raw = value.get(field.encode_name)
            read = self.read(_whole_seconds(raw, field), field.type, place)
            if not isinstance(read, _Unreadable):
                given[field.name] = read
            elif field.required:
                del self.odd[noted:]  # what is lost whole needs one reason
                return read
            elif raw is not None and not read.is_nothing:
                self.odd.append(read.part)
        return shape.cls(**given)

    def _list(self, value: Any, entry: shapes.Type, path: str) -> Any:  # noqa: ANN401  # any JSON
        if not isinstance(value, list):
            return _unreadable(path, "a list", value)
        read = [self.read(each, entry, f"{path}[{index}]") for index, each in enumerate(value)]
        wrong = [each for each in read if isinstance(each, _Unreadable)]
        if not wrong:
            return read
        if isinstance(entry, shapes.StructType):
            self.odd.extend(each.part for each in wrong)
            return [each for each in read if not isinstance(each, _Unreadable)]
        if isinstance(entry, shapes.UnionType) and entry.includes_none:
            first = wrong[0].part
            found = first.found if len(wrong) == 1 else f"{first.found}, and {len(wrong) - 1} more like it"
            self.odd.append(OddPart(path=first.path, expected=first.expected, found=found))
            return [None if isinstance(each, _Unreadable) else each for each in read]
        # A position with half of its numbers is none. One of two nulls says only that there is none.
        return _Unreadable(part=wrong[0].part, is_nothing=all(each is None for each in value))

    def _mapping(self, value: Any, entry: shapes.Type, path: str) -> Any:  # noqa: ANN401  # any JSON
        if not isinstance(value, dict):
            return _unreadable(path, "an object", value)
        read = {name: self.read(each, entry, f"{path}.{clean(name)[:40]}") for name, each in value.items()}
        wrong = [each for each in read.values() if isinstance(each, _Unreadable)]
        if wrong and len(wrong) == len(read):
            return wrong[0]
        self.odd.extend(each.part for each in wrong)
        return {name: each for name, each in read.items() if not isinstance(each, _Unreadable)}


def _whole_seconds(value: Any, field: shapes.Field) -> Any:  # noqa: ANN401  # any JSON
    is_time = field.name.endswith("_s") and isinstance(value, float) and math.isfinite(value)
    return round(value) if is_time and _wants_whole(field.type) else value


def _wants_whole(shape: shapes.Type) -> bool:
    options = shape.types if isinstance(shape, shapes.UnionType) else (shape,)
    return any(isinstance(each, shapes.IntType) for each in options)


def _unreadable(path: str, expected: str, value: object) -> _Unreadable:
    try:
        shown = json.dumps(value[: 4 * _MOST_SHOWN] if isinstance(value, str) else value, ensure_ascii=False)
    except (ValueError, RecursionError):
        shown = "something nested without end"
    text = clean(mask_secrets(shown))
    found = text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "…"
    return _Unreadable(part=OddPart(path=path, expected=expected, found=found))


def _as_it_is(value: object) -> object:
    return value


def _whole_number(value: object) -> int | None:
    if isinstance(value, str):
        value = _number(value) if not re.fullmatch(r"[+-]?[0-9]{1,19}", value.strip()) else int(value)
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value in _INT64 else None


def _number(value: object) -> float | None:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _text(value: object) -> str | None:
    if isinstance(value, str):
        # Half of a surrogate pair can be written to no file and no database.
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    words: dict[object, bool] = {0: False, 1: True, "0": False, "1": True, "false": False, "true": True}
    return words.get(value) if isinstance(value, int | float | str) else None


def can_be_a_start(moment: datetime) -> bool:
    """Whether a moment is at least one that can be counted with: days before and after it, in any zone."""
    return 1900 < moment.year < 9999


def _moment(value: object) -> datetime | None:
    try:
        moment = msgspec.convert(value, datetime) if isinstance(value, str) else None
        return moment if moment is None or can_be_a_start(moment) else None
    except ValueError:  # msgspec's own is one; so is what half of a surrogate pair raises
        return None


_SCALARS: Mapping[type[shapes.Type], tuple[str, Callable[[Any], object]]] = {
    shapes.IntType: ("a whole number", _whole_number),
    shapes.FloatType: ("a number", _number),
    shapes.StrType: ("a text", _text),
    shapes.BoolType: ("true or false", _truth),
    shapes.DateTimeType: ("a time", _moment),
}
