"""A pasted text → the texts it may have been before something quoted, encoded, prefixed or wrapped it.

Nobody can know which of these happened, so each is undone by itself, and the reader takes the reading that says most.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

_MOST_READINGS = 24
# All readings together; a pasted log of a megabyte is read as it is and unquoted.
_MOST_CHARACTERS = 3_000_000
_DEEPEST = 5

_PERCENT = re.compile(r"%(?:22|27|25|7B|5B|5C|3A|3C|3D|2C)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|quot|apos|lt|gt|nbsp|colon|lbrace|lcub|lsqb|lbrack|#x?[0-9a-fA-F]{2,5});")
# Each run of backslashes is looked at once: a text of nothing else would take for ever.
_CODE_POINT = re.compile(
    r"(?<!\\)\\+(?:(?:u\{?(?:0000)?|U0000)([0-9a-fA-F]{4}|[0-9a-fA-F]{2}(?=\}))\}?|x([0-9a-fA-F]{2}))"
)
_QUOTED_PRINTABLE = re.compile(r"=(22|27|7B|7D|5B|5D|3A|2C|3D)")
_LINE_END = re.compile(r"(?<!\\)\\+(?:r\\+n|[nr])")
_COLOUR = re.compile(r"(?:\x1b|␛|\^\[|#033|(?<!\\)\\+(?:0?33|e))?\[\d{1,3}(?:;\d{1,3})*m")
_NOT_SEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad\0]")
# Curly quotes, guillemets, backtick and acute accent: what chats and word processors put in place of straight ones.
_QUOTES = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"') | dict.fromkeys("\u2018\u2019\u201a\u201b`\u00b4", "'")
)
# A long text that a printer broke into several literals, one a line: Python's pprint, a source with + between them.
_BROKEN_LITERAL = re.compile(r"(['\"])\s*\+?\s*\n\s*\+?\s*\1")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,}={0,2}")
_OCTETS = re.compile(r"(?:\b\d{1,3}\b[,\s]{1,3}){20,}\d{1,3}")
_HEX = re.compile(r"(?<![0-9a-fA-F])(?:7b|5b|22)(?:[ ]?[0-9a-f]{2}){20,}", re.IGNORECASE)

_DUMP_LINE = re.compile(r"^\s*(?:0x)?[0-9a-fA-F]{3,8}:?[ \t]+((?:[0-9a-fA-F]{2}){1,4}(?:[ \t].*)?)$", re.MULTILINE)
_DUMP_BYTES, _DUMP_WIDTH = re.compile(r"(?:[0-9a-fA-F]{2}){1,4}"), 16

_TIME = r"\d\d?:\d\d(?::\d\d)?(?:[.,]\d+)?"
_ZONE = r"(?:\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?"
_PREFIX = re.compile(
    rf"""\s*(?:
      [\[(<]?\d{{4}}[-/.]\d\d[-/.]\d\d(?:[T\ _]{_TIME}{_ZONE})?[\])>]?(?=[\s:|,]|$)
    | [\[(]?\d\d?/[A-Za-z0-9]{{2,3}}/\d{{2,4}}[:\ ]{_TIME}{_ZONE}[\])]?
    | [\[(]?(?:[A-Z][a-z]{{2}}\s)?[A-Z][a-z]{{2}}\s+\d\d?\s{_TIME}(?:\s\d{{4}})?[\])]?
    | [\[(]?{_TIME}{_ZONE}[\])]?(?=\s)
    | [\[(<]?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|CRITICAL|FATAL|SEVERE)[\])>]?[:|]?(?=\s)
    | [\w.-]{{1,40}}\s[\w.@/-]{{1,40}}(?:\[\d+\])?:(?=\s)
    | [\w.@/-]{{1,40}}\[[\w.-]+\]:?(?=\s)
    | \[(?!(?:resource|field|code|message|errors|\d+)\])[\w.\ :/-]{{1,40}}\](?=\s)
    | [\w.@/-]{{1,40}}\s*[|>](?=\s)
    | (?:stdout|stderr)\s[FP](?=\s)
    | [>|\#*;│┃](?=\s|$)
    | //(?=\s)
    | \d{{1,6}}[:|)](?=\s)
    )[\ \t]?[:|-]?[\ \t]?""",
    re.VERBOSE,
)


def readings(text: str) -> list[str]:
    """The text with its wrappings undone one after the other, the nearest to what was pasted first; all distinct."""
    found = [text]
    total = len(text)
    waiting = [(text, 0)]
    while waiting and len(found) < _MOST_READINGS:
        current, depth = waiting.pop(0)
        if depth >= _DEEPEST:
            continue
        for reading in _steps(current):
            if reading in found or total + len(reading) > _MOST_CHARACTERS or len(found) >= _MOST_READINGS:
                continue
            found.append(reading)
            total += len(reading)
            waiting.append((reading, depth + 1))
    return found


def unquote(text: str) -> str:
    """The text without escapes: percent, HTML, JSON and quoted-printable ones in any depth, colours, backslashes."""
    for _ in range(_DEEPEST * 2):
        before = text
        text = text.translate(_QUOTES)
        if _PERCENT.search(text):
            text = unquote_plus(text, errors="replace")
        if _ENTITY.search(text):
            text = html.unescape(text)
        if "=\n" in text or "=22" in text:
            text = _QUOTED_PRINTABLE.sub(_as_character, text.replace("=\r\n", "").replace("=\n", ""))
        text = _CODE_POINT.sub(_as_character, text)
        text = _COLOUR.sub("", _NOT_SEEN.sub("", text))
        if text == before:
            break
    return _LINE_END.sub("\n", text).replace("\\", "").replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")


def _as_character(found: re.Match[str]) -> str:
    return chr(int(next(group for group in found.groups() if group), 16))


def _steps(text: str) -> Iterator[str]:
    yield unquote(text)
    yield from _unpacked(text)
    yield _BROKEN_LITERAL.sub("", text)
    # Line ends may be escaped while other escapes were cut in two by them, so they are undone first, and alone.
    lines = _LINE_END.sub("\n", text).replace("\r\n", "\n").split("\n")
    if len(lines) < 2:
        return
    bare = [_PREFIX_RUN.sub("", line) for line in lines]
    columns = _without_common_start(lines)
    # The first line may have lost its indentation where the text was copied.
    indented = [lines[0].strip(" \t"), *_without_common_start(lines[1:])]
    for rows in (bare, columns, indented, lines):
        yield "".join(rows)
        yield " ".join(row.strip() for row in rows)
    if bare != lines:
        yield "\n".join(bare)


_PREFIX_RUN = re.compile(rf"^(?:{_PREFIX.pattern})+", re.VERBOSE)


def _without_common_start(lines: list[str]) -> list[str]:
    """The lines without what all of them begin with, digits counted as equal: the prefix of a log, whatever it is."""
    masked = [re.sub(r"\d", "0", line) for line in lines if line.strip()]
    # What the first and the last in order have in common, all of them have.
    ends = (min(masked, default=""), max(masked, default=""))
    length = 0
    for one, other in zip(*ends, strict=False):
        if one != other or len(masked) < 2:
            break
        length += 1
    return [line[length:] for line in lines]


def _unpacked(text: str) -> Iterator[str]:
    """What stands in it as bytes: base64, numbers, hexadecimal digits."""
    for found in _BASE64.finditer(text):
        word = found[0].rstrip("=").replace("-", "+").replace("_", "/")
        yield from _as_text(_decoded(word))
    for found in _OCTETS.finditer(text):
        numbers = [int(number) for number in re.findall(r"\d+", found[0])]
        if max(numbers) < 256:
            yield from _as_text(bytes(numbers))
    yield from _as_text(_dumped(text))
    for found in _HEX.finditer(text):
        yield from _as_text(bytes.fromhex(found[0].replace(" ", "")))


def _dumped(text: str) -> bytes:
    """The bytes that xxd, hexdump or tcpdump show: in each line an offset, up to 16 bytes, and the same as text."""
    octets = b""
    for line in _DUMP_LINE.findall(text):
        row = b""
        for word in line.split():
            if not _DUMP_BYTES.fullmatch(word) or len(row) >= _DUMP_WIDTH:
                break
            row += bytes.fromhex(word)
        octets += row[:_DUMP_WIDTH]
    return octets


def _decoded(word: str) -> bytes:
    # A cut one is read as far as it goes: one letter more than whole bytes need is left out.
    whole = word[:-1] if len(word) % 4 == 1 else word
    try:
        return base64.b64decode(whole + "=" * (-len(whole) % 4))
    except (ValueError, binascii.Error):
        return b""


def _as_text(octets: bytes) -> Iterator[str]:
    """The text in the bytes, if it is readable and holds anything that a JSON or form body must hold."""
    text = octets.decode("utf-8", "replace")
    readable = sum(char.isprintable() or char in "\r\n\t" for char in text)
    if text and readable > 0.95 * len(text) and any(mark in text for mark in '":=<[{\\'):
        yield text
