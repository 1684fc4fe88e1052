"""XML bytes → calls for the start and the end of each element, by expat alone; a DTD or an entity is refused.

No tree is built: recorded files are long and flat, and building elements cost three times what reading them does.
Names are local and in lower case. Prefixes are cut off without looking them up, so one that was never declared does
no harm.
"""

import re
from collections.abc import Callable
from typing import NoReturn, TypeVar
from xml.parsers.expat import ExpatError, ParserCreate

DAMAGE = (ExpatError, ValueError, LookupError)  # the last two: encodings that are unknown or do not fit
BLANKS = b" \t\r\n\x00"
UTF8_MARK, UTF16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
FIRST_LOOK = 1 << 16

_ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"']([\w.:-]+)[\"']")
_ENCODING_TEXT = re.compile(r"""\sencoding=["'][\w.:-]+["']""")
_END, _LONGEST_END = re.compile(rb"</(?:[\w.-]+:)?(\w+)\s*>[\s\x00]*\Z"), 4096
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")

Attributes = dict[str, str]
Reading = TypeVar("Reading")


class ForbiddenDtd(Exception):
    """The document declares a DTD, which no recorded activity needs and attacks are built from."""


class LocalNames(dict[str, str]):
    """Tag as it stands in the file → its name without prefix, in lower case."""

    def __missing__(self, tag: str) -> str:
        name = self[tag] = tag.rpartition(":")[2].lower()
        return name


def is_xml(content: bytes) -> bool:
    """Whether `content` begins like an XML document, leading blanks and byte-order marks aside."""
    return content.startswith(UTF16_MARKS) or strip_leading_blanks(content)[:1] == b"<"


def strip_leading_blanks(content: bytes) -> bytes:
    """`content` without what stands before the first tag: blanks are common before the declaration of Strava's TCX."""
    if content.startswith(UTF16_MARKS):
        return content
    start = content[:4096].lstrip(BLANKS).removeprefix(UTF8_MARK).lstrip(BLANKS)
    return content[min(4096, len(content)) - len(start) :]


def root_name(content: bytes) -> str:
    """The name of the outermost element without its prefix, as written; empty if there is none.

    Raises ForbiddenDtd on a DTD. It may only stand before the outermost element, so this look suffices.
    """
    found: list[str] = []

    def start(tag: str, _: Attributes) -> None:
        found.append(tag.rpartition(":")[2])
        parser.StartElementHandler = None

    parser = ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for place in range(0, len(content), FIRST_LOOK):
            parser.Parse(content[place : place + FIRST_LOOK], False)
            if found:
                break
    except DAMAGE:
        pass  # what came before the damage counts
    return found[0] if found else ""


def walk(
    content: bytes,
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    texts: list[str],
    notes: list[str],
) -> None:
    """Call `start` with tag and attributes and `end` with the tag, as they stand, in document order.

    Text goes into `texts`, in pieces; whoever reads it empties it. A cut document ends early, with a note. Whole
    documents in a row are all walked, up to one with a DTD. Raises ForbiddenDtd on a DTD of the first.
    """
    documents, rest = 0, content
    while rest:
        documents += 1
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = texts.append
        parser.StartDoctypeDeclHandler = _refuse
        try:
            parser.Parse(rest, True)
            rest = b""
        except DAMAGE as error:
            rest = _next_document(rest, parser.ErrorByteIndex)
            if not rest:
                reason = " ".join(str(error).split())[:80]
                notes.append(f"the file is cut short or damaged ({reason}); everything before that is used")
    if documents > 1:
        notes.append(f"the file holds {documents} documents, one after the other")


def _next_document(content: bytes, place: int) -> bytes:
    """What begins at a place where a parser stopped, if that is a document after a whole one; else nothing."""
    ended = _END.search(content[max(0, place - _LONGEST_END) : place])
    rest = content[place:].lstrip(BLANKS)
    if not ended or not is_xml(rest):
        return b""
    try:
        # Each piece is shorter than the one before, so this comes to an end whatever the file holds.
        return rest if root_name(rest) == ended[1].decode() else b""
    except ForbiddenDtd:
        return b""


def read_repaired(content: bytes, attempt: Callable[[bytes, list[str]], Reading], notes: list[str]) -> Reading:
    """What `attempt` reads of a document; if it is damaged by what `without_damage` mends, of the mended one.

    `attempt` is given the document and a list for notes on damage.
    """
    said: list[str] = []
    reading = attempt(content, said)
    mended = without_damage(content) if said else None
    if mended is not None:
        said = ["its XML held letters or signs that XML forbids; they were replaced"]
        reading = attempt(mended, said)
    notes.extend(said)
    return reading


def without_damage(content: bytes) -> bytes | None:
    """The document with forbidden signs replaced: control characters, a bare &, foreign letters; None if it has none.

    Programs paste names into files as they are. Letters that are no UTF-8 are taken for Windows-1252, in a document
    that declares UTF-8 or nothing.
    """
    if content.startswith(UTF16_MARKS):
        return None
    declared = _ENCODING.match(content[:200])
    try:
        text, is_readable = content.decode(declared[1].decode() if declared else "utf-8"), True
    except (UnicodeDecodeError, LookupError):
        text, is_readable = content.decode("cp1252", "replace"), False
    mended = _BARE_AMPERSAND.sub("&amp;", _CONTROLS.sub("", text))
    if is_readable and mended == text:
        return None
    if declared:
        mended = _ENCODING_TEXT.sub("", mended, count=1)  # it is UTF-8 now
    return mended.encode("utf-8", "replace")


def _refuse(*_: object) -> NoReturn:
    raise ForbiddenDtd
