"""Text laid out in terminal columns: its width, cut short without cutting a number, wrapped at words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

_JOINER = "\u200d"
_COMMAND = re.compile(r"paceport(?: [^\s]*[^\s.;,:)])+")
_COPIED = re.compile(r"[\d/\\@=:_.~-]")  # marks of numbers, paths, addresses, settings and names of metrics
_LIST_MARK = re.compile(r"- |\d+\. ")
# A number, a date or a clock time at the end of a text, or the part of one that a cut has left.
_CUT_NUMBER = re.compile(r"[+\-(#]*\d[\d.,:/\-]*$")
_WHOLE = ("/", "~", "http://", "https://")  # a value that begins so is a path or an address, spaces and all
_LEAST_BESIDE = 20
_LONGEST_NAME = 255


def cell_width(text: str) -> int:
    """How many columns a terminal gives this text at the most: two for each wide character.

    Terminals differ on joined emoji and on vowel signs: each part counts, so that a line never grows too long.
    """
    return len(text) if text.isascii() else sum(map(_char_width, text))


@cache
def _char_width(char: str) -> int:
    from rich.cells import get_character_cell_size

    if char == "\ufe0f" or unicodedata.category(char) == "Mc":
        return 1  # it makes the emoji before it wide; a vowel sign has a column of its own in some terminals
    return get_character_cell_size(char)


def clusters(text: str) -> Iterator[str]:
    """What a person sees as one character each: accents, flags and joined emoji stay whole."""
    cluster = ""
    for char in text:
        if cluster and not _continues(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def shorten(text: str, width: int) -> str:
    """The text, ended with … where it is wider than `width` columns. A number is kept whole or left out."""
    if cell_width(text) <= width:
        return text
    kept, room = "", width - 1
    for cluster in clusters(text):
        room -= cell_width(cluster)
        if room < 0:
            break
        kept += cluster
    return _cut_off(kept)


def short_name(name: str) -> str:
    """A name of at most 255 characters, as long as any that a person gives: what is longer was made to harm."""
    if len(name) <= _LONGEST_NAME:
        return name
    kept = ""
    for cluster in clusters(name):
        if len(kept) + len(cluster) >= _LONGEST_NAME:
            break
        kept += cluster
    return _cut_off(kept)


def _cut_off(kept: str) -> str:
    """The beginning of a text that goes on, without the part of a number that a cut may have left."""
    kept = kept.rstrip()
    while (shorter := _CUT_NUMBER.sub("", kept).rstrip()) != kept:
        kept = shorter
    return f"{kept}…"


def wrap(text: str, width: int, *, first: str = "", hanging: str | None = None) -> list[str]:
    """One line as lines of at most `width` columns, broken at words, and between wide characters.

    `first` stands before the first line and `hanging` before the others; without `hanging` they are indented as the
    line itself is. What is wider than a line stays whole if somebody may copy it (a path, an address, a number, a
    command at the end): the terminal breaks it then. A command of ours stays on one line where it fits on one.
    """
    stripped = text.lstrip()
    indent = text[: len(text) - len(stripped)]
    first += indent
    if hanging is None:
        mark = _LIST_MARK.match(stripped)
        hanging = indent + " " * (len(mark[0]) if mark else 0)
    if cell_width(first) + cell_width(stripped) <= width:
        return [(first + stripped).rstrip()]
    lines, line, used, is_empty = [], first, cell_width(first), True
    for gap, word in _words(stripped, width - cell_width(hanging)):
        size = cell_width(word)
        if not is_empty and used + len(gap) + size > width:
            lines.append(line.rstrip())
            line, used, is_empty = hanging, cell_width(hanging), True
        text_before = "" if is_empty else gap
        line += text_before + word
        used += len(text_before) + size
        is_empty = False
    return [*lines, line.rstrip()]


def labelled(pairs: Iterable[tuple[str, str]], width: int | None, *, colon: str = "") -> Iterator[str]:
    """Name and value, one pair a line, values aligned; no wider than `width` columns, if that is given.

    Long values wrap at words beside their name. Where too little room is left for that, names end in a colon and the
    values follow at once; one that still does not fit stands below its name.
    """
    shown = list(pairs)
    column = max((cell_width(name) for name, _ in shown), default=0) + len(colon)
    for name, value in shown:
        label = f"{name}{colon}" + " " * (column - cell_width(name) - len(colon)) + "  "
        room = None if width is None else width - column - 2
        is_wrapped = not value.startswith(_WHOLE)
        if room is None or cell_width(value) <= room:
            yield (label + value).rstrip()
        elif not is_wrapped:
            yield from (f"{name}:", value)
        elif room >= _LEAST_BESIDE and widest_word(value, room) <= room:
            yield from wrap(value, column + 2 + room, first=label, hanging=" " * (column + 2))
        else:
            yield from _below(name, value, column + 2 + room)


def _below(name: str, value: str, width: int) -> Iterator[str]:
    if cell_width(name) + 2 + widest_word(value, width) <= width:
        yield from wrap(f"{name}: {value}", width, hanging="  ")
        return
    yield f"{name}:"
    indent = "  " if widest_word(value, width) <= width - 2 else ""
    yield from wrap(value, width, first=indent, hanging=indent)


def widest_word(text: str, width: int) -> int:
    """The columns of the widest part that `wrap` does not break."""
    return max((cell_width(word) for _, word in _words(text, width)), default=0)


def _words(text: str, width: int) -> Iterator[tuple[str, str]]:
    """Each unbreakable part with the blanks before it. Commands of ours are one part if they fit on a line."""
    place = 0
    for match in _COMMAND.finditer(text):
        start, end = match.span()
        while start > place and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and not text[end].isspace():
            end += 1
        # One that ends the text was put there to be copied; in the midst of it, words may follow that are none of it.
        if end < len(text) and cell_width(text[start:end]) > width:
            continue
        before = text[place:start]
        yield from _plain_words(before, width)
        yield before[len(before.rstrip()) :], text[start:end]
        place = end
    yield from _plain_words(text[place:], width)


def _plain_words(text: str, width: int) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r"(\s*)(\S+)", text):
        gap = match[1]
        for word in _between_wide(match[2]):
            for part in [word] if cell_width(word) <= width or _COPIED.search(word) else _pieces(word, max(width, 2)):
                yield gap, part
                gap = ""


def _pieces(word: str, width: int) -> Iterator[str]:
    """A word that is wider than any line in pieces that fit."""
    piece = ""
    for cluster in clusters(word):
        if piece and cell_width(piece + cluster) > width:
            yield piece
            piece = ""
        piece += cluster
    yield piece


def _between_wide(word: str) -> Iterator[str]:
    """A word of wide characters in parts that may stand on different lines; any other word as it is."""
    if word.isascii():
        yield word
        return
    part = ""
    for cluster in clusters(word):
        is_wide = unicodedata.east_asian_width(cluster[0]) in "WF"
        if part and (is_wide or unicodedata.east_asian_width(part[-1]) in "WF"):
            yield part
            part = ""
        part += cluster
    yield part


def _continues(cluster: str, char: str) -> bool:
    """Whether a character belongs to the one before it."""
    point = ord(char)
    if point < 0x300:
        return False
    if char == _JOINER or cluster[-1] == _JOINER or unicodedata.category(char) in ("Mn", "Me", "Mc"):
        return True
    if 0x1F3FB <= point <= 0x1F3FF or 0xE0020 <= point <= 0xE007F:
        return True  # a skin tone, or the letters of a region's flag
    return _is_flag_letter(char) and len(cluster) == 1 and _is_flag_letter(cluster)


def _is_flag_letter(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF
