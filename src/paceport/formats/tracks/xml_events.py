"""XML bytes → finished elements, one at a time; documents that declare entities or a DTD are refused."""

import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

DAMAGE = (ParseError, ValueError, LookupError)  # the last two: encodings that are unknown or do not fit
BLANKS = b" \t\r\n\x00"
UTF8_MARK, UTF16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")


class ForbiddenDtd(Exception):
    """The document declares a DTD, which no recorded activity needs and attacks are built from."""


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
    """The name of the outermost element without its namespace; empty if there is none.

    Raises XmlRefused on a DTD or an entity. They may only stand before the outermost element, so this look suffices.
    """
    try:
        for _, element in iterparse(io.BytesIO(content), events=("start",), forbid_dtd=True):
            return str(element.tag).rpartition("}")[2]
    except DefusedXmlException as refusal:
        raise ForbiddenDtd from refusal
    except DAMAGE:
        return ""  # nothing whole came before the damage
    return ""


def elements(content: bytes, notes: list[str]) -> Iterator[tuple[str, str, str, Element]]:
    """("start" or "end", name, parent's name, element) in document order; names in lower case, without namespace.

    A cut document ends early, with a note. No element outlives its end, so memory does not grow with the document.
    """
    names: dict[str, str] = {}
    path: list[tuple[str, Element]] = []
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            tag = element.tag
            name = names.get(tag)
            if name is None:
                name = names[tag] = tag.rpartition("}")[2].lower()
            if event == "start":
                yield event, name, path[-1][0] if path else "", element
                path.append((name, element))
            else:
                path.pop()
                yield event, name, path[-1][0] if path else "", element
                if path:
                    del path[-1][1][:]
    except DAMAGE as error:
        reason = " ".join(str(error).split())[:80]
        notes.append(f"the file is cut short or damaged ({reason}); what lies before it is used")
