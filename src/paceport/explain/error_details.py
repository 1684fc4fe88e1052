"""The triples of resource, field and code in a text, whoever printed it: JSON, a dump of any language, a log line.

What the printers have in common is the key, some marks, the value. Quotes, brackets, type names and the order of the
keys differ, so the marks are skipped, and of several keys those are taken together that make a recorded triple.
"""

from __future__ import annotations

import re

from paceport.error_body import ErrorDetail
from paceport.explain.known_errors import KNOWN_ERRORS, KNOWN_RESOURCES, complete, permission_detail
from paceport.lazy_dataclass import dataclass

_KEY = re.compile(r"(?<![A-Za-z0-9_/-])_?(resource|field|code)(?![A-Za-z0-9_-])", re.IGNORECASE)
# A visibility (PHP), what closes the key, what separates it, a type or a wrapper (PHP, Swift, Rust, R, Python), quotes.
_MARKS = re.compile(
    r"""(?:["']?:["']?\w*["']?:?(?:private|protected)(?=["'\]]))?
    ["'\]);>]*\s*(?:->|=>|:=|=|:|\||is\b|,(?=["']))?\s*
    (?:&?string\(\d+\)\s*|(?:Some|Optional|String|str|string|Str)?\((?=["'])|s:\d+:|\[1\]\s*|[ub&](?=["']))?["'(]*""",
    re.VERBOSE,
)
_VALUE = re.compile(
    r"(?:overall\s+|read\s+)?rate\s+limit(?![A-Za-z])|invalid\s+encoding(?![A-Za-z])|[A-Za-z]\w*(?::\w+_permission)?",
    re.IGNORECASE,
)
_QUOTED_VALUE = re.compile(r"[A-Za-z][^\"'\n{}]{0,60}(?=[\"'])")
_SEPARATOR = re.compile(r"""["'\])]*\s*(?:=>|=|:)""")
_AFTER_EMPTY = frozenset(",}])&<;\n[/ ")
_CUT_ENTITY = re.compile(r"&#?\w{0,8}\Z")
_NOTHING = frozenset({"null", "none", "nil", "undefined"})
# Keys further apart than this, in characters, are not of one object.
_FURTHEST = 200
_WORDS = ("resource", "field", "code")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDetail:
    """A recorded triple and how many of its three parts stood in the text; the others were cut off."""

    detail: ErrorDetail
    parts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedWord:
    """A key and its value; `value` is empty where an empty one stood there.

    `is_quoted` says that a quote closes the value, too: without one it may be cut off.
    """

    key: str
    value: str
    start: int
    end: int
    is_quoted: bool


def known_details(text: str) -> tuple[FoundDetail, ...]:
    """The recorded triples in a text, in their order; a triple that is cut off counts if what is left tells which."""
    words = keyed_words(text)
    found = [window for at in _anchors(words) if (window := _best_window(words, at)) is not None]
    found += [FoundDetail(detail=detail, parts=3) for detail in _without_keys(text)]
    permission = permission_detail(text)
    if permission is not None:
        found.append(FoundDetail(detail=permission, parts=3))
    most = {one.detail: max(other.parts for other in found if other.detail == one.detail) for one in found}
    return tuple(FoundDetail(detail=detail, parts=parts) for detail, parts in most.items())


def unknown_details(text: str) -> tuple[ErrorDetail, ...]:
    """The whole triples of one object that nobody has recorded: all three keys beside each other, values quoted."""
    words = keyed_words(text)
    found = []
    for at in range(len(words) - 2):
        three = words[at : at + 3]
        if {word.key for word in three} == set(_WORDS) and three[2].end - three[0].start < _FURTHEST:
            value = {word.key: word.value for word in three}
            if value["resource"] and all(word.is_quoted or not word.value for word in three):
                found.append(ErrorDetail(**value))
    return tuple(dict.fromkeys(found))


def keyed_words(text: str) -> list[KeyedWord]:
    """Every key named resource, field or code with the value that follows it."""
    found: list[KeyedWord] = []
    at = 0
    while key := _KEY.search(text, at):
        marks = _MARKS.match(text, key.end())
        start = marks.end() if marks else key.end()
        quoted = start > key.end() and text[start - 1] in {'"', "'"}
        value = (
            (quoted and _QUOTED_VALUE.match(text, start)) or (start > key.end() and _VALUE.match(text, start)) or None
        )
        said = value[0].strip() if value else ""
        # "field: code: invalid": the word after an empty value is the next key.
        if value and said.lower() in _WORDS and _SEPARATOR.match(text, value.end()):
            value, said = None, ""
        elif not value and not _is_empty(text, start):
            at = key.end()
            continue
        if said.lower() in _NOTHING:
            said = ""
        end = value.end() if value else key.end()
        closed = quoted and text[end : end + 1] in {'"', "'"}
        found.append(KeyedWord(key=key[1].lower(), value=said, start=key.start(), end=end, is_quoted=closed))
        at = max(end, key.end())
    return found


def _is_empty(text: str, end: int) -> bool:
    """Whether an empty value ends there, and not a text that is cut off or cannot be read."""
    before = text[:end]
    quotes = len(before) - len(before.rstrip("\"'"))
    follows = text[end : end + 1]
    return quotes % 2 == 0 and follows in _AFTER_EMPTY and end < len(text) and not _CUT_ENTITY.match(text, end)


def _anchors(words: list[KeyedWord]) -> list[int]:
    return [
        at
        for at, word in enumerate(words)
        if word.key == "resource" and word.value.casefold() in KNOWN_RESOURCES and word.value[:1].isalpha()
    ]


def _best_window(words: list[KeyedWord], at: int) -> FoundDetail | None:
    """The triple around a resource: of all runs of keys that hold it, the longest that is a recorded one."""
    for size in (3, 2, 1):
        for first in range(max(0, at - size + 1), at + 1):
            run = words[first : first + size]
            value = {word.key: word.value for word in run}
            if len(value) == len(run) == size and run[-1].end - run[0].start < _FURTHEST:
                detail = complete(value["resource"], value.get("field"), value.get("code"))
                if detail is not None:
                    parts = sum(getattr(detail, key).casefold() == said.casefold() for key, said in value.items())
                    return FoundDetail(detail=detail, parts=parts)
    return None


def _without_keys(text: str) -> list[ErrorDetail]:
    """Triples whose keys the printer left out, as Go's %v, a CSV row or our own "Read:" line do."""
    return [
        ErrorDetail(resource=row.resource, field=field, code=code)
        for row in KNOWN_ERRORS
        if row.resource[1:] in text and (row.rank > 2 or "Authorization" in text)
        for field in row.fields
        for code in row.codes
        if _bare_pattern(row.resource, field, code).search(text)
    ]


def _bare_pattern(resource: str, field: str, code: str) -> re.Pattern[str]:
    gap = r"""["')]{0,2}[\s,;/|.:\t-]{1,4}["'(]{0,2}"""
    middle = (
        f"{gap}{re.escape(field)}{gap}"
        if field
        else r"""(?:\s\s|["')]{0,2}[,;/|.]\s?(?:""|''|-)?[,;/|.]\s?["'(]{0,2})"""
    )
    spaced = middle.replace(r"\ ", r"\s+")
    return re.compile(rf"(?<!\w)(?i:{resource[0]}){resource[1:]}{spaced}{re.escape(code)}(?!\w)".replace(r"\ ", r"\s+"))
