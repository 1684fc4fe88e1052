"""The bytes of a token file as text, whatever encoding a program or an editor gave it; what is no text is named."""

from __future__ import annotations

import codecs
from typing import NoReturn

from paceport.errors import FileError

# The longer mark first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = (
    (b"SQLite format 3", "it is an SQLite database"),
    (b"PK\x03\x04", "it is a zip archive"),
    (b"\x1f\x8b", "it is packed with gzip"),
    (b"%PDF", "it is a PDF document"),
    (b"bplist", "it is a binary property list"),
)
_PICKLE_FIX = (
    "in the program that wrote it, save the tokens as JSON: json.dump(token, open('token.json', 'w')); then: "
    "paceport adopt token.json"
)


def decode_token_file(content: bytes, *, name: str) -> str:
    """The text of a file. Raises FileError for a pickle and for what is no text; nothing in it is ever run."""
    if _is_pickle(content):
        raise FileError(
            path=name, why="it is a Python pickle, and reading a pickle can run any code in it", fix=_PICKLE_FIX
        )
    for start, why in _BINARY:
        if content.startswith(start):
            _refuse(name, why)
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content[len(mark) :], encoding, name)
    # Without a mark the zeros of UTF-16 tell: every second byte of plain letters is one.
    if content[1:2] == b"\0":
        return _decoded(content, "utf-16-le", name)
    if content[:1] == b"\0":
        return _decoded(content, "utf-16-be", name)
    if b"\0" in content:
        _refuse(name, "it is not a text")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        # Tokens are ASCII: only a comment or a name can suffer from the wrong 8-bit table.
        return content.decode("cp1252", "replace")


def _decoded(content: bytes, encoding: str, name: str) -> str:
    # A file that was cut while it was written ends in half a character.
    text = content.decode(encoding, "replace").replace("\ufffd", "")
    if not text.strip("\0"):
        _refuse(name, "it is not a text")
    return text.replace("\0", "")


def _is_pickle(content: bytes) -> bool:
    """Protocols 2 to 5 say what they are; 0 and 1 begin with a dictionary, a list, or a class to be imported."""
    if content[:1] == b"\x80" and content[1:2] in {b"\x02", b"\x03", b"\x04", b"\x05"}:
        return True
    old_start = content.startswith((b"(dp", b"(lp", b"ccopy_reg", b"cstravalib", b"}q\0", b"]q\0", b"ccollections"))
    return old_start and content.rstrip().endswith(b".")


def _refuse(name: str, why: str) -> NoReturn:
    raise FileError(
        path=name, why=why, fix="give the JSON answer of a token exchange, a token file, or a .env: paceport adopt FILE"
    )
