"""FIT bytes → messages: a decoder for the common case that reads all records of one definition as one array.

Layout after the FIT protocol (developer.garmin.com/fit/protocol). The walk only looks at header bytes and notes where
each message lies; numpy then reads every wanted field of all messages of one definition at once. What this cannot read
for sure raises UnsupportedFit, and the caller turns to fit_fallback.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import isfinite
from struct import unpack_from
from typing import TYPE_CHECKING, Any

import numpy as np

from paceport.formats.tracks.fit_crc import fit_crc
from paceport.formats.tracks.fit_message_group import COMPRESSED, MessageGroup, data_headers
from paceport.formats.tracks.fit_profile import (
    BASE_TYPES,
    BYTE,
    FIELD_DESCRIPTION,
    MESSAGES,
    RECORD,
    STRUCT_CODES,
    TEXT,
    TIMESTAMP,
    Field,
    FitFile,
    Row,
    developer_channel,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

SMALLEST_HEADER = 12
DEFINITION, DEVELOPER_FIELDS = 0x40, 0x20
MOST_FILES, MOST_DEFINITIONS = 100, 10_000  # in one stream, in one file; devices write one and some dozens
MOST_SKIPPED = 512
MOST_REMEMBERED = 256  # definitions
# What is read of a message: its place in the profile, its form for numpy, the value that means "nothing", its offset.
WantedField = tuple[Field, str, int | None, int]
UNKNOWN_LENGTHS = (0, 0xFFFFFFFF)  # written by devices that never closed the file


class UnsupportedFit(Exception):
    """A file uses something that this decoder leaves to the reference decoder."""


def is_fit(content: bytes) -> bool:
    """Whether `content` begins like a FIT file."""
    return len(content) >= SMALLEST_HEADER and content[8:12] == b".FIT" and content[0] >= SMALLEST_HEADER


def decode_fit(content: bytes) -> list[FitFile]:
    """The FIT files chained in `content`, taken apart; the caller has checked `is_fit`.

    A damaged or cut file gives what lies before the damage, with a note. Raises UnsupportedFit.
    """
    files: list[FitFile] = []
    start = 0
    while len(files) < MOST_FILES and is_fit(content[start : start + SMALLEST_HEADER]):
        body, end, notes = _frame(content, start)
        decoded = _decode_body(content, body, end)
        decoded.notes[:0] = notes
        files.append(decoded)
        start = _next_file(content, end + 2, decoded.notes)
    if files and start < len(content):
        files[-1].notes.append(f"{len(content) - start} bytes after the end of the FIT file were left out")
    return files


def _next_file(content: bytes, end: int, notes: list[str]) -> int:
    """Where the next file begins that is chained to the one which ended: after what fills the space, if anything."""
    found = content.find(b".FIT", end + 8)
    while found >= 0 and not is_fit(content[found - 8 : found - 8 + SMALLEST_HEADER]):
        found = content.find(b".FIT", found + 1)
    if found - 8 <= end:
        return end
    notes.append(f"{found - 8 - end} bytes between its FIT files were left out")
    return found - 8


def _frame(content: bytes, start: int) -> tuple[int, int, list[str]]:
    """Where the messages of the file at `start` begin and end, and what is wrong with its frame."""
    body = start + content[start]
    length = int.from_bytes(content[start + 4 : start + 8], "little")
    if length in UNKNOWN_LENGTHS:
        return body, len(content), ["the device never finished this file; what it contains is used"]
    end = body + length
    if end > len(content):
        return body, len(content), [f"the file is cut short: {end - len(content)} bytes are missing"]
    if end + 2 > len(content):
        return body, end, ["the file's checksum is missing"]
    if fit_crc(memoryview(content)[start:end]) != int.from_bytes(content[end : end + 2], "little"):
        return body, end, ["the file's checksum is wrong: some values may be damaged"]
    return body, end, []


def _decode_body(content: bytes, body: int, end: int) -> FitFile:
    groups, notes = _walk(content, body, end)
    decoded = FitFile(notes=notes)
    columns: dict[int, list[tuple[MessageGroup, dict[str, Any]]]] = {}
    descriptions: list[Row] = []
    for group in sorted(groups, key=lambda group: group.message != FIELD_DESCRIPTION):
        if group.message not in MESSAGES or not group.places:
            continue
        read = _read_group(content, group, descriptions)
        columns.setdefault(group.message, []).append((group, read))
        if group.message == FIELD_DESCRIPTION:
            descriptions.extend(_rows(read))
    _resolve_compressed(content, groups, columns)
    for message, parts in columns.items():
        merged = _merge(parts)
        if message == RECORD:
            decoded.records = merged
        else:
            decoded.rows[MESSAGES[message][0]] = list(_rows(merged))
    return decoded


def _walk(content: bytes, position: int, end: int) -> tuple[list[MessageGroup], list[str]]:
    """Step from header byte to header byte; returns the groups with the places of their messages."""
    groups: dict[bytes, MessageGroup] = {}
    by_header: list[MessageGroup | None] = [None] * 256
    sizes = [0] * 256
    notes: list[str] = []
    append: list[Any] = [None] * 256
    header = 0
    raw = np.frombuffer(content, dtype=np.uint8)
    while position < end:
        header = content[position]
        size = sizes[header]
        if size:
            append[header](position)
            position += size
            # Two of its kind behind it: most likely a long row.
            ahead = position + size
            if ahead < end and content[position] == header == content[ahead]:
                position = _skip_alike(raw, position, end, size, by_header[header])
            continue
        defined = _definition(content, position, end) if header & 0xC0 == DEFINITION else None
        if defined is None or len(groups) >= MOST_DEFINITIONS:
            if defined is None and header & 0xC0 == DEFINITION:
                notes.append("the file is cut short inside a definition")
            else:
                notes.append(f"damaged from byte {position} of {end} on; everything before that is used")
            return list(groups.values()), notes
        key, group = defined
        position += 1 + len(key)
        group = groups.setdefault(key + bytes([header & DEVELOPER_FIELDS]), group)
        take = group.places.append if _is_wanted(group) else bool  # bool: takes it, keeps nothing
        for data_header in data_headers(header & 0x0F):
            by_header[data_header], sizes[data_header] = group, group.size
            append[data_header] = group.take_compressed if take is not bool and data_header & COMPRESSED else take
    last = by_header[header]
    if position > end and last is not None and last.places:
        last.places.pop()  # its values reach beyond the end
    return list(groups.values()), notes


def _skip_alike(raw: "npt.NDArray[np.uint8]", position: int, end: int, size: int, group: MessageGroup | None) -> int:
    """Note the messages from `position` on that follow each other with one header, all but the last, and step past.

    The step is the same as one by one: where a message ends, the next header stands. It looks at some hundred first,
    then at ever more: many short rows in a long file would otherwise cost the square of their number.
    """
    header, looked_at, count = raw[position], 0, 0
    ahead = MOST_SKIPPED
    while count == looked_at:
        headers = raw[position + looked_at * size : min(end, position + ahead * size) : size]
        if not len(headers):
            break
        others = np.flatnonzero(headers != header)
        count = looked_at + (int(others[0]) if len(others) else len(headers))
        looked_at, ahead = looked_at + len(headers), 4 * ahead
    count -= 1
    if group is not None and _is_wanted(group):
        group.places.frombytes(np.arange(position, position + count * size, size, dtype=np.int64).tobytes())
    return position + count * size


def _is_wanted(group: MessageGroup) -> bool:
    """Whether it is a message we read, or one with a timestamp, on which compressed timestamps build."""
    return group.message in MESSAGES or any(number == TIMESTAMP for number, *_ in group.fields)


def _definition(content: bytes, position: int, end: int) -> tuple[bytes, MessageGroup] | None:
    """The definition message at `position`: its bytes without the header, and an empty group; None if it is cut."""
    stop = position + 6
    if stop > end:
        return None
    order = ">" if content[position + 2] else "<"
    message = int.from_bytes(content[position + 3 : position + 5], "big" if order == ">" else "little")
    at = 1
    fields = []
    stop += 3 * content[position + 5]
    for place in range(position + 6, min(stop, end - 2), 3):
        number, size, base = content[place : place + 3]
        fields.append((number, at, size, base & 0x1F))
        at += size
    developer_fields = []
    if content[position] & DEVELOPER_FIELDS and stop < end:
        first, stop = stop + 1, stop + 1 + 3 * content[stop]
        for place in range(first, min(stop, end - 2), 3):
            number, size, index = content[place : place + 3]
            developer_fields.append((index, number, at, size))
            at += size
    if stop > end:
        return None
    group = MessageGroup(message=message, order=order, size=at, fields=fields, developer_fields=developer_fields)
    return content[position + 1 : stop], group


def _read_group(content: bytes, group: MessageGroup, descriptions: list[Row]) -> dict[str, Any]:
    """The wanted fields of all messages of one definition, scaled: float64 with NaN, or lists of text."""
    wanted = _wanted_fields(group.message, group.order, tuple(group.fields))
    if group.developer_fields:
        wanted = (*wanted, *_wanted_developer_fields(group, descriptions))
    if not wanted:
        return {}
    if len(group.places) == 1 and not any(profile.is_list for profile, *_ in wanted):
        return _read_single(content, group.places[0], wanted)
    shape = _shape(group.size, tuple((form, offset) for _, form, _, offset in wanted))
    messages = _messages(content, group, shape)
    return {
        profile.name: _read_column(messages[f"f{index}"], profile, nothing)
        for index, (profile, _, nothing, _) in enumerate(wanted)
    }


def _read_single(content: bytes, place: int, wanted: Sequence[WantedField]) -> dict[str, Any]:
    """The same of a message that is the only one of its definition; numpy takes five times as long for one."""
    columns: dict[str, Any] = {}
    for profile, form, nothing, offset in wanted:
        begin = place + offset
        if profile.is_text:
            columns[profile.name] = _texts([content[begin : begin + int(form[1:])]])
            continue
        (raw,) = unpack_from(form[0] + STRUCT_CODES[form[1:]], content, begin)
        value = float("nan") if raw == nothing or not isfinite(raw) else raw / profile.scale - profile.offset
        columns[profile.name] = np.array([value])
    return columns


@lru_cache(MOST_REMEMBERED)
def _shape(size: int, fields: tuple[tuple[str, int], ...]) -> "np.dtype[Any]":
    """Messages of `size` bytes with these fields, as (form, offset); devices write the same in every file."""
    forms, offsets = zip(*fields, strict=True)
    names = [f"f{index}" for index in range(len(fields))]
    return np.dtype({"names": names, "formats": list(forms), "offsets": list(offsets), "itemsize": size})


def _messages(content: bytes, group: MessageGroup, shape: "np.dtype[Any]") -> "npt.NDArray[Any]":
    """The messages of a group, without copying where all are equally far apart."""
    count, step = len(group.places), group.step()
    if step is not None:
        first = group.places[0]
        return np.ndarray(shape=(count,), dtype=shape, buffer=content, offset=first, strides=(step,))
    windows: npt.NDArray[Any] = np.ndarray(
        shape=(len(content) - group.size + 1,), dtype=np.dtype((np.void, group.size)), buffer=content, strides=(1,)
    )
    return windows[group.places_array()].view(shape)


def _read_column(raw: "npt.NDArray[Any]", profile: Field, nothing: int | None) -> Any:  # noqa: ANN401  # array or list
    if profile.is_text:
        return _texts(raw.tolist())
    if profile.is_list:
        return np.where(raw == nothing, np.nan, raw).tolist()
    return _scaled(raw, profile, nothing)


@lru_cache(MOST_REMEMBERED)
def _wanted_fields(message: int, order: str, fields: tuple[tuple[int, int, int, int], ...]) -> tuple[WantedField, ...]:
    return tuple(_each_wanted(message, order, fields))


def _each_wanted(message: int, order: str, fields: tuple[tuple[int, int, int, int], ...]) -> Iterator[WantedField]:
    profiles = MESSAGES[message][1]
    for number, offset, size, base in fields:
        profile = profiles.get(number)
        if profile is None:
            continue
        if profile.is_text and base == TEXT and size:
            yield profile, f"S{size}", None, offset
            continue
        if profile.is_list:
            form, nothing = ("u1", None) if base == BYTE else BASE_TYPES.get(base, ("", None))
            if form and size % int(form[1]) == 0:
                yield profile, f"({size // int(form[1])},){order}{form}", nothing, offset
            continue
        form, nothing = BASE_TYPES.get(base, ("", None))
        if form and size % int(form[1]):
            continue  # no whole number of values, as COROS writes some: that field alone says nothing
        if not form or profile.is_text or size != int(form[1]):
            raise UnsupportedFit(f"field {number} of message {message} has base type {base} and {size} bytes")
        yield profile, order + form, nothing, offset


def _wanted_developer_fields(group: MessageGroup, descriptions: list[Row]) -> Iterator[WantedField]:
    if group.message != RECORD:
        return
    described = {(row.get("developer_data_index"), row.get("field_definition_number")): row for row in descriptions}
    for index, number, offset, size in group.developer_fields:
        row = described.get((index, number), {})
        native, base = row.get("native_field_num"), row.get("fit_base_type_id")
        channel = developer_channel(
            name=str(row.get("field_name", "")),
            units=str(row.get("units", "")),
            native_field=native if isinstance(native, float) else None,
        )
        if channel is None or not isinstance(base, float):
            continue
        form, nothing = BASE_TYPES.get(int(base) & 0x1F, ("", None))
        if form and size == int(form[1]):
            yield channel, group.order + form, nothing, offset


def _scaled(raw: "npt.NDArray[Any]", profile: Field, nothing: int | None) -> "Channel":
    raw = np.ascontiguousarray(raw)
    values: Channel = raw.astype(np.float64)
    is_unset = raw == nothing if nothing is not None else ~np.isfinite(values)
    if is_unset.any():
        values[is_unset] = np.nan
    if profile.scale != 1:
        values /= profile.scale
    if profile.offset:
        values -= profile.offset
    return values


def _texts(raw: list[bytes]) -> list[str]:
    return [value.split(b"\0")[0].decode("utf-8", "replace") for value in raw]


def _merge(parts: list[tuple[MessageGroup, dict[str, Any]]]) -> dict[str, Any]:
    """The columns of several definitions of one message as one set, in file order."""
    if len(parts) == 1:
        return parts[0][1]
    places = np.concatenate([group.places_array() for group, _ in parts])
    order = np.argsort(places)
    names = list(dict.fromkeys(name for _, columns in parts for name in columns))
    merged: dict[str, Any] = {}
    for name in names:
        pieces = [columns.get(name) for _, columns in parts]
        if any(isinstance(piece, list) for piece in pieces):
            texts = [
                text
                for (group, _), piece in zip(parts, pieces, strict=True)
                for text in piece or [""] * len(group.places)
            ]
            merged[name] = [texts[index] for index in order]
        else:
            merged[name] = np.concatenate(
                [
                    np.full(len(group.places), np.nan) if piece is None else piece
                    for (group, _), piece in zip(parts, pieces, strict=True)
                ]
            )[order]
    return merged


def _rows(columns: dict[str, Any]) -> Iterator[Row]:
    """The messages one by one, without what is not set."""
    values = [column if isinstance(column, list) else column.tolist() for column in columns.values()]
    for row in zip(*values, strict=True):
        yield {name: value for name, value in zip(columns, row, strict=True) if value not in ("",) and value == value}


def _resolve_compressed(
    content: bytes, groups: list[MessageGroup], columns: dict[int, list[tuple[MessageGroup, dict[str, Any]]]]
) -> None:
    """Give messages with a compressed header their time: five bits on top of the last timestamp of any message."""
    if not any(group.has_compressed_time for group in groups):
        return
    events: list[tuple[int, int, float]] = []  # place, five bits or -1, timestamp
    for group in groups:
        stamps = group.timestamps(content)
        for place, stamp in zip(group.places, stamps, strict=True):
            events.append((place, content[place] & 0x1F if content[place] & COMPRESSED else -1, stamp))
    events.sort()
    times: dict[int, float] = {}
    last = 0
    for place, low_bits, stamp in events:
        if low_bits < 0:
            last = int(stamp) if stamp == stamp else last
        else:
            last += (low_bits - last) & 0x1F
            times[place] = last
    for parts in columns.values():
        for group, read in parts:
            plain = read.get("timestamp", np.full(len(group.places), np.nan))
            read["timestamp"] = np.array(
                [times.get(place, value) for place, value in zip(group.places, plain.tolist(), strict=True)]
            )
