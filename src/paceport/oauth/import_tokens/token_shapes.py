"""A text as nested values: JSON anywhere in it, TOML, and lines with a name and a value in any notation.

YAML and INI are read as far as token files use them: a name, a value, sections, indentation. Nothing is looked up, no
tag or anchor is followed.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

Path = tuple[str, ...]
Flat = list[tuple[Path, object]]

_DEEPEST = 12
_MOST_VALUES = 5_000
_MOST_STARTS = 50
_LONGEST_LINE = 10_000
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_SHORTEST_PACKED, _PACKED_TOKEN = 60, 56
_COMMENT = re.compile(r"\s*(?:#|//|;|--\s|REM\s)", re.IGNORECASE)
_SECTION = re.compile(r"\s*\[+\s*([\w. :\"'-]+?)\s*\]+\s*$")
_LINE = re.compile(
    r"(?P<indent>\s*)(?P<dash>-\s+)?[\"']?(?P<key>[A-Za-z_][\w.-]*)[\"']?\s*(?P<mark>:=|=>|[:=])\s*(?P<value>.*)$"
)
# What a shell puts before a name: bash and sh, csh, fish, cmd, PowerShell, a Dockerfile, a unit of systemd.
_SHELL = re.compile(
    r"""^\s*(?:(?:export|readonly|local|declare|typeset|set|setx|setenv|env|ENV|ARG|const|let|var|-e|--env)\s+
    (?:-{1,2}[A-Za-z]+\s+)*|\$(?:env:)?|Environment\s*=\s*)""",
    re.VERBOSE | re.IGNORECASE,
)
_SPACED = re.compile(r"^\s*(?:set\s+-\w+|setx|setenv|set|ENV)\s.*", re.IGNORECASE)
_STATEMENT = re.compile(r";\s*(?=(?:export|set|declare)\b|[A-Za-z_]\w*=|$)|\s&&\s")
_WORDS = (
    r"refresh[_ -]?token|access[_ -]?token|client[_ -]?id|client[_ -]?secret|expires[_ -]?at|scopes?|athlete[_-]?id"
)
_PAIR = re.compile(
    rf"""(?<![A-Za-z0-9_])(?P<key>[\w.:-]{{0,40}}?(?:{_WORDS}))["'\])]*\s*(?:</key>\s*<\w+>|=>|:=|[:=>])\s*["'(]*
    (?P<value>[^\s"'&;<>]+)""",
    re.VERBOSE | re.IGNORECASE,
)


def flatten_text(text: str) -> Iterator[Flat]:
    """The values in a text with the names that lead to them, one list for each way of reading it, likeliest first."""
    for flat in _readings(_unpacked(text.lstrip("\ufeff"))):
        # A secret of Kubernetes holds each value packed by itself.
        yield [(path, _decoded_token(value)) for path, value in flat]


def _unpacked(text: str) -> str:
    """The text inside a JSON text or base64, as far as the whole of it is one."""
    for _ in range(_DEEPEST):
        bare = text.strip()
        inner: object = None
        if bare.startswith('"'):
            with contextlib.suppress(ValueError):
                inner = json.loads(bare)
        else:
            inner = _decoded("".join(bare.split()))
        if not isinstance(inner, str):
            return text
        text = inner
    return text


def _decoded(word: str) -> str | None:
    """What a long word of base64 says, if that is a text with a token in it."""
    if len(word) < _SHORTEST_PACKED or not _BASE64.fullmatch(word):
        return None
    try:
        inner = base64.b64decode(word, validate=True).decode()
    except ValueError:
        return None
    return inner if "token" in inner.lower() or inner.strip()[:1] in {"{", '"'} else None


def _decoded_token(value: object) -> object:
    """A token of Strava's, 40 hexadecimal digits, that base64 hides; else the value as it is."""
    if not (isinstance(value, str) and len(value.strip()) == _PACKED_TOKEN and _BASE64.fullmatch(value.strip())):
        return value
    try:
        inner = base64.b64decode(value.strip(), validate=True).decode().strip()
    except ValueError:
        return value
    return inner if re.fullmatch("[0-9a-f]{40}", inner) else value


def _readings(text: str) -> Iterator[Flat]:
    values = list(_json_values(text))
    if values:
        # Several, one a line or so, are read together: they may be several logins.
        yield _flattened(values[0] if len(values) == 1 else values)
    # A name of a hundred thousand parts takes the reader of TOML minutes.
    if all(len(line) < _LONGEST_LINE for line in text.splitlines()):
        with contextlib.suppress(tomllib.TOMLDecodeError, RecursionError, ValueError):
            yield _flattened(tomllib.loads(text))
    yield _flattened(_lines(text))
    yield [((found["key"],), found["value"].rstrip(",;)}]")) for found in _PAIR.finditer(_without_comments(text))]


def _json_values(text: str) -> Iterator[object]:
    """Every whole JSON value that is not part of another: `curl -i` prints headers before it, logs much more."""
    decoder, at, starts = json.JSONDecoder(), 0, 0
    while starts < _MOST_STARTS and (found := re.compile(r"[\[{]").search(text, at)):
        starts += 1
        try:
            value, at = decoder.raw_decode(text, found.start())
        except (ValueError, RecursionError):
            at = found.start() + 1
            continue
        if isinstance(value, dict | list) and value:
            yield value


def _flattened(value: object) -> Flat:
    found: Flat = []
    _collect(value, (), found)
    return found


def _collect(value: object, path: Path, found: Flat) -> None:
    if len(path) > _DEEPEST or len(found) > _MOST_VALUES:
        return
    if isinstance(value, dict):
        for key, part in value.items():
            _collect(part, (*path, str(key)), found)
    elif isinstance(value, list):
        _collect_list(value, path, found)
    elif isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        inner = next(_json_values(value), None)
        _collect(inner, path, found) if inner is not None else found.append((path, value))
    else:
        found.append((path, value))


def _collect_list(values: list[Any], path: Path, found: Flat) -> None:
    texts = [part for part in values if isinstance(part, str)]
    if values and len(texts) == len(values):
        # Environments stand as NAME=value in lists, for Docker and others; any other list of words is one value.
        pairs = [text.partition("=") for text in texts]
        if all(mark for _, mark, _ in pairs):
            found.extend(((*path, name), value) for name, _, value in pairs)
        else:
            found.append((path, values))
        return
    for at, part in enumerate(values):
        named = part.get("name", part.get("key")) if isinstance(part, dict) else None
        if isinstance(named, str) and isinstance(part, dict) and "value" in part:
            _collect(part["value"], (*path, named), found)
        else:
            _collect(part, (*path, f"[{at}]"), found)


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not _COMMENT.match(line))


def _lines(text: str) -> dict[str, Any]:
    """Lines with a name and a value, nested by sections and by indentation."""
    root: dict[str, Any] = {}
    stack: list[tuple[int, dict[str, Any]]] = [(-1, root)]
    for line in _statements(text):
        section = _SECTION.match(line)
        if section:
            table: dict[str, Any] = {}
            root[section[1]] = table
            stack = [(-1, table)]
            continue
        found = _LINE.match(line)
        if not found:
            continue
        indent = len(found["indent"].expandtabs()) + len(found["dash"] or "")
        while len(stack) > 1 and stack[-1][0] >= (indent if not found["dash"] else len(found["indent"].expandtabs())):
            stack.pop()
        if found["dash"] and found["mark"] == ":":
            item: dict[str, Any] = {}
            stack[-1][1][f"[{len(stack[-1][1])}]"] = item
            stack.append((indent - 1, item))
        value = _unquoted(found["value"])
        if value in {"", "|", "{", "["}:
            table = {}
            stack[-1][1].setdefault(found["key"], table) if value else stack[-1][1].update({found["key"]: table})
            stack.append((indent, table))
        else:
            stack[-1][1][found["key"]] = value
    return root


def _statements(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if _COMMENT.match(line):
            continue
        for part in _STATEMENT.split(line):
            bare = _SHELL.sub("", part)
            if _SPACED.match(part) and not re.match(r"[\"']?\w+[\"']?\s*=", bare):
                bare = re.sub(r"^([\w]+)\s+", r"\1=", bare)
            # A quoted assignment as a whole: setx's and systemd's way.
            whole = re.fullmatch(r"""\s*(["'])(\w+=.*)\1\s*""", bare)
            yield whole[2] if whole else (bare if bare != part else part)


def _unquoted(value: str) -> str:
    value = value.strip().rstrip(",")
    for quote in ("'", '"'):
        if value.startswith(quote) and value.find(quote, 1) > 0:
            return value[1 : value.find(quote, 1)].strip()
    return re.split(r"\s+(?:#|//)", value, maxsplit=1)[0].strip().rstrip(";,").strip()
